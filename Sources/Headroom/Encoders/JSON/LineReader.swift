/// Reads the notation line by line. Every line of a part is indented by as many spaces as the part is deep.
struct LineReader {
  let bytes: [UInt8]
  /// The offset of the next line.
  private(set) var position: Int
  /// Where the last line read ends, without its newline.
  private(set) var lineEnd: Int
  /// How many more lines may be read.
  private(set) var remaining: Int

  init(_ bytes: [UInt8], at position: Int, lines: Int) {
    self.bytes = bytes
    self.position = position
    lineEnd = position
    remaining = lines
  }

  /// The next line without its indentation and newline; empty lines have no indentation. Nil when it is not so deep, or there is none.
  mutating func next(depth: Int) -> Range<Int>? {
    guard let line = peek(depth: depth) else { return nil }
    remaining -= 1
    lineEnd = line.upperBound
    position = min(line.upperBound + 1, bytes.count)
    return line
  }

  func peek(depth: Int) -> Range<Int>? {
    guard remaining > 0, position <= bytes.count else { return nil }
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    if end == position { return position..<end }
    guard position + depth <= end, bytes[position..<position + depth].allSatisfy({ $0 == UInt8(ascii: " ") }) else {
      return nil
    }
    return position + depth..<end
  }

  /// Moves `position` behind `text` when `text` stands there.
  func skip(_ text: StaticString, at position: inout Int, end: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= end else { return false }
    for i in 0..<count where bytes[position + i] != text.utf8Start[i] { return false }
    position += count
    return true
  }

  /// Reads a decimal number of at most nine digits, with a sign if `isSigned`, and moves behind it.
  func integer(at position: inout Int, end: Int, isSigned: Bool = false, digits: Int = 9) -> Int? {
    var i = position
    let isNegative = isSigned && i < end && bytes[i] == UInt8(ascii: "-")
    if isNegative { i += 1 }
    var value = 0
    let start = i
    while i < end, bytes[i] &- 0x30 < 10 {
      guard i - start < digits else { return nil }
      value = value * 10 + Int(bytes[i] - 0x30)
      i += 1
    }
    guard i > start else { return nil }
    position = i
    return isNegative ? -value : value
  }
}

/// What a cell says, read back.
enum DecodedCell {
  case missing
  /// A value as JSON.
  case value([UInt8])
  case code(Int)
  case nested(Int)
  case literal(lines: Int)
}

extension LineReader {
  /// Reads the cell at `position` and moves to the delimiter behind it, or to `end`.
  func cell(at position: inout Int, end: Int, delimiter: UInt8) -> DecodedCell? {
    guard position < end, bytes[position] != delimiter else { return .value([UInt8(ascii: "\""), UInt8(ascii: "\"")]) }
    let start = position
    switch bytes[position] {
    case UInt8(ascii: "\""):
      guard let stop = JSONString.end(bytes, at: position, end: end) else { return nil }
      position = stop
      return closed(position, end, delimiter) ? .value(Array(bytes[start..<stop])) : nil
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard let stop = JSONString.containerEnd(bytes, at: position, end: end) else { return nil }
      position = stop
      return closed(position, end, delimiter) ? .value(Array(bytes[start..<stop])) : nil
    case UInt8(ascii: "@"):
      position += 1
      guard let number = integer(at: &position, end: end), closed(position, end, delimiter) else { return nil }
      return .code(number)
    case UInt8(ascii: "^"):
      position += 1
      guard let number = integer(at: &position, end: end), closed(position, end, delimiter) else { return nil }
      return .nested(number)
    case UInt8(ascii: "<"):
      guard skip("<<", at: &position, end: end), let lines = integer(at: &position, end: end),
        closed(position, end, delimiter)
      else { return nil }
      return .literal(lines: lines)
    default:
      position = bytes[start..<end].firstIndex(of: delimiter) ?? end
      return bytes.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[start..<position])
        if text.count == 1, text[0] == UInt8(ascii: "-") { return .missing }
        if Cell.isLiteral(text) { return .value(Array(text)) }
        var lexeme: [UInt8] = [UInt8(ascii: "\"")]
        JSONString.escape(text, into: &lexeme)
        lexeme.append(UInt8(ascii: "\""))
        return .value(lexeme)
      }
    }
  }

  private func closed(_ position: Int, _ end: Int, _ delimiter: UInt8) -> Bool {
    position == end || bytes[position] == delimiter
  }
}
