/// An outline by indentation, for languages without a grammar: what stands at the left edge is a declaration, what is indented below it its
/// body; below a class or the like the next level is shown too.
enum IndentOutline {
  /// Words that say that declarations stand below.
  private static let containers: [StaticString] = [
    "class", "struct", "interface", "trait", "impl", "enum", "module", "namespace", "extension", "protocol", "object",
    "record", "defmodule", "describe", "actor", "union",
  ]
  private static let deepest = 4

  static func outline(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines) -> Outline {
    var outline = Outline(lines: lines.count)
    /// The indentations at which declarations stand, outermost first.
    var levels = [0]
    var line = 0
    while line < lines.count {
      guard let indent = indentation(bytes, lines[line]) else {
        line += 1
        continue
      }
      while let level = levels.last, levels.count > 1, indent < level { levels.removeLast() }
      let text = lines[line].dropFirst(indent)
      guard indent <= levels[levels.count - 1], !isClosing(bytes, text), !isComment(bytes, text) else {
        line += 1
        continue
      }
      let (end, inner) = body(bytes, lines, below: line, indent)
      outline.keep(line..<line + 1)
      let isContainer = inner != nil && isContainer(bytes, text)
      outline.items.append(
        Outline.Item(
          kind: isContainer ? .type : end > line + 1 ? .function : .value, name: [], lines: line + 1...end,
          depth: levels.count - 1, range: lines[line].lowerBound..<lines[end - 1].upperBound,
          body: isContainer ? 0..<0 : line + 1..<end))
      if isContainer, let inner, levels.count < deepest {
        levels.append(inner)
        line += 1
      } else {
        line = end
      }
    }
    return outline
  }

  /// Where the lines below a declaration end that belong to it, its closing bracket included, and how far the first is indented.
  private static func body(
    _ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, below line: Int, _ indent: Int
  ) -> (end: Int, inner: Int?) {
    var end = line + 1
    var inner: Int?
    var next = line + 1
    while next < lines.count {
      guard let depth = indentation(bytes, lines[next]) else {
        next += 1
        continue
      }
      if depth <= indent {
        if depth == indent, inner != nil, isClosing(bytes, lines[next].dropFirst(depth)) { end = next + 1 }
        break
      }
      inner = inner ?? depth
      next += 1
      end = next
    }
    return (end, inner)
  }

  private static func indentation(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Int? {
    line.first { bytes[$0] != 0x20 && bytes[$0] != 0x09 && bytes[$0] != 0x0d }.map { $0 - line.lowerBound }
  }

  /// A bracket, or `end`.
  private static func isClosing(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) -> Bool {
    guard let first = text.first else { return true }
    switch bytes[first] {
    case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): return true
    default: return text.count < 8 && bytes.has("end", at: first)
    }
  }

  private static func isComment(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) -> Bool {
    guard let first = text.first else { return false }
    return bytes.has("//", at: first) || bytes.has("/*", at: first)
      || bytes.has("* ", at: first)
      || bytes.has("# ", at: first) || bytes.has("--", at: first)
  }

  /// Whether one of the first words is a container's.
  private static func isContainer(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) -> Bool {
    var words = 0
    var start = text.lowerBound
    while start < text.upperBound, words < 5 {
      guard bytes[start] | 0x20 &- 0x61 < 26 else {
        start += 1
        continue
      }
      var end = start
      while end < text.upperBound, bytes[end] | 0x20 &- 0x61 < 26 { end += 1 }
      let (from, length) = (start, end - start)
      if containers.contains(where: { $0.utf8CodeUnitCount == length && bytes.has($0, at: from) }) {
        return true
      }
      words += 1
      start = end
    }
    return false
  }
}
