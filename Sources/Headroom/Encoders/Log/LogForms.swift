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

  /// Fewer lines repeat too little.
  private static let fewest = 4

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { LogFinder.runs(in: lines) }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard lines.count >= LogForms.fewest, lines.text.count < Int(UInt32.max) else { return nil }
    self.lines = lines
    templates = LogTemplates(LogLines(lines))
  }

  func complete() -> [Candidate] {
    guard let frame = LogWriter(templates).frame() else { return [] }
    return [Candidate(name: LogForms.name, fidelity: .identical, bytes: frame)]
  }

  func cut(_ request: CutRequest) -> Candidate? { LogCut(templates.source).candidate(request) }

  static func decode(_ frame: Frame) -> [UInt8]? { LogReader(frame)?.lines() }
}
