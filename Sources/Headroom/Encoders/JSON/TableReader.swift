import CHeadroom

/// Reads a ``RenderedTable`` back into JSON, row by row into one buffer. Anything that does not fit the grammar ends in false.
struct TableReader: ~Copyable {
  var header: TableHeader
  /// How many rows have been read; tables without cells have rows all the same.
  private(set) var rowsRead = 0
  /// The cells of the row that is being read.
  private let cells: UnsafeMutableBufferPointer<CellSpan>
  /// The row of each lookup's table that the row leads to, or -1.
  private var lookupRows: [Int]
  /// The objects and arrays of the row that are open: where each starts, and where what is in it does.
  private var open: [(start: Int, content: Int)] = []
  /// Parts that may still be put together: columns that are computed from each other must not cost more than the text is long.
  private var work = 1 << 22

  /// The most bytes a table may stand for: a few lines must not become gigabytes.
  private static let mostBytes = 256 << 20
  /// How many columns may be computed one from the other.
  private static let deepest = 32

  init(_ header: consuming TableHeader) {
    cells = .allocate(capacity: header.cellCount)
    cells.initialize(repeating: .missing)
    lookupRows = Array(repeating: -1, count: header.lookups.count)
    self.header = header
  }

  deinit { cells.deallocate() }

  /// Reads a table with all its rows at `depth`, as an array of objects, or as an object when it is a map.
  static func read(_ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    var header = TableHeader()
    guard header.read(&reader, depth: depth) else { return false }
    var table = TableReader(header)
    out.append(table.header.isKeyed ? UInt8(ascii: "{") : UInt8(ascii: "["))
    let start = out.count
    guard table.readAll(&reader, depth: depth, into: &out) else { return false }
    let close = table.header.isKeyed ? UInt8(ascii: "}") : UInt8(ascii: "]")
    if out.count > start { out[out.count - 1] = close } else { out.append(close) }
    return true
  }

  /// Reads the marker of a table with rows out of view, if there is one, and all rows.
  private mutating func readAll(_ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    guard let line = reader.peek(depth: depth), CutMarker(reader.bytes, line) != nil else {
      return readRows(header.rowCount, &reader, depth: depth, into: &out)
    }
    _ = reader.next(depth: depth)
    append(standIn: line, reader, &out)
    while rowsRead < header.rowCount {
      if let line = reader.peek(depth: depth), let gap = gap(reader, line) {
        guard gap.lowerBound == rowsRead, gap.upperBound <= header.rowCount else { return false }
        _ = reader.next(depth: depth)
        append(standIn: line, reader, &out)
        rowsRead = gap.upperBound
      } else {
        guard readRows(1, &reader, depth: depth, into: &out) else { return false }
      }
    }
    return true
  }

  /// Appends a line that stands for rows out of view, as a string among the rows.
  private func append(standIn line: Range<Int>, _ reader: LineReader, _ out: inout ByteWriter) {
    reader.bytes.withUnsafeBufferPointer { JSONString.quote(UnsafeBufferPointer(rebasing: $0[line]), into: &out) }
    if header.isKeyed { out.append(":null") }
    out.append(UInt8(ascii: ","))
  }

