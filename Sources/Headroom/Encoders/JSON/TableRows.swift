/// The rows of a table in the making: written with any delimiter, or only counted.
///
/// Counting leaves out what costs the same whatever stands around it (``TokenSeam``): the inside of long values is counted once by the
/// ``ValuePool``, and the lines below a row once for all delimiters.
struct TableRows: ~Copyable {
  private struct Column {
    enum Kind { case cells, codes, affix, nested }
    var kind = Kind.cells
    /// Of an affix column, the bytes that cells leave out at either end.
    var prefix = 0
    var suffix = 0
    var nested = 0
  }

  private let plan: TablePlan
  private let pool: ValuePool
  private let cut: RenderedTable.Cut?
  private let columns: [Column]
  private let isKeyed: Bool
  /// The cells row by row: values; ``ValuePool/missing``; or, where less, the numbers of codes.
  private let cells: [ValuePool.ID]
  /// The lines below a row.
  private var below = ByteWriter()
  /// What counting needs of the lines below rows, once it has seen them: the ends of each row's lines, and what their inside costs.
  private var belowEnds = ByteWriter()
  private var belowOfRow: [(ends: Range<Int>, cost: Int)] = []

  init(_ plan: TablePlan, _ pool: ValuePool, visible: [Int], keys: [ValuePool.ID]?, cut: RenderedTable.Cut?) {
    self.plan = plan
    self.pool = pool
    self.cut = cut
    isKeyed = keys != nil
    var columns = keys == nil ? [] : [Column()]
    let width = visible.count + columns.count
    var cells = [ValuePool.ID](repeating: ValuePool.missing, count: plan.rowCount * width)
    if let keys {
      for row in 0..<plan.rowCount { cells[row * width] = keys[row] }
    }
    for index in visible {
      var column = Column()
      let ids = plan.columns[index].ids
      let place = columns.count
      for row in 0..<plan.rowCount { cells[row * width + place] = ids[row] }
      switch plan.forms[index] {
      case .affix(let prefix, let suffix):
        column.kind = .affix
        column.prefix = prefix.count
        column.suffix = suffix.count
      case .nested(let nested):
        column.kind = .nested
        column.nested = nested
      case .codes(let values):
        column.kind = .codes
        let numbers = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, ValuePool.ID(-2 - $0)) })
        for row in 0..<plan.rowCount {
          if ids[row] >= 0, let number = numbers[ids[row]] { cells[row * width + place] = number }
        }
      default: break
      }
      columns.append(column)
    }
    self.columns = columns
    self.cells = cells
  }

  // MARK: Counting

  /// The tokens of some rows as written with a delimiter, or nil when there are more than `limit`.
  mutating func count(_ rows: Range<Int>, delimiter: UInt8, limit: Int = .max) -> Int? {
    var out = ByteWriter(capacity: 4_096)
    var ends: [Int] = []
    let inside = write(rows, delimiter: delimiter, isCount: true, to: &out, &ends)
    return pool.counter.count(out.view, limit: limit == .max ? .max : limit - inside).map { $0 + inside }
  }

  // MARK: Writing

  /// Appends the lines of some rows, and where each row ends.
  mutating func append(_ rows: Range<Int>, delimiter: UInt8, to out: inout ByteWriter, _ rowEnds: inout [Int]) {
    _ = write(rows, delimiter: delimiter, isCount: false, to: &out, &rowEnds)
  }

  /// Appends rows; if they are only counted, without the inside of values, whose tokens it returns.
  private mutating func write(
    _ rows: Range<Int>, delimiter: UInt8, isCount: Bool, to out: inout ByteWriter, _ rowEnds: inout [Int]
  ) -> Int {
    let width = columns.count
    let quotesEmpty = width == 1 || delimiter == UInt8(ascii: " ")
    let quoted = Cell.quoted(delimiter)
    var inside = 0
    var nextInView = rows.lowerBound == 0 ? 0 : cut.map { $0.kept[rows.lowerBound - 1] + 1 } ?? 0
    for row in rows {
      if let cut {
        appendGap(nextInView..<cut.kept[row], to: &out)
        nextInView = cut.kept[row] + 1
      }
      let start = out.count
      // Cells at the end that are missing are left out.
      var endOfPresent = start
      var hasBelow = false
      for place in 0..<width {
        if place > 0 { out.append(delimiter) }
        let id = cells[row * width + place]
        guard id >= 0 else {
          if id == ValuePool.missing {
            out.append(UInt8(ascii: "-"))
          } else {
            out.append(UInt8(ascii: "@"))
            out.append(decimal: Int(-1 - id))
            endOfPresent = out.count
          }
          continue
        }
        let traits = pool.traits(id)
        switch columns[place].kind {
        case .affix:
          let text = pool.text(id)
          let core = columns[place].prefix..<text.count - columns[place].suffix
          inside += append(core: core, of: text, id, quoted: quoted, isCount: isCount, to: &out)
        case .nested where !plan.nested[columns[place].nested].rows[row].isEmpty:
          hasBelow = true
          out.append(UInt8(ascii: "^"))
          out.append(decimal: plan.nested[columns[place].nested].rows[row].count)
        default:
          if traits.contains(.newline), let lines = Cell.literalLineCount(id, pool), !(isKeyed && place == 0) {
            hasBelow = true
            out.append("<<")
            out.append(decimal: lines)
          } else if quotesEmpty, traits.contains(.empty) {
            out.append("\"\"")
          } else {
            let isBare = pool.kind(id) == .string && traits.isDisjoint(with: quoted)
            let form = isBare ? pool.text(id) : pool.lexeme(id)
            if isCount, let interior = pool.interior(of: id, in: form) {
              inside += interior.cost
              out.append(form, without: interior.range)
            } else {
              out.append(form)
            }
          }
        }
        endOfPresent = out.count
      }
      out.truncate(to: endOfPresent)
      if out.count == start, !isEmptyText(cells[row * width]) { out.append(UInt8(ascii: "-")) }
      out.append(UInt8(ascii: "\n"))
      if hasBelow { inside += appendBelow(row, isCount: isCount, to: &out) }
      if !isCount { rowEnds.append(out.count) }
    }
    if let cut, rows.upperBound == plan.rowCount { appendGap(nextInView..<cut.total, to: &out) }
    return inside
  }

  /// Whether a first cell is an empty string, which an empty line says.
  private func isEmptyText(_ id: ValuePool.ID) -> Bool { id >= 0 && pool.traits(id).contains(.empty) }

  /// Appends what a cell of an affix column shows of its text.
  private func append(
    core: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ id: ValuePool.ID, quoted: TextTraits, isCount: Bool,
    to out: inout ByteWriter
  ) -> Int {
    let bytes = UnsafeBufferPointer(rebasing: text[core])
    let isBare = Cell.isBare(core: bytes, quoted: quoted)
    guard isCount, let (range, cost) = pool.interior(of: id, in: text), core.lowerBound < range.lowerBound,
      range.upperBound < core.upperBound, isBare || pool.isPlain(id)
    else {
      if isBare { out.append(bytes) } else { JSONString.quote(bytes, into: &out) }
      return 0
    }
    if !isBare { out.append(UInt8(ascii: "\"")) }
    out.append(bytes, without: range.lowerBound - core.lowerBound..<range.upperBound - core.lowerBound)
    if !isBare { out.append(UInt8(ascii: "\"")) }
    return cost
  }

  /// Says which rows, counted from one, are not in view at this place.
  private func appendGap(_ rows: Range<Int>, to out: inout ByteWriter) {
    guard !rows.isEmpty else { return }
    out.append(rows.count == 1 ? "[row " : "[rows ")
    if rows.count > 1 {
      out.append(decimal: rows.lowerBound + 1)
      out.append(UInt8(ascii: "-"))
    }
    out.append(decimal: rows.upperBound)
    out.append("]\n")
  }

  // MARK: Lines below a row

  private mutating func appendBelow(_ row: Int, isCount: Bool, to out: inout ByteWriter) -> Int {
    if isCount, row < belowOfRow.count, belowOfRow[row].cost >= 0 {
      out.append(UnsafeBufferPointer(rebasing: belowEnds.view[belowOfRow[row].ends]))
      return belowOfRow[row].cost
    }
    below.truncate(to: 0)
    for place in columns.indices {
      let id = cells[row * columns.count + place]
      guard id >= 0, columns[place].kind != .affix else { continue }
      if columns[place].kind == .nested, !plan.nested[columns[place].nested].rows[row].isEmpty {
        let nested = plan.nested[columns[place].nested]
        nested.table.body.withUnsafeBufferPointer { body in
          below.append(
            UnsafeBufferPointer(rebasing: body[nested.table.range(ofRows: nested.rows[row])]), indentedBy: 1)
        }
      } else if pool.traits(id).contains(.newline), Cell.literalLineCount(id, pool) != nil, !(isKeyed && place == 0) {
        below.append(pool.text(id), indentedBy: 1)
        below.append(UInt8(ascii: "\n"))
      }
    }
    guard isCount, let interior = TokenSeam.interior(of: below.view) else {
      out.append(below.view)
      return 0
    }
    let cost = pool.counter.count(UnsafeBufferPointer(rebasing: below.view[interior]))
    let start = belowEnds.count
    belowEnds.append(below.view, without: interior)
    out.append(below.view, without: interior)
    while belowOfRow.count <= row { belowOfRow.append((0..<0, -1)) }
    belowOfRow[row] = (start..<belowEnds.count, cost)
    return cost
  }
}
