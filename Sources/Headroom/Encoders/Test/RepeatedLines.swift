import CHeadroom

/// Blocks of lines that stand once more in a text, such as the source that every traceback quotes:
///
///     [43 lines again, from "def make_response(self, rv):"]
///
/// They are the lines from the last line in view that begins so, its indentation aside. One line that repeats is `[line above 17 times more]`.
struct RepeatedLines {
  /// A block shorter than this is shown again.
  static let fewestLines = 6
  static let fewestBytes = 240
  static let fewestBytesOfLine = 48
  /// So much of a line is quoted.
  private static let longestQuote = 72
  private static let shortestQuote = 12

  private var index = ByteIndex(capacity: 256)
  /// The last line in view by its quote's number.
  private var last: [Int] = []

  /// What is quoted of a line; nil when it is too short to be found again.
  static func quote(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    var start = line.lowerBound
    while start < line.upperBound, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    var end = line.upperBound
    if end - start > longestQuote {
      end = start + longestQuote
      while end > start, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    }
    return end - start >= shortestQuote ? start..<end : nil
  }

  /// Notes that a line is in view.
  mutating func add(_ quote: Range<Int>, line: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    let (number, isNew) = index.add(quote, in: base)
    if isNew { last.append(line) } else { last[number] = line }
  }

  /// The last line in view that has the quote.
  func line(_ quote: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    return index.number(of: quote, in: base).map { last[$0] }
  }

  /// The line that stands for `count` lines.
  static func reference(_ count: Int, _ quote: some Sequence<UInt8>) -> [UInt8] {
    Array("[\(count) lines again, from \"".utf8) + quote + Array("\"]".utf8)
  }

  /// The line that stands for the one above, so many times.
  static func reference(_ count: Int) -> [UInt8] { Array("[line above \(count) times more]".utf8) }

  /// Reads ``reference(_:)``.
  static func readLineAbove(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Int? {
    let start: StaticString = "[line above "
    let end: StaticString = " times more]"
    guard line.count > start.utf8CodeUnitCount + end.utf8CodeUnitCount, bytes[line.lowerBound] == UInt8(ascii: "[")
    else { return nil }
    for i in 0..<start.utf8CodeUnitCount where bytes[line.lowerBound + i] != start.utf8Start[i] { return nil }
    let digits = line.lowerBound + start.utf8CodeUnitCount..<line.upperBound - end.utf8CodeUnitCount
    for i in 0..<end.utf8CodeUnitCount where bytes[digits.upperBound + i] != end.utf8Start[i] { return nil }
    guard bytes[digits.lowerBound] != UInt8(ascii: " ") else { return nil }
    return FoldedLine.integer(bytes, digits)
  }

  /// Reads ``reference(_:_:)``.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> (count: Int, quote: Range<Int>)? {
    guard line.count > 24, bytes[line.lowerBound] == UInt8(ascii: "["), bytes[line.upperBound - 1] == UInt8(ascii: "]"),
      bytes[line.upperBound - 2] == UInt8(ascii: "\"")
    else { return nil }
    var p = line.lowerBound + 1
    var count = 0
    let digits = p
    while p < line.upperBound, bytes[p] &- 0x30 < 10, p - digits < 9 {
      count = count * 10 + Int(bytes[p] - 0x30)
      p += 1
    }
    guard p > digits else { return nil }
    let words: StaticString = " lines again, from \""
    guard line.upperBound - 2 - p >= words.utf8CodeUnitCount else { return nil }
    for i in 0..<words.utf8CodeUnitCount where bytes[p + i] != words.utf8Start[i] { return nil }
    p += words.utf8CodeUnitCount
    return (count, p..<line.upperBound - 2)
  }
}
