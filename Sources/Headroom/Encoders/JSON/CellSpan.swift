import CHeadroom

/// A cell as it was read: what it is and where it stands. See ``Cell`` for the grammar.
struct CellSpan {
  enum Kind: UInt8 {
    case missing
    /// The bytes are JSON.
    case json
    /// The bytes are the text of a string.
    case text
    /// The number of a code, of rows in a nested table, of lines: in ``start``.
    case code, nested, literal
  }

  var kind: Kind
  var start: Int
  var end: Int

  static let missing = CellSpan(kind: .missing, start: 0, end: 0)
  static let empty = CellSpan(kind: .text, start: 0, end: 0)

  /// Reads the cell at `position` and moves to the delimiter behind it, or to `end`. Nil when it fits no rule.
  @inline(__always)
  static func read(
    _ bytes: UnsafePointer<UInt8>, at position: inout Int, end: Int, delimiter: UInt8
  ) -> CellSpan? {
    guard position < end, bytes[position] != delimiter else { return .empty }
    let start = position
    let first = bytes[start]
    if Cell.isSign(first), let kind = signKind(first) {
      return readSign(kind, bytes, at: &position, end: end, delimiter: delimiter)
    }
    position = start + headroom_find_byte(bytes + start, end - start, delimiter)
    let text = UnsafeBufferPointer(start: bytes + start, count: position - start)
    if Cell.mayBeLiteral(first), Cell.isLiteral(text) {
      if text.count == 1, first == UInt8(ascii: "-") { return .missing }
      return CellSpan(kind: .json, start: start, end: position)
    }
    return CellSpan(kind: .text, start: start, end: position)
  }

  @inline(__always)
  private static func signKind(_ first: UInt8) -> Kind? {
    switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["): .json
    case UInt8(ascii: "@"): .code
    case UInt8(ascii: "^"): .nested
    case UInt8(ascii: "<"): .literal
    default: nil
    }
  }

  @inline(never)
  private static func readSign(
    _ kind: Kind, _ bytes: UnsafePointer<UInt8>, at position: inout Int, end: Int, delimiter: UInt8
  ) -> CellSpan? {
    let start = position
    if kind == .json {
      let stop =
        bytes[start] == UInt8(ascii: "\"")
        ? JSONString.end(bytes, at: start, end: end) : JSONString.containerEnd(bytes, at: start, end: end)
      guard let stop, stop <= end, stop == end || bytes[stop] == delimiter else { return nil }
      position = stop
      return CellSpan(kind: .json, start: start, end: stop)
    }
    position += 1
    if kind == .literal {
      guard position < end, bytes[position] == UInt8(ascii: "<") else { return nil }
      position += 1
    }
    var number = 0
    let digits = position
    while position < end, bytes[position] &- 0x30 < 10 {
      guard position - digits < 9 else { return nil }
      number = number * 10 + Int(bytes[position] - 0x30)
      position += 1
    }
    guard position > digits, position == end || bytes[position] == delimiter else { return nil }
    return CellSpan(kind: kind, start: number, end: 0)
  }
}

extension ByteWriter {
  /// Appends the value of a cell as JSON; false when it is not the cell itself that says the value.
  @inline(__always)
  mutating func append(_ cell: CellSpan, of bytes: UnsafePointer<UInt8>) -> Bool {
    switch cell.kind {
    case .json: append(bytes + cell.start, cell.end - cell.start)
    case .text:
      JSONString.quote(UnsafeBufferPointer(start: bytes + cell.start, count: cell.end - cell.start), into: &self)
    case .missing, .code, .nested, .literal: return false
    }
    return true
  }

  /// Appends lines, each indented by `depth` spaces unless it is empty, as one JSON string.
  mutating func append(lines: Range<Int>, depth: Int, of bytes: UnsafePointer<UInt8>) {
    append(UInt8(ascii: "\""))
    var start = lines.lowerBound
    while true {
      let end = start + headroom_find_byte(bytes + start, lines.upperBound - start, UInt8(ascii: "\n"))
      let text = min(end, start + depth)
      JSONString.escape(UnsafeBufferPointer(start: bytes + text, count: end - text), into: &self)
      if end == lines.upperBound { break }
      append("\\n")
      start = end + 1
    }
    append(UInt8(ascii: "\""))
  }
}
