/// Columns padded with spaces, as a table without them.
///
///     NAME     READY   STATUS    AGE         [columns, 2 lines, table, gap 3]
///     web-1    1/1     Running   3d          same in all rows: READY=1/1; STATUS=Running
///     web-22   1/1     Running   14h         2 rows: NAME,AGE
///                                            web-1,3d
///                                            web-22,14h
///
/// Where the padding follows from the widths of the values, or saying what it is costs little, the exact bytes come back.
enum AlignedText: StructuredText {
  static var name: String { "columns" }
  static var kind: Segment.Kind { .table }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    AlignedGrammar.runs(in: lines).map(\.lines)
  }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    guard let run = AlignedGrammar.runs(in: lines).first, run.lines == 0..<lines.count else { return nil }
    return lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return parse(run, lines, base)
    }
  }

  /// What the layout says may take one byte in so many of the text.
  private static let layoutShare = 40

  private static func parse(_ run: AlignedGrammar.Run, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> ParsedText?
  {
    let columns = run.splits.count
    var names: [[UInt8]] = []
    var seen = ByteIndex(capacity: columns)
    for name in run.names {
      let start = lines[0].lowerBound
      let bytes = start + name.lowerBound..<start + name.upperBound
      guard seen.add(bytes, in: base).isNew else { return nil }
      var key = ByteWriter(capacity: bytes.count + 3)
      JSONString.quote(UnsafeBufferPointer(start: base + bytes.lowerBound, count: bytes.count), into: &key)
      key.append(UInt8(ascii: ":"))
      names.append(key.bytes)
    }
    var measure = AlignedMeasure(run)
    var json = ByteWriter(capacity: lines.range.count * 2)
    json.append(UInt8(ascii: "["))
    var cells: [AlignedRow.Cell] = []
    measure.add(AlignedRow(run.isCRLF ? lines[0].dropLast() : lines[0], base))
    for line in (run.hasRule ? 2 : 1)..<lines.count {
      let row = AlignedRow(run.isCRLF ? lines[line].dropLast() : lines[line], base)
      if row.fits(run.splits) {
        row.cells(run.splits, into: &cells)
      } else {
        guard row.words(columns, allowsEmptyLast: run.names[columns - 1].isEmpty, into: &cells) else { return nil }
      }
      measure.add(row, cells)
      json.append(UInt8(ascii: "{"))
      for (column, cell) in cells.enumerated() {
        if column > 0 { json.append(UInt8(ascii: ",")) }
        names[column].withUnsafeBufferPointer { json.append($0) }
        // Trees are indented in the first or the last column.
        let isTree = column == 0 || (column == columns - 1 && !run.names[column].isEmpty)
        let indent =
          isTree ? cell.places.lowerBound - run.names[column].lowerBound : 0
        let start =
          indent > 0 && !cell.isEmpty && row.fits(run.splits) && measure.isLeft(column)
          ? cell.bytes.lowerBound - indent : cell.bytes.lowerBound
        CellText.write(UnsafeBufferPointer(start: base + start, count: cell.bytes.upperBound - start), into: &json)
      }
      json.append("},")
    }
    json[json.count - 1] = UInt8(ascii: "]")
    var parsed = ParsedText(json: json.bytes, fidelity: .normalized)
    var document: JSONDocument?
    for var layout in measure.layouts() {
      layout.isCRLF = run.isCRLF
      layout.hasRule = run.hasRule
      let words = layout.words
      guard words.reduce(0, { $0 + $1.count + 2 }) * layoutShare <= lines.range.count + 16 * layoutShare else {
        continue
      }
      if document == nil { document = try? JSONDocument(parsed.json) }
      guard let document, let text = text(of: document, layout: words.map { $0[...] }), text.elementsEqual(lines.bytes)
      else { continue }
      parsed.layout = words
      parsed.fidelity = .identical
      break
    }
    return parsed
  }

  static func text(of document: JSONDocument, layout words: [ArraySlice<UInt8>]) -> [UInt8]? {
    guard let layout = AlignedLayout(words) else { return nil }
    var anchors = layout.anchors
    if anchors.isEmpty {
      var widths: [Int] = []
      let isTable = CellText.rows(document) { row, cells in
        guard row != .standIn else { return true }
        if widths.isEmpty { widths = Array(repeating: 0, count: cells.count) }
        for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], length(cell)) }
        return true
      }
      guard isTable else { return nil }
      var place = layout.indent
      for (column, width) in widths.enumerated() {
        anchors.append(layout.right.contains(column + 1) ? place + width : place)
        place += width + layout.gap
      }
    }
    var out = ByteWriter(capacity: document.bytes.count)
    let isTable = CellText.rows(document) { row, cells in
      var place = 0
      if row == .standIn {
        out.append(cells[0])
      } else {
        guard cells.count == anchors.count else { return false }
        // Below the names may stand as many dashes as they have letters.
        for isRule in row == .names && layout.hasRule ? [false, true] : [false] {
          if isRule { out.append(layout.isCRLF ? "\r\n" : "\n") }
          place = 0
          for (column, cell) in cells.enumerated() where !cell.isEmpty {
            let length = length(cell)
            let target = layout.right.contains(column + 1) ? anchors[column] - length : anchors[column]
            let start = max(target, column > 0 ? place + 1 : 0)
            out.append(repeating: UInt8(ascii: " "), count: start - place)
            if isRule { out.append(repeating: UInt8(ascii: "-"), count: length) } else { out.append(cell) }
            place = start + length
          }
          if place < layout.width { out.append(repeating: UInt8(ascii: " "), count: layout.width - place) }
        }
      }
      out.append(layout.isCRLF ? "\r\n" : "\n")
      return out.count <= mostPrinted
    }
    guard isTable, out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// Padding must not make gigabytes of a few lines.
  private static let mostPrinted = 256 << 20

  /// The characters of a text.
  static func length(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in text where byte & 0xc0 != 0x80 { count += 1 }
    return count
  }
}

