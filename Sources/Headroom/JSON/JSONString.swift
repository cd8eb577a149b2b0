import CHeadroom

/// The escapes of JSON strings, over bytes and without the quotes.
package enum JSONString {
  // MARK: Reading

  /// The text between the quotes with its escapes resolved. Nil when it holds a surrogate without its partner, which UTF-8 cannot say.
  static func unescape(_ bytes: [UInt8], in range: Range<Int>) -> [UInt8]? {
    var isText = true
    let text = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: range.count) { target, count in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let length = unescape(UnsafeBufferPointer(start: from + range.lowerBound, count: range.count), to: to)
        count = length ?? 0
        isText = length != nil
      }
    }
    return isText ? text : nil
  }

  /// Writes the resolved text to `target`, which has room for as many bytes as `text`, and returns its length. Nil as above.
  static func unescape(_ text: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int? {
    guard let source = text.baseAddress else { return 0 }
    var i = 0
    var out = target
    while i < text.count {
      let run = headroom_json_string_stop(source + i, text.count - i)
      ByteWriter.copy(source + i, run, to: out)
      out += run
      i += run
      guard i < text.count else { break }
      guard source[i] == UInt8(ascii: "\\"), i + 1 < text.count else {
        out.pointee = source[i]
        out += 1
        i += 1
        continue
      }
      var resolved = source[i + 1]
      switch resolved {
      case UInt8(ascii: "b"): resolved = 0x08
      case UInt8(ascii: "f"): resolved = 0x0c
      case UInt8(ascii: "n"): resolved = 0x0a
      case UInt8(ascii: "r"): resolved = 0x0d
      case UInt8(ascii: "t"): resolved = 0x09
      case UInt8(ascii: "u"):
        guard var scalar = unit(source, at: i, end: text.count) else { return nil }
        i += 6
        if scalar & 0xfc00 == 0xd800 {
          guard let low = unit(source, at: i, end: text.count), low & 0xfc00 == 0xdc00 else { return nil }
          scalar = 0x10000 + (scalar & 0x3ff) << 10 + low & 0x3ff
          i += 6
        } else if scalar & 0xfc00 == 0xdc00 {
          return nil
        }
        out += UTF8Coding.write(scalar, to: out)
        continue
      default: break
      }
      out.pointee = resolved
      out += 1
      i += 2
    }
    return out - target
  }

  /// The code unit of the `\uXXXX` at `i`.
  private static func unit(_ source: UnsafePointer<UInt8>, at i: Int, end: Int) -> UInt32? {
    guard i + 6 <= end, source[i] == UInt8(ascii: "\\"), source[i + 1] == UInt8(ascii: "u") else { return nil }
    var value: UInt32 = 0
    for k in 2..<6 {
      guard let digit = hexadecimal(source[i + k]) else { return nil }
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

  /// Whether a string's content is escaped as little as JSON allows. It may say no of content that is: then escape it anew.
  static func isMinimal(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = content.baseAddress else { return true }
    var i = 0
    while true {
      i += headroom_json_string_stop(base + i, content.count - i)
      guard i + 1 < content.count else { return i == content.count }
      switch base[i + 1] {
      case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "t"), UInt8(ascii: "r"),
        UInt8(ascii: "b"), UInt8(ascii: "f"):
        i += 2
      default: return false
      }
    }
  }

  // MARK: Finding ends

  /// The offset behind the string that starts with the quote at `start`, or nil when it does not end before `end`.
  @inline(__always)
  static func end(_ bytes: UnsafePointer<UInt8>, at start: Int, end: Int) -> Int? {
    var i = start + 1
    while i < end {
      i += headroom_json_string_stop(bytes + i, end - i)
      guard i < end else { return nil }
      switch bytes[i] {
      case UInt8(ascii: "\""): return i + 1
      case UInt8(ascii: "\\"): i += 2
      default: return nil
      }
    }
    return nil
  }

  static func end(_ bytes: [UInt8], at start: Int, end: Int) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { self.end($0, at: start, end: end) }
    }
  }

  /// The offset behind the array or object that starts at `start`, by its brackets alone, or nil when it does not end before `end`.
  static func containerEnd(_ bytes: UnsafePointer<UInt8>, at start: Int, end: Int) -> Int? {
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

  // MARK: Writing

  /// Appends `text` with what JSON demands escaped and nothing else, without quotes.
  @inline(__always)
  static func escape(_ text: UnsafeBufferPointer<UInt8>, into out: inout ByteWriter) {
    guard let base = text.baseAddress else { return }
    let run = headroom_json_string_stop(base, text.count)
    out.append(base, run)
    if run < text.count { escape(base + run, text.count - run, into: &out) }
  }

  private static func escape(_ base: UnsafePointer<UInt8>, _ count: Int, into out: inout ByteWriter) {
    var i = 0
    while i < count {
      switch base[i] {
      case UInt8(ascii: "\""): out.append("\\\"")
      case UInt8(ascii: "\\"): out.append("\\\\")
      case 0x08: out.append("\\b")
      case 0x0c: out.append("\\f")
      case 0x0a: out.append("\\n")
      case 0x0d: out.append("\\r")
      case 0x09: out.append("\\t")
      case let byte where byte < 0x20:
        out.append("\\u00")
        out.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        out.append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") - 10 + byte & 15)
      default:
        let run = headroom_json_string_stop(base + i, count - i)
        out.append(base + i, run)
        i += run
        continue
      }
      i += 1
    }
  }

  /// Appends `text` as a JSON string, quotes included.
  @inline(__always)
  static func quote(_ text: UnsafeBufferPointer<UInt8>, into out: inout ByteWriter) {
    out.append(UInt8(ascii: "\""))
    escape(text, into: &out)
    out.append(UInt8(ascii: "\""))
  }

  /// `text` as a JSON string, quotes included.
  package static func quoted(_ text: [UInt8]) -> [UInt8] {
    var out = ByteWriter(capacity: text.count + text.count / 16 + 16)
    text.withUnsafeBufferPointer { quote($0, into: &out) }
    return out.bytes
  }
}
