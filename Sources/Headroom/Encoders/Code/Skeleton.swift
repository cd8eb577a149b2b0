/// A source file with its declarations and without their bodies: lines as they are, and gaps.
///
///     [lines 1-9: imports fs, path, ./core]
///
///     export class Store extends Base {
///       constructor(path, mode = 'r') {
///     [lines 13-17]
struct Skeleton {
  private let outline: Outline
  /// What is shown, a line of `source` each.
  private let lines: TextLines
  private let source: TextLines
  private var isKept: [Bool]

  /// Imports on so few lines are shown.
  private static let fewImports = 3
  /// A gap of fewer bytes than this would be longer than what it stands for.
  private static let leastGap = 36
  private static let mostNames = 300

  /// - Parameter lines: the lines to show, when they are not those of the source themselves: lines with numbers, say.
  init(_ outline: Outline, of source: TextLines, shownAs lines: TextLines? = nil) {
    self.outline = outline
    self.source = source
    self.lines = lines ?? source
    isKept = outline.isKept
    for line in isKept.indices where !isKept[line] && isNote(line) { isKept[line] = true }
    for group in outline.imports where isLong(group) {
      for line in group.lines { isKept[line] = false }
    }
  }

  private func isLong(_ group: (lines: Range<Int>, names: [Range<Int>])) -> Bool {
    group.lines.count > Skeleton.fewImports && !group.names.isEmpty
  }

  /// Shows the whole of a declaration.
  mutating func include(_ item: Outline.Item) {
    for line in item.lines.lowerBound - 1..<item.lines.upperBound where line < isKept.count { isKept[line] = true }
  }

  /// The lines and the gaps.
  func text() -> CutText {
    var text = CutText(lines)
    var groups = outline.imports.filter { isLong($0) && !isKept[$0.lines.lowerBound] }[...]
    var start = 0
    while start < isKept.count {
      if let group = groups.first, group.lines.lowerBound == start {
        text.gap(group.lines, note: note(group.names))
        start = group.lines.upperBound
        groups.removeFirst()
        continue
      }
      let limit = groups.first?.lines.lowerBound ?? isKept.count
      var end = start + 1
      while end < limit, isKept[end] == isKept[start] { end += 1 }
      if isKept[start] || isShort(start..<end) { text.keep(start..<end) } else { text.gap(start..<end) }
      start = end
    }
    return text
  }

  /// Whether some lines cost no more than the gap that would stand for them.
  private func isShort(_ part: Range<Int>) -> Bool {
    source.text.withUnsafeBufferPointer { bytes in
      var cost = 0
      for line in part {
        var (start, end) = (source[line].lowerBound, source[line].upperBound)
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        // A line costs a little more than what is on it.
        cost += 4 + end - start
        if cost > Skeleton.leastGap { return false }
      }
      return true
    }
  }

  private func note(_ names: [Range<Int>]) -> String {
    var seen: [String] = []
    var text = "imports"
    for (index, range) in names.enumerated() {
      let name = String(
        decoding: source.text[range].map { $0 == UInt8(ascii: "]") || $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
      guard !seen.contains(name) else { continue }
      seen.append(name)
      if text.utf8.count + name.utf8.count > Skeleton.mostNames { return text + " and \(names.count - index) more" }
      text += (seen.count > 1 ? ", " : " ") + name
    }
    return text
  }

  /// Whether a line says that something is to be done.
  private func isNote(_ line: Int) -> Bool {
    let range = source[line]
    guard range.count < 240 else { return false }
    return source.text.withUnsafeBufferPointer { bytes in
      for i in range where bytes[i] == UInt8(ascii: "T") || bytes[i] == UInt8(ascii: "F") {
        let length = bytes.has("TODO", at: i) ? 4 : bytes.has("FIXME", at: i) ? 5 : 0
        guard length > 0, i == range.lowerBound || !isWord(bytes[i - 1]) else { continue }
        if i + length >= range.upperBound || !isWord(bytes[i + length]) { return true }
      }
      return false
    }
  }

  private func isWord(_ byte: UInt8) -> Bool { byte | 0x20 &- 0x61 < 26 || byte == UInt8(ascii: "_") }
}

extension Outline {
  /// The file with its declarations and without their bodies. What is left out is told by its lines: `[lines 12-40]`.
  public func skeleton(of source: [UInt8]) -> [UInt8] { Skeleton(self, of: TextLines(source)).text().bytes }
}
