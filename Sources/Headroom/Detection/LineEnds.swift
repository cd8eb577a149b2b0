import CHeadroom

/// Texts whose lines all end in a carriage return and a newline, as on Windows. Encoders see them with newlines alone.
enum LineEnds {
  /// The first line of a form of such a text.
  static let note = Array("[lines end in CR LF]\n".utf8)

  /// The text without its carriage returns; nil unless each newline has one before it and there is no other.
  static func withoutReturns(_ text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBufferPointer { bytes -> [UInt8]? in
      guard let base = bytes.baseAddress else { return nil }
      let count = bytes.count
      let first = headroom_find_byte(base, count, 0x0d)
      guard first + 1 < count, base[first + 1] == 0x0a else { return nil }
      var isRegular = true
      let out = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
        guard let out = buffer.baseAddress else { return }
        var position = 0
        while position < count {
          let line = headroom_find_byte(base + position, count - position, 0x0d)
          // A newline without a return, or a return without a newline.
          let end = position + line
          guard headroom_find_byte(base + position, line, 0x0a) == line,
            end == count || end + 1 < count && base[end + 1] == 0x0a
          else {
            isRegular = false
            return
          }
          (out + length).initialize(from: base + position, count: line)
          length += line
          if end < count {
            out[length] = 0x0a
            length += 1
          }
          position = end + 2
        }
      }
      return isRegular ? out : nil
    }
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
