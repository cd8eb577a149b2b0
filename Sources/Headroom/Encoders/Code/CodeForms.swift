/// Source code. Its complete form is itself, as an agent may quote any line of it in an edit; where the level allows it and nobody is about
/// to edit, bodies are left out of view.
///
///     def load(path):                 def load(path):
///       store = Store(path)           [lines 2-4]
///       store.read()                  def save(store):
///       return store                  [lines 6-9]
///     def save(store):
///       …
struct CodeForms: TextForms {
  static let name = "code"
  static let kind = Segment.Kind.code
  static let isSafeForFiles = true

  private let lines: TextLines
  private let hint: Hint
  private let language: SourceLanguage
  private let counter: TokenCounter

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    let run = withoutTags(lines)
    guard !run.isEmpty, SourceDetection.language(of: lines[run], hint: hint) != nil else { return [] }
    return [run]
  }

  /// All lines but for those of tags around them, in which tools wrap what they print.
  private static func withoutTags(_ lines: TextLines) -> Range<Int> {
    func isTag(_ line: Int) -> Bool {
      let line = lines[line]
      return line.count > 2 && lines.text[line.lowerBound] == UInt8(ascii: "<")
        && lines.text[line.upperBound - 1] == UInt8(ascii: ">")
    }
    var run = 0..<lines.count
    while !run.isEmpty, isTag(run.lowerBound) { run = run.lowerBound + 1..<run.upperBound }
    while !run.isEmpty, isTag(run.upperBound - 1) { run = run.lowerBound..<run.upperBound - 1 }
    return run
  }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard let language = SourceDetection.language(of: lines, hint: hint) else { return nil }
    self.lines = lines
    self.hint = hint
    self.language = language
    self.counter = counter
  }

  func cut(_ request: CutRequest) -> Candidate? {
    guard CodeCut.isAllowed(hint, request.level) else { return nil }
    return CodeCut(source: Array(lines.bytes), language: language, lines: lines, counter: counter)
      .candidate("code skeleton", request)
  }
}
