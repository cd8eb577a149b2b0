import CHeadroom

/// The grammar of delimiter-separated values (RFC 4180), and where runs of them are in a text.
///
/// Prose has commas too. So a run needs three rows with one number of cells, and evidence: a header of names, columns of one type, or a tool
/// call that speaks of such a file.
enum CSVGrammar {
  struct Run {
    var lines: Range<Int>
    var delimiter: UInt8
    var hasHeader: Bool
    /// Whether lines end in a carriage return.
    var isCRLF: Bool
    var columns: Int
  }

  /// Fewer rows, the header among them, are no table.
  private static let fewestRows = 3
  /// So many rows decide whether a run is a table.
  private static let sample = 50
  /// After so many quotes without an end the rest is no table: each costs a search.
  private static let mostFailures = 64

  static func runs(in lines: TextLines, hint: Hint) -> [Run] {
    let isHinted = self.isHinted(hint)
    var runs: [Run] = []
    lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var failures = 0
      var line = 0
      let delimiters = self.delimiters
      var cells = delimiters.map { CellCounts($0) }
      while line + fewestRows <= lines.count, failures < mostFailures {
        var next = line + 1
        for number in 0..<(line == 0 || isHinted ? delimiters.count : common) {
          let delimiter = delimiters[number]
          guard cells[number].mayBegin(line, lines, base),
            let run = run(from: line, lines, base, delimiter, &failures)
          else { continue }
          next = max(next, run.lines.upperBound)
          if let run = accepted(run, lines, base, isHinted: isHinted) {
            runs.append(run)
            next = run.lines.upperBound
            break
          }
        }
        line = next
      }
    }
    return runs
  }

  /// The bytes of each row below the names.
  static func rows(of run: Run, in lines: TextLines) -> [Range<Int>] {
    let range = lines[run.lines].range
    return lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return [] }
      var reader = CSVReader(bytes: base, position: range.lowerBound, end: range.upperBound, delimiter: run.delimiter)
      var rows: [Range<Int>] = []
      var start = range.lowerBound
      while start <= range.upperBound, reader.row() != nil {
        rows.append(start..<max(start, reader.position - (run.isCRLF ? 2 : 1)))
        start = reader.position
      }
      return Array(rows.dropFirst(run.hasHeader ? 1 : 0))
    }
  }

  /// Only the common ones, which are the first, are looked for below the first line, unless the call speaks of such a file.
  private static let delimiters = [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")]
  private static let common = 2

  private static func isHinted(_ hint: Hint) -> Bool {
    for text in [hint.path, hint.command] {
      guard let text else { continue }
      for word in ["csv", "tsv"] {
        let word = Array(word.utf8)
        if text.indices.contains(where: { text[$0] == word[0] && text[$0...].starts(with: word) }) { return true }
      }
    }
    return false
  }

  // MARK: Runs

  /// The rows from `first` on that have as many cells as it; nil when there are too few.
  private static func run(
    from first: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>, _ delimiter: UInt8, _ failures: inout Int
  ) -> Run? {
    let range = lines[first]
    guard range.count >= 3 else { return nil }
    var reader = CSVReader(bytes: base, position: range.lowerBound, end: lines.range.upperBound, delimiter: delimiter)
    var columns = 0
    var rows = 0
    var line = first
    var isCRLF = false
    while line < lines.count {
      let range = lines[line]
      guard reader.position == range.lowerBound else { break }
      let row: (cells: Int, endsInReturn: Bool)
      let delimiters = CellCounts.count(delimiter, range, base)
      if delimiters >= 0 {
        row = (delimiters + 1, !range.isEmpty && base[range.upperBound - 1] == UInt8(ascii: "\r"))
        reader.position = range.upperBound + 1
      } else if let read = reader.row() {
        row = read
      } else {
        if reader.isOpen { failures += 1 }
        break
      }
      if rows == 0 {
        guard row.cells >= 2 else { return nil }
        columns = row.cells
        isCRLF = row.endsInReturn
      }
      guard row.cells == columns, row.endsInReturn == isCRLF else { break }
      rows += 1
      while line < lines.count, lines[line].lowerBound < reader.position { line += 1 }
      if reader.position >= reader.end { line = lines.count }
    }
    guard rows >= fewestRows else { return nil }
    return Run(lines: first..<line, delimiter: delimiter, hasHeader: false, isCRLF: isCRLF, columns: columns)
  }

  /// The run with what is known of its header, if it is a table by the looks of its first rows.
  private static func accepted(
    _ run: Run, _ lines: TextLines, _ base: UnsafePointer<UInt8>, isHinted: Bool
  ) -> Run? {
    let start = lines[run.lines.lowerBound].lowerBound
    let end = lines[run.lines.upperBound - 1].upperBound
    var reader = CSVReader(bytes: base, position: start, end: end, delimiter: run.delimiter)
    var header: [CSVReader.Field] = []
    /// Whether each column has had nothing but numbers and dates, and anything at all.
    var isTyped = [Bool](repeating: true, count: run.columns)
    var isFilled = [Bool](repeating: false, count: run.columns)
    var isIdentifier = true
    var cells = 0
    var spaced = 0
    var quoted = 0
    var rows = 0
    while rows <= sample, reader.position < end {
      for column in 0..<run.columns {
        guard let field = reader.field() else { return nil }
        if column > 0, !field.isQuoted, field.start < field.end, base[field.start] == UInt8(ascii: " ") { spaced += 1 }
        cells += 1
        if field.isQuoted { quoted += 1 }
        if rows == 0 {
          header.append(field)
          continue
        }
        let text = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
        if text.isEmpty { continue }
        isFilled[column] = true
        if isTyped[column], !isScalar(text) { isTyped[column] = false }
        if !field.isQuoted, !isPlain(text, allowsSpace: run.delimiter == UInt8(ascii: "\t")) { isIdentifier = false }
      }
      rows += 1
    }
    let hasTyped = zip(isTyped, isFilled).contains { $0 && $1 }
    var names = ByteIndex(capacity: run.columns)
    var hasNames = true
    for (column, field) in header.enumerated() {
      let text = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
      let isFresh = names.add(field.start..<field.end, in: base).isNew
      if !isFresh || field.hasEscapes || (text.isEmpty && column > 0) || !(text.isEmpty || isName(text)) {
        hasNames = false
      }
    }
    // With nothing but words below, a first row of words is a header only if it is asked for as a table.
    var run = run
    run.hasHeader = hasNames && (hasTyped || quoted > 0 || isHinted || run.delimiter == UInt8(ascii: ","))
    if isHinted { return run }
    if run.delimiter == UInt8(ascii: "\t") {
      return base[start] == UInt8(ascii: "\t") || !(run.hasHeader || isIdentifier) ? nil : run
    }
    guard spaced * 10 <= cells, base[start] != UInt8(ascii: " ") else { return nil }
    if run.hasHeader { return hasTyped || quoted > 0 || run.columns >= 3 ? run : nil }
    return hasTyped && isIdentifier ? run : nil
  }

  // MARK: Looks of cells

  /// A name of a column: it begins with a letter and has few signs and digits.
  private static func isName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 48, let first = text.first else { return false }
    var letters = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
        letters += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "%"), UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: "$"):
        break
      default: return false
      }
    }
    let isStart = first &- 0x30 > 9 && first != UInt8(ascii: "-") && first != UInt8(ascii: "(")
    return isStart && letters * 2 >= text.count
  }

  /// A number, a date or a time, or true or false.
  private static func isScalar(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasDigit = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
      case UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "T"), UInt8(ascii: "Z"), UInt8(ascii: " "),
        UInt8(ascii: "%"), UInt8(ascii: "$"):
        break
      default:
        return text.elementsEqual("true".utf8) || text.elementsEqual("false".utf8) || text.elementsEqual("NA".utf8)
      }
    }
    return hasDigit
  }

  /// A word or a value, and not a part of a sentence or of code.
  private static func isPlain(_ text: UnsafeBufferPointer<UInt8>, allowsSpace: Bool) -> Bool {
    text.count <= 120 && (allowsSpace || !text.contains(UInt8(ascii: " ")) || isScalar(text))
      && text.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["),
          UInt8(ascii: "]"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"),
          UInt8(ascii: "'"), UInt8(ascii: "`"):
          false
        default: true
        }
      }
  }
}

