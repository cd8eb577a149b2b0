/// Reads a ``RenderedTable`` back into JSON. Anything that does not fit the grammar ends in nil.
struct TableReader {
  private enum Form {
    case cells
    case constant([UInt8])
    case series(first: Int, step: Int)
    case times(first: TimeStamp, step: Int)
    case computed([TemplatePart])
    case mostly([UInt8], except: [Int: [UInt8]])
    case codes([[UInt8]])
    case affix(prefix: [UInt8], suffix: [UInt8])
    case nested(Int)
    case lookup(Int)
  }

  private enum TemplatePart {
    case literal([UInt8])
    case column(path: [Name.Step], TablePlan.Template.Source)
  }

  private struct Column {
    var path: [Name.Step]
    var form: Form
  }

  /// A table of pairs: the row of each key.
  private struct Lookup {
    var key: [Name.Step]
    var table: TableReader
    var rowOfKey: [[UInt8]: Int] = [:]
  }

  private var columns: [Column] = []
  private var columnOfPath: [[Name.Step]: Int] = [:]
  private var lookups: [Lookup] = []
  private var nested: [TableReader] = []
  /// The columns that have cells, in their order.
  private var visible: [Int] = []
  private var delimiter = UInt8(ascii: ",")
  private var isKeyed = false
  private(set) var rowCount = 0
  private var tree = PathTree([])
  /// The places of the columns that the header names before the line of columns; empty when they just come first.
  private var order: [Int] = []
  /// The cells of each row read so far, by visible column; a nested cell is the range of its rows.
  private var rows: [[Value]] = []
  /// How many rows have been read; tables without cells have rows all the same.
  private var rowsRead = 0
  private var keys: [[UInt8]] = []
  /// The line that says what is stored, where rows are out of view.
  private var marker: [UInt8]?
  /// The rows out of view and their lines, by the first of them.
  private var gaps: [Int: (count: Int, line: [UInt8])] = [:]

  private enum Value {
    case missing
    case json([UInt8])
    case nested(Range<Int>)
  }

  // MARK: Reading

  /// Reads a table with all its rows at `depth`.
  static func read(_ reader: inout LineReader, depth: Int) -> TableReader? {
    var table = TableReader()
    guard table.readHeader(&reader, depth: depth) else { return nil }
    if let line = reader.peek(depth: depth), CutMarker(reader.bytes, line) != nil {
      table.marker = Array(reader.bytes[line])
      _ = reader.next(depth: depth)
    }
    return table.readRows(table.rowCount, &reader, depth: depth) ? table : nil
  }

  private mutating func readHeader(_ reader: inout LineReader, depth: Int) -> Bool {
    guard depth < 64 else { return false }
    while let line = reader.next(depth: depth) {
      var p = line.lowerBound
      let end = line.upperBound
      if reader.skip("same in all rows: ", at: &p, end: end)
        || reader.skip("same in all rows shown: ", at: &p, end: end)
      {
        guard readConstants(reader, &p, end) else { return false }
      } else if reader.skip("about all rows: ", at: &p, end: end) {
        continue
      } else if reader.skip("series: ", at: &p, end: end) {
        guard readSeries(reader, &p, end) else { return false }
      } else if reader.skip("computed: ", at: &p, end: end) {
        guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip(" = ", at: &p, end: end),
          let parts = readTemplate(reader, &p, end), add(path, .computed(parts))
        else { return false }
      } else if reader.skip("default: ", at: &p, end: end) {
        guard readMostly(reader, &p, end) else { return false }
      } else if reader.skip("codes: ", at: &p, end: end) {
        guard readCodes(reader, &p, end) else { return false }
      } else if reader.skip("nested: ", at: &p, end: end) {
        var table = TableReader()
        guard let path = Name.read(reader.bytes, at: &p, end: end), p == end,
          table.readHeader(&reader, depth: depth + 1),
          add(path, .nested(nested.count))
        else { return false }
        nested.append(table)
      } else if reader.skip("order: ", at: &p, end: end) {
        guard readOrder(reader, &p, end) else { return false }
      } else if reader.skip("lookup by ", at: &p, end: end) {
        guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip(":", at: &p, end: end), p == end,
          readLookup(&reader, key: path, depth: depth + 1)
        else { return false }
      } else {
        return readColumnLine(reader, &p, end)
      }
    }
    return false
  }

  private mutating func add(_ path: [Name.Step], _ form: Form) -> Bool {
    guard columnOfPath[path] == nil else { return false }
    columnOfPath[path] = columns.count
    columns.append(Column(path: path, form: form))
    return true
  }

