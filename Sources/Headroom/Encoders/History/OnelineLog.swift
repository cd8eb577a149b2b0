/// `git log --oneline` and `git reflog`: a hash and a subject in each line. There is nothing in them that is said twice; where the level
/// allows it, the newest stay, those with names of branches and tags, and those that the query asks for.
///
///     d15adb9ad7 fix(deps): update module google.golang.org/protobuf
///     [lines 2-300: 299 commits]
struct OnelineLog: TextForms {
  static let name = "git oneline"
  static let kind = Segment.Kind.history

  private let lines: TextLines
  private let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.counter = counter
  }

  /// Runs of lines with hashes of one length; git makes all of them as long as the longest must be.
  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      var runs: [Range<Int>] = []
      var line = 0
      while line < lines.count {
        let start = line
        let length = hash(bytes, lines[line])
        line += 1
        guard let length else { continue }
        while line < lines.count, hash(bytes, lines[line]) == length { line += 1 }
        // Numbers and addresses look like hashes too, but most hashes have letters.
        let named = (start..<line).count { bytes[lines[$0]].prefix(length).contains { $0 > UInt8(ascii: "9") } }
        if line - start >= 10, named * 4 >= (line - start) * 3 { runs.append(start..<line) }
      }
      return runs
    }
  }

  /// How long the hash is before a subject.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Int? {
    var cursor = FieldCursor(bytes, line)
    let digits = cursor.hexadecimal()
    guard digits.count >= 7, digits.count <= 12 || digits.count == 40, cursor.skip(" "), !cursor.isAtEnd,
      cursor.next != UInt8(ascii: " ")
    else { return nil }
    return digits.count
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { bytes in
      let ranges = (0..<lines.count).map { lines[$0] }
      var isKept = Relevance(of: Segments(ranges), in: bytes, to: request.query).relevant
      var left = request.budget
      for line in 0..<lines.count {
        var cursor = FieldCursor(bytes, lines[line])
        _ = cursor.hexadecimal()
        if cursor.skip(" ("), cursor.has("HEAD") || cursor.has("tag: ") || cursor.has("origin/") { isKept[line] = true }
        if isKept[line] { left -= counter.count(UnsafeBufferPointer(rebasing: bytes[lines[line]])) }
      }
      for line in 0..<lines.count where !isKept[line] {
        left -= counter.count(UnsafeBufferPointer(rebasing: bytes[lines[line]])) + 1
        guard left > 0 else { break }
        isKept[line] = true
      }
      var text = CutText(lines)
      var start = 0
      while start < lines.count {
        var end = start + 1
        while end < lines.count, isKept[end] == isKept[start] { end += 1 }
        if isKept[start] || end - start == 1 {
          text.keep(start..<end)
        } else {
          text.gap(start..<end, note: "\(end - start) commits")
        }
        start = end
      }
      return text.candidate("git oneline cut")
    }
  }
}
