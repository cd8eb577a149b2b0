/// What becomes of every value of a document when it is written as an outline: the form of each, decided bottom up by what it costs.
///
/// A value stays JSON on one line, becomes lines of its own, or, where objects repeat, a table. ``OutlineWriter`` writes the result.
struct OutlinePlan {
  enum Form {
    /// On the line of its key, as a cell.
    case inline
    /// Members on lines of their own.
    case block
    /// Elements on lines of their own.
    case list
    case table(Int)
    case map(Int)
    /// A string of several lines.
    case literal(lines: Int)
    /// A string that holds JSON, in this notation.
    case json(Int)
    /// An array of scalars with runs.
    case sequence([UInt8])
  }

  let pool: ValuePool
  let document: JSONDocument
  private let keepsOrder: Bool
  /// The form of each node that is a value of the outline; of those inside tables or inline JSON, nothing that matters.
  private(set) var forms: [Form]
  private(set) var tables: [RenderedTable] = []
  /// Strings that hold JSON, as notation.
  private(set) var texts: [[UInt8]] = []
  /// What each table was made of.
  private var sources: [TableSource] = []
  let leastCost: LeastCost
  /// About what the outline costs, in tokens.
  private var cost = 0

  /// Containers up to this many bytes may stay JSON on one line.
  private static let longestInline = 400
  private static let deepest = 32
  private static let fewestRows = 2
  static let fewestMapMembers = 3

  private struct TableSource {
    var columns: [TableColumn]
    /// The nodes of the rows.
    var rows: [Int]
    /// The keys of a map.
    var keys: [ValuePool.ID]?
  }

  /// `keepsOrder` says that members must come back in their order whatever it costs.
  init(_ pool: ValuePool, keepsOrder: Bool) {
    self.pool = pool
    self.keepsOrder = keepsOrder
    document = pool.document
    leastCost = LeastCost(pool: pool, document: pool.document)
    forms = Array(repeating: .inline, count: document.nodes.count)
    cost = decide(0, depth: 0)
  }

  /// Chooses the form of the value at `node` and returns what it costs.
  private mutating func decide(_ node: Int, depth: Int) -> Int {
    let value = document.nodes[node]
    let isContainer = value.kind == .object || value.kind == .array
    if isContainer, value.next > node + 1 { return decideContainer(node, depth: depth) }
    forms[node] = .inline
    guard value.kind == .string, value.range.count > 40 else {
      return isContainer ? 1 : pool.cost(pool.id(ofNode: node))
    }
    let id = pool.id(ofNode: node)
    let cost = pool.cost(id)
    if let inner = JSONNotation.encodeNested(pool.text(id), counter: pool.counter), inner.cost + 4 < cost {
      forms[node] = .json(texts.count)
      texts.append(inner.text)
      return inner.cost + 2
    }
    if let lines = Cell.literalLineCount(id, pool) {
      forms[node] = .literal(lines: lines)
      return min(cost, pool.counter.count(Array(pool.text(id))) + 3)
    }
    return cost
  }

  private mutating func decideContainer(_ node: Int, depth: Int) -> Int {
    let value = document.nodes[node]
    let isObject = value.kind == .object
    var best = (form: Form.inline, cost: Int.max)
    if value.range.count <= OutlinePlan.longestInline || depth >= OutlinePlan.deepest {
      best.cost = pool.cost(pool.id(ofNode: node))
    }
    guard depth < OutlinePlan.deepest else {
      forms[node] = .inline
      return best.cost
    }
    if let source = tableSource(node) {
      let table = render(source)
      if table.cost + 3 < best.cost {
        best = (isObject ? .map(tables.count) : .table(tables.count), table.cost + 3)
        tables.append(table)
        sources.append(source)
        if leastCost.ofLines(node, limit: best.cost) >= best.cost {
          forms[node] = best.form
          return best.cost
        }
      }
    }
    if isObject {
      var cost = 1
      var key = node + 1
      while key < value.next, cost < best.cost {
        cost += pool.cost(pool.id(ofNode: key)) + 2 + decide(key + 1, depth: depth + 1)
        key = document.nodes[key + 1].next
      }
      if cost < best.cost { best = (.block, cost) }
    } else if let sequence = sequence(node) {
      let cost = pool.counter.count(sequence)
      if cost + TablePlanner.leastSaving < pool.cost(pool.id(ofNode: node)) {
        best = (.sequence(sequence), cost)
      } else if value.range.count > OutlinePlan.longestInline {
        best = (.inline, pool.cost(pool.id(ofNode: node)))
      }
    } else {
      var cost = 1
      var element = node + 1
      while element < value.next, cost < best.cost {
        cost += 2 + decide(element, depth: depth + 1)
        element = document.nodes[element].next
      }
      if cost < best.cost { best = (.list, cost) }
    }
    forms[node] = best.form
    return best.cost
  }

  func forEachMember(_ node: Int, _ body: (_ key: Int, _ value: Int) -> Void) {
    var key = node + 1
    while key < document.nodes[node].next {
      body(key, key + 1)
      key = document.nodes[key + 1].next
    }
  }

