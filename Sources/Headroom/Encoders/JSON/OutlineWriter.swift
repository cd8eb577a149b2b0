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
  private let plan: OutlinePlan
  private let pool: ValuePool
  private let document: JSONDocument
  /// How often a container stands in the outline, by value; those that stand twice get a label.
  private var occurrences: [ValuePool.ID: Int] = [:]
  private var labels: [ValuePool.ID: Int] = [:]
  private var known = KnownCosts()

  /// The lines of a document, each with its line end.
  struct Lines {
    var kind: JSONNotation.Header.Kind
    var bytes: [UInt8]
    /// The tokens of the tables among them.
    var known = KnownCosts()
  }

  /// Fewer tokens than this are not worth a label, and comparing containers larger than so many bytes is not worth the time.
  private static let leastLabelled = 12
  private static let largestLabelled = 16_384

  /// The lines of the whole document and what kind they are. Nil when minified JSON is as short.
  static func write(_ plan: OutlinePlan) -> Lines? {
    var writer = OutlineWriter(plan)
    var out: [UInt8] = []
    switch plan.forms[0] {
    case .inline, .literal, .json: return nil
    case .table(let index):
      writer.write(plan.tables[index], depth: 0, into: &out)
      return Lines(kind: .table, bytes: out, known: writer.known)
    case .map(let index):
      writer.write(plan.tables[index], depth: 0, into: &out)
      return Lines(kind: .map, bytes: out, known: writer.known)
    case .sequence(let items): return Lines(kind: .list, bytes: items + [UInt8(ascii: "\n")])
    case .block, .list:
      writer.countOccurrences(0)
      writer.writeBody(0, depth: 0, into: &out)
      return Lines(kind: .outline, bytes: out, known: writer.known)
    }
  }

  private init(_ plan: OutlinePlan) {
    self.plan = plan
    pool = plan.pool
    document = plan.document
  }

  private mutating func countOccurrences(_ node: Int) {
    let form = plan.forms[node]
    switch form {
    case .block, .list, .table, .map:
      if node > 0, document.nodes[node].range.count <= OutlineWriter.largestLabelled {
        let id = pool.id(ofNode: node)
        occurrences[id, default: 0] += 1
        if occurrences[id, default: 0] > 1 { return }
      }
    default: return
    }
    switch form {
    case .block:
      var members: [Int] = []
      plan.forEachMember(node) { members.append($1) }
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
    if case .list = plan.forms[node] {
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
      while case .block = plan.forms[value], document.nodes[value + 2].next == document.nodes[value].next,
        !isLabelled(value)
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
    document.nodes[node].range.count <= OutlineWriter.largestLabelled
      && occurrences[pool.id(ofNode: node), default: 0] > 1
  }

  /// What follows a key's colon or an element's dash: the rest of that line and the lines below it.
  private mutating func writeValue(_ node: Int, depth: Int, into out: inout [UInt8]) {
    let form = plan.forms[node]
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
      out.append(pool.text(pool.id(ofNode: node)), indentedBy: depth + 1)
      out.append(UInt8(ascii: "\n"))
    case .json(let index):
      out.append(UInt8(ascii: " "))
      // The first line stays on that of the key.
      let text = plan.texts[index]
      let lineEnd = (text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count - 1) + 1
      out += text[..<lineEnd]
      out.append(text[lineEnd...], indentedBy: depth + 1)
    case .table(let index):
      out += " [table]\n".utf8
      write(plan.tables[index], depth: depth, into: &out)
    case .map(let index):
      out += " [map]\n".utf8
      write(plan.tables[index], depth: depth, into: &out)
    case .block, .list:
      out.append(UInt8(ascii: "\n"))
      writeBody(node, depth: depth + 1, into: &out)
    }
  }

  private mutating func write(_ table: RenderedTable, depth: Int, into out: inout [UInt8]) {
    guard depth == 0 else {
      out.append(table.header[...], indentedBy: depth)
      out.append(table.body[...], indentedBy: depth)
      return
    }
    known.add(out.count..<out.count + table.header.count, tokens: table.cost - table.bodyCost)
    out += table.header
    known.add(out.count..<out.count + table.body.count, tokens: table.bodyCost)
    out += table.body
  }

  private func indent(_ depth: Int, _ out: inout [UInt8]) {
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth))
  }
}
