/// One hunk: its `@@` line and the lines that its counts say.
struct DiffHunk {
  /// The line of the header, and the lines below.
  var header: Int
  var body: Range<Int>
  /// The first lines in the old file and the new one, and how many. Of a combined diff, the last are those of the result.
  var old: (start: Int, count: Int)
  var new: (start: Int, count: Int)
  /// What stands behind the second `@@`, with the space before it.
  var section: Range<Int>
  var isCombined: Bool
  /// Whether the body holds exactly as many lines as the header says, each with its sign.
  var isExact: Bool
  /// Whether the header is as git prints it: a count of one left out.
  var isUsual: Bool

  var lines: Range<Int> { header..<body.upperBound }
}

/// What a diff says of one file.
struct DiffFile {
  /// The lines before the first hunk.
  var header: Range<Int>
  var hunks: [DiffHunk]
  /// A binary patch; mostly empty.
  var binary: Range<Int>

  var lines: Range<Int> { header.lowerBound..<(hunks.last?.body.upperBound ?? binary.upperBound) }
}

/// The lines of a diff, read by its grammar. The counts of a hunk say which lines are its own, so a deleted line `-- x`, which then looks
/// like a header, is a line of the hunk.
struct DiffReader {
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.lines = lines
    self.bytes = bytes
  }

  /// The files of the diff, in order; what lies between them is something else.
  func files() -> [DiffFile] {
    var files: [DiffFile] = []
    var line = 0
    while line < lines.count {
      guard let file = file(at: line) else {
        line += 1
        continue
      }
      files.append(file)
      line = file.lines.upperBound
    }
    return files
  }

  private func cursor(_ line: Int) -> FieldCursor { FieldCursor(bytes, lines[line]) }

  /// The file whose header, or first hunk where the header is missing, is at `line`.
  func file(at line: Int) -> DiffFile? {
    switch cursor(line).next {
    case UInt8(ascii: "d"), UInt8(ascii: "I"), UInt8(ascii: "-"), UInt8(ascii: "@"): break
    default: return nil
    }
    guard let end = header(at: line) else { return nil }
    var file = DiffFile(header: line..<end, hunks: [], binary: end..<end)
    if end < lines.count, cursor(end).has("GIT binary patch") { file.binary = end..<binaryPatch(at: end) }
    var next = file.binary.upperBound
    while next < lines.count, let hunk = hunk(at: next) {
      file.hunks.append(hunk)
      next = hunk.body.upperBound
    }
    guard !file.hunks.isEmpty || (file.header.count > 1 && cursor(line).has("diff --")) else { return nil }
    return file
  }

  /// Where the header that starts at `line` ends: at the first hunk.
  private func header(at line: Int) -> Int? {
    let first = cursor(line)
    var end = line
    if first.has("diff --git ") || first.has("diff --cc ") || first.has("diff --combined ") {
      end += 1
      while end < lines.count, isExtendedHeader(cursor(end)) { end += 1 }
      if end < lines.count, cursor(end).has("Binary files "), !first.has("diff -r") { return end + 1 }
    } else if first.has("diff -") {
      end += 1
    } else if first.has("Index: ") {
      end += 1
      if end < lines.count, cursor(end).has("=====") { end += 1 }
    } else if first.has("@@") {
      return line
    }
    if end + 1 < lines.count, cursor(end).has("--- "), cursor(end + 1).has("+++ ") { return end + 2 }
    return end > line ? end : nil
  }

  private func isExtendedHeader(_ line: FieldCursor) -> Bool {
    switch line.next {
    case UInt8(ascii: "i"): line.has("index ")
    case UInt8(ascii: "o"): line.has("old mode ")
    case UInt8(ascii: "n"): line.has("new mode ") || line.has("new file mode ")
    case UInt8(ascii: "d"): line.has("deleted file mode ") || line.has("dissimilarity index ")
    case UInt8(ascii: "s"): line.has("similarity index ")
    case UInt8(ascii: "r"): line.has("rename from ") || line.has("rename to ")
    case UInt8(ascii: "c"): line.has("copy from ") || line.has("copy to ")
    case UInt8(ascii: "m"): line.has("mode ")
    default: false
    }
  }

  /// Where a binary patch ends: two parts, each up to a blank line.
  private func binaryPatch(at line: Int) -> Int {
    var end = line + 1
    while end < lines.count, cursor(end).has("literal ") || cursor(end).has("delta ") {
      while end < lines.count, !cursor(end).isAtEnd { end += 1 }
      end = min(end + 1, lines.count)
    }
    return end
  }

  // MARK: Hunks

  private func hunk(at line: Int) -> DiffHunk? {
    var header = cursor(line)
    var parents = 0
    while header.skip("@") { parents += 1 }
    parents -= 1
    guard parents >= 1, parents < 32, header.skip(" ") else { return nil }
    var isUsual = true
    var ranges: [(start: Int, count: Int)] = []
    for side in 0...parents {
      guard side < parents ? header.skip("-") : header.skip("+"), let start = header.number() else { return nil }
      var count = 1
      if header.skip(",") {
        guard let number = header.number() else { return nil }
        count = number
        if count == 1 { isUsual = false }
      }
      ranges.append((start, count))
      guard header.skip(" ") else { return nil }
    }
    for _ in 0...parents { guard header.skip("@") else { return nil } }
    guard header.isAtEnd || header.next == UInt8(ascii: " ") || header.next == UInt8(ascii: "\r") else { return nil }
    var hunk = DiffHunk(
      header: line, body: line + 1..<line + 1, old: ranges[0], new: ranges[parents], section: header.rest,
      isCombined: parents > 1, isExact: true, isUsual: isUsual)
    let end = parents == 1 ? body(&hunk) : combinedBody(ranges, from: line + 1, &hunk)
    hunk.body = line + 1..<end
    return hunk
  }

  private func body(_ hunk: inout DiffHunk) -> Int {
    var (old, new) = (hunk.old.count, hunk.new.count)
    var line = hunk.header + 1
    loop: while line < lines.count {
      let range = lines[line]
      let sign = range.isEmpty ? 0 : bytes[range.lowerBound]
      if old <= 0, new <= 0, sign != UInt8(ascii: "\\") { break }
      switch sign {
      case UInt8(ascii: " "):
        old -= 1
        new -= 1
      case UInt8(ascii: "-"): old -= 1
      case UInt8(ascii: "+"): new -= 1
      case UInt8(ascii: "\\"): break
      case 0, UInt8(ascii: "\r"):
        // An empty context line whose space was taken off on the way.
        guard old > 0, new > 0 else { break loop }
        old -= 1
        new -= 1
        hunk.isExact = false
      default: break loop
      }
      line += 1
    }
    if old != 0 || new != 0 { hunk.isExact = false }
    return line
  }

  private func combinedBody(_ ranges: [(start: Int, count: Int)], from first: Int, _ hunk: inout DiffHunk) -> Int {
    hunk.isExact = false
    let parents = ranges.count - 1
    var left = ranges.map(\.count)
    var line = first
    while line < lines.count {
      let range = lines[line]
      if !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "\\") {
        line += 1
        continue
      }
      guard left.contains(where: { $0 > 0 }), range.count >= parents else { break }
      let signs = bytes[range.lowerBound..<range.lowerBound + parents]
      guard signs.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
        break
      }
      let isDeleted = signs.contains(UInt8(ascii: "-"))
      for (parent, sign) in signs.enumerated() where sign == UInt8(ascii: isDeleted ? "-" : " ") { left[parent] -= 1 }
      if !isDeleted { left[parents] -= 1 }
      line += 1
    }
    return line
  }
}
