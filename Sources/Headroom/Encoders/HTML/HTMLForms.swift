/// Pages of the web as their reader sees them. Markup, scripts and menus are left out of view, so the form is a cut:
///
///     <!DOCTYPE html><html><head><title>Notes</title><script>…</script></head><body>
///     <nav><a href="/">Home</a> …</nav><h1>Notes</h1><p>It has <b>landed</b>, see <a href="/log">the log</a>.</p></body></html>
///
/// becomes
///
///     [html page as text: Notes]
///     [nav: 64 links]
///
///     # Notes
///
///     It has landed, see [the log](/log).
///
/// Where the result is plainly the text of a file, it is source, and stays.
struct HTMLForms: TextForms {
  static let name = "html"
  static let kind = Segment.Kind.html

  private let lines: TextLines
  private let counter: TokenCounter

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    guard lines.range.count >= 400, !hint.showsSource else { return [] }
    let ranges = lines.text.withUnsafeBufferPointer { HTMLFinder($0)?.pages(in: lines.range) ?? [] }
    var runs: [Range<Int>] = []
    var line = 0
    for range in ranges {
      while line < lines.count, lines[line].upperBound <= range.lowerBound { line += 1 }
      let first = line
      while line < lines.count, lines[line].lowerBound < range.upperBound { line += 1 }
      if let last = runs.last, last.upperBound > first { continue }
      if line > first { runs.append(first..<line) }
    }
    return runs
  }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard !lines.isEmpty else { return nil }
    self.lines = lines
    self.counter = counter
  }

  func complete() -> [Candidate] {
    lines.text.withUnsafeBufferPointer { bytes in
      guard let bytes = HTMLSpacing.normalized(bytes, in: lines.range) else { return [] }
      return [Candidate(name: "html without indentation", fidelity: .normalized, bytes: bytes)]
    }
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { bytes -> Candidate? in
      guard let pages = HTMLFinder(bytes)?.pages(in: lines.range), let range = pages.first, pages.count == 1,
        let page = HTMLPage(bytes, in: range), let text = text(page, request)
      else { return nil }
      // What stands before the page in its first line, and behind it in its last, such as `Content: `.
      let before = bytes[lines.range.lowerBound..<range.lowerBound]
      let behind = bytes[range.upperBound..<lines.range.upperBound]
      var form: [UInt8] = []
      if before.contains(where: { !HTMLParser.isSpace($0) && $0 < 0x80 }) { form += before }
      form += text
      if behind.contains(where: { !HTMLParser.isSpace($0) }) { form += [UInt8(ascii: "\n")] + behind }
      let cutLines = lines.lastNumber(of: lines.count - 1) - lines.number(of: 0) + 1
      return Candidate(name: HTMLForms.name, fidelity: .lossy, bytes: form, cutLines: cutLines)
    }
  }

  /// The whole page, or its article when that is plain and the rest is a good part of the text. Addresses of links go before text does.
  private func text(_ page: HTMLPage, _ request: CutRequest) -> [UInt8]? {
    guard let whole = page.markdown() else { return nil }
    var fits = isWithin(request.budget, whole)
    if let article = page.article(),
      request.level == .aggressive || !fits || article.count * 5 <= whole.count * 4
    {
      fits = isWithin(request.budget, article)
      return fits ? article : page.article(keepsLinks: false)
    }
    return fits ? whole : page.markdown(keepsLinks: false)
  }

  private func isWithin(_ budget: Int, _ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { counter.count($0, limit: budget) } != nil
  }
}

extension Hint {
  /// Whether the call prints a file of the project, whose markup is what its reader wants to see.
  fileprivate var showsSource: Bool {
    guard let command else { return path != nil }
    let text = command.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first ?? []
    func has(_ word: String) -> Bool {
      text.indices.contains { text[$0...].starts(with: word.utf8) }
    }
    if ["curl", "wget", "http:", "https:", "fetch", "lynx", "chrome"].contains(where: has) { return false }
    return ["cat", "sed", "head", "tail", "nl", "bat", "less", "awk", "git", "grep", "rg"].contains { word in
      text.indices.contains { start in
        text[start...].starts(with: word.utf8) && (start == text.startIndex || text[start - 1] == 0x20)
          && (start + word.utf8.count == text.endIndex || text[start + word.utf8.count] == 0x20)
      }
    }
  }
}
