import CHeadroom

/// Reads the notation line by line. Every line of a part is indented by as many spaces as the part is deep.
struct LineReader {
  let bytes: [UInt8]
  /// The offset of the next line.
  private(set) var position: Int
  /// Where the last line read ends, without its newline.
  private(set) var lineEnd: Int
  /// How many more lines may be read.
  private(set) var remaining: Int
  /// Where the next line ends.
  private var nextEnd: Int

  init(_ bytes: [UInt8], at position: Int, lines: Int) {
    self.bytes = bytes
    self.position = position
    lineEnd = position
    remaining = lines
    nextEnd = LineReader.end(bytes, from: position)
  }

  private static func end(_ bytes: [UInt8], from position: Int) -> Int {
    guard position < bytes.count else { return position }
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return position }
      return position + headroom_find_byte(base + position, buffer.count - position, UInt8(ascii: "\n"))
    }
  }

  /// The next line without its indentation and newline; empty lines have no indentation. Nil when it is not so deep, or there is none.
  @inline(__always)
  mutating func next(depth: Int) -> Range<Int>? {
    guard let line = peek(depth: depth) else { return nil }
    remaining -= 1
    lineEnd = line.upperBound
    position = min(line.upperBound + 1, bytes.count)
    nextEnd = LineReader.end(bytes, from: position)
    return line
  }

  func peek(depth: Int) -> Range<Int>? {
    guard remaining > 0, position <= bytes.count else { return nil }
    if nextEnd == position { return position..<position }
    guard position + depth <= nextEnd else { return nil }
    for i in 0..<depth where bytes[position + i] != UInt8(ascii: " ") { return nil }
    return position + depth..<nextEnd
  }

  /// Goes on behind what `other`, a reader of the next lines of this one, has read.
  mutating func skip(_ lines: Int, readBy other: LineReader) {
    remaining -= lines
    position = other.position
    lineEnd = other.lineEnd
    nextEnd = other.nextEnd
  }

  /// The next `count` lines, from the first with its indentation to the end of the last.
  mutating func lines(_ count: Int, depth: Int) -> Range<Int>? {
    let start = position
    for _ in 0..<count { guard next(depth: depth) != nil else { return nil } }
    return start..<(count > 0 ? lineEnd : start)
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

  /// Reads the cell at `position` and moves to the delimiter behind it, or to `end`.
  func cell(at position: inout Int, end: Int, delimiter: UInt8) -> CellSpan? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return CellSpan.read(base, at: &position, end: end, delimiter: delimiter)
    }
  }

  /// Appends the value of a cell as JSON; false when it is not the cell itself that says the value.
  func append(_ cell: CellSpan, to out: inout ByteWriter) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return out.append(cell, of: base)
    }
  }

  /// Appends the text of lines that ``lines(_:depth:)`` gave, as a JSON string.
  func append(lines: Range<Int>, depth: Int, to out: inout ByteWriter) {
    bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { out.append(lines: lines, depth: depth, of: base) }
    }
  }
}
