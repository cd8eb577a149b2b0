import CHeadroom

/// The escapes of JSON strings, over bytes and without the quotes.
enum JSONString {
  /// The text between the quotes with its escapes resolved. Nil when it holds a surrogate without its partner, which UTF-8 cannot say.
  static func unescape(_ bytes: [UInt8], in range: Range<Int>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    return unescape(bytes, in: range, into: &out) ? out : nil
  }

  /// Appends the resolved text to `out`; false, with `out` unspecified behind its old end, where ``unescape(_:in:)`` gives nil.
  static func unescape(_ bytes: [UInt8], in range: Range<Int>, into out: inout [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      var i = range.lowerBound
      while i < range.upperBound {
        let run = headroom_json_string_stop(buffer.baseAddress! + i, range.upperBound - i)
        out.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[i..<i + run]))
        i += run
        guard i < range.upperBound else { break }
        guard buffer[i] == UInt8(ascii: "\\"), i + 1 < range.upperBound else {
          out.append(buffer[i])
          i += 1
          continue
        }
        switch buffer[i + 1] {
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0c)
        case UInt8(ascii: "n"): out.append(0x0a)
        case UInt8(ascii: "r"): out.append(0x0d)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
          guard var scalar = unit(buffer, at: i, end: range.upperBound) else { return false }
          if scalar & 0xfc00 == 0xd800 {
            guard let low = unit(buffer, at: i + 6, end: range.upperBound), low & 0xfc00 == 0xdc00 else { return false }
            scalar = 0x10000 + (scalar & 0x3ff) << 10 + low & 0x3ff
            i += 6
          } else if scalar & 0xfc00 == 0xdc00 {
            return false
          }
          UTF8Coding.append(scalar, to: &out)
          i += 4
        case let byte: out.append(byte)
        }
        i += 2
      }
      return true
    }
  }

  /// The offset behind the string that starts with the quote at `start`, or nil when it does not end before `end`.
  static func end(_ bytes: [UInt8], at start: Int, end: Int) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      var i = start + 1
      while i < end {
        i += headroom_json_string_stop(buffer.baseAddress! + i, end - i)
        guard i < end else { return nil }
        switch buffer[i] {
        case UInt8(ascii: "\""): return i + 1
        case UInt8(ascii: "\\"): i += 2
        default: return nil
        }
      }
      return nil
    }
  }

  /// The offset behind the array or object that starts at `start`, by its brackets alone, or nil when it does not end before `end`.
  static func containerEnd(_ bytes: [UInt8], at start: Int, end: Int) -> Int? {
    var depth = 0
    var i = start
    while i < end {
      switch bytes[i] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return i + 1 }
      case UInt8(ascii: "\""):
        guard let stop = self.end(bytes, at: i, end: end) else { return nil }
        i = stop
        continue
      default: break
      }
      i += 1
    }
    return nil
  }

  /// The code unit of the `\uXXXX` at `i`.
  private static func unit(_ buffer: UnsafeBufferPointer<UInt8>, at i: Int, end: Int) -> UInt32? {
    guard i + 6 <= end, buffer[i] == UInt8(ascii: "\\"), buffer[i + 1] == UInt8(ascii: "u") else { return nil }
    var value: UInt32 = 0
    for k in 2..<6 {
      guard let digit = hexadecimal(buffer[i + k]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  @inline(__always)
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Appends `text` with what JSON demands escaped and nothing else, without quotes.
  static func escape(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    guard let base = text.baseAddress else { return }
    var i = 0
    while i < text.count {
      let run = headroom_json_string_stop(base + i, text.count - i)
      out.append(contentsOf: UnsafeBufferPointer(rebasing: text[i..<i + run]))
      i += run
      guard i < text.count else { break }
      out.append(UInt8(ascii: "\\"))
      switch text[i] {
      case 0x08: out.append(UInt8(ascii: "b"))
      case 0x0c: out.append(UInt8(ascii: "f"))
      case 0x0a: out.append(UInt8(ascii: "n"))
      case 0x0d: out.append(UInt8(ascii: "r"))
      case 0x09: out.append(UInt8(ascii: "t"))
      case let byte where byte < 0x20:
        out.append(contentsOf: "u00".utf8)
        out.append(hexadecimalDigits[Int(byte >> 4)])
        out.append(hexadecimalDigits[Int(byte & 15)])
      case let byte: out.append(byte)  // the quote and the backslash
      }
      i += 1
    }
  }

  /// `text` as a JSON string, quotes included.
  static func quoted(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + 16)
    out.append(UInt8(ascii: "\""))
    text.withUnsafeBufferPointer { escape($0, into: &out) }
    out.append(UInt8(ascii: "\""))
    return out
  }

  private static let hexadecimalDigits = Array("0123456789abcdef".utf8)
}
