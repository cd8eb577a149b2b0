extension UTF8Coding {
  /// Added to a byte that belongs to no valid UTF-8 sequence, so that it is a value of its own, above every scalar.
  static let invalidBase: UInt32 = 0x11_0000

  /// The scalar that starts at `offset`, and how many bytes it takes. A byte that starts no valid sequence counts
  /// alone, as `invalidBase` plus its value.
  ///
  /// - Precondition: `offset` lies inside `bytes`.
  @inline(__always)
  static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (value: UInt32, length: Int) {
    let first = UInt32(bytes[offset])
    return first < 0x80 ? (first, 1) : longScalar(in: bytes, at: offset)
  }

  private static func longScalar(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (value: UInt32, length: Int) {
    let first = UInt32(bytes[offset])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let invalid = (value: invalidBase + first, length: 1)
    guard first >= 0xC2, first <= 0xF4, offset + length <= bytes.count else { return invalid }
    var value = first & (0x7F >> UInt32(length))
    for byte in bytes[offset + 1..<offset + length] {
      guard byte & 0xC0 == 0x80 else { return invalid }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    switch length {
    case 3: return value < 0x800 || (0xD800...0xDFFF).contains(value) ? invalid : (value, 3)
    case 4: return value < 0x1_0000 || value > 0x10_FFFF ? invalid : (value, 4)
    default: return (value, 2)
    }
  }
}
