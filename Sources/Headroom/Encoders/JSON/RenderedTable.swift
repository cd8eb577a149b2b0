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
  /// Tokens of the body alone.
  private(set) var bodyCost = 0

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
    let cellCount = visible.count + (keys == nil ? 0 : 1)
    var choice = 0
    if cellCount > 0 {
      var rows = TableRows(plan, pool, visible: visible, keys: keys, cut: cut)
      choice = chooseDelimiter(&rows, cellCount: cellCount)
      var out = ByteWriter(capacity: plan.rowCount * cellCount * 8)
      rowEnds.reserveCapacity(plan.rowCount)
      rows.append(0..<plan.rowCount, delimiter: RenderedTable.delimiters[choice].byte, to: &out, &rowEnds)
      body = out.bytes
    }
    let delimiter = RenderedTable.delimiters[choice]
    writeHeader()
    header += "\(cut?.total ?? plan.rowCount) rows\(delimiter.name): ".utf8
    if keys != nil { header += "(key)".utf8 }
    for (position, column) in visible.enumerated() {
      if position > 0 || keys != nil { header.append(delimiter.byte) }
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

  /// Whether rows have lines. They have none where the header says all there is.
  var hasCells: Bool { !rowEnds.isEmpty }

  /// Where the lines of some rows are in ``body``.
  func range(ofRows rows: Range<Int>) -> Range<Int> {
    guard !rowEnds.isEmpty, !rows.isEmpty else { return 0..<0 }
    return (rows.lowerBound == 0 ? 0 : rowEnds[rows.lowerBound - 1])..<rowEnds[rows.upperBound - 1]
  }

  // MARK: Rows

  /// The number of the delimiter that makes the rows shortest, by a sample of them; sets ``bodyCost`` to what all rows cost with it.
  private mutating func chooseDelimiter(_ rows: inout TableRows, cellCount: Int) -> Int {
    let sample = 0..<min(plan.rowCount, RenderedTable.sample)
    var best = (choice: 0, cost: rows.count(sample, delimiter: RenderedTable.delimiters[0].byte) ?? 0)
    bodyCost = best.cost
    // A delimiter matters between cells; one column has none.
    for choice in RenderedTable.delimiters.indices.dropFirst() where cellCount > 1 {
      let delimiter = RenderedTable.delimiters[choice].byte
      // Saying which it is costs four tokens.
      if let cost = rows.count(sample, delimiter: delimiter, limit: best.cost - 5) {
        best = (choice, cost + 4)
        bodyCost = cost
      }
    }
    if sample.count < plan.rowCount {
      bodyCost = rows.count(0..<plan.rowCount, delimiter: RenderedTable.delimiters[best.choice].byte) ?? 0
    }
    return best.choice
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
