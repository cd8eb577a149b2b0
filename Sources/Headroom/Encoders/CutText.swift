/// Lines with some of them out of view: what is kept stands as it was, and a gap says which lines of the original are left out.
///
///     first line
///     [lines 2-40]
///     [lines 41-77: 37 passed]
///     last line
///
/// The marker that says how many lines are stored, and under which handle, stands once at the top of the block; the pipeline writes it.
struct CutText {
  private let lines: TextLines
  private(set) var bytes: [UInt8] = []
  /// How many lines of the original are out of view.
  private(set) var cutLines = 0

  init(_ lines: TextLines) { self.lines = lines }

  /// Writes the lines that `isKept` says, and gaps for the others.
  init(_ lines: TextLines, keeping isKept: [Bool]) {
    self.lines = lines
    var start = 0
    while start < lines.count {
      var end = start + 1
      while end < lines.count, isKept[end] == isKept[start] { end += 1 }
      if isKept[start] { keep(start..<end) } else { gap(start..<end) }
      start = end
    }
  }

  /// Lines as they are.
  mutating func keep(_ part: Range<Int>) {
    guard !part.isEmpty else { return }
    append(lines[part].bytes)
  }

  /// Something that is no line of the source, such as lines put together in another form. It counts as complete.
  mutating func append(_ text: some Sequence<UInt8>) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
    bytes += text
  }

  /// Lines left out of view, with what the reader should know of them.
  mutating func gap(_ part: Range<Int>, note: String = "") {
    guard !part.isEmpty else { return }
    let first = lines.number(of: part.lowerBound)
    let last = lines.lastNumber(of: part.upperBound - 1)
    cutLines += last - first + 1
    append("[lines \(first)-\(last)\(note.isEmpty ? "" : ": " + note)]".utf8)
  }

  /// The cut form; nil when nothing is left out.
  func candidate(_ name: String) -> Candidate? {
    guard cutLines > 0 else { return nil }
    return Candidate(name: name, fidelity: .lossy, bytes: bytes, cutLines: cutLines)
  }
}
