/// Logs and other lines that repeat a pattern, by templates: lines keep their order, and each is a template's name and what varies.
///
///     2015-10-18 18:01:47,978 INFO Received block blk_3587508140051953248 of size 67108864
///     2015-10-18 18:01:48,963 INFO Received block blk_5402003568334525940 of size 67108864
///
///     [log, 4 lines, 1 templates, * each value, @ the @= line above]
///     A: @:* INFO Received block blk_* of size 67108864
///     @=2015-10-18 18:01
///     A 47,978 3587508140051953248
///     A 48,963 5402003568334525940
struct LogForms: TextForms {
  static let name = "log"
  static let kind = Segment.Kind.log
  static let isGeneral = true

  private let lines: TextLines
  private let templates: LogTemplates
  /// Whether the lines have stamps.
  private let isLog: Bool

  /// Fewer lines repeat too little.
  private static let fewest = 4
  /// What templates must save in text that is no log: lines read better as they are.
  private static let leastPercent = 18

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { LogFinder.runs(in: lines) }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard lines.count >= LogForms.fewest, lines.text.count < Int(UInt32.max) else { return nil }
    self.lines = lines
    let source = LogLines(lines)
    isLog = source.stampCount * 3 >= lines.count
    if !isLog, hint.showsFile { return nil }
    templates = LogTemplates(source)
  }

  func complete() -> [Candidate] {
    guard let frame = LogWriter(templates).frame(),
      isLog || frame.count * 100 <= lines.range.count * (100 - LogForms.leastPercent)
    else { return [] }
    return [Candidate(name: LogForms.name, fidelity: .identical, bytes: frame)]
  }

  func cut(_ request: CutRequest) -> Candidate? { LogCut(templates.source).candidate(request) }

  static func decode(_ frame: Frame) -> [UInt8]? { LogReader(frame)?.lines() }
}

extension Hint {
  /// Whether a command shows a file as it is: what it shows may be quoted in an edit.
  fileprivate var showsFile: Bool {
    guard let command, !command.contains(UInt8(ascii: "|")) else { return false }
    // `cd src && cat main.c`
    let last = command.split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }.last ?? []
    let name = last.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != UInt8(ascii: " ") }
    return ["cat", "bat", "head", "tail", "sed", "nl", "less", "more", "awk"].contains { name.elementsEqual($0.utf8) }
  }
}
