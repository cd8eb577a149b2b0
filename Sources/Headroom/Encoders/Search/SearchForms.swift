/// The lines of grep, ripgrep and `git grep`: each path once, above its lines, and the folder of several files above them. Lines of context
/// have no number where it follows from the lines around them; equal lines of a file are put together.
///
///     src/a.c:12:  free(p);                 [search, 6 lines, 3 matches in 2 files, path:line:text, --]
///     src/a.c:40:  free(p);                 src/
///     --                              →      a.c
///     src/b.c-7-{                           12,40   free(p);
///     src/b.c:8:  return;
///                                            b.c
///                                            {
///                                           8   return;
struct SearchForms: TextForms {
  static let name = "search"
  static let kind = Segment.Kind.search

  static let separatedWords: StaticString = ", -- between files"
  static let indentWords: StaticString = " (indent "

  let lines: TextLines
  let run: SearchRun
  let counter: TokenCounter

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    SearchParser.runs(lines, hint: hint).map(\.lines)
  }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard let run = SearchParser.runs(lines, hint: hint).first, run.lines == 0..<lines.count else { return nil }
    self.lines = lines
    self.run = run
    self.counter = counter
  }

  func complete() -> [Candidate] {
    lines.text.withUnsafeBufferPointer { text in
      [form(text, SearchFactor(run, in: text, counter: counter))]
    }
  }

  private func form(_ text: UnsafeBufferPointer<UInt8>, _ factor: SearchFactor?) -> Candidate {
    let body = SearchWriter(run, in: text, factor: factor).body()
    return Candidate(
      name: SearchForms.name, fidelity: .identical,
      bytes: Frame.write(SearchForms.name, detail: detail(factor), body: body))
  }

  private func detail(_ factor: SearchFactor?) -> [UInt8] {
    let matches = run.matches
    var detail = "\(matches) match\(matches == 1 ? "" : "es")"
    if run.layout.hasPath { detail += " in \(run.groups.count) file\(run.groups.count == 1 ? "" : "s")" }
    detail += ", \(run.layout.rawValue)"
    if run.isSeparatedBetweenFiles { detail += "\(SearchForms.separatedWords)" }
    var bytes = Array(detail.utf8)
    if let factor { bytes += "\(SearchFactor.words)".utf8 + factor.phrase }
    return bytes
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { text in
      var cut = SearchCut(run, lines, in: text, request)
      return cut.candidate()
    }
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    guard let header = SearchReader.Header(frame.detail) else { return nil }
    var reader = SearchReader(frame.lines, header)
    return reader.text()
  }
}
