/// Writes a JSON value as an indented outline, with tables where arrays of objects are.
///
///     total_count: 199
///     items: [table]
///     2 rows: name,size
///     a.go,120
///     b.go,77
///     owner: &1
///      login: octocat
///      plan.name: pro
///     author: *1
///     tags: ["x","y"]
///     notes: <<2
///      first line
///      second line
///     steps:
///      - build
///      -
///       name: test
///
/// What a value becomes is decided by tokens, bottom up; then the text is written, and subtrees that occur again are written once.
/// ``OutlineReader`` reads it back.
struct OutlineWriter {
  private enum Form {
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

  private let pool: ValuePool
  private let document: JSONDocument
  private let keepsOrder: Bool
  /// About what the outline costs, in tokens.
  private var cost = 0
  private var forms: [Int: Form] = [:]
  private var tables: [RenderedTable] = []
  /// What each table was made of.
  private var sources: [TableSource] = []
  private var texts: [[UInt8]] = []
  /// How often a container stands in the outline, by value; those that stand twice get a label.
  private var occurrences: [ValuePool.ID: Int] = [:]
  private var labels: [ValuePool.ID: Int] = [:]

  /// Containers up to this many bytes may stay JSON on one line.
  private static let longestInline = 400
  private static let deepest = 32
  /// Fewer tokens than this are not worth a label.
  private static let leastLabelled = 12
  private static let fewestRows = 2
  private static let fewestMapMembers = 3

  private struct TableSource {
    var columns: [TableColumn]
    /// The nodes of the rows.
    var rows: [Int]
    /// The keys of a map.
    var keys: [ValuePool.ID]?
  }

  /// Decides on the form of every value of the pool's document.
  init(_ pool: ValuePool, keepsOrder: Bool) {
    self.pool = pool
    self.keepsOrder = keepsOrder
    document = pool.document
    cost = decide(0, depth: 0)
  }

  /// The outline of the whole document: what kind it is, and its lines. Nil when minified JSON is as short.
  func write() -> (kind: JSONNotation.Header.Kind, lines: [UInt8])? {
    guard let form = forms[0] else { return nil }
    switch form {
    case .inline, .literal, .json: return nil
    case .table(let index): return (.table, tables[index].header + tables[index].body)
    case .map(let index): return (.map, tables[index].header + tables[index].body)
    case .sequence(let items): return (.list, items + [UInt8(ascii: "\n")])
    case .block, .list:
      var writer = self
      writer.countOccurrences(0)
      var out: [UInt8] = []
      writer.writeBody(0, depth: 0, into: &out)
      return (.outline, out)
    }
  }

  /// The same with rows of large tables left out of view, so that the whole comes near the budget. Nil when none can be.
  func write(cutFor request: CutRequest) -> (kind: JSONNotation.Header.Kind, lines: [UInt8])? {
    var writer = self
    return writer.cutTables(request) ? writer.write() : nil
  }

