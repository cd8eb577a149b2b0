/// Tables with bars and rules as tables without them.
///
///      id | name                        [ruled, 3 lines, table, psql, right 1]
///     ----+-------                      2 rows: id,name
///       1 | Ada                         1,Ada
///      12 | Grace                       12,Grace
enum RuledText: StructuredText {
  static var name: String { "ruled" }
  static var kind: Segment.Kind { .table }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { RuledGrammar.runs(in: lines).map(\.lines) }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    guard let run = RuledGrammar.runs(in: lines).first, run.lines == 0..<lines.count else { return nil }
    return lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return parse(run, lines, base)
    }
  }

  private static func parse(_ run: RuledGrammar.Run, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> ParsedText? {
    var content = 0..<0
    func cells(_ line: Int, _ body: (_ outer: Range<Int>, _ inner: UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
      guard RuledGrammar.content(of: lines[line], base, run.style, &content) else { return false }
      RuledGrammar.forEachCell(base, content, run.style) { outer in
        var start = outer.lowerBound
        var end = outer.upperBound
        while end > start, base[end - 1] == UInt8(ascii: " ") { end -= 1 }
        while start < end, base[start] == UInt8(ascii: " ") { start += 1 }
        body(outer, UnsafeBufferPointer(start: base + start, count: end - start))
      }
      return true
    }
    var names: [[UInt8]] = []
    var seen = ByteIndex(capacity: run.columns)
    var isDistinct = true
    let hasNames = cells(run.names) { outer, inner in
      var key = ByteWriter(capacity: inner.count + 3)
      JSONString.quote(inner, into: &key)
      key.append(UInt8(ascii: ":"))
      names.append(key.bytes)
      let start = inner.baseAddress.map { $0 - base } ?? outer.lowerBound
      if !seen.add(start..<start + inner.count, in: base).isNew { isDistinct = false }
    }
    guard hasNames, isDistinct, names.count == run.columns else { return nil }
    var json = ByteWriter(capacity: lines.range.count * 2)
    json.append(UInt8(ascii: "["))
    var lefts = [Int](repeating: 0, count: run.columns)
    var rights = lefts
    for line in run.rows {
      json.append(UInt8(ascii: "{"))
      var column = 0
      let isRow = cells(line) { outer, inner in
        guard column < run.columns else { return }
        if column > 0 { json.append(UInt8(ascii: ",")) }
        names[column].withUnsafeBufferPointer { json.append($0) }
        CellText.write(inner, into: &json)
        if let start = inner.baseAddress, !inner.isEmpty {
          if start - base - outer.lowerBound <= 1 { lefts[column] += 1 }
          if outer.upperBound - (start - base) - inner.count <= 1 { rights[column] += 1 }
        }
        column += 1
      }
      guard isRow, column == run.columns else { return nil }
      json.append("},")
    }
    json[json.count - 1] = UInt8(ascii: "]")
    var parsed = ParsedText(json: json.bytes, fidelity: .normalized)
    var layout = RuledLayout(style: run.style)
    layout.right = lefts.indices.filter { rights[$0] > lefts[$0] }.map { $0 + 1 }
    if run.style == .markdown, let rule = RuledLayout.Rule(lines[run.names + 1], base) { layout.rule = rule }
    parsed.layout = layout.words
    guard let document = try? JSONDocument(parsed.json) else { return nil }
    for isPadded in run.style == .markdown ? [false, true] : [true] {
      layout.isPadded = isPadded
      guard let text = text(of: document, layout: layout.words.map { $0[...] }), text.elementsEqual(lines.bytes) else {
        continue
      }
      parsed.layout = layout.words
      parsed.fidelity = .identical
      break
    }
    return parsed
  }

  static func text(of document: JSONDocument, layout words: [ArraySlice<UInt8>]) -> [UInt8]? {
    guard let layout = RuledLayout(words) else { return nil }
    var widths: [Int] = []
    let isTable = CellText.rows(document) { row, cells in
      guard row != .standIn, layout.isPadded else { return true }
      if widths.isEmpty { widths = Array(repeating: layout.style == .markdown ? 3 : 0, count: cells.count) }
      for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], AlignedText.length(cell)) }
      return true
    }
    guard isTable else { return nil }
    var out = ByteWriter(capacity: document.bytes.count)
    let isPrinted = CellText.rows(document) { row, cells in
      if row == .standIn {
        out.append(cells[0])
        out.append(UInt8(ascii: "\n"))
        return true
      }
      if !layout.isPadded, widths.count != cells.count { widths = Array(repeating: 0, count: cells.count) }
      if row == .names, layout.style == .mysql { layout.writeRule(widths, into: &out) }
      if layout.style != .psql { out.append(UInt8(ascii: "|")) }
      for (column, cell) in cells.enumerated() {
        if column > 0 { out.append(UInt8(ascii: "|")) }
        let missing = max(0, widths[column] - AlignedText.length(cell))
        var before = 0
        if layout.right.contains(column + 1), row == .cells || layout.style == .markdown { before = missing }
        if row == .names, layout.style == .psql { before = missing / 2 }
        let isOpen = layout.style == .psql && column + 1 == cells.count && row == .cells
        out.append(repeating: UInt8(ascii: " "), count: before + 1)
        out.append(cell)
        if !isOpen { out.append(repeating: UInt8(ascii: " "), count: missing - before + 1) }
      }
      if layout.style != .psql { out.append(UInt8(ascii: "|")) }
      out.append(UInt8(ascii: "\n"))
      if row == .names { layout.writeRule(widths, into: &out) }
      return out.count <= mostPrinted
    }
    guard isPrinted, out.count > 0 else { return nil }
    if layout.style == .mysql { layout.writeRule(widths, into: &out) }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// Padding must not make gigabytes of a few lines.
  private static let mostPrinted = 256 << 20
}

