/// The line that stands for lines which an earlier tool result of the same request has in full.
///
///     [79 lines as in tool result 3, lines 40-118: read_file src/app.py]
///     [79 lines as in tool result 3, lines 40-118, numbered from 45: read_file src/app.py]
///
/// Tool results are counted from 1 in the order of the request. The second form is for files with a number before each line: the text is the
/// same, the numbers have moved.
struct RepeatReference: Equatable {
  /// The result that has the lines, from 0.
  var block: Int
  /// Its lines, from 0.
  var lines: Range<Int>
  /// The number before the first line here, where it is another than there.
  var firstNumber: Int?

  /// The line, with a few words that tell a reader which result is meant.
  func text(about: [UInt8]) -> [UInt8] {
    var out = Array("[\(lines.count) lines as in tool result \(block + 1), ".utf8)
    out += "lines \(lines.lowerBound + 1)-\(lines.upperBound)".utf8
    if let firstNumber { out += ", numbered from \(firstNumber)".utf8 }
    if !about.isEmpty { out += ": ".utf8 + about }
    out.append(UInt8(ascii: "]"))
    return out
  }

  init(block: Int, lines: Range<Int>, firstNumber: Int? = nil) {
    self.block = block
    self.lines = lines
    self.firstNumber = firstNumber
  }

  /// Reads a reference that is all of `range`.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    let reader = LineReader(bytes, at: range.lowerBound, lines: 1)
    var p = range.lowerBound
    let end = range.upperBound
    guard reader.skip("[", at: &p, end: end), let count = reader.integer(at: &p, end: end),
      reader.skip(" lines as in tool result ", at: &p, end: end), let block = reader.integer(at: &p, end: end),
      reader.skip(", lines ", at: &p, end: end), let first = reader.integer(at: &p, end: end),
      reader.skip("-", at: &p, end: end), let last = reader.integer(at: &p, end: end),
      block > 0, first > 0, last - first + 1 == count, bytes[end - 1] == UInt8(ascii: "]")
    else { return nil }
    self.block = block - 1
    lines = first - 1..<last
    if reader.skip(", numbered from ", at: &p, end: end) {
      guard let number = reader.integer(at: &p, end: end) else { return nil }
      firstNumber = number
    }
    guard p == end - 1 || bytes[p] == UInt8(ascii: ":") else { return nil }
  }

  /// A text with its references replaced by what they stand for; one that leads nowhere stays.
  static func resolve(in text: [UInt8], _ results: [TextLines?]) -> [UInt8] {
    let lines = TextLines(text)
    var out: [UInt8] = []
    var copied = 0
    for line in 0..<lines.count {
      let range = lines[line]
      guard range.count > 1, text[range.lowerBound] == UInt8(ascii: "["), let reference = RepeatReference(text, range),
        reference.block < results.count, let resolved = results[reference.block].flatMap({ reference.resolved(in: $0) })
      else { continue }
      out += text[copied..<range.lowerBound] + resolved
      copied = range.upperBound
    }
    return copied == 0 ? text : out + text[copied...]
  }

  /// The lines it stands for, taken from the text of its result. Nil when that has no such lines.
  func resolved(in target: TextLines) -> [UInt8]? {
    guard !lines.isEmpty, lines.upperBound <= target.count else { return nil }
    let part = target[lines]
    guard let firstNumber else { return Array(part.bytes) }
    guard let first = NumberedLine(target.text, part[0]) else { return nil }
    var out: [UInt8] = []
    for i in 0..<part.count {
      guard let line = NumberedLine(target.text, part[i]) else { return nil }
      if i > 0 { out.append(UInt8(ascii: "\n")) }
      guard line.append(numbered: line.number - first.number + firstNumber, of: target.text, to: &out) else {
        return nil
      }
    }
    return out
  }
}

/// A line that begins with its number in a file: blanks, digits, and a tab, an arrow or a colon.
struct NumberedLine {
  var number: Int
  /// Where the number ends; the blanks before it are part of it, as they fill the column.
  var numberEnd: Int
  private var range: Range<Int>

  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    var p = range.lowerBound
    while p < range.upperBound, bytes[p] == UInt8(ascii: " ") { p += 1 }
    guard let number = LineReader(bytes, at: p, lines: 1).integer(at: &p, end: range.upperBound), p < range.upperBound,
      bytes[p] == 0x09 || bytes[p] == UInt8(ascii: ":") || bytes[p] == 0xe2
    else { return nil }
    self.number = number
    numberEnd = p
    self.range = range
  }

  /// The text behind the number.
  var text: Range<Int> { numberEnd..<range.upperBound }

  /// Appends the line with another number in its column; false when there is no such number.
  func append(numbered number: Int, of bytes: [UInt8], to out: inout [UInt8]) -> Bool {
    guard number >= 0 else { return false }
    let digits = Array("\(number)".utf8)
    let hasColumn = bytes[range.lowerBound] == UInt8(ascii: " ")
    let padding = hasColumn ? numberEnd - range.lowerBound - digits.count : 0
    out += repeatElement(UInt8(ascii: " "), count: max(0, padding))
    out += digits
    out += bytes[text]
    return true
  }
}
