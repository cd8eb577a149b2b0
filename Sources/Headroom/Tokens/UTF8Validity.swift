internal import CHeadroom

/// Telling valid UTF-8 from other bytes, and making other bytes valid.
enum UTF8Validity {
  static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = bytes.baseAddress else { return true }
    var place = 0
    while place < bytes.count {
      place += headroom_ascii_prefix(start + place, bytes.count - place)
      while place < bytes.count, start[place] >= 0x80 {
        let length = scalarLength(start + place, readable: bytes.count - place)
        if length <= 0 { return false }
        place += length
      }
    }
    return true
  }

  /// A copy in which each maximal part of an ill-formed sequence has become U+FFFD, as the Unicode standard recommends
  /// (chapter 3, "U+FFFD Substitution of Maximal Subparts") and as `String(decoding:as:)` and Python do.
  static func repaired(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard let start = bytes.baseAddress else { return [] }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    var place = 0
    while place < bytes.count {
      let length = scalarLength(start + place, readable: bytes.count - place)
      if length > 0 {
        result.append(contentsOf: UnsafeBufferPointer(start: start + place, count: length))
        place += length
      } else {
        result.append(contentsOf: [0xEF, 0xBF, 0xBD])
        place -= length
      }
    }
    return result
  }

  /// The length of the scalar at `bytes`, or minus the length of the ill-formed part there (Unicode standard, table 3-7).
  private static func scalarLength(_ bytes: UnsafePointer<UInt8>, readable: Int) -> Int {
    let lead = bytes[0]
    if lead < 0x80 { return 1 }
    guard readable > 1 else { return -1 }
    let second = bytes[1]
    let length: Int
    switch lead {
    case 0xC2...0xDF:
      return second & 0xC0 == 0x80 ? 2 : -1
    case 0xE0...0xEF:
      guard second & 0xC0 == 0x80, lead != 0xE0 || second >= 0xA0, lead != 0xED || second < 0xA0 else { return -1 }
      length = 3
    case 0xF0...0xF4:
      guard second & 0xC0 == 0x80, lead != 0xF0 || second >= 0x90, lead != 0xF4 || second < 0x90 else { return -1 }
      length = 4
    default:
      return -1
    }
    for place in 2..<length {
      guard place < readable, bytes[place] & 0xC0 == 0x80 else { return -place }
    }
    return length
  }
}
