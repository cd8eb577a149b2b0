/// Chooses the ``TablePlan/Form`` of every column by token counts. The order of trials goes from what removes a column altogether to what
/// shortens its cells; each must save ``leastSaving`` tokens.
struct TablePlanner {
  let pool: ValuePool
  let options: Options
  private let leastCost: LeastCost
  private var plan: TablePlan
  private var summaries: [ColumnSummary] = []
  /// What the texts of each column share at their ends.
  private var affixes: [Affix?] = []
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
    leastCost = LeastCost(pool: pool, document: pool.document)
  }

  private mutating func run() {
    var seen = [Int32](repeating: -1, count: pool.count)
    summaries = plan.columns.map { ColumnSummary($0.ids, pool, seen: &seen) }
    for index in plan.columns.indices {
      plan.forms[index] = constant(index) ?? series(index) ?? .cells
    }
    affixes = summaries.map { $0.isText && $0.distinct.count > 1 ? Affix($0.distinct, pool) : nil }
    computeBasenames()
    compute()
    if options.allowsTables, options.depth < TablePlanner.deepest { nest() }
    let open = plan.columns.indices.filter { isCells($0) }
    for index in open where summaries[index].isLarge { summaries[index].count(pool) }
    shortest = plan.columns.indices.map { summaries[$0].cost }
    var inPlace: [(index: Int, form: TablePlan.Form)] = []
    for index in open {
      if let (form, cost) = shortened(index) {
        inPlace.append((index, form))
        shortest[index] = cost
      }
    }
    if options.allowsTables { findLookups(open) }
    for (index, form) in inPlace where isCells(index) { plan.forms[index] = form }
  }

  private mutating func findLookups(_ open: [Int]) {
    guard open.count > 1 else { return }
    var finder = LookupFinder(
      pool: pool, columns: plan.columns, summaries: summaries, rowCount: plan.rowCount, open: open)
    while plan.lookups.count < TablePlanner.mostLookups,
      let lookup = finder.best(open.filter { isCells($0) }, shortest: shortest)
    {
      for column in lookup.columns { plan.forms[column] = .lookup(plan.lookups.count) }
      plan.lookups.append(lookup)
    }
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
            return pool.text(own).isEqual(to: pool.text(other).basename)
          }
      }
      if let path { plan.forms[name] = .computed(TablePlan.Template(parts: [.column(path, .basename)])) }
    }
  }

  /// Longer texts may be computed from shorter columns, never the other way round: so no column is computed from itself.
  private mutating func compute() {
    let order = plan.columns.indices.filter { summaries[$0].distinct.count > 1 && !summaries[$0].isLarge }
      .sorted { (summaries[$0].cost, $0) < (summaries[$1].cost, $1) }
    let finder = TemplateFinder(pool: pool, columns: plan.columns, affixes: affixes)
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
      let needed = table.cost + plan.rowCount * 2 + TablePlanner.leastSaving
      guard needed < leastInCells(index, limit: needed + 1) || needed < inCells(index) else { continue }
      plan.forms[index] = .nested(plan.nested.count)
      plan.nested.append(TablePlan.Nested(table: table, rows: rows))
    }
  }

  /// Tokens of a column of arrays as JSON in its cells.
  private mutating func inCells(_ index: Int) -> Int {
    if summaries[index].isLarge { summaries[index].count(pool) }
    return min(summaries[index].cost, codesCost(index))
  }

  /// The least that ``inCells(_:)`` can be, found without counting, as far as it is below `limit`.
  private func leastInCells(_ index: Int, limit: Int) -> Int {
    let summary = summaries[index]
    var listed = 6 + 2 * (plan.rowCount - summary.missing)
    var cells = 0
    for (number, row) in summary.firstRows.enumerated() where min(cells, listed) < limit {
      let least = leastCost.ofJSON(Int(plan.columns[index].nodes[row]), limit: limit)
      listed += least + 3
      cells += least * summary.counts[number]
    }
    return min(cells, listed)
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
    var exceptionOfValue = [Int](repeating: -1, count: summary.distinct.count)
    for (row, number) in summary.numbers.enumerated() where Int(number) != most {
      if exceptionOfValue[Int(number)] < 0 {
        exceptionOfValue[Int(number)] = exceptions.count
        exceptions.append((summary.distinct[Int(number)], []))
      }
      exceptions[exceptionOfValue[Int(number)]].rows.append(row)
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
      let affix = affixes[index]
    else { return nil }
    var cost = 2 + affix.cost(pool.counter)
    for (position, id) in summary.distinct.enumerated() where cost * 100 < summary.cost * 93 {
      cost += affix.coreCost(id, pool) * summary.counts[position]
    }
    guard cost * 100 < summary.cost * 93 else { return nil }
    return (.affix(prefix: affix.prefix, suffix: affix.suffix), cost)
  }
}