/// How many cells each line has, as far as a line without quotes tells, so that most lines that begin no table are not read as one.
private struct CellCounts {
  private let delimiter: UInt8
  /// The next delimiter in the text at or behind the last line looked at.
  private var next = -1
  /// The lines that are counted, from `first` on, at most three; -1 where quotes may join lines.
  private var counts = (-1, -1, -1)
  private var first = -4

  init(_ delimiter: UInt8) { self.delimiter = delimiter }

  /// Whether the line may be the first of three rows with as many cells.
  @inline(__always)
  mutating func mayBegin(_ line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Bool {
    let range = lines[line]
    if next < range.lowerBound {
      let end = lines.range.upperBound
      next = range.lowerBound + headroom_find_byte(base + range.lowerBound, end - range.lowerBound, delimiter)
    }
    // A quote may hold the newline before the first delimiter.
    if next >= range.upperBound {
      return delimiter != UInt8(ascii: "\t") && !range.isEmpty && base[range.lowerBound] == UInt8(ascii: "\"")
    }
    move(to: line, lines, base)
    guard counts.0 >= 0, counts.1 >= 0 else { return true }
    return counts.0 == counts.1 && (counts.2 < 0 || counts.2 == counts.0)
  }

  private mutating func move(to line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) {
    switch line - first {
    case 0: return
    case 1: counts = (counts.1, counts.2, CellCounts.count(delimiter, lines[line + 2], base))
    case 2:
      counts = (
        counts.2, CellCounts.count(delimiter, lines[line + 1], base), CellCounts.count(delimiter, lines[line + 2], base)
      )
    default:
      counts = (
        CellCounts.count(delimiter, lines[line], base), CellCounts.count(delimiter, lines[line + 1], base),
        CellCounts.count(delimiter, lines[line + 2], base)
      )
    }
    first = line
  }

  /// The delimiters in a line; -1 if it has quotes.
  static func count(_ delimiter: UInt8, _ line: Range<Int>, _ base: UnsafePointer<UInt8>) -> Int {
    if delimiter != UInt8(ascii: "\t"),
      headroom_find_byte(base + line.lowerBound, line.count, UInt8(ascii: "\"")) < line.count
    {
      return -1
    }
    var count = 0
    for i in line where base[i] == delimiter { count += 1 }
    return count
  }
}

/// Reads cells one after another.
struct CSVReader {
  struct Field {
    var start: Int
    var end: Int
    var isQuoted = false
    /// A quote within quotes stands twice.
    var hasEscapes = false
    var endsRow = false
    var endsInReturn = false
  }