  /// The array or map at `node` as a table, if its elements or values are objects.
  private func tableSource(_ node: Int) -> TableSource? {
    let value = document.nodes[node]
    let step = value.kind == .object ? 1 : 0
    var rows: [Int] = []
    var keys: [ValuePool.ID] = []
    var i = node + 1
    while i < value.next {
      let row = document.nodes[i + step]
      guard row.kind == .object, row.next > i + step + 1 else { return nil }
      rows.append(i + step)
      if step == 1 { keys.append(pool.id(ofNode: i)) }
      i = row.next
    }
    guard rows.count >= (step == 1 ? OutlinePlan.fewestMapMembers : OutlinePlan.fewestRows) else { return nil }
    // A map's keys must be distinct, or reading it back would be a question of taste.
    if step == 1, Set(keys).count != keys.count { return nil }
    guard let columns = TableFlattener.columns(of: rows, pool: pool) else { return nil }
    return TableSource(columns: columns, rows: rows, keys: step == 1 ? keys : nil)
  }

  private func render(_ source: TableSource) -> RenderedTable {
    let options = TablePlanner.Options(keepsOrder: keepsOrder)
    let plan = TablePlanner.plan(source.columns, rowCount: source.rows.count, pool: pool, options: options)
    return RenderedTable(plan, pool, keys: source.keys)
  }

  /// An array of at least eight scalars as `<list 1 to 100; 5 x40; 7>`; nil for other arrays.
  private func sequence(_ node: Int) -> [UInt8]? {
    let value = document.nodes[node]
    var ids: [ValuePool.ID] = []
    var i = node + 1
    while i < value.next {
      guard document.nodes[i].kind != .object, document.nodes[i].kind != .array else { return nil }
      ids.append(pool.id(ofNode: i))
      i += 1
    }
    guard ids.count >= 8 else { return nil }
    var out = Array("<list ".utf8)
    var start = 0
    while start < ids.count {
      if start > 0 { out += "; ".utf8 }
      out.append(contentsOf: pool.lexeme(ids[start]))
      var end = start + 1
      while end < ids.count, ids[end] == ids[start] { end += 1 }
      if end - start >= 3 {
        out += " x\(end - start)".utf8
        start = end
        continue
      }
      end = start + 1
      if let first = pool.integer(ids[start]), end < ids.count, let second = pool.integer(ids[end]), second != first,
        abs(first) < 1 << 52, abs(second) < 1 << 52
      {
        let step = second - first
        while end < ids.count, pool.integer(ids[end]) == first + step * (end - start) { end += 1 }
        if end - start >= 4 {
          out += " to \(first + step * (end - start - 1))".utf8
          if step != 1 { out += " step \(step)".utf8 }
          start = end
          continue
        }
      }
      start += 1
    }
    return out + ">".utf8
  }

  // MARK: Cutting

  /// Tables below this many tokens or rows stay whole.
  private static let smallestCut = 250
  private static let fewestCutRows = 10

  /// The same with rows of large tables left out of view, so that the outline comes near the budget. Nil when none can be.
  func cut(_ request: CutRequest) -> OutlinePlan? {
    var plan = self
    return plan.cutTables(request) ? plan : nil
  }

  private mutating func cutTables(_ request: CutRequest) -> Bool {
    var chosen: [Int] = []
    collectTables(0, into: &chosen)
    let total = chosen.reduce(0) { $0 + tables[$1].cost }
    // What is not in tables stays, but the tables keep a part of the budget whatever is around them.
    let available = max(request.budget - (cost - total), request.budget / 4)
    var isCut = false
    for index in chosen
    where tables[index].cost >= OutlinePlan.smallestCut && sources[index].rows.count >= OutlinePlan.fewestCutRows {
      let source = sources[index]
      let table = tables[index]
      let rowCosts = source.rows.indices.map { pool.counter.count(table.body, in: table.range(ofRows: $0..<$0 + 1)) }
      var columns = source.columns
      if let keys = source.keys {
        columns.insert(TableColumn(path: [], ids: keys, nodes: source.rows.map { Int32($0 - 1) }), at: 0)
      }
      let selection = RowSelection.select(
        .init(
          columns: columns, rowCount: source.rows.count, rowCosts: rowCosts,
          budget: available * table.cost / max(1, total), query: request.query), pool: pool)
      guard let selection, 1..<source.rows.count ~= selection.kept.count else { continue }
      let shorter = render(source, selection, request)
      guard shorter.hasCells, shorter.cost < table.cost else { continue }
      tables[index] = shorter
      isCut = true
    }
    return isCut
  }

  private func collectTables(_ node: Int, into chosen: inout [Int]) {
    switch forms[node] {
    case .table(let index), .map(let index): chosen.append(index)
    case .block: forEachMember(node) { collectTables($1, into: &chosen) }
    case .list:
      var element = node + 1
      while element < document.nodes[node].next {
        collectTables(element, into: &chosen)
        element = document.nodes[element].next
      }
    default: break
    }
  }

  private func render(_ source: TableSource, _ selection: RowSelection, _ request: CutRequest)
    -> RenderedTable
  {
    let kept = selection.kept
    let columns = source.columns.map { column in
      TableColumn(path: column.path, ids: kept.map { column.ids[$0] }, nodes: kept.map { column.nodes[$0] })
    }
    let options = TablePlanner.Options(allowsRowNumbers: false)
    let plan = TablePlanner.plan(
      columns.filter { column in column.ids.contains { $0 >= 0 } }, rowCount: kept.count, pool: pool, options: options)
    let marker = CutMarker(
      unit: "rows", cut: source.rows.count - kept.count, total: source.rows.count, handle: request.handle,
      retrieval: request.retrieval)
    let cut = RenderedTable.Cut(
      kept: kept, total: source.rows.count, marker: marker.text,
      summary: selection.summary.isEmpty ? [] : selection.summary.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    )
    return RenderedTable(plan, pool, keys: source.keys.map { keys in kept.map { keys[$0] } }, cut: cut)
  }
}