  private func value(_ reader: LineReader, _ p: inout Int, _ end: Int) -> [UInt8]? {
    guard case .value(let lexeme) = reader.cell(at: &p, end: end, delimiter: UInt8(ascii: ";")) else { return nil }
    return lexeme
  }

  private mutating func readConstants(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    repeat {
      guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip("=", at: &p, end: end),
        let lexeme = value(reader, &p, end), add(path, .constant(lexeme))
      else { return false }
    } while reader.skip("; ", at: &p, end: end)
    return p == end
  }

  private mutating func readSeries(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip(" = ", at: &p, end: end) else {
      return false
    }
    let start = p
    if let first = reader.integer(at: &p, end: end, isSigned: true, digits: 17),
      reader.skip(" step ", at: &p, end: end),
      let step = reader.integer(at: &p, end: end, isSigned: true, digits: 17)
    {
      return p == end && add(path, .series(first: first, step: step))
    }
    p = start
    let isUTC = p + 19 < end && reader.bytes[p + 19] == UInt8(ascii: "Z")
    p += isUTC ? 20 : 19
    guard p < end,
      let first = reader.bytes.withUnsafeBufferPointer({ TimeStamp(UnsafeBufferPointer(rebasing: $0[start..<p])) }),
      reader.skip(" step ", at: &p, end: end), let step = reader.integer(at: &p, end: end, isSigned: true),
      reader.skip("s", at: &p, end: end)
    else { return false }
    return p == end && add(path, .times(first: first, step: step))
  }

  private func readTemplate(_ reader: LineReader, _ p: inout Int, _ end: Int) -> [TemplatePart]? {
    var parts: [TemplatePart] = []
    while p < end {
      if reader.skip("{", at: &p, end: end) {
        guard let path = Name.read(reader.bytes, at: &p, end: end) else { return nil }
        var source = TablePlan.Template.Source.whole
        if reader.skip("|basename", at: &p, end: end) {
          source = .basename
        } else if reader.skip("|*", at: &p, end: end) {
          source = .core
        }
        guard reader.skip("}", at: &p, end: end) else { return nil }
        parts.append(.column(path: path, source))
      } else {
        let stop = reader.bytes[p..<end].firstIndex(of: UInt8(ascii: "{")) ?? end
        parts.append(.literal(Array(reader.bytes[p..<stop])))
        p = stop
      }
    }
    return parts
  }

  private mutating func readMostly(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip(" = ", at: &p, end: end),
      let usual = value(reader, &p, end)
    else { return false }
    var exceptions: [Int: [UInt8]] = [:]
    guard reader.skip("; except in rows ", at: &p, end: end) else {
      return p == end && add(path, .mostly(usual, except: [:]))
    }
    repeat {
      guard let rows = readRuns(reader, &p, end), reader.skip(" = ", at: &p, end: end),
        let lexeme = value(reader, &p, end)
      else {
        return false
      }
      for row in rows { exceptions[row] = lexeme }
    } while reader.skip("; ", at: &p, end: end)
    return p == end && add(path, .mostly(usual, except: exceptions))
  }

  private func readRuns(_ reader: LineReader, _ p: inout Int, _ end: Int) -> [Int]? {
    var rows: [Int] = []
    repeat {
      guard let first = reader.integer(at: &p, end: end) else { return nil }
      var last = first
      if reader.skip("-", at: &p, end: end) {
        guard let number = reader.integer(at: &p, end: end) else { return nil }
        last = number
      }
      guard first >= 1, first <= last, last - first < 10_000_000 else { return nil }
      rows += first - 1...last - 1
    } while reader.skip(",", at: &p, end: end)
    return rows
  }

  private mutating func readCodes(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let path = Name.read(reader.bytes, at: &p, end: end), reader.skip(" ", at: &p, end: end) else { return false }
    var values: [[UInt8]] = []
    repeat {
      guard reader.skip("@", at: &p, end: end), reader.integer(at: &p, end: end) == values.count + 1,
        reader.skip("=", at: &p, end: end), let lexeme = value(reader, &p, end)
      else { return false }
      values.append(lexeme)
    } while reader.skip("; ", at: &p, end: end)
    // The column has cells: the line of columns says where.
    return p == end && add(path, .codes(values))
  }

