/// Places where text may be cut, and other text put between, without a change in what either side costs: behind an ASCII letter or digit
/// and before another ASCII character that is neither, nor an apostrophe.
///
/// In both vocabularies a piece that has a letter or digit in it ends before such a character, whatever stands around it; so a piece ends
/// there, and counting starts anew. What stands between the first and the last seam of a value is therefore counted once, however often
/// and between whatever delimiters the value is written.
enum TokenSeam {
  /// What is shorter than this is not worth remembering.
  private static let shortest = 16

  /// The part of `text` between its first and its last seam. Nil when it is short.
  @inline(__always)
  static func interior(of text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard text.count > shortest + 4 else { return nil }
    return longInterior(of: text)
  }

  private static func longInterior(of text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var first = 1
    while first < text.count, !isSeam(text[first - 1], text[first]) { first += 1 }
    var last = text.count - 1
    while last > first, !isSeam(text[last - 1], text[last]) { last -= 1 }
    return last - first >= shortest ? first..<last : nil
  }

  @inline(__always)
  private static func isSeam(_ before: UInt8, _ behind: UInt8) -> Bool {
    isAlphanumeric(before) && !isAlphanumeric(behind) && behind < 0x80 && behind != UInt8(ascii: "'")
  }

  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }
}