  let bytes: UnsafePointer<UInt8>
  var position: Int
  let end: Int
  let delimiter: UInt8
  /// Whether the last read ended because a quote had no end.
  private(set) var isOpen = false

  init(bytes: UnsafePointer<UInt8>, position: Int, end: Int, delimiter: UInt8) {
    self.bytes = bytes
    self.position = position
    self.end = end
    self.delimiter = delimiter
  }

  private static let longestQuoted = 1 << 16

  /// The next cell; the position is behind its delimiter or line end. Nil when the quotes are not those of the grammar.
  ///
  /// Tab-separated values know no quotes.
  @inline(__always)
  mutating func field() -> Field? {
    guard position <= end else { return nil }
    if position < end, bytes[position] == UInt8(ascii: "\""), delimiter != UInt8(ascii: "\t") { return quoted() }
    var p = position
    let start = p
    while p < end {
      let byte = bytes[p]
      if byte == delimiter {
        position = p + 1
        return Field(start: start, end: p)
      }
      if byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: "\""), delimiter != UInt8(ascii: "\t") { return nil }
      p += 1
    }
    position = p + 1
    let hasReturn = p > start && bytes[p - 1] == UInt8(ascii: "\r")
    return Field(start: start, end: hasReturn ? p - 1 : p, endsRow: true, endsInReturn: hasReturn)
  }

  private mutating func quoted() -> Field? {
    var field = Field(start: position + 1, end: position + 1, isQuoted: true)
    var p = field.start
    let limit = min(end, p + CSVReader.longestQuoted)
    while p < limit, bytes[p] != UInt8(ascii: "\"") || (p + 1 < limit && bytes[p + 1] == UInt8(ascii: "\"")) {
      if bytes[p] == UInt8(ascii: "\"") {
        field.hasEscapes = true
        p += 1
      }
      p += 1
    }
    guard p < limit else {
      isOpen = true
      return nil
    }
    field.end = p
    p += 1
    if p < end, bytes[p] == delimiter {
      position = p + 1
      return field
    }
    if p < end, bytes[p] == UInt8(ascii: "\r") {
      field.endsInReturn = true
      p += 1
    }
    guard p == end || bytes[p] == UInt8(ascii: "\n") else { return nil }
    field.endsRow = true
    position = p + 1
    return field
  }

  /// Reads a row and says how many cells it has.
  @inline(__always)
  mutating func row() -> (cells: Int, endsInReturn: Bool)? {
    var cells = 0
    while let field = field() {
      cells += 1
      if field.endsRow { return (cells, field.endsInReturn) }
    }
    return nil
  }
}
