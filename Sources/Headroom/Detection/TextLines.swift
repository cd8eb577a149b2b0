import CHeadroom

/// Some lines of a text, as byte ranges without their ends. A part of the lines is had by a subscript, at no cost.
///
/// Only `\n` ends a line. What stands behind the last one is a line if it is not empty.
struct TextLines: Sendable {
  let text: [UInt8]
  /// Where each line of the text starts, and one behind the end of the last.
  private let starts: [Int]
  /// The number that each line has in the original; nil when the text is the original.
  private let numbers: [Int]?
  /// The lines that these are, of all in `starts`.
  private let part: Range<Int>

  /// - Parameter numbers: the line of the original, from 1, that each line comes from; in order.
  init(_ text: [UInt8], numbers: [Int]? = nil) {
    self.text = text
    self.numbers = numbers
    var starts: [Int] = []
    text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var position = 0
      while position < bytes.count {
        starts.append(position)
        position += headroom_find_byte(base + position, bytes.count - position, UInt8(ascii: "\n")) + 1
      }
      starts.append(position)
    }
    if starts.isEmpty { starts = [0] }
    self.starts = starts
    part = 0..<starts.count - 1
  }

  private init(_ lines: TextLines, _ part: Range<Int>) {
    text = lines.text
    starts = lines.starts
    numbers = lines.numbers
    self.part = part
  }

  var count: Int { part.count }
  var isEmpty: Bool { part.isEmpty }

  /// The bytes of a line.
  @inline(__always)
  subscript(line: Int) -> Range<Int> {
    let i = part.lowerBound + line
    return starts[i]..<starts[i + 1] - 1
  }

  /// A part of the lines.
  subscript(lines: Range<Int>) -> TextLines {
    TextLines(self, part.lowerBound + lines.lowerBound..<part.lowerBound + lines.upperBound)
  }

  /// From the start of the first line to the end of the last.
  var range: Range<Int> {
    guard !isEmpty else { return starts[part.lowerBound]..<starts[part.lowerBound] }
    return self[0].lowerBound..<self[count - 1].upperBound
  }

  /// The bytes of all lines, with the newlines between them.
  var bytes: ArraySlice<UInt8> { text[range] }

  /// The lines that lie in a byte range of the text, which must begin at the start of a line.
  func lines(in range: Range<Int>) -> TextLines {
    func firstLine(from offset: Int) -> Int {
      var low = part.lowerBound
      var high = part.upperBound
      while low < high {
        let middle = (low + high) / 2
        if starts[middle] < offset { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let first = firstLine(from: range.lowerBound)
    return TextLines(self, first..<max(first, firstLine(from: range.upperBound)))
  }

  /// The number of a line in the original, from 1.
  func number(of line: Int) -> Int {
    let i = part.lowerBound + line
    return numbers?[i] ?? i + 1
  }

  /// The number of the last line of the original that has gone into a line: several do where progress was overwritten.
  func lastNumber(of line: Int) -> Int {
    let i = part.lowerBound + line
    guard let numbers else { return i + 1 }
    return i + 1 < numbers.count ? max(numbers[i], numbers[i + 1] - 1) : numbers[i]
  }
}
