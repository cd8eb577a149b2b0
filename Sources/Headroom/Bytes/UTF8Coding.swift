/// UTF-8 on raw bytes (RFC 3629).
enum UTF8Coding {
  /// The offset of the first byte in `range` that is not part of well-formed UTF-8, or nil.
  static func firstInvalid(_ base: UnsafePointer<UInt8>, in range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i < range.upperBound {
      let byte = base[i]
      if byte < 0x80 {
        i += 1
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

  /// Appends the encoding of `scalar`, which must not be a surrogate.
  static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    switch scalar {
    case ..<0x80: out.append(UInt8(scalar))
    case ..<0x800:
      out.append(UInt8(0xc0 | scalar >> 6))
      out.append(UInt8(0x80 | scalar & 0x3f))
    case ..<0x10000:
      out.append(UInt8(0xe0 | scalar >> 12))
      out.append(UInt8(0x80 | scalar >> 6 & 0x3f))
      out.append(UInt8(0x80 | scalar & 0x3f))
    default:
      out.append(UInt8(0xf0 | scalar >> 18))
      out.append(UInt8(0x80 | scalar >> 12 & 0x3f))
      out.append(UInt8(0x80 | scalar >> 6 & 0x3f))
      out.append(UInt8(0x80 | scalar & 0x3f))
    }
  }
}
