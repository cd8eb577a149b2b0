/// Delimiter-separated values as a table.
///
///     id,city,state                 [csv, 2 lines, table]
///     1,Berlin,open                 same in all rows: state=open
///     2,"Paris, TX",open            2 rows: id,city
///                                   1,Berlin
///                                   2,"Paris, TX"
enum CSVText: StructuredText {
  static var name: String { "csv" }
  static var kind: Segment.Kind { .table }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    CSVGrammar.runs(in: lines, hint: hint).map(\.lines)
  }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    guard let run = CSVGrammar.runs(in: lines, hint: hint).first, run.lines == 0..<lines.count else { return nil }
    return lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return parse(run, base, lines.range)
    }
  }

  private static func parse(_ run: CSVGrammar.Run, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> ParsedText? {
    // The return of the last line is before its newline, which is not in the range.
    var reader = CSVReader(
      bytes: base, position: range.lowerBound, end: range.upperBound, delimiter: run.delimiter)
    var quotes = CSVQuotes(columns: run.columns, delimiter: run.delimiter)
    var names: [[UInt8]] = []
    var text = ByteWriter()
    for column in 0..<run.columns {
      guard run.hasHeader else {
        names.append(Array("\"\(column + 1)\":".utf8))
        continue
      }
      guard let field = reader.field() else { return nil }
      quotes.addHeader(field, base)
      text.truncate(to: 0)
      JSONString.quote(UnsafeBufferPointer(start: base + field.start, count: field.end - field.start), into: &text)
      names.append(text.bytes + [UInt8(ascii: ":")])
    }
    var json = ByteWriter(capacity: range.count * 2)
    json.append(UInt8(ascii: "["))
    while reader.position <= range.upperBound {
      json.append(UInt8(ascii: "{"))
      for column in 0..<run.columns {
        guard let field = reader.field() else { return nil }
        if column > 0 { json.append(UInt8(ascii: ",")) }
        names[column].withUnsafeBufferPointer { json.append($0) }
        quotes.add(field, base, column)
        let content = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
        guard field.hasEscapes else {
          CellText.write(content, into: &json)
          continue
        }
        text.truncate(to: 0)
        var i = 0
        while i < content.count {
          text.append(content[i])
          i += content[i] == UInt8(ascii: "\"") ? 2 : 1
        }
        JSONString.quote(text.view, into: &json)
      }
      json.append("},")
    }
    json[json.count - 1] = UInt8(ascii: "]")
    var layout = CSVLayout(delimiter: run.delimiter, hasHeader: run.hasHeader, isCRLF: run.isCRLF)
    let isRegular = quotes.describe(&layout)
    return ParsedText(json: json.bytes, layout: layout.words, fidelity: isRegular ? .identical : .lossless)
  }

  static func text(of document: JSONDocument, layout words: [ArraySlice<UInt8>]) -> [UInt8]? {
    guard let layout = CSVLayout(words) else { return nil }
    var out = ByteWriter(capacity: document.bytes.count)
    let isComplete = CellText.rows(document) { row, cells in
      if row == .names, !layout.hasHeader { return true }
      for (column, cell) in cells.enumerated() {
        guard row != .standIn else {
          out.append(cell)
          continue
        }
        if column > 0 { out.append(layout.delimiter) }
        let isQuoted =
          row == .names ? layout.quotesHeader : layout.quotesAll || layout.quoted.contains(column + 1)
        layout.write(cell, isQuoted: isQuoted, into: &out)
      }
      out.append(layout.isCRLF ? "\r\n" : "\n")
      return true
    }
    guard isComplete, out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }
}

/// How the rows of a file of delimiter-separated values are written.
struct CSVLayout {
  var delimiter: UInt8
  var hasHeader: Bool
  var isCRLF: Bool
  var quotesHeader = false
  var quotesAll = false
  /// The columns, from 1, all of whose cells are quoted. The others are where they must be.
  var quoted: [Int] = []