  private mutating func readLookup(_ reader: inout LineReader, key: [Name.Step], depth: Int) -> Bool {
    guard let table = TableReader.read(&reader, depth: depth) else { return false }
    var lookup = Lookup(key: key, table: table)
    guard let keyColumn = table.columnOfPath[key] else { return false }
    for row in 0..<table.rowCount {
      guard let lexeme = table.lexeme(keyColumn, row), lookup.rowOfKey.updateValue(row, forKey: lexeme) == nil else {
        return false
      }
    }
    for column in table.columns where column.path != key {
      guard add(column.path, .lookup(lookups.count)) else { return false }
    }
    lookups.append(lookup)
    return true
  }

  /// The places of the columns named so far among all columns.
  private mutating func readOrder(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    repeat {
      guard let position = reader.integer(at: &p, end: end, digits: 5) else { return false }
      order.append(position)
    } while reader.skip(",", at: &p, end: end)
    return p == end && order.count == columns.count && Set(order).count == order.count
  }

  /// The columns in the order of the source: those with a given place there, the others around them.
  private func orderedColumns() -> [Int]? {
    var result = [Int?](repeating: nil, count: columns.count)
    for (column, position) in order.enumerated() {
      guard position < result.count else { return nil }
      result[position] = column
    }
    var next = order.count
    for position in result.indices where result[position] == nil {
      result[position] = next
      next += 1
    }
    return result.compactMap { $0 }
  }

  private mutating func readColumnLine(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let count = reader.integer(at: &p, end: end), reader.skip(" rows", at: &p, end: end) else { return false }
    rowCount = count
    if reader.skip(" (tab separated)", at: &p, end: end) {
      delimiter = UInt8(ascii: "\t")
    } else if reader.skip(" (space separated)", at: &p, end: end) {
      delimiter = UInt8(ascii: " ")
    }
    guard reader.skip(": ", at: &p, end: end) else { return false }
    isKeyed = reader.skip("(key)", at: &p, end: end)
    var isFirst = !isKeyed
    while p < end {
      if !isFirst {
        guard reader.bytes[p] == delimiter else { return false }
        p += 1
      }
      isFirst = false
      guard let path = Name.read(reader.bytes, at: &p, end: end) else { return false }
      if reader.skip("(", at: &p, end: end) {
        guard let prefix = affix(reader, &p, end, stop: UInt8(ascii: "*")), reader.skip("*", at: &p, end: end),
          let suffix = affix(reader, &p, end, stop: UInt8(ascii: ")")), reader.skip(")", at: &p, end: end),
          add(path, .affix(prefix: prefix, suffix: suffix))
        else { return false }
        visible.append(columns.count - 1)
      } else if let known = columnOfPath[path] {
        switch columns[known].form {
        case .codes, .nested: visible.append(known)
        default: return false
        }
      } else {
        guard add(path, .cells) else { return false }
        visible.append(columns.count - 1)
      }
    }
    guard let ordered = orderedColumns() else { return false }
    tree = PathTree(ordered.map { (columns[$0].path, $0) })
    guard !visible.isEmpty || isKeyed || rowCount <= TableReader.mostRowsWithoutCells else { return false }
    // A lookup's key is among the columns of the table, or nothing can be looked up.
    return lookups.allSatisfy { columnOfPath[$0.key] != nil }
  }

  private func affix(_ reader: LineReader, _ p: inout Int, _ end: Int, stop: UInt8) -> [UInt8]? {
    if p < end, reader.bytes[p] == UInt8(ascii: "\"") {
      guard let close = JSONString.end(reader.bytes, at: p, end: end) else { return nil }
      defer { p = close }
      return JSONString.unescape(reader.bytes, in: p + 1..<close - 1)
    }
    guard let close = reader.bytes[p..<end].firstIndex(of: stop) else { return nil }
    defer { p = close }
    return Array(reader.bytes[p..<close])
  }

  /// Reads so many rows at `depth`, with what stands below each.
  private mutating func readRows(_ count: Int, _ reader: inout LineReader, depth: Int) -> Bool {
    guard rowsRead + count <= rowCount else { return false }
    rowsRead += count
    if visible.isEmpty, !isKeyed { return true }
    var left = count
    while left > 0 {
      guard let line = reader.next(depth: depth) else { return false }
      if marker != nil, let gap = readGap(reader, line) {
        guard gap.lowerBound == rowCount - left, gap.count <= left else { return false }
        gaps[gap.lowerBound] = (gap.count, Array(reader.bytes[line]))
        rows += Array(repeating: [], count: gap.count)
        if isKeyed { keys += Array(repeating: [], count: gap.count) }
        left -= gap.count
        continue
      }
      left -= 1
      var p = line.lowerBound
      var cells: [DecodedCell] = []
      let expected = visible.count + (isKeyed ? 1 : 0)
      while cells.count < expected {
        guard let cell = reader.cell(at: &p, end: line.upperBound, delimiter: delimiter) else { return false }
        cells.append(cell)
        guard p < line.upperBound else { break }
        p += 1
        // A delimiter at the end of the line has an empty cell behind it.
        if p == line.upperBound, cells.count < expected {
          cells.append(.value([UInt8(ascii: "\""), UInt8(ascii: "\"")]))
          break
        }
      }
      guard p == line.upperBound else { return false }
      if isKeyed {
        switch cells.removeFirst() {
        case .value(let lexeme): keys.append(lexeme)
        case .literal(let lines):
          guard let lexeme = literal(lines, &reader, depth: depth + 1) else { return false }
          keys.append(lexeme)
        default: return false
        }
      }
      guard appendRow(cells, &reader, depth: depth) else { return false }
    }
    return true
  }