  // MARK: Deciding

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
    if value.range.count <= OutlineWriter.longestInline || depth >= OutlineWriter.deepest {
      best.cost = pool.cost(pool.id(ofNode: node))
    }
    guard depth < OutlineWriter.deepest else {
      forms[node] = .inline
      return best.cost
    }
    if let source = tableSource(node) {
      let table = render(source)
      if table.cost + 3 < best.cost {
        best = (isObject ? .map(tables.count) : .table(tables.count), table.cost + 3)
        tables.append(table)
        sources.append(source)
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
      } else if value.range.count > OutlineWriter.longestInline {
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

  private func forEachMember(_ node: Int, _ body: (_ key: Int, _ value: Int) -> Void) {
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
    guard rows.count >= (step == 1 ? OutlineWriter.fewestMapMembers : OutlineWriter.fewestRows) else { return nil }
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

  // MARK: Cutting

  /// Tables below this many tokens or rows stay whole.
  private static let smallestCut = 250
  private static let fewestCutRows = 10

  /// Leaves rows of large tables out of view, so that the outline comes near the budget. False when none was cut.
  private mutating func cutTables(_ request: CutRequest) -> Bool {
    var chosen: [Int] = []
    collectTables(0, into: &chosen)
    let total = chosen.reduce(0) { $0 + tables[$1].cost }
    // What is not in tables stays, but the tables keep a part of the budget whatever is around them.
    let available = max(request.budget - (cost - total), request.budget / 4)
    var isCut = false
    for index in chosen
    where tables[index].cost >= OutlineWriter.smallestCut && sources[index].rows.count >= OutlineWriter.fewestCutRows {
      let source = sources[index]
      let rowCosts = source.rows.indices.map { pool.counter.count(Array(tables[index].lines($0..<$0 + 1))) }
      var columns = source.columns
      if let keys = source.keys { columns.insert(TableColumn(path: [], ids: keys, nodes: keys.map { _ in -1 }), at: 0) }
      let selection = RowSelection.select(
        .init(
          columns: columns, rowCount: source.rows.count, rowCosts: rowCosts,
          budget: available * tables[index].cost / max(1, total), query: request.query), pool: pool)
      guard let selection, selection.kept.count < source.rows.count else { continue }
      let table = render(source, selection, request)
      guard table.cost < tables[index].cost else { continue }
      tables[index] = table
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

  // MARK: Writing

  private mutating func countOccurrences(_ node: Int) {
    guard let form = forms[node] else { return }
    switch form {
    case .block, .list, .table, .map:
      if node > 0, document.nodes[node].range.count <= 16_384 {
        let id = pool.id(ofNode: node)
        occurrences[id, default: 0] += 1
        if occurrences[id, default: 0] > 1 { return }
      }
    default: return
    }
    switch form {
    case .block:
      var members: [Int] = []
      forEachMember(node) { members.append($1) }
      for member in members { countOccurrences(member) }
    case .list:
      var element = node + 1
      while element < document.nodes[node].next {
        countOccurrences(element)
        element = document.nodes[element].next
      }
    default: break
    }
  }

  /// The lines of a block or list at `depth`.
  private mutating func writeBody(_ node: Int, depth: Int, into out: inout [UInt8]) {
    let end = document.nodes[node].next
    if case .list = forms[node] {
      var element = node + 1
      while element < end {
        indent(depth, &out)
        out.append(UInt8(ascii: "-"))
        writeValue(element, depth: depth, into: &out)
        element = document.nodes[element].next
      }
      return
    }
    var key = node + 1
    while key < end {
      indent(depth, &out)
      Name.write(key: document.bytes[document.nodes[key].range], into: &out)
      var value = key + 1
      // Objects of one member make one line with their path.
      while case .block = forms[value], document.nodes[value + 2].next == document.nodes[value].next, !isLabelled(value)
      {
        out.append(UInt8(ascii: "."))
        Name.write(key: document.bytes[document.nodes[value + 1].range], into: &out)
        value += 2
      }
      out.append(UInt8(ascii: ":"))
      writeValue(value, depth: depth, into: &out)
      key = document.nodes[key + 1].next
    }
  }

  private func isLabelled(_ node: Int) -> Bool {
    document.nodes[node].range.count <= 16_384 && occurrences[pool.id(ofNode: node), default: 0] > 1
  }

  /// What follows a key's colon or an element's dash: the rest of that line and the lines below it.
  private mutating func writeValue(_ node: Int, depth: Int, into out: inout [UInt8]) {
    guard let form = forms[node] else { return }
    switch form {
    case .block, .list, .table, .map:
      if isLabelled(node), pool.cost(pool.id(ofNode: node)) >= OutlineWriter.leastLabelled {
        let id = pool.id(ofNode: node)
        if let label = labels[id] {
          out += " *\(label)\n".utf8
          return
        }
        labels[id] = labels.count + 1
        out += " &\(labels.count)".utf8
      }
    default: break
    }
    switch form {
    case .inline:
      out.append(UInt8(ascii: " "))
      Cell.write(pool.id(ofNode: node), pool, delimiter: UInt8(ascii: "\n"), into: &out)
      out.append(UInt8(ascii: "\n"))
    case .sequence(let items):
      out.append(UInt8(ascii: " "))
      out += items
      out.append(UInt8(ascii: "\n"))
    case .literal(let lines):
      out += " <<\(lines)\n".utf8
      writeLines(Array(pool.text(pool.id(ofNode: node))) + [UInt8(ascii: "\n")], depth: depth + 1, into: &out)
    case .json(let index):
      out.append(UInt8(ascii: " "))
      // The first line stays on that of the key.
      let text = texts[index]
      let lineEnd = (text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count - 1) + 1
      out += text[..<lineEnd]
      writeLines(Array(text[lineEnd...]), depth: depth + 1, into: &out)
    case .table(let index):
      out += " [table]\n".utf8
      writeLines(tables[index].header + tables[index].body, depth: depth, into: &out)
    case .map(let index):
      out += " [map]\n".utf8
      writeLines(tables[index].header + tables[index].body, depth: depth, into: &out)
    case .block, .list:
      out.append(UInt8(ascii: "\n"))
      writeBody(node, depth: depth + 1, into: &out)
    }
  }

  private func writeLines(_ lines: [UInt8], depth: Int, into out: inout [UInt8]) {
    var isLineStart = true
    for byte in lines {
      if isLineStart, byte != UInt8(ascii: "\n") { indent(depth, &out) }
      out.append(byte)
      isLineStart = byte == UInt8(ascii: "\n")
    }
  }

  private func indent(_ depth: Int, _ out: inout [UInt8]) {
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth))
  }
}
