/// Names in a line of a listing. One that could be taken for something else stands between quotes, as a shell and JSON write it.
enum ListingName {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  static func needsQuotes(_ name: Bytes) -> Bool {
    guard let first = name.first, let last = name.last else { return true }
    if first == UInt8(ascii: "\"") || last == UInt8(ascii: ":") || last == UInt8(ascii: "/") { return true }
    for byte in name where byte <= 0x20 || byte == UInt8(ascii: "*") { return true }
    return false
  }

  static func write(_ name: Bytes, to out: inout ByteWriter) {
    guard needsQuotes(name) else { return out.append(name) }
    writeQuoted(name, to: &out)
  }

  static func writeQuoted(_ name: Bytes, to out: inout ByteWriter) {
    out.append(UInt8(ascii: "\""))
    for byte in name {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
      out.append(byte)
    }
    out.append(UInt8(ascii: "\""))
  }

  /// Whether one range of a text comes before another, byte by byte.
  static func isBefore(_ text: Bytes, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    guard let base = text.baseAddress else { return false }
    let (p, q) = (UnsafeRawPointer(base + a.lowerBound), UnsafeRawPointer(base + b.lowerBound))
    let shared = min(a.count, b.count)
    var i = 0
    while i + 8 <= shared {
      let x = p.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let y = q.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      if x != y { return x.bigEndian < y.bigEndian }
      i += 8
    }
    while i < shared {
      let x = p.load(fromByteOffset: i, as: UInt8.self)
      let y = q.load(fromByteOffset: i, as: UInt8.self)
      if x != y { return x < y }
      i += 1
    }
    return a.count < b.count
  }

  /// Where a word up to a space or the end stands, or what is between quotes, still with its escapes; moves behind it.
  static func range(_ text: Bytes, _ position: inout Int, end: Int) -> (name: Range<Int>, isQuoted: Bool)? {
    guard position < end else { return nil }
    var i = position
    if text[i] == UInt8(ascii: "\"") {
      i += 1
      let start = i
      while i < end, text[i] != UInt8(ascii: "\"") {
        if text[i] == UInt8(ascii: "\\") { i += 1 }
        guard i < end else { return nil }
        i += 1
      }
      guard i < end else { return nil }
      position = i + 1
      return (start..<i, true)
    }
    while i < end, text[i] != 0x20 { i += 1 }
    let start = position
    position = i
    return (start..<i, false)
  }

  /// Appends what ``range(_:_:end:)`` has found.
  static func append(_ text: Bytes, _ name: Range<Int>, isQuoted: Bool, to out: inout ByteWriter) {
    guard isQuoted else { return out.append(UnsafeBufferPointer(rebasing: text[name])) }
    var i = name.lowerBound
    while i < name.upperBound {
      if text[i] == UInt8(ascii: "\\") { i += 1 }
      out.append(text[i])
      i += 1
    }
  }

  /// A word up to a space or the end, or between quotes; moves behind it. A quoted one ends before `:` too.
  static func read(_ text: [UInt8], _ position: inout Int, end: Int) -> (name: [UInt8], isQuoted: Bool)? {
    guard position < end else { return nil }
    var i = position
    if text[i] == UInt8(ascii: "\"") {
      var name: [UInt8] = []
      i += 1
      while i < end, text[i] != UInt8(ascii: "\"") {
        if text[i] == UInt8(ascii: "\\") { i += 1 }
        guard i < end else { return nil }
        name.append(text[i])
        i += 1
      }
      guard i < end else { return nil }
      position = i + 1
      return (name, true)
    }
    while i < end, text[i] != 0x20 { i += 1 }
    let name = Array(text[position..<i])
    position = i
    return (name, false)
  }
}
