/// Reads the fields of one line from left to right.
struct FieldCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int
  let end: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
    self.bytes = bytes
    position = line.lowerBound
    end = line.upperBound
  }

  var isAtEnd: Bool { position == end }
  var rest: Range<Int> { position..<end }
  /// The byte that comes next; 0 at the end.
  var next: UInt8 { position < end ? bytes[position] : 0 }

  /// Whether `text` stands here.
  @inline(__always)
  func has(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - position >= count else { return false }
    for i in 0..<count where bytes[position + i] != text.utf8Start[i] { return false }
    return true
  }

  /// Moves behind `text` when it stands here.
  @inline(__always)
  mutating func skip(_ text: StaticString) -> Bool {
    guard has(text) else { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  /// A decimal number of at most nine digits as it is commonly printed: no needless zero before it.
  mutating func number() -> Int? {
    var value = 0
    let start = position
    while position < end, bytes[position] &- 0x30 < 10, position - start < 9 {
      value = value * 10 + Int(bytes[position] - 0x30)
      position += 1
    }
    guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    return value
  }

  /// What stands before the next `byte`, or before the end.
  mutating func field(to byte: UInt8 = UInt8(ascii: " ")) -> Range<Int> {
    let start = position
    while position < end, bytes[position] != byte { position += 1 }
    return start..<position
  }

  mutating func skipSpaces() {
    while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  /// The hexadecimal digits that come next.
  mutating func hexadecimal() -> Range<Int> {
    let start = position
    while position < end, FieldCursor.isHexadecimal(bytes[position]) { position += 1 }
    return start..<position
  }

  static func isHexadecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte &- 0x61 < 6 }
}
