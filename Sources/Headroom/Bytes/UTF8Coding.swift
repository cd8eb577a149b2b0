internal import CHeadroom

/// UTF-8 on raw bytes (RFC 3629).
enum UTF8Coding {
  /// The offset of the first byte in `range` that is not part of well-formed UTF-8, or nil.
  static func firstInvalid(_ base: UnsafePointer<UInt8>, in range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i < range.upperBound {
      let byte = base[i]
      if byte < 0x80 {
        i += headroom_ascii_prefix(base + i, range.upperBound - i)
        continue
      }
      let length = byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0
      guard length > 0, i + length <= range.upperBound else { return i }
      let second = base[i + 1]
      let isSecondValid =
        switch byte {
        case 0xe0: second >= 0xa0 && second < 0xc0  // no overlong form
        case 0xed: second >= 0x80 && second < 0xa0  // no surrogate
        case 0xf0: second >= 0x90 && second < 0xc0
        case 0xf4: second >= 0x80 && second < 0x90  // nothing above U+10FFFF
        default: second & 0xc0 == 0x80
        }
      guard isSecondValid else { return i }
      for k in 2..<max(2, length) where base[i + k] & 0xc0 != 0x80 { return i }
      i += length
    }
    return nil
  }

  /// Writes the encoding of `scalar`, which must not be a surrogate, and returns its length.
  static func write(_ scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | scalar >> shift & 0x3f) }
    switch scalar {
    case ..<0x80:
      target[0] = UInt8(scalar)
      return 1
    case ..<0x800:
      target[0] = UInt8(0xc0 | scalar >> 6)
      target[1] = tail(0)
      return 2
    case ..<0x10000:
      target[0] = UInt8(0xe0 | scalar >> 12)
      target[1] = tail(6)
      target[2] = tail(0)
      return 3
    default:
      target[0] = UInt8(0xf0 | scalar >> 18)
      target[1] = tail(12)
      target[2] = tail(6)
      target[3] = tail(0)
      return 4
    }
  }
}