/// Where the columns of a table stand.
struct AlignedLayout {
  /// The blanks between the widest values of neighbouring columns, and before the first column.
  var gap = 2
  var indent = 0
  /// Where each column begins, or ends where it is aligned to the right; empty when that follows from the gap.
  var anchors: [Int] = []
  /// The columns, from 1, that are aligned to the right.
  var right: [Int] = []
  /// Lines are filled with blanks to this width.
  var width = 0
  var isCRLF = false
  /// Whether dashes stand below the names.
  var hasRule = false

  init() {}

  var words: [[UInt8]] {
    var words: [String] = []
    if !anchors.isEmpty {
      words.append("at \(anchors.map(String.init).joined(separator: " "))")
    } else {
      words.append("gap \(gap)")
      if indent > 0 { words.append("indent \(indent)") }
    }
    if !right.isEmpty { words.append("right \(right.map(String.init).joined(separator: " "))") }
    if width > 0 { words.append("width \(width)") }
    if isCRLF { words.append("crlf") }
    if hasRule { words.append("rule") }
    return words.map { Array($0.utf8) }
  }

  init?(_ words: [ArraySlice<UInt8>]) {
    for word in words {
      if let numbers = word.numbers(after: "at ") {
        anchors = numbers
      } else if let numbers = word.numbers(after: "right ") {
        right = numbers
      } else if let numbers = word.numbers(after: "gap "), numbers.count == 1 {
        gap = numbers[0]
      } else if let numbers = word.numbers(after: "indent "), numbers.count == 1 {
        indent = numbers[0]
      } else if let numbers = word.numbers(after: "width "), numbers.count == 1 {
        width = numbers[0]
      } else if word.elementsEqual("crlf".utf8) {
        isCRLF = true
      } else if word.elementsEqual("rule".utf8) {
        hasRule = true
      } else {
        return nil
      }
    }
    let limit = 10_000
    guard gap <= limit, indent <= limit, width <= limit, anchors.allSatisfy({ $0 <= limit }) else { return nil }
  }
}

/// Finds out how a table was padded.
private struct AlignedMeasure {
  private let names: [Range<Int>]
  private var lefts: [Int]
  private var rights: [Int]
  private var widths: [Int]
  private var paddedTo = 0

  init(_ run: AlignedGrammar.Run) {
    names = run.names
    lefts = Array(repeating: 0, count: names.count)
    rights = lefts
    widths = names.map(\.count)
  }

  func isLeft(_ column: Int) -> Bool { lefts[column] >= rights[column] }

  mutating func add(_ row: AlignedRow, _ cells: [AlignedRow.Cell] = []) {
    for (column, cell) in cells.enumerated() where !cell.isEmpty {
      if cell.places.lowerBound == names[column].lowerBound { lefts[column] += 1 }
      if cell.places.upperBound == names[column].upperBound { rights[column] += 1 }
      widths[column] = max(widths[column], cell.places.count)
    }
    if row.count > 0, row.isBlank(row.count - 1) { paddedTo = max(paddedTo, row.count) }
  }

  /// Layouts that may be the one, the shortest to say first.
  func layouts() -> [AlignedLayout] {
    var layout = AlignedLayout()
    layout.width = paddedTo
    layout.right = names.indices.filter { !isLeft($0) }.map { $0 + 1 }
    var fixed = layout
    fixed.anchors = names.indices.map { isLeft($0) ? names[$0].lowerBound : names[$0].upperBound }
    guard names.count > 1 else { return [fixed] }
    func start(_ column: Int) -> Int {
      isLeft(column) ? names[column].lowerBound : names[column].upperBound - widths[column]
    }
    layout.indent = max(0, start(0))
    layout.gap = max(0, start(1) - start(0) - widths[0])
    return [layout, fixed]
  }
}
