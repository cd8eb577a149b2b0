import CHeadroom

/// Texts whose lines all end in a carriage return and a newline, as on Windows. Encoders see them with newlines alone.
enum LineEnds {
  /// The first line of a form of such a text.
  static let note = Array("[lines end in CR LF]\n".utf8)

  /// The text without its carriage returns; nil unless each newline has one before it and there is no other.
  static func withoutReturns(_ text: [UInt8]) -> [UInt8]? {
    let isReturned = text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      let first = headroom_find_byte(base, bytes.count, 0x0d)
      return first + 1 < bytes.count && bytes[first + 1] == 0x0a
    }
    guard isReturned else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var last: UInt8 = 0
    for byte in text {
      if last == 0x0d, byte != 0x0a { return nil }
      if byte == 0x0a, last != 0x0d { return nil }
      if byte != 0x0d { out.append(byte) }
      last = byte
    }
    return last == 0x0d ? nil : out
  }

  /// The text with a carriage return before each newline.
  static func withReturns(_ text: some Collection<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + text.count / 16)
    for byte in text {
      if byte == 0x0a { out.append(0x0d) }
      out.append(byte)
    }
    return out
  }
}