  /// The rows that a line such as `[rows 3-40]` stands for, counted from zero.
  private func readGap(_ reader: LineReader, _ line: Range<Int>) -> Range<Int>? {
    var p = line.lowerBound
    let end = line.upperBound
    guard reader.skip("[row", at: &p, end: end) else { return nil }
    let isRange = reader.skip("s", at: &p, end: end)
    guard reader.skip(" ", at: &p, end: end), let first = reader.integer(at: &p, end: end) else { return nil }
    var last = first
    if isRange {
      guard reader.skip("-", at: &p, end: end), let number = reader.integer(at: &p, end: end) else { return nil }
      last = number
    }
    guard reader.skip("]", at: &p, end: end), p == end, 1 <= first, first <= last else { return nil }
    return first - 1..<last
  }

  private mutating func appendRow(_ cells: [DecodedCell], _ reader: inout LineReader, depth: Int) -> Bool {
    var row: [Value] = []
    row.reserveCapacity(visible.count)
    for (position, column) in visible.enumerated() {
      switch position < cells.count ? cells[position] : .missing {
      case .missing: row.append(.missing)
      case .value(let lexeme):
        if case .affix(let prefix, let suffix) = columns[column].form {
          let core = text(of: lexeme) ?? lexeme
          row.append(.json(JSONString.quoted(prefix + core + suffix)))
        } else {
          row.append(.json(lexeme))
        }
      case .code(let number):
        guard case .codes(let values) = columns[column].form, values.indices ~= number - 1 else { return false }
        row.append(.json(values[number - 1]))
      case .nested(let count):
        guard case .nested(let index) = columns[column].form, count > 0 else { return false }
        let start = nested[index].rowsRead
        guard nested[index].readRows(count, &reader, depth: depth + 1) else { return false }
        row.append(.nested(start..<start + count))
      case .literal(let lines):
        guard let lexeme = literal(lines, &reader, depth: depth + 1) else { return false }
        row.append(.json(lexeme))
      }
    }
    rows.append(row)
    return true
  }

  private func literal(_ lines: Int, _ reader: inout LineReader, depth: Int) -> [UInt8]? {
    var text: [UInt8] = []
    for index in 0..<lines {
      guard let line = reader.next(depth: depth) else { return nil }
      if index > 0 { text.append(UInt8(ascii: "\n")) }
      text += reader.bytes[line]
    }
    return JSONString.quoted(text)
  }

  // MARK: Values

  private func text(of lexeme: [UInt8]) -> [UInt8]? {
    guard lexeme.first == UInt8(ascii: "\"") else { return nil }
    return JSONString.unescape(lexeme, in: 1..<lexeme.count - 1)
  }

  /// The value of a column in a row, as JSON; nil when missing. `depth` is how many columns led here: no true table needs many.
  private func lexeme(_ column: Int, _ row: Int, depth: Int = 0) -> [UInt8]? {
    guard depth < 32 else { return nil }
    switch columns[column].form {
    case .constant(let lexeme): return lexeme
    case .series(let first, let step): return Array("\(first + step * row)".utf8)
    case .times(let first, let step):
      return JSONString.quoted(TimeStamp(seconds: first.seconds + step * row, isUTC: first.isUTC).text)
    case .mostly(let usual, let exceptions): return exceptions[row] ?? usual
    case .computed(let parts): return computed(parts, row, depth: depth)
    case .lookup(let index):
      let lookup = lookups[index]
      guard let key = columnOfPath[lookup.key].flatMap({ lexeme($0, row, depth: depth + 1) }),
        let at = lookup.rowOfKey[key],
        let own = lookup.table.columnOfPath[columns[column].path]
      else { return nil }
      return lookup.table.lexeme(own, at)
    case .cells, .codes, .affix, .nested:
      guard let position = visible.firstIndex(of: column) else { return nil }
      switch rows[row][position] {
      case .missing: return nil
      case .json(let lexeme): return lexeme
      case .nested(let range):
        guard case .nested(let index) = columns[column].form else { return nil }
        var out: [UInt8] = [UInt8(ascii: "[")]
        for child in range {
          if child > range.lowerBound { out.append(UInt8(ascii: ",")) }
          out += nested[index].object(child)
        }
        out.append(UInt8(ascii: "]"))
        return out
      }
    }
  }

