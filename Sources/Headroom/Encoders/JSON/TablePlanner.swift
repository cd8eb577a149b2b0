/// Chooses the ``TablePlan/Form`` of every column by token counts. The order of trials goes from what removes a column altogether to what
/// shortens its cells; each must save ``leastSaving`` tokens.
struct TablePlanner {
  let pool: ValuePool
  let options: Options
  private var plan: TablePlan
  private var summaries: [ColumnSummary] = []
  /// Tokens of the cells of each column in its best form so far that keeps the column.
  private var shortest: [Int] = []

  struct Options {
    /// Whether columns may be moved into tables of pairs in the header, and arrays into tables of their own.
    var allowsTables = true
    /// Whether forms may refer to row numbers. Not where rows are cut.
    var allowsRowNumbers = true
    /// Whether the order of members must come back whatever it costs.
    var keepsOrder = false
    /// How many tables this one is inside of.
    var depth = 0
  }

  static let leastSaving = 12
  private static let deepest = 4
  private static let mostLookups = 4

  static func plan(_ columns: [TableColumn], rowCount: Int, pool: ValuePool, options: Options = Options()) -> TablePlan
  {
    var planner = TablePlanner(
      pool: pool, options: options,
      plan: TablePlan(
        rowCount: rowCount, columns: columns, forms: Array(repeating: .cells, count: columns.count),
        keepsOrder: options.keepsOrder))
    planner.run()
    return planner.plan
  }

  private init(pool: ValuePool, options: Options, plan: TablePlan) {
    self.pool = pool
    self.options = options
    self.plan = plan
  }

  private mutating func run() {
    var seen = [Int32](repeating: -1, count: pool.count)
    summaries = plan.columns.map { ColumnSummary($0.ids, pool, seen: &seen) }
    for index in plan.columns.indices {
      plan.forms[index] = constant(index) ?? series(index) ?? .cells
    }
    computeBasenames()
    compute()
    if options.allowsTables, options.depth < TablePlanner.deepest { nest() }
    shortest = plan.columns.indices.map { summaries[$0].cost }
    var inPlace: [Int: TablePlan.Form] = [:]
    for index in plan.columns.indices where isCells(index) {
      if let (form, cost) = shortened(index) {
        inPlace[index] = form
        shortest[index] = cost
      }
    }
    if options.allowsTables {
      while plan.lookups.count < TablePlanner.mostLookups, let lookup = bestLookup() {
        for column in lookup.columns { plan.forms[column] = .lookup(plan.lookups.count) }
        plan.lookups.append(lookup)
      }
    }
    for (index, form) in inPlace where isCells(index) { plan.forms[index] = form }
  }

  private func isCells(_ index: Int) -> Bool {
    if case .cells = plan.forms[index] { true } else { false }
  }

  // MARK: Forms without a cell

  private func constant(_ index: Int) -> TablePlan.Form? {
    let summary = summaries[index]
    guard summary.distinct.count == 1, summary.missing == 0, plan.rowCount > 1 else { return nil }
    return .constant(summary.distinct[0])
  }

  private func series(_ index: Int) -> TablePlan.Form? {
    let ids = plan.columns[index].ids
    guard options.allowsRowNumbers, ids.count >= 4, summaries[index].distinct.count == ids.count else { return nil }
    if let first = pool.integer(ids[0]) {
      guard let second = pool.integer(ids[1]) else { return nil }
      let step = second - first
      guard step != 0, abs(first) < 1 << 52, abs(step) < 1 << 40 else { return nil }
      for row in 2..<ids.count where pool.integer(ids[row]) != first + step * row { return nil }
      return .series(first: first, step: step)
    }
    guard summaries[index].isText, let first = TimeStamp(pool.text(ids[0])), let second = TimeStamp(pool.text(ids[1]))
    else {
      return nil
    }
    let step = second.seconds - first.seconds
    guard step != 0, first.isUTC == second.isUTC else { return nil }
    for row in 2..<ids.count {
      guard TimeStamp(pool.text(ids[row])) == TimeStamp(seconds: first.seconds + step * row, isUTC: first.isUTC) else {
        return nil
      }
    }
    return .times(first: first, step: step)
  }