  /// The rows that a line such as `[rows 3-40]` stands for, counted from zero.
  private func gap(_ reader: LineReader, _ line: Range<Int>) -> Range<Int>? {
    var p = line.lowerBound
    let end = line.upperBound
    guard header.cellCount > 0, reader.skip("[row", at: &p, end: end) else { return nil }
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

  // MARK: Rows

  /// Reads so many rows at `depth`, with what stands below each, and appends them as objects, each with a comma behind it.
  mutating func readRows(_ count: Int, _ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    guard count <= header.rowCount - rowsRead else { return false }
    let bytes = reader.bytes
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return count == 0 }
      for _ in 0..<count {
        guard readCells(base, &reader, depth: depth) else { return false }
        if header.isKeyed {
          guard appendKey(base, depth: depth, to: &out) else { return false }
        }
        guard appendObject(base, depth: depth, to: &out), out.count <= TableReader.mostBytes else { return false }
        rowsRead += 1
      }
      return true
    }
  }

  /// Reads one row at `depth` and appends the value of each column, as JSON, to `text`. Where each stands goes to `values`, empty where
  /// there is none.
  mutating func readRow(
    _ reader: inout LineReader, depth: Int, valuesTo text: inout ByteWriter, _ values: inout [Range<Int>]
  ) -> Bool {
    let bytes = reader.bytes
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, header.cellCount > 0, values.count <= 1 << 16 + 8 * buffer.count,
        readCells(base, &reader, depth: depth)
      else { return false }
      for column in header.columns.indices {
        let start = text.count
        if !appendValue(column, base, depth: depth, level: 0, to: &text) { text.truncate(to: start) }
        values.append(start..<text.count)
      }
      rowsRead += 1
      return text.count <= TableReader.mostBytes
    }
  }

  /// Reads the line of the next row, and what stands below it.
  @inline(__always)
  private mutating func readCells(_ bytes: UnsafePointer<UInt8>, _ reader: inout LineReader, depth: Int) -> Bool {
    guard cells.count > 0 else { return true }
    guard let line = reader.next(depth: depth) else { return false }
    work += 16 * line.count
    var p = line.lowerBound
    let end = line.upperBound
    var needsMore = false
    for place in cells.indices {
      guard place == 0 || p < end else {
        cells[place] = .missing
        continue
      }
      // A delimiter at the end of the line has an empty cell behind it.
      if place > 0 { p += 1 }
      guard let cell = CellSpan.read(bytes, at: &p, end: end, delimiter: header.delimiter) else { return false }
      cells[place] = cell
      if cell.kind.rawValue >= CellSpan.Kind.code.rawValue { needsMore = true }
    }
    guard p == end else { return false }
    if needsMore {
      guard readBelow(bytes, &reader, depth: depth) else { return false }
    }
    if !lookupRows.isEmpty { findLookupRows(bytes, depth: depth) }
    return true
  }

  /// Resolves codes, and reads the lines below a row that its cells speak of, in the order of the cells.
  private mutating func readBelow(_ bytes: UnsafePointer<UInt8>, _ reader: inout LineReader, depth: Int) -> Bool {
    for place in cells.indices {
      let cell = cells[place]
      switch cell.kind {
      case .missing, .json, .text: break
      case .code:
        guard let column = column(ofCell: place), header.columns[column].form == .codes, cell.start >= 1,
          cell.start <= header.columns[column].list.count
        else { return false }
      case .nested:
        guard let column = column(ofCell: place), header.columns[column].form == .nested, cell.start > 0 else {
          return false
        }
        let nested = header.nested[header.columns[column].first]
        nested.rows.truncate(to: 0)
        guard nested.table.readRows(cell.start, &reader, depth: depth + 1, into: &nested.rows) else { return false }
      case .literal:
        guard let lines = reader.lines(cell.start, depth: depth + 1) else { return false }
        cells[place].start = lines.lowerBound
        cells[place].end = lines.upperBound
      }
    }
    return true
  }

  private func column(ofCell place: Int) -> Int? {
    let number = header.isKeyed ? place - 1 : place
    return number < 0 ? nil : header.visible[number]
  }

  /// Where a lookup's key is itself looked up, that is in a later table: so the last comes first.
  private mutating func findLookupRows(_ bytes: UnsafePointer<UInt8>, depth: Int) {
    for index in lookupRows.indices { lookupRows[index] = -1 }
    var key = ByteWriter(capacity: 64)
    for index in lookupRows.indices.reversed() {
      key.truncate(to: 0)
      if appendValue(header.lookups[index].column, bytes, depth: depth, level: 0, to: &key) {
        lookupRows[index] = header.lookups[index].rows.number(of: key.view, in: header.text.base) ?? -1
      }
    }
  }

  // MARK: Writing JSON

  private func appendKey(_ bytes: UnsafePointer<UInt8>, depth: Int, to out: inout ByteWriter) -> Bool {
    switch cells[0].kind {
    case .json:
      guard bytes[cells[0].start] == UInt8(ascii: "\"") else { return false }
      _ = out.append(cells[0], of: bytes)
    case .text: _ = out.append(cells[0], of: bytes)
    case .literal: out.append(lines: cells[0].start..<cells[0].end, depth: depth + 1, of: bytes)
    case .missing, .code, .nested: return false
    }
    out.append(UInt8(ascii: ":"))
    return true
  }

  /// Appends the row as a minified object, with a comma behind it.
  private mutating func appendObject(_ bytes: UnsafePointer<UInt8>, depth: Int, to out: inout ByteWriter) -> Bool {
    out.append(UInt8(ascii: "{"))
    let first = out.count
    var i = 0
    while i < header.members.count {
      let kind = header.members[i].kind
      let text = header.members[i].text
      let start = out.count
      i += 1
      switch kind {
      case .literal: out.append(header.text.base + text.lowerBound, text.count)
      case .value:
        let column = header.members[i - 1].column
        let cell = header.columns[column].cell
        if cell >= 0, cells[cell].kind == .missing { continue }
        out.append(header.text.base + text.lowerBound, text.count)
        guard appendValue(column, bytes, depth: depth, level: 0, to: &out) else {
          out.truncate(to: start)
          continue
        }
        out.append(UInt8(ascii: ","))
      case .open:
        let member = header.members[i - 1]
        if member.column >= 0 {
          out.append(header.text.base + text.lowerBound, member.keyLength)
          if appendValue(member.column, bytes, depth: depth, level: 0, to: &out) {
            out.append(UInt8(ascii: ","))
            i = member.next
            continue
          }
          out.truncate(to: start)
        }
        out.append(header.text.base + text.lowerBound, text.count)
        open.append((start, out.count))
      case .close:
        let (start, content) = open.removeLast()
        if out.count == content {
          out.truncate(to: start)
        } else {
          out[out.count - 1] = header.text[text.lowerBound]
          out.append(UInt8(ascii: ","))
        }
      }
    }
    if out.count == first { out.append(UInt8(ascii: "}")) } else { out[out.count - 1] = UInt8(ascii: "}") }
    out.append(UInt8(ascii: ","))
    return work >= 0
  }

  /// Appends the value of a column in this row, as JSON; false when it is missing. `level` is how many columns led here.
  @inline(__always)
  private mutating func appendValue(
    _ column: Int, _ bytes: UnsafePointer<UInt8>, depth: Int, level: Int, to out: inout ByteWriter
  ) -> Bool {
    if header.columns[column].form == .cells {
      let cell = cells[header.columns[column].cell]
      if out.append(cell, of: bytes) { return true }
    }
    return appendOther(column, bytes, depth: depth, level: level, to: &out)
  }

  @inline(never)
  private mutating func appendOther(
    _ number: Int, _ bytes: UnsafePointer<UInt8>, depth: Int, level: Int, to out: inout ByteWriter
  ) -> Bool {
    let column = header.columns[number]
    switch column.form {
    case .constant: out.append(header.bytes(column.value))
    case .series:
      let (distance, overflow) = column.step.multipliedReportingOverflow(by: rowsRead)
      let (value, overflowToo) = column.first.addingReportingOverflow(distance)
      guard !overflow, !overflowToo else { return false }
      out.append(decimal: value)
    case .times:
      out.append(UInt8(ascii: "\""))
      TimeStamp(seconds: column.first + column.step * rowsRead, isUTC: column.isUTC).write(into: &out)
      out.append(UInt8(ascii: "\""))
    case .mostly: out.append(header.bytes(exception(column) ?? column.value))
    case .computed: return appendComputed(column, bytes, depth: depth, level: level, to: &out)
    case .lookup:
      let row = lookupRows[column.first]
      guard row >= 0 else { return false }
      let value = header.lookups[column.first].values[row * header.lookups[column.first].width + column.step]
      out.append(header.bytes(value))
      return !value.isEmpty
    case .cells, .codes, .affix, .nested:
      guard column.cell >= 0 else { return false }
      return appendCell(cells[column.cell], column, bytes, depth: depth, to: &out)
    }
    return true
  }

  private func exception(_ column: TableHeader.Column) -> Range<Int>? {
    var low = column.list.lowerBound
    var high = column.list.upperBound
    while low < high {
      let middle = (low + high) / 2
      if header.exceptions[middle].rows.upperBound <= rowsRead { low = middle + 1 } else { high = middle }
    }
    guard low < column.list.upperBound, header.exceptions[low].rows.contains(rowsRead) else { return nil }
    return header.exceptions[low].value
  }

  private func appendCell(
    _ cell: CellSpan, _ column: TableHeader.Column, _ bytes: UnsafePointer<UInt8>, depth: Int, to out: inout ByteWriter
  ) -> Bool {
    switch cell.kind {
    case .missing: return false
    case .literal: out.append(lines: cell.start..<cell.end, depth: depth + 1, of: bytes)
    case .code: out.append(header.bytes(header.codes[column.list.lowerBound + cell.start - 1]))
    case .nested:
      let rows = header.nested[column.first].rows.view
      out.append(UInt8(ascii: "["))
      out.append(rows)
      out[out.count - 1] = UInt8(ascii: "]")
    case .json, .text:
      guard column.form == .affix else { return out.append(cell, of: bytes) }
      out.append(UInt8(ascii: "\""))
      JSONString.escape(header.bytes(column.value), into: &out)
      let core = UnsafeBufferPointer(start: bytes + cell.start, count: cell.end - cell.start)
      if cell.kind == .json, core.first == UInt8(ascii: "\"") {
        // Escaped already.
        out.append(bytes + cell.start + 1, core.count - 2)
      } else {
        JSONString.escape(core, into: &out)
      }
      JSONString.escape(header.bytes(column.suffix), into: &out)
      out.append(UInt8(ascii: "\""))
    }
    return true
  }

  // MARK: Computed texts

  private mutating func appendComputed(
    _ column: TableHeader.Column, _ bytes: UnsafePointer<UInt8>, depth: Int, level: Int, to out: inout ByteWriter
  ) -> Bool {
    guard level < TableReader.deepest else { return false }
    out.append(UInt8(ascii: "\""))
    let first = out.count
    for index in column.list {
      work -= 1
      guard work >= 0, out.count <= TableReader.mostBytes else { return false }
      guard let source = header.parts[index].source else {
        out.append(header.bytes(header.parts[index].text))
        continue
      }
      let other = header.parts[index].column
      let start = out.count
      guard appendText(other, bytes, depth: depth, level: level + 1, to: &out) else { return false }
      switch source {
      case .whole: break
      case .basename:
        let written = UnsafeBufferPointer(start: out.base + start, count: out.count - start)
        if let slash = written.lastIndex(of: UInt8(ascii: "/")) { out.remove(start..<start + slash + 1) }
      case .core:
        let prefix = header.columns[other].value.count
        let suffix = header.columns[other].suffix.count
        guard header.columns[other].form == .affix, out.count - start >= prefix + suffix else { return false }
        out.truncate(to: out.count - suffix)
        out.remove(start..<start + prefix)
      }
    }
    if headroom_json_string_stop(out.base + first, out.count - first) < out.count - first {
      let text = out.bytes(from: first)
      out.truncate(to: first)
      text.withUnsafeBufferPointer { JSONString.escape($0, into: &out) }
    }
    out.append(UInt8(ascii: "\""))
    return true
  }

  /// Appends the text of a column's value: of a string what it says, of anything else the JSON.
  private mutating func appendText(
    _ column: Int, _ bytes: UnsafePointer<UInt8>, depth: Int, level: Int, to text: inout ByteWriter
  ) -> Bool {
    let start = text.count
    guard appendValue(column, bytes, depth: depth, level: level, to: &text) else { return false }
    guard text.count - start >= 2, text[start] == UInt8(ascii: "\"") else { return true }
    let content = UnsafeBufferPointer(start: text.base + start + 1, count: text.count - start - 2)
    guard let length = JSONString.unescape(content, to: text.base + start) else { return false }
    text.truncate(to: start + length)
    return true
  }
}