  init(delimiter: UInt8, hasHeader: Bool, isCRLF: Bool) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.isCRLF = isCRLF
  }

  private static let delimiters: [(byte: UInt8, word: String)] = [
    (UInt8(ascii: "\t"), "tabs"), (UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "|"), "bars"),
  ]

  var words: [[UInt8]] {
    var words: [String] = []
    if let word = CSVLayout.delimiters.first(where: { $0.byte == delimiter })?.word { words.append(word) }
    if !hasHeader { words.append("no header") }
    if isCRLF { words.append("crlf") }
    if quotesHeader { words.append("header quoted") }
    if quotesAll {
      words.append("quoted")
    } else if !quoted.isEmpty {
      words.append("quoted \(quoted.map(String.init).joined(separator: " "))")
    }
    return words.map { Array($0.utf8) }
  }

  init?(_ words: [ArraySlice<UInt8>]) {
    self.init(delimiter: UInt8(ascii: ","), hasHeader: true, isCRLF: false)
    for word in words {
      switch String(decoding: word, as: UTF8.self) {
      case "no header": hasHeader = false
      case "crlf": isCRLF = true
      case "header quoted": quotesHeader = true
      case "quoted": quotesAll = true
      case let text:
        if let delimiter = CSVLayout.delimiters.first(where: { $0.word == text }) {
          self.delimiter = delimiter.byte
        } else if let columns = word.numbers(after: "quoted ") {
          quoted = columns
        } else {
          return nil
        }
      }
    }
  }

  func write(_ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, into out: inout ByteWriter) {
    guard delimiter != UInt8(ascii: "\t"), isQuoted || CSVLayout.needsQuotes(cell, delimiter) else {
      out.append(cell)
      return
    }
    out.append(UInt8(ascii: "\""))
    for byte in cell {
      if byte == UInt8(ascii: "\"") { out.append(byte) }
      out.append(byte)
    }
    out.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  static func needsQuotes(_ cell: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) -> Bool {
    for byte in cell
    where byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      return true
    }
    return false
  }
}

/// What is known of the quotes of a file: of each column, whether all its cells have them, and whether only those that must.
private struct CSVQuotes {
  let delimiter: UInt8
  private var areAll: [Bool]
  private var areNeeded: [Bool]
  private var isHeaderAll = true
  private var isHeaderNeeded = true

  init(columns: Int, delimiter: UInt8) {
    self.delimiter = delimiter
    areAll = Array(repeating: true, count: columns)
    areNeeded = areAll
  }

  mutating func addHeader(_ field: CSVReader.Field, _ base: UnsafePointer<UInt8>) {
    if !field.isQuoted { isHeaderAll = false }
    if field.isQuoted != needs(field, base) { isHeaderNeeded = false }
  }

  @inline(__always)
  mutating func add(_ field: CSVReader.Field, _ base: UnsafePointer<UInt8>, _ column: Int) {
    if field.isQuoted {
      if areNeeded[column], !needs(field, base) { areNeeded[column] = false }
    } else {
      areAll[column] = false
      // What needs quotes and has none was read as more than one cell, but for a return within the line.
      if areNeeded[column], needs(field, base) { areNeeded[column] = false }
    }
  }

  private func needs(_ field: CSVReader.Field, _ base: UnsafePointer<UInt8>) -> Bool {
    guard delimiter != UInt8(ascii: "\t") else { return false }
    let text = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
    return field.hasEscapes || CSVLayout.needsQuotes(text, delimiter)
  }

  /// Sets what a layout says of quotes; false when that does not say all.
  func describe(_ layout: inout CSVLayout) -> Bool {
    layout.quotesHeader = !isHeaderNeeded && isHeaderAll && layout.hasHeader
    layout.quotesAll = zip(areAll, areNeeded).allSatisfy { $0 && !$1 }
    if !layout.quotesAll {
      layout.quoted = areAll.indices.filter { areAll[$0] && !areNeeded[$0] }.map { $0 + 1 }
    }
    let isHeaderRegular = !layout.hasHeader || isHeaderNeeded || isHeaderAll
    return isHeaderRegular && layout.quoted.count <= 64 && zip(areAll, areNeeded).allSatisfy { $0 || $1 }
  }
}