  /// A name beside its path is the one case where the shorter text is computed from the longer.
  private mutating func computeBasenames() {
    let texts = plan.columns.indices.filter { isCells($0) && summaries[$0].isText && summaries[$0].distinct.count > 1 }
    for name in texts where summaries[name].cost >= TablePlanner.leastSaving * 2 {
      let path = texts.first { path in
        isCells(path) && summaries[path].cost > summaries[name].cost
          && summaries[path].missing == summaries[name].missing
          && plan.columns[name].ids.indices.allSatisfy { row in
            let (own, other) = (plan.columns[name].ids[row], plan.columns[path].ids[row])
            guard own >= 0, other >= 0 else { return own == other }
            let text = pool.text(other)
            let start = text.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            return pool.text(own).elementsEqual(UnsafeBufferPointer(rebasing: text[start...]))
          }
      }
      if let path { plan.forms[name] = .computed(TablePlan.Template(parts: [.column(path, .basename)])) }
    }
  }

  /// Longer texts may be computed from shorter columns, never the other way round: so no column is computed from itself.
  private mutating func compute() {
    let order = plan.columns.indices.filter { summaries[$0].distinct.count > 1 }
      .sorted { (summaries[$0].cost, $0) < (summaries[$1].cost, $1) }
    let finder = TemplateFinder(pool: pool, columns: plan.columns, summaries: summaries)
    for (position, index) in order.enumerated().reversed() where isCells(index) && summaries[index].isText {
      guard summaries[index].cost >= TablePlanner.leastSaving * 2 else { continue }
      guard let template = finder.template(for: index, from: order[..<position].filter { isSource($0) }) else {
        continue
      }
      plan.forms[index] = .computed(template)
      // A core is only there to be taken where the column it is of shows its cells that way.
      for case .column(let source, .core) in template.parts where isCells(source) {
        plan.forms[source] = finder.affixForm(source)
      }
    }
  }

  private func isSource(_ index: Int) -> Bool {
    switch plan.forms[index] {
    case .cells, .affix, .series, .times: true
    default: false
    }
  }

  // MARK: Tables of their own

  /// Lifts columns of arrays of objects into nested tables where that is shorter than JSON in the cells.
  private mutating func nest() {
    for index in plan.columns.indices where isCells(index) {
      guard let (rows, children) = arrays(index) else { continue }
      guard let columns = TableFlattener.columns(of: children, pool: pool) else { continue }
      var options = options
      options.depth += 1
      let child = TablePlanner.plan(columns, rowCount: children.count, pool: pool, options: options)
      let table = RenderedTable(child, pool)
      let inCells = min(summaries[index].cost, codesCost(index))
      guard table.cost + plan.rowCount * 2 + TablePlanner.leastSaving < inCells else { continue }
      plan.forms[index] = .nested(plan.nested.count)
      plan.nested.append(TablePlan.Nested(table: table, rows: rows))
    }
  }

  /// The elements of the arrays in a column, and which belong to which row. Nil when they are not tables.
  private func arrays(_ index: Int) -> (rows: [Range<Int>], children: [Int])? {
    let document = pool.document
    var rows: [Range<Int>] = []
    var children: [Int] = []
    for node in plan.columns[index].nodes {
      let start = children.count
      if node >= 0, document.nodes[Int(node)].kind == .array {
        var element = Int(node) + 1
        while element < document.nodes[Int(node)].next {
          guard document.nodes[element].kind == .object, document.nodes[element].next > element + 1 else { return nil }
          children.append(element)
          element = document.nodes[element].next
        }
      }
      rows.append(start..<children.count)
    }
    return children.count >= 3 ? (rows, children) : nil
  }

  // MARK: Lookups

  /// The column that, listed once with what it determines, saves most.
  private func bestLookup() -> TablePlan.Lookup? {
    let open = plan.columns.indices.filter { isCells($0) }
    guard open.count > 1 else { return nil }
    var best: (saving: Int, lookup: TablePlan.Lookup)?
    for key in open {
      let summary = summaries[key]
      guard summary.distinct.count > 1, summary.distinct.count * 5 <= plan.rowCount * 3, isLookupKey(key) else {
        continue
      }
      var saving = -2 * summary.distinct.count - 8 - summary.distinct.reduce(0) { $0 + pool.cost($1) }
      var columns: [Int] = []
      for column in open where column != key && summaries[column].distinct.count <= summary.distinct.count {
        guard isDetermined(column, by: key) else { continue }
        let listed = summary.firstRows.reduce(0) { total, row in
          let id = plan.columns[column].ids[row]
          return total + (id >= 0 ? pool.cost(id) : 1) + 1
        }
        let own = shortest[column] + plan.rowCount - listed
        guard own > 2 else { continue }
        saving += own
        columns.append(column)
      }
      guard !columns.isEmpty, saving >= TablePlanner.leastSaving, saving > best?.saving ?? 0 else { continue }
      best = (saving, TablePlan.Lookup(key: key, columns: columns, rows: summary.firstRows))
    }
    return best?.lookup
  }

