/// Lines that look like code, by what stands at their ends and by signs that no sentence has.
enum CodeLine {
  /// Whether more than a tenth of these lines are code.
  static func areMany(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, _ part: Range<Int>) -> Bool {
    var count = 0
    for line in part where matches(bytes, lines[line]) { count += 1 }
    return count * 10 > part.count
  }

  static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard line.count < 200 else { return false }
    var start = line.lowerBound
    while start < line.upperBound, bytes[start] <= 0x20 { start += 1 }
    var end = line.upperBound
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    guard start < end else { return false }
    let first = FieldCursor(bytes, start..<end)
    switch first.next {
    case UInt8(ascii: "/"): if first.has("//") || first.has("/*") { return true }
    case UInt8(ascii: "*"): if first.has("*/") { return true }
    case UInt8(ascii: "#"): if first.has("#include") || first.has("#!") || first.has("#define") { return true }
    case UInt8(ascii: "\""): if first.has("\"\"\"") { return true }
    case UInt8(ascii: "<"): return true
    default: break
    }
    switch bytes[end - 1] {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return true
    case UInt8(ascii: ":") where end - start > 3 && bytes[end - 2] == UInt8(ascii: ")"): return true
    default: break
    }
    var last: UInt8 = 0
    var quoted = false
    for i in start..<end {
      let byte = bytes[i]
      // What markdown marks as code is code within a sentence.
      if byte == UInt8(ascii: "`") { quoted.toggle() }
      if !quoted, isSign(last, byte) { return true }
      last = byte
    }
    return false
  }

  /// `()`, `->`, `=>`, `==`, `!=`, `&&`, `||`, `::`, `+=`, ` =`
  private static func isSign(_ a: UInt8, _ b: UInt8) -> Bool {
    switch b {
    case UInt8(ascii: ")"): a == UInt8(ascii: "(")
    case UInt8(ascii: ">"): a == UInt8(ascii: "-") || a == UInt8(ascii: "=")
    case UInt8(ascii: "="):
      a == UInt8(ascii: "=") || a == UInt8(ascii: "!") || a == UInt8(ascii: "+") || a == UInt8(ascii: " ")
    case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ":"): a == b
    default: false
    }
  }
}
