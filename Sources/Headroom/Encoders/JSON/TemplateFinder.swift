/// Finds columns whose text is made of other columns: `https://example.com/issues/{number}`.
///
/// The text of one row is taken apart with the values of that row; whether the template holds is then checked on every row.
struct TemplateFinder {
  private let pool: ValuePool
  private let columns: [TableColumn]
  private let affixes: [Affix?]

  /// The most columns a template is looked for in.
  private static let mostSources = 32
  /// The most anchors that are tried alone.
  private static let mostAnchors = 12

  init(pool: ValuePool, columns: [TableColumn], affixes: [Affix?]) {
    self.pool = pool
    self.columns = columns
    self.affixes = affixes
  }

  func affixForm(_ column: Int) -> TablePlan.Form {
    affixes[column].map { .affix(prefix: $0.prefix, suffix: $0.suffix) } ?? .cells
  }

  private typealias Part = TablePlan.Template.Part
  private typealias Source = TablePlan.Template.Source
  private typealias Anchor = (column: Int, source: Source, text: UnsafeBufferPointer<UInt8>)

  /// A template for `column` out of `sources`, verified on all rows.
  func template(for column: Int, from sources: [Int]) -> TablePlan.Template? {
    let ids = columns[column].ids
    // The longest of the first few texts shows most of what it is made of.
    let present = ids.indices.lazy.filter { ids[$0] >= 0 }.prefix(8)
    guard let row = present.max(by: { pool.text(ids[$0]).count < pool.text(ids[$1]).count }) else { return nil }
    let text = pool.text(ids[row])
    guard text.count >= 4, text.count <= 2_048 else { return nil }
    var anchors: [Anchor] = []
    for column in sources.suffix(TemplateFinder.mostSources) {
      let id = columns[column].ids[row]
      guard id >= 0 else { continue }
      for source in [Source.whole, .basename, .core] {
        guard let anchor = anchor(column, source, id), isUseful(anchor), text.contains(anchor) else { continue }
        anchors.append((column, source, anchor))
      }
    }
    guard !anchors.isEmpty else { return nil }
    // Whole values first, then longer ones: what is simplest to read.
    anchors.sort { ($1.text.count, rank($0.source), $0.column) < ($0.text.count, rank($1.source), $1.column) }
    if let parts = split(text, by: anchors[...]), holds(parts, for: column) { return TablePlan.Template(parts: parts) }
    for anchor in anchors.prefix(TemplateFinder.mostAnchors) {
      if let parts = split(text, by: [anchor]), holds(parts, for: column) { return TablePlan.Template(parts: parts) }
    }
    return nil
  }

  private func rank(_ source: Source) -> Int {
    switch source {
    case .whole: 0
    case .basename: 1
    case .core: 2
    }
  }

  /// What a source takes of a column's value; nil when it takes nothing of such a value.
  @inline(__always)
  private func anchor(_ column: Int, _ source: Source, _ id: ValuePool.ID) -> UnsafeBufferPointer<UInt8>? {
    guard pool.isText(id) || pool.kind(id) == .number else { return nil }
    let text = pool.text(id)
    switch source {
    case .whole: return text
    case .basename:
      let basename = text.basename
      return basename.isEmpty || basename.count == text.count ? nil : basename
    case .core: return affixes[column]?.core(text)
    }
  }

  /// Short words stand in any text by chance; numbers of one digit do not often.
  private func isUseful(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count >= 3 || (!text.isEmpty && text.allSatisfy { $0 &- 0x30 < 10 })
  }

  /// `text` as literals and the anchors in it, longest first at each place. Nil when a literal could not be written in a template.
  private func split(_ text: UnsafeBufferPointer<UInt8>, by anchors: ArraySlice<Anchor>) -> [Part]? {
    var parts: [Part] = []
    var literalStart = 0
    var position = 0
    func endLiteral() {
      if position > literalStart { parts.append(.literal(Array(text[literalStart..<position]))) }
    }
    while position < text.count {
      if let anchor = anchors.first(where: { text.has($0.text, at: position) }) {
        endLiteral()
        parts.append(.column(anchor.column, anchor.source))
        position += anchor.text.count
        literalStart = position
      } else {
        guard text[position] >= 0x20, text[position] != UInt8(ascii: "{"), text[position] != UInt8(ascii: "}") else {
          return nil
        }
        position += 1
      }
    }
    endLiteral()
    return parts
  }

  private func holds(_ parts: [Part], for column: Int) -> Bool {
    var first: Int?
    for case .column(let source, _) in parts where first == nil { first = source }
    guard let first else { return false }
    let ids = columns[column].ids
    for row in ids.indices {
      guard ids[row] >= 0 else {
        // Where the text is missing, so must be what it would be made of.
        guard columns[first].ids[row] < 0 else { return false }
        continue
      }
      let text = pool.text(ids[row])
      var position = 0
      for part in parts {
        switch part {
        case .literal(let bytes):
          guard bytes.withUnsafeBufferPointer({ text.has($0, at: position) }) else { return false }
          position += bytes.count
        case .column(let other, let source):
          let id = columns[other].ids[row]
          guard id >= 0, let anchor = anchor(other, source, id), text.has(anchor, at: position) else { return false }
          position += anchor.count
        }
      }
      guard position == text.count else { return false }
    }
    return true
  }
}