/// How a table with rules is drawn.
struct RuledLayout {
  /// The line below the names in Markdown.
  struct Rule {
    /// Blanks stand between the bars and the dashes.
    var isSpaced = false
    /// Columns, from 1, with a colon before the dashes, or behind them.
    var leading: [Int] = []
    var trailing: [Int] = []
  }

  let style: RuledGrammar.Style
  /// Whether cells are filled up to the width of their column.
  var isPadded = true
  /// The columns, from 1, that are aligned to the right.
  var right: [Int] = []
  var rule = Rule()

  init(style: RuledGrammar.Style) { self.style = style }

  var words: [[UInt8]] {
    var words = [style.rawValue]
    func list(_ name: String, _ columns: [Int]) {
      if !columns.isEmpty { words.append("\(name) \(columns.map(String.init).joined(separator: " "))") }
    }
    if style == .markdown {
      if isPadded { words.append("padded") }
      if rule.isSpaced { words.append("spaced rule") }
      list("colon before", rule.leading)
      list("colon behind", rule.trailing)
      if isPadded { list("right", right) }
    } else {
      list("right", right)
    }
    return words.map { Array($0.utf8) }
  }

  init?(_ words: [ArraySlice<UInt8>]) {
    guard let first = words.first,
      let style = RuledGrammar.Style.allCases.first(where: { first.elementsEqual($0.rawValue.utf8) })
    else { return nil }
    self.style = style
    isPadded = style != .markdown
    for word in words.dropFirst() {
      if word.elementsEqual("padded".utf8) {
        isPadded = true
      } else if word.elementsEqual("spaced rule".utf8) {
        rule.isSpaced = true
      } else if let columns = word.numbers(after: "right ") {
        right = columns
      } else if let columns = word.numbers(after: "colon before ") {
        rule.leading = columns
      } else if let columns = word.numbers(after: "colon behind ") {
        rule.trailing = columns
      } else {
        return nil
      }
    }
  }

  func writeRule(_ widths: [Int], into out: inout ByteWriter) {
    let cross = style == .markdown ? UInt8(ascii: "|") : UInt8(ascii: "+")
    if style != .psql { out.append(cross) }
    for (column, width) in widths.enumerated() {
      if column > 0 { out.append(cross) }
      guard style == .markdown else {
        out.append(repeating: UInt8(ascii: "-"), count: width + 2)
        continue
      }
      let hasLeading = rule.leading.contains(column + 1)
      let hasTrailing = rule.trailing.contains(column + 1)
      let colons = (hasLeading ? 1 : 0) + (hasTrailing ? 1 : 0)
      if rule.isSpaced { out.append(UInt8(ascii: " ")) }
      if hasLeading { out.append(UInt8(ascii: ":")) }
      let dashes = isPadded ? width + (rule.isSpaced ? 0 : 2) - colons : 3
      out.append(repeating: UInt8(ascii: "-"), count: max(1, dashes))
      if hasTrailing { out.append(UInt8(ascii: ":")) }
      if rule.isSpaced { out.append(UInt8(ascii: " ")) }
    }
    if style != .psql { out.append(cross) }
    out.append(UInt8(ascii: "\n"))
  }
}

extension RuledLayout.Rule {
  init?(_ line: Range<Int>, _ base: UnsafePointer<UInt8>) {
    var content = 0..<0
    guard RuledGrammar.content(of: line, base, .markdown, &content) else { return nil }
    var rule = RuledLayout.Rule()
    var column = 0
    RuledGrammar.forEachCell(base, content, .markdown) { cell in
      column += 1
      guard let first = cell.first else { return }
      let isSpaced = base[first] == UInt8(ascii: " ")
      rule.isSpaced = rule.isSpaced || isSpaced
      let start = first + (isSpaced ? 1 : 0)
      let end = cell.upperBound - (isSpaced ? 1 : 0)
      guard start < end else { return }
      if base[start] == UInt8(ascii: ":") { rule.leading.append(column) }
      if base[end - 1] == UInt8(ascii: ":") { rule.trailing.append(column) }
    }
    self = rule
  }
}
