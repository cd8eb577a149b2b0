import CHeadroom

/// A file with a number before each line, as `cat -n` and the tools that read files print it. Most numbers are left out; the delimiter
/// stays on every line, and what stands behind it is the file's text.
///
///          1→import os                    [numbered file, 6 lines, every 5th line numbered]
///          2→                             1→import os
///          3→def main():                  →
///          4→  print("a")                 →def main():
///          5→  print("b")                 →  print("a")
///          6→  print("c")                 5→  print("b")
///                                         6→  print("c")
///
/// The first and the last line of each range of numbers have theirs as well. Windows into a file are ranges too.
struct NumberedFileForms: TextForms {
  static let name = "numbered file"
  static let kind = Segment.Kind.numberedFile
  static let isSafeForFiles = true

  /// One line in so many has a number, beside the first and the last.
  static let interval = 5

  let lines: TextLines
  let hint: Hint
  private let numbering: LineNumbering
  private let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.hint = hint
    self.counter = counter
    let first = lines.isEmpty ? nil : lines.text.withUnsafeBufferPointer { LineNumbering.read($0, lines[0]) }
    guard let first else { return nil }
    numbering = first.numbering
  }

  // MARK: Finding

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      var found: [Range<Int>] = []
      var i = 0
      while i < lines.count {
        guard let first = LineNumbering.read(bytes, lines[i]) else {
          i += 1
          continue
        }
        let end = run(bytes, lines, from: i, first)
        if end - i >= leastLines(first.numbering), !isTable(bytes, lines[i..<end]) { found.append(i..<end) }
        i = max(end, i + 1)
      }
      return found
    }
  }

  /// A colon or a bar behind a number may mean much else, so more of a pattern is asked for.
  private static func leastLines(_ numbering: LineNumbering) -> Int {
    (numbering.delimiter == .tab || numbering.delimiter == .arrow) && !numbering.hasZeros ? 5 : 8
  }

  /// The end of the numbered lines that begin at `start`: ranges of consecutive numbers, each above the one before.
  private static func run(
    _ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, from start: Int, _ first: LineNumbering.Line
  ) -> Int {
    let least = leastLines(first.numbering)
    var number = first.number
    var rangeStart = start
    var rangeEnd = start + 1
    /// Where the claim ends, if the range that is being read is too short.
    var end = start
    var i = start + 1
    while i < lines.count {
      let line = lines[i]
      if isBlank(bytes, line) {
        // `nl` does not number blank lines.
        i += 1
        continue
      }
      guard let next = LineNumbering.read(bytes, line), first.numbering.matches(next), next.number > number else {
        break
      }
      if next.number > number + 1 {
        guard rangeEnd - rangeStart >= least else { break }
        end = rangeEnd
        rangeStart = i
      }
      number = next.number
      i += 1
      rangeEnd = i
    }
    return rangeEnd - rangeStart >= least ? rangeEnd : end
  }

  @inline(__always)
  private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    for i in line where bytes[i] != UInt8(ascii: " ") { return false }
    return true
  }

  /// Whether the texts are cells: a table whose first column counts its rows has the same number of delimiters in each.
  private static func isTable(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines) -> Bool {
    guard let numbering = LineNumbering.read(bytes, lines[0])?.numbering, numbering.width < 6 else { return false }
    // Hours of the day.
    if numbering.delimiter == .colon { return numbering.hasZeros }
    let delimiter = numbering.delimiter.bytes.utf8Start[0]
    func delimiters(_ line: Range<Int>) -> Int { line.reduce(0) { bytes[$1] == delimiter ? $0 + 1 : $0 } }
    let count = delimiters(lines[0])
    guard count > 1 else { return false }
    let same = lines.indices.reduce(0) { delimiters(lines[$1]) == count ? $0 + 1 : $0 }
    return same * 10 >= lines.count * 9
  }

  // MARK: Writing

  func complete() -> [Candidate] {
    guard let body = thinned() else { return [] }
    let detail = "every \(NumberedFileForms.interval)th line numbered" + numbering.detail
    return [
      Candidate(
        name: NumberedFileForms.name, fidelity: .identical,
        bytes: Frame.write(NumberedFileForms.name, detail: Array(detail.utf8), body: body))
    ]
  }

  /// The lines with few of their numbers.
  private func thinned() -> [UInt8]? {
    lines.text.withUnsafeBufferPointer { bytes in
      var out = ByteWriter(capacity: lines.range.count)
      // Where the last line stands whose number has been left out, in case its range ends there.
      var bare: (place: Int, number: Int)?
      var last = Int.min
      for i in 0..<lines.count {
        let line = lines[i]
        guard let read = LineNumbering.read(bytes, line) else {
          // A blank line that has no number.
          if i > 0 { out.append(UInt8(ascii: "\n")) }
          out.append(UnsafeBufferPointer(rebasing: bytes[line]))
          continue
        }
        let isFirst = read.number != last + 1
        if isFirst, let bare { out.insert(decimal: bare.number, at: bare.place) }
        if i > 0 { out.append(UInt8(ascii: "\n")) }
        bare = nil
        if isFirst || read.number % NumberedFileForms.interval == 0 {
          out.append(decimal: read.number)
        } else {
          bare = (out.count, read.number)
        }
        out.append(numbering.delimiter.bytes)
        out.append(UnsafeBufferPointer(rebasing: bytes[read.text..<line.upperBound]))
        last = read.number
      }
      if let bare { out.insert(decimal: bare.number, at: bare.place) }
      return out.bytes
    }
  }

  // MARK: Cutting

  /// The skeleton of a whole file of source code; the lines that are shown keep their numbers.
  func cut(_ request: CutRequest) -> Candidate? {
    guard CodeCut.isAllowed(hint, request.level), let source = source() else { return nil }
    guard let language = SourceDetection.language(of: TextLines(source), hint: hint) else { return nil }
    return CodeCut(source: source, language: language, lines: lines, counter: counter)
      .candidate("numbered file skeleton", request)
  }

  /// The text without numbers, when it is a file from its first line on.
  private func source() -> [UInt8]? {
    lines.text.withUnsafeBufferPointer { bytes in
      var out = ByteWriter(capacity: lines.range.count)
      for i in 0..<lines.count {
        guard let read = LineNumbering.read(bytes, lines[i]), read.number == i + 1 else { return nil }
        out.append(UnsafeBufferPointer(rebasing: bytes[read.text..<lines[i].upperBound]))
        out.append(UInt8(ascii: "\n"))
      }
      return out.bytes
    }
  }

  // MARK: Reading

  static func decode(_ frame: Frame) -> [UInt8]? {
    let prefix = Array("every \(interval)th line numbered".utf8)
    guard frame.detail.starts(with: prefix), !frame.lines.isEmpty else { return nil }
    return frame.lines.text.withUnsafeBufferPointer { bytes in
      guard let first = LineNumbering.read(bytes, frame.lines[0]),
        let numbering = LineNumbering(first.numbering.delimiter, detail: Array(frame.detail[prefix.count...]))
      else { return nil }
      return numbered(bytes, frame.lines, numbering)
    }
  }

  private static func numbered(
    _ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, _ numbering: LineNumbering
  ) -> [UInt8]? {
    var out = ByteWriter(capacity: lines.range.count + lines.count * 8)
    let delimiter = UnsafeBufferPointer(
      start: numbering.delimiter.bytes.utf8Start, count: numbering.delimiter.bytes.utf8CodeUnitCount)
    var last: Int?
    /// Whether the number of the last line is written.
    var isShown = true
    /// Whether its range may go on: a number that is not due is that of the first line or of the last.
    var mayGoOn = true
    for i in 0..<lines.count {
      let line = lines[i]
      if i > 0 { out.append(UInt8(ascii: "\n")) }
      if line.count >= delimiter.count, bytes.has(delimiter, at: line.lowerBound), let before = last {
        // A number that is due is there.
        guard (before + 1) % interval != 0, mayGoOn else { return nil }
        isShown = false
        numbering.write(before + 1, to: &out)
        out.append(UnsafeBufferPointer(rebasing: bytes[line.lowerBound + delimiter.count..<line.upperBound]))
        last = before + 1
      } else if let read = LineNumbering.read(bytes, line) {
        // Written here without padding, and above all numbers before.
        guard read.numbering == LineNumbering(delimiter: numbering.delimiter, width: 1, hasZeros: false),
          read.number > last ?? -1
        else { return nil }
        let continues = last.map { $0 + 1 == read.number } ?? false
        // The last number of a range is shown, and one that is not due ends its range.
        if !continues, last != nil, !isShown { return nil }
        if continues, !mayGoOn { return nil }
        mayGoOn = !continues || read.number % interval == 0
        isShown = true
        numbering.write(read.number, to: &out)
        out.append(UnsafeBufferPointer(rebasing: bytes[read.text..<line.upperBound]))
        last = read.number
      } else {
        guard isBlank(bytes, line), last != nil else { return nil }
        out.append(UnsafeBufferPointer(rebasing: bytes[line]))
      }
    }
    return isShown ? out.bytes : nil
  }
}

extension TextLines {
  fileprivate var indices: Range<Int> { 0..<count }
}

extension ByteWriter {
  /// Puts the digits of a number between what was written.
  fileprivate mutating func insert(decimal number: Int, at place: Int) {
    let end = count
    append(decimal: number)
    let digits = bytes(from: end)
    for i in stride(from: end - 1, through: place, by: -1) { self[i + digits.count] = self[i] }
    for i in digits.indices { self[place + i] = digits[i] }
  }
}