  private func computed(_ parts: [TemplatePart], _ row: Int, depth: Int) -> [UInt8]? {
    var out: [UInt8] = []
    for part in parts {
      switch part {
      case .literal(let bytes): out += bytes
      case .column(let path, let source):
        guard let column = columnOfPath[path], let lexeme = lexeme(column, row, depth: depth + 1) else { return nil }
        var text = self.text(of: lexeme) ?? lexeme
        switch source {
        case .whole: break
        case .basename: if let slash = text.lastIndex(of: UInt8(ascii: "/")) { text.removeSubrange(...slash) }
        case .core:
          guard case .affix(let prefix, let suffix) = columns[column].form, text.count >= prefix.count + suffix.count
          else {
            return nil
          }
          text = Array(text[prefix.count..<text.count - suffix.count])
        }
        out += text
      }
    }
    return JSONString.quoted(out)
  }

  // MARK: JSON

  /// The most bytes a table may stand for: a few lines must not become gigabytes.
  private static let mostBytes = 256 << 20
  private static let mostRowsWithoutCells = 1 << 20

  /// The table as a minified array of its rows, or as an object when it is a map. Nil when it would be too large.
  func json() -> [UInt8]? {
    var out: [UInt8] = [isKeyed ? UInt8(ascii: "{") : UInt8(ascii: "[")]
    /// Appends a line that stands for rows out of view, as a string among the rows.
    func append(marker: [UInt8]) {
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out += JSONString.quoted(marker)
      if isKeyed { out += ":null".utf8 }
    }
    if let marker { append(marker: marker) }
    var row = 0
    while row < rowCount {
      guard out.count <= TableReader.mostBytes else { return nil }
      if let gap = gaps[row] {
        append(marker: gap.line)
        row += gap.count
        continue
      }
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      if isKeyed {
        out += keys[row]
        out.append(UInt8(ascii: ":"))
      }
      out += object(row)
      row += 1
    }
    out.append(isKeyed ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    return out
  }

  /// One row as a minified object.
  func object(_ row: Int) -> [UInt8] {
    tree.object { self.lexeme($0, row) }
  }
}

/// The members of a row, put back under their paths.
struct PathTree {
  private struct Place {
    var step: Name.Step
    var column: Int?
    var children: [Int] = []
  }
  private var places = [Place(step: .index(0), column: nil)]

  init(_ columns: [(path: [Name.Step], column: Int)]) {
    for (path, column) in columns {
      var place = 0
      for step in path {
        if let known = places[place].children.first(where: { places[$0].step == step }) {
          place = known
        } else {
          places[place].children.append(places.count)
          place = places.count
          places.append(Place(step: step, column: nil))
        }
      }
      places[place].column = column
    }
    // Elements of tuples stand by their number, in whatever order their columns are named.
    for place in places.indices {
      if let first = places[place].children.first, case .index = places[first].step {
        places[place].children = places[place].children.sorted { number($0) < number($1) }
      }
    }
  }

  private func number(_ place: Int) -> Int {
    if case .index(let index) = places[place].step { index } else { .max }
  }

  /// The object whose values `lexeme` gives by column; those it has no value for are left out.
  func object(_ lexeme: (Int) -> [UInt8]?) -> [UInt8] {
    value(0, lexeme) ?? Array("{}".utf8)
  }

  private func value(_ place: Int, _ lexeme: (Int) -> [UInt8]?) -> [UInt8]? {
    if let column = places[place].column, let value = lexeme(column) { return value }
    var out: [UInt8] = []
    var isTuple = false
    for child in places[place].children {
      guard let value = value(child, lexeme) else { continue }
      if !out.isEmpty { out.append(UInt8(ascii: ",")) }
      switch places[child].step {
      case .key(let key):
        out += key
        out.append(UInt8(ascii: ":"))
      case .index: isTuple = true
      }
      out += value
    }
    guard !out.isEmpty else { return nil }
    out.insert(isTuple ? UInt8(ascii: "[") : UInt8(ascii: "{"), at: 0)
    out.append(isTuple ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    return out
  }
}
