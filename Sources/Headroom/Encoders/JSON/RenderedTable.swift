/// A table as text: header lines, then one line a row, with what belongs to a row indented below it.
///
///     same in all rows: state=open; user.type=User
///     series: number = 1280 step -1
///     computed: url = https://api.example.com/issues/{number}
///     3 rows: title,user.login,created_at(2026-03-*Z)
///     Login fails,octocat,14T09:21:07
///     Dark mode,hubot,14T11:02:45
///     "Crash, sometimes",octocat,15T07:30:00
///
/// ``TableReader`` reads it back.
struct RenderedTable {
  /// The header lines, the last of which names the columns. Each ends in a newline.
  private(set) var header: [UInt8] = []
  /// The rows, each with the lines below it.
  private(set) var body: [UInt8] = []
  /// Where each row ends in ``body``.
  private(set) var rowEnds: [Int] = []
  /// Tokens of header and body.
  private(set) var cost = 0
  private var bodyCost = 0

  /// Rows that are not in view, where the table stands for more rows than it shows.
  struct Cut {
    /// The numbers, from zero, of the rows in view.
    var kept: [Int]
    var total: Int
    /// The line that says what is stored and how to get it.
    var marker: [UInt8]
    /// Lines about all rows, those out of view included.
    var summary: [[UInt8]] = []
  }

  private let cut: Cut?
  private let plan: TablePlan
  private let pool: ValuePool
  /// For coded columns: the number of each value.
  private var codeNumbers: [Int: [ValuePool.ID: Int]] = [:]
  /// Columns whose cells may stand as lines below the row.
  private let visible: [Int]

  /// The order of columns may cost one token in so many of the rows.
  private static let orderShare = 50

  /// How many rows decide the delimiter.
  private static let sample = 64
  private static let delimiters: [(byte: UInt8, name: StaticString)] = [
    (UInt8(ascii: ","), ""), (UInt8(ascii: "\t"), " (tab separated)"), (UInt8(ascii: " "), " (space separated)"),
  ]

