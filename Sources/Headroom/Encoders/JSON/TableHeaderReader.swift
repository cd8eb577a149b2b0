/// Reads the header lines of a table. Anything that does not fit the grammar ends in false.
extension TableHeader {
  private static let deepest = 64
  private static let mostRowsWithoutCells = 1 << 20

  mutating func read(_ reader: inout LineReader, depth: Int) -> Bool {
    guard depth < TableHeader.deepest else { return false }
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
        guard readComputed(reader, &p, end) else { return false }
      } else if reader.skip("default: ", at: &p, end: end) {
        guard readMostly(reader, &p, end) else { return false }
      } else if reader.skip("codes: ", at: &p, end: end) {
        guard readCodes(reader, &p, end) else { return false }
      } else if reader.skip("nested: ", at: &p, end: end) {
        guard let (path, steps) = readPath(reader, &p, end), p == end else { return false }
        var header = TableHeader()
        guard header.read(&reader, depth: depth + 1) else { return false }
        guard add(path, Column(form: .nested, steps: steps, first: nested.count)) else { return false }
        nested.append(NestedTable(TableReader(header)))
      } else if reader.skip("order: ", at: &p, end: end) {
        guard readOrder(reader, &p, end) else { return false }
      } else if reader.skip("lookup by ", at: &p, end: end) {
        guard let (path, _) = readPath(reader, &p, end), reader.skip(":", at: &p, end: end), p == end,
          readLookup(&reader, key: path, depth: depth + 1)
        else { return false }
      } else {
        return readColumnLine(reader, &p, end)
      }
    }
    return false
  }

  /// Appends the value of a cell in the header to ``text``.
  private mutating func readValue(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Range<Int>? {
    let start = text.count
    guard let cell = reader.cell(at: &p, end: end, delimiter: UInt8(ascii: ";")), reader.append(cell, to: &text) else {
      return nil
    }
    return start..<text.count
  }

  /// Appends bytes of the line to ``text`` as they are.
  private mutating func copy(_ reader: LineReader, _ range: Range<Int>) -> Range<Int> {
    let start = text.count
    reader.bytes.withUnsafeBufferPointer { text.append(UnsafeBufferPointer(rebasing: $0[range])) }
    return start..<text.count
  }

  // MARK: Columns without cells

  private mutating func readConstants(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    repeat {
      guard let (path, steps) = readPath(reader, &p, end), reader.skip("=", at: &p, end: end),
        let value = readValue(reader, &p, end), add(path, Column(form: .constant, steps: steps, value: value))
      else { return false }
    } while reader.skip("; ", at: &p, end: end)
    return p == end
  }

  private mutating func readSeries(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let (path, steps) = readPath(reader, &p, end), reader.skip(" = ", at: &p, end: end) else { return false }
    let start = p
    if let first = reader.integer(at: &p, end: end, isSigned: true, digits: 17),
      reader.skip(" step ", at: &p, end: end),
      let step = reader.integer(at: &p, end: end, isSigned: true, digits: 17)
    {
      return p == end && add(path, Column(form: .series, steps: steps, first: first, step: step))
    }
    p = start
    let isUTC = p + 19 < end && reader.bytes[p + 19] == UInt8(ascii: "Z")
    p += isUTC ? 20 : 19
    guard p < end,
      let first = reader.bytes.withUnsafeBufferPointer({ TimeStamp(UnsafeBufferPointer(rebasing: $0[start..<p])) }),
      reader.skip(" step ", at: &p, end: end), let step = reader.integer(at: &p, end: end, isSigned: true),
      reader.skip("s", at: &p, end: end)
    else { return false }
    return p == end
      && add(path, Column(form: .times, steps: steps, first: first.seconds, step: step, isUTC: first.isUTC))
  }

  private mutating func readComputed(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let (path, steps) = readPath(reader, &p, end), reader.skip(" = ", at: &p, end: end) else { return false }
    let first = parts.count
    while p < end {
      if reader.skip("{", at: &p, end: end) {
        guard let (source, _) = readPath(reader, &p, end) else { return false }
        var part = Part(text: source, source: .whole)
        if reader.skip("|basename", at: &p, end: end) {
          part.source = .basename
        } else if reader.skip("|*", at: &p, end: end) {
          part.source = .core
        }
        guard reader.skip("}", at: &p, end: end) else { return false }
        parts.append(part)
      } else {
        let stop = reader.bytes[p..<end].firstIndex(of: UInt8(ascii: "{")) ?? end
        parts.append(Part(text: copy(reader, p..<stop), source: nil))
        p = stop
      }
    }
    return add(path, Column(form: .computed, steps: steps, list: first..<parts.count))
  }

  private mutating func readMostly(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let (path, steps) = readPath(reader, &p, end), reader.skip(" = ", at: &p, end: end),
      let usual = readValue(reader, &p, end)
    else { return false }
    var own: [Exception] = []
    if reader.skip("; except in rows ", at: &p, end: end) {
      repeat {
        let first = own.count
        guard readRuns(reader, &p, end, into: &own), reader.skip(" = ", at: &p, end: end),
          let value = readValue(reader, &p, end)
        else { return false }
        for i in first..<own.count { own[i].value = value }
      } while reader.skip("; ", at: &p, end: end)
    }
    own.sort { $0.rows.lowerBound < $1.rows.lowerBound }
    // A row has one value.
    for i in own.indices.dropFirst() where own[i].rows.lowerBound < own[i - 1].rows.upperBound { return false }
    let list = exceptions.count..<exceptions.count + own.count
    exceptions += own
    return p == end && add(path, Column(form: .mostly, steps: steps, value: usual, list: list))
  }

  private func readRuns(_ reader: LineReader, _ p: inout Int, _ end: Int, into runs: inout [Exception]) -> Bool {
    repeat {
      guard let first = reader.integer(at: &p, end: end), first >= 1 else { return false }
      var last = first
      if reader.skip("-", at: &p, end: end) {
        guard let number = reader.integer(at: &p, end: end), number >= first else { return false }
        last = number
      }
      runs.append(Exception(rows: first - 1..<last, value: 0..<0))
    } while reader.skip(",", at: &p, end: end)
    return true
  }

  private mutating func readLookup(_ reader: inout LineReader, key: Range<Int>, depth: Int) -> Bool {
    var header = TableHeader()
    guard header.read(&reader, depth: depth) else { return false }
    guard let keyColumn = header.column(at: bytes(key)) else { return false }
    var lookup = Lookup(key: key, width: header.columns.count)
    for column in header.columns.indices where column != keyColumn {
      let source = header.columns[column].steps
      let (path, steps) = copyPath(source, of: header)
      guard add(path, Column(form: .lookup, steps: steps, first: lookups.count, step: column)) else { return false }
    }
    var table = TableReader(header)
    while table.rowsRead < table.header.rowCount {
      guard table.readRow(&reader, depth: depth, valuesTo: &text, &lookup.values) else { return false }
      let value = lookup.values[lookup.values.count - lookup.width + keyColumn]
      guard !value.isEmpty, lookup.rows.add(value, in: text.base).isNew else { return false }
    }
    lookups.append(lookup)
    return true
  }

  /// A path of another header as a path of this one.
  private mutating func copyPath(_ source: Range<Int>, of other: borrowing TableHeader) -> (
    path: Range<Int>, steps: Range<Int>
  ) {
    let start = text.count
    let firstStep = steps.count
    for step in source {
      let from = text.count
      text.append(other.bytes(other.steps[step].key))
      steps.append(Step(key: from..<text.count, index: other.steps[step].index))
    }
    return (start..<text.count, firstStep..<steps.count)
  }

  // MARK: Columns with cells

  private mutating func readCodes(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let (path, steps) = readPath(reader, &p, end), reader.skip(" ", at: &p, end: end) else { return false }
    let first = codes.count
    repeat {
      guard reader.skip("@", at: &p, end: end), reader.integer(at: &p, end: end) == codes.count - first + 1,
        reader.skip("=", at: &p, end: end), let value = readValue(reader, &p, end)
      else { return false }
      codes.append(value)
    } while reader.skip("; ", at: &p, end: end)
    // The column has cells: the line of columns says where.
    return p == end && add(path, Column(form: .codes, steps: steps, list: first..<codes.count))
  }

  /// The places of the columns named so far among all columns.
  private mutating func readOrder(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    var places: [Int] = []
    repeat {
      guard let place = reader.integer(at: &p, end: end, digits: 5) else { return false }
      places.append(place)
    } while reader.skip(",", at: &p, end: end)
    return p == end && setOrder(places)
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
      guard readColumn(reader, &p, end) else { return false }
    }
    guard !visible.isEmpty || isKeyed || rowCount <= TableHeader.mostRowsWithoutCells else { return false }
    return resolve()
  }

  private mutating func readColumn(_ reader: LineReader, _ p: inout Int, _ end: Int) -> Bool {
    guard let (path, steps) = readPath(reader, &p, end) else { return false }
    let cell = cellCount
    if reader.skip("(", at: &p, end: end) {
      guard let prefix = readAffix(reader, &p, end, stop: UInt8(ascii: "*")), reader.skip("*", at: &p, end: end),
        let suffix = readAffix(reader, &p, end, stop: UInt8(ascii: ")")), reader.skip(")", at: &p, end: end)
      else { return false }
      visible.append(columns.count)
      return add(path, Column(form: .affix, steps: steps, cell: cell, value: prefix, suffix: suffix))
    }
    guard let known = column(at: path) else {
      visible.append(columns.count)
      return add(path, Column(form: .cells, steps: steps, cell: cell))
    }
    guard columns[known].form == .codes || columns[known].form == .nested, columns[known].cell < 0 else { return false }
    columns[known].cell = cell
    visible.append(known)
    return true
  }

  private mutating func readAffix(_ reader: LineReader, _ p: inout Int, _ end: Int, stop: UInt8) -> Range<Int>? {
    if p < end, reader.bytes[p] == UInt8(ascii: "\"") {
      guard let close = JSONString.end(reader.bytes, at: p, end: end),
        let affix = JSONString.unescape(reader.bytes, in: p + 1..<close - 1)
      else { return nil }
      p = close
      let start = text.count
      text.append(affix)
      return start..<text.count
    }
    guard let close = reader.bytes[p..<end].firstIndex(of: stop) else { return nil }
    defer { p = close }
    return copy(reader, p..<close)
  }

  // MARK: Afterwards

  /// Finds the columns that others refer to, and how they make up a row.
  private mutating func resolve() -> Bool {
    for index in parts.indices where parts[index].source != nil {
      guard let column = column(at: parts[index].text) else { return false }
      parts[index].column = column
    }
    for index in lookups.indices {
      guard let column = column(at: lookups[index].key) else { return false }
      lookups[index].column = column
    }
    guard let ordered = orderedColumns(), let members = RowTemplate.members(of: ordered, in: &self) else {
      return false
    }
    self.members = members
    return true
  }
}