  /// Keys are plain values: a reader looks them up by eye.
  private func isLookupKey(_ index: Int) -> Bool {
    summaries[index].distinct.allSatisfy { id in
      switch pool.kind(id) {
      case .string, .number: !pool.traits(id).contains(.newline) && !pool.traits(id).contains(.lexemeOnly)
      default: false
      }
    }
  }

  /// Whether rows with one value of `key` have one value of `column`, and rows without a key have none.
  private func isDetermined(_ column: Int, by key: Int) -> Bool {
    let keys = plan.columns[key].ids
    let values = plan.columns[column].ids
    var value: [ValuePool.ID: ValuePool.ID] = [:]
    value.reserveCapacity(summaries[key].distinct.count)
    for (row, id) in summaries[key].distinct.enumerated() { value[id] = values[summaries[key].firstRows[row]] }
    for row in keys.indices {
      if keys[row] < 0 {
        if values[row] >= 0 { return false }
      } else if value[keys[row]] != values[row] {
        return false
      }
    }
    return true
  }

  // MARK: Shorter cells

  /// The best form that shortens or thins a column's cells, with its cost, if one saves enough.
  private func shortened(_ index: Int) -> (TablePlan.Form, Int)? {
    let plain = summaries[index].cost + plan.rowCount
    var best: (form: TablePlan.Form, cost: Int)?
    func consider(_ form: TablePlan.Form, _ cost: Int) {
      let need = max(TablePlanner.leastSaving, plain * 3 / 100)
      if cost + need <= plain, cost < best?.cost ?? .max { best = (form, cost) }
    }
    if let (form, cost) = mostly(index) { consider(form, cost) }
    let codes = codesCost(index)
    if codes < .max { consider(.codes(summaries[index].distinct), codes + plan.rowCount) }
    if let affix = affix(index) { consider(affix.form, affix.cost + plan.rowCount) }
    return best.map { ($0.form, $0.cost - plan.rowCount) }
  }

  /// One value in nine rows of ten and more, the others named by row.
  private func mostly(_ index: Int) -> (TablePlan.Form, Int)? {
    let summary = summaries[index]
    guard options.allowsRowNumbers, plan.rowCount >= 10, summary.missing == 0,
      summary.distinct.count <= 1 + plan.rowCount / 10,
      let most = summary.counts.indices.max(by: { (summary.counts[$0], -$0) < (summary.counts[$1], -$1) }),
      summary.counts[most] * 10 >= plan.rowCount * 9
    else { return nil }
    let usual = summary.distinct[most]
    var exceptions: [(id: ValuePool.ID, rows: [Int])] = []
    for (row, id) in plan.columns[index].ids.enumerated() where id != usual {
      if let known = exceptions.firstIndex(where: { $0.id == id }) {
        exceptions[known].rows.append(row)
      } else {
        exceptions.append((id, [row]))
      }
    }
    let cost = exceptions.reduce(8) { $0 + pool.cost($1.id) + 2 * $1.rows.count + 2 }
    return (.mostly(usual, except: exceptions), cost)
  }

  /// Tokens of a column whose distinct values are listed once and named by number; `.max` where numbers would not help a reader.
  private func codesCost(_ index: Int) -> Int {
    let summary = summaries[index]
    let present = plan.rowCount - summary.missing
    guard summary.distinct.count * 2 <= present, summary.distinct.count > 1, summary.cost > 60,
      summary.distinct.contains(where: { pool.cost($0) >= 4 })
    else { return .max }
    let list = summary.distinct.reduce(6) { $0 + pool.cost($1) + 3 }
    let total = list + present * 2 + summary.missing
    return total * 100 < summary.cost * 85 ? total : .max
  }

  private func affix(_ index: Int) -> (form: TablePlan.Form, cost: Int)? {
    let summary = summaries[index]
    // Texts of several lines stand below their rows, whole.
    guard summary.isText, summary.distinct.count > 1,
      !summary.distinct.contains(where: { pool.traits($0).contains(.newline) }),
      let affix = Affix(summary.distinct, pool)
    else { return nil }
    var cost = 2 + affix.cost(pool.counter)
    var core: [UInt8] = []
    for (position, id) in summary.distinct.enumerated() {
      core.removeAll(keepingCapacity: true)
      core.append(contentsOf: affix.core(pool.text(id)))
      cost += max(1, pool.counter.count(core)) * summary.counts[position]
    }
    guard cost * 100 < summary.cost * 93 else { return nil }
    return (.affix(prefix: affix.prefix, suffix: affix.suffix), cost)
  }
}