  /// `isKeyed` tables are maps: the cells of `keys`, one a row, stand first.
  init(_ plan: TablePlan, _ pool: ValuePool, keys: [ValuePool.ID]? = nil, cut: Cut? = nil) {
    self.cut = cut
    self.plan = plan
    self.pool = pool
    visible = plan.columns.indices.filter { plan.forms[$0].isVisible }
    for column in visible {
      if case .codes(let values) = plan.forms[column] {
        codeNumbers[column] = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0 + 1) })
      }
    }
    let cellCount = visible.count + (keys == nil ? 0 : 1)
    var best: (cost: Int, choice: Int)?
    if cellCount > 0 {
      // A delimiter matters between cells; one column has none.
      for choice in RenderedTable.delimiters.indices.prefix(cellCount > 1 ? 3 : 1) {
        renderRows(
          0..<min(plan.rowCount, RenderedTable.sample), delimiter: RenderedTable.delimiters[choice].byte, keys: keys)
        let cost = pool.counter.count(body) + (choice == 0 ? 0 : 4)
        if cost < best?.cost ?? .max { best = (cost, choice) }
      }
    }
    let choice = RenderedTable.delimiters[best?.choice ?? 0]
    body = []
    rowEnds = []
    if cellCount > 0 { renderRows(0..<plan.rowCount, delimiter: choice.byte, keys: keys) }
    bodyCost = pool.counter.count(body)
    writeHeader()
    header += "\(cut?.total ?? plan.rowCount) rows\(choice.name): ".utf8
    if keys != nil { header += "(key)".utf8 }
    for (position, column) in visible.enumerated() {
      if position > 0 || keys != nil { header.append(choice.byte) }
      Name.write(plan.columns[column].path, into: &header)
      if case .affix(let prefix, let suffix) = plan.forms[column] {
        header.append(UInt8(ascii: "("))
        writeAffix(prefix)
        header.append(UInt8(ascii: "*"))
        writeAffix(suffix)
        header.append(UInt8(ascii: ")"))
      }
    }
    header.append(UInt8(ascii: "\n"))
    if let cut { header += cut.marker + [UInt8(ascii: "\n")] }
    cost = pool.counter.count(header) + bodyCost
  }

  /// Where the lines of some rows are in ``body``.
  func range(ofRows rows: Range<Int>) -> Range<Int> {
    guard !rowEnds.isEmpty, !rows.isEmpty else { return 0..<0 }
    return (rows.lowerBound == 0 ? 0 : rowEnds[rows.lowerBound - 1])..<rowEnds[rows.upperBound - 1]
  }

  // MARK: Rows

  private mutating func renderRows(_ rows: Range<Int>, delimiter: UInt8, keys: [ValuePool.ID]?) {
    body.removeAll(keepingCapacity: true)
    rowEnds.removeAll(keepingCapacity: true)
    rowEnds.reserveCapacity(rows.count)
    var below: [UInt8] = []
    let quotesEmpty = visible.count + (keys == nil ? 0 : 1) == 1 || delimiter == UInt8(ascii: " ")
    var next = 0
    for row in rows {
      if let cut {
        writeGap(next..<cut.kept[row])
        next = cut.kept[row] + 1
      }
      below.removeAll(keepingCapacity: true)
      let start = body.count
      // Cells at the end that are missing are left out.
      var endOfPresent = start
      if let keys {
        write(cell: keys[row], delimiter: delimiter, quotesEmpty: quotesEmpty)
        endOfPresent = body.count
      }
      for (position, column) in visible.enumerated() {
        if position > 0 || keys != nil { body.append(delimiter) }
        let id = plan.columns[column].ids[row]
        switch plan.forms[column] {
        case .codes:
          if let number = codeNumbers[column]?[id] {
            body.append(UInt8(ascii: "@"))
            body += "\(number)".utf8
          } else {
            Cell.write(id, pool, delimiter: delimiter, into: &body)
          }
        case .affix(let prefix, let suffix) where id >= 0:
          let text = pool.text(id)
          let core = UnsafeBufferPointer(rebasing: text[prefix.count..<text.count - suffix.count])
          Cell.write(core: core, delimiter: delimiter, into: &body)
        case .nested(let index) where !plan.nested[index].rows[row].isEmpty:
          let nested = plan.nested[index]
          body.append(UInt8(ascii: "^"))
          body += "\(nested.rows[row].count)".utf8
          below.append(nested.table.body[nested.table.range(ofRows: nested.rows[row])], indentedBy: 1)
        default:
          if id >= 0, let lines = Cell.literalLineCount(id, pool) {
            body += "<<\(lines)".utf8
            below.append(pool.text(id), indentedBy: 1)
            below.append(UInt8(ascii: "\n"))
          } else {
            write(cell: id, delimiter: delimiter, quotesEmpty: quotesEmpty)
          }
        }
        if id >= 0 { endOfPresent = body.count }
      }
      body.removeSubrange(endOfPresent...)
      if body.count == start, !hasEmptyFirst(row, keys) { body.append(UInt8(ascii: "-")) }
      body.append(UInt8(ascii: "\n"))
      body += below
      rowEnds.append(body.count)
    }
    if let cut, rows.upperBound == plan.rowCount { writeGap(next..<cut.total) }
  }

  /// Says which rows, counted from one, are not in view at this place.
  private mutating func writeGap(_ rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    body += (rows.count == 1 ? "[row \(rows.upperBound)]\n" : "[rows \(rows.lowerBound + 1)-\(rows.upperBound)]\n").utf8
  }

  /// Whether the row is nothing but an empty string at its start, which an empty line says.
  private func hasEmptyFirst(_ row: Int, _ keys: [ValuePool.ID]?) -> Bool {
    if let keys { return pool.traits(keys[row]).contains(.empty) }
    let id = plan.columns[visible[0]].ids[row]
    return id >= 0 && pool.traits(id).contains(.empty)
  }

  private mutating func write(cell id: ValuePool.ID, delimiter: UInt8, quotesEmpty: Bool) {
    if quotesEmpty, id >= 0, pool.traits(id).contains(.empty) {
      body += "\"\"".utf8
    } else {
      Cell.write(id, pool, delimiter: delimiter, into: &body)
    }
  }

  // MARK: Header

  private mutating func writeHeader() {
    var constants: [UInt8] = []
    for (column, form) in plan.forms.enumerated() {
      switch form {
      case .constant(let id):
        constants +=
          constants.isEmpty ? (cut == nil ? "same in all rows: ".utf8 : "same in all rows shown: ".utf8) : "; ".utf8
        Name.write(plan.columns[column].path, into: &constants)
        constants.append(UInt8(ascii: "="))
        Cell.write(id, pool, delimiter: UInt8(ascii: ";"), into: &constants)
      case .series(let first, let step):
        start("series", column)
        header += "\(first) step \(step)\n".utf8
      case .times(let first, let step):
        start("series", column)
        header += first.text
        header += " step \(step)s\n".utf8
      case .computed(let template):
        start("computed", column)
        write(template)
        header.append(UInt8(ascii: "\n"))
      case .mostly(let usual, let exceptions):
        start("default", column)
        Cell.write(usual, pool, delimiter: UInt8(ascii: ";"), into: &header)
        for (position, exception) in exceptions.enumerated() {
          header += position == 0 ? "; except in rows ".utf8 : "; ".utf8
          writeRuns(exception.rows)
          header += " = ".utf8
          Cell.write(exception.id, pool, delimiter: UInt8(ascii: ";"), into: &header)
        }
        header.append(UInt8(ascii: "\n"))
      case .codes(let values):
        header += "codes: ".utf8
        Name.write(plan.columns[column].path, into: &header)
        for (position, id) in values.enumerated() {
          header += position == 0 ? " @1=".utf8 : "; @\(position + 1)=".utf8
          Cell.write(id, pool, delimiter: UInt8(ascii: ";"), into: &header)
        }
        header.append(UInt8(ascii: "\n"))
      case .nested(let index):
        header += "nested: ".utf8
        Name.write(plan.columns[column].path, into: &header)
        header.append(UInt8(ascii: "\n"))
        header.append(plan.nested[index].table.header[...], indentedBy: 1)
      case .cells, .affix, .lookup: break
      }
    }
    if !constants.isEmpty { header = constants + [UInt8(ascii: "\n")] + header }
    for lookup in plan.lookups { write(lookup) }
    for line in cut?.summary ?? [] { header += "about all rows: ".utf8 + line + [UInt8(ascii: "\n")] }
    writeOrder()
  }

  /// Where the columns that the header names stand among all, so that members come back in their order. Left out where it is said by the
  /// header already, or where it would cost more than exact bytes are worth.
  private mutating func writeOrder() {
    guard cut == nil else { return }
    var named: [Int] = []
    for (column, form) in plan.forms.enumerated() {
      if case .constant = form { named.append(column) }
    }
    for (column, form) in plan.forms.enumerated() {
      switch form {
      case .series, .times, .computed, .mostly, .codes, .nested: named.append(column)
      case .constant, .cells, .affix, .lookup: break
      }
    }
    for lookup in plan.lookups { named += lookup.columns }
    let listed = Set(named)
    guard named + plan.columns.indices.filter({ !listed.contains($0) }) != Array(plan.columns.indices) else { return }
    let line = Array("order: \(named.map(String.init).joined(separator: ","))\n".utf8)
    if plan.keepsOrder || pool.counter.count(line) * RenderedTable.orderShare <= bodyCost { header += line }
  }

  private mutating func start(_ form: StaticString, _ column: Int) {
    header += "\(form): ".utf8
    Name.write(plan.columns[column].path, into: &header)
    header += " = ".utf8
  }

  private mutating func write(_ template: TablePlan.Template) {
    for part in template.parts {
      switch part {
      case .literal(let bytes): header += bytes
      case .column(let source, let kind):
        header.append(UInt8(ascii: "{"))
        Name.write(plan.columns[source].path, into: &header)
        switch kind {
        case .whole: break
        case .basename: header += "|basename".utf8
        case .core: header += "|*".utf8
        }
        header.append(UInt8(ascii: "}"))
      }
    }
  }

  private mutating func write(_ lookup: TablePlan.Lookup) {
    header += "lookup by ".utf8
    Name.write(plan.columns[lookup.key].path, into: &header)
    header += ":\n".utf8
    let columns = ([lookup.key] + lookup.columns).map { column in
      TableColumn(
        path: plan.columns[column].path, ids: lookup.rows.map { plan.columns[column].ids[$0] },
        nodes: lookup.rows.map { plan.columns[column].nodes[$0] })
    }
    let options = TablePlanner.Options(allowsTables: false, allowsRowNumbers: false, keepsOrder: false)
    let table = RenderedTable(
      TablePlanner.plan(columns, rowCount: lookup.rows.count, pool: pool, options: options), pool)
    header.append(table.header[...], indentedBy: 1)
    header.append(table.body[...], indentedBy: 1)
  }

  /// `3,7-9`, counted from one.
  private mutating func writeRuns(_ rows: [Int]) {
    var i = 0
    while i < rows.count {
      var j = i
      while j + 1 < rows.count, rows[j + 1] == rows[j] + 1 { j += 1 }
      if i > 0 { header.append(UInt8(ascii: ",")) }
      header += (j > i ? "\(rows[i] + 1)-\(rows[j] + 1)" : "\(rows[i] + 1)").utf8
      i = j + 1
    }
  }

  private mutating func writeAffix(_ text: [UInt8]) {
    let isPlain = text.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20:
        false
      default: true
      }
    }
    header += isPlain ? text : JSONString.quoted(text)
  }
}
