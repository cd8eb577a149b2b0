/// Finds columns whose text is made of other columns: `https://example.com/issues/{number}`.
///
/// The text of one row is taken apart with the values of that row; whether the template holds is then checked on every row.
struct TemplateFinder {
  private let pool: ValuePool
  private let columns: [TableColumn]
  private let summaries: [ColumnSummary]
  private let affixes: [Affix?]

  /// The most columns a template is looked for in.
  private static let mostSources = 32

  init(pool: ValuePool, columns: [TableColumn], summaries: [ColumnSummary]) {
    self.pool = pool
    self.columns = columns
    self.summaries = summaries
    affixes = summaries.map { $0.isText && $0.distinct.count > 1 ? Affix($0.distinct, pool) : nil }
  }

  func affixForm(_ column: Int) -> TablePlan.Form {
    affixes[column].map { .affix(prefix: $0.prefix, suffix: $0.suffix) } ?? .cells
  }

  private typealias Part = TablePlan.Template.Part
  private typealias Anchor = (column: Int, source: TablePlan.Template.Source, text: UnsafeBufferPointer<UInt8>)

  /// A template for `column` out of `sources`, verified on all rows.
  func template(for column: Int, from sources: [Int]) -> TablePlan.Template? {
    let ids = columns[column].ids
    // The longest of the first few texts shows most of what it is made of.
    let present = ids.indices.lazy.filter { ids[$0] >= 0 }.prefix(8)
    guard let row = present.max(by: { pool.text(ids[$0]).count < pool.text(ids[$1]).count }) else { return nil }
    let text = pool.text(ids[row])
    guard text.count >= 4, text.count <= 2_048 else { return nil }
    var anchors: [Anchor] = []
    for source in sources.suffix(TemplateFinder.mostSources) {
      let id = columns[source].ids[row]
      guard id >= 0 else { continue }
      anchors += self.anchors(source, id).filter { isUseful($0.text) && text.contains($0.text) }
    }
    guard !anchors.isEmpty else { return nil }
    // Whole values first, then longer ones: what is simplest to read.
    anchors.sort { ($1.text.count, rank($0.source), $0.column) < ($0.text.count, rank($1.source), $1.column) }
    if let parts = split(text, by: anchors[...]), holds(parts, for: column) { return TablePlan.Template(parts: parts) }
    for anchor in anchors.prefix(12) {
      if let parts = split(text, by: [anchor]), holds(parts, for: column) { return TablePlan.Template(parts: parts) }
    }
    return nil
  }

  private func rank(_ source: TablePlan.Template.Source) -> Int {
    switch source {
    case .whole: 0
    case .basename: 1
    case .core: 2
    }
  }

  private func anchors(_ column: Int, _ id: ValuePool.ID) -> [Anchor] {
    guard pool.isText(id) || pool.kind(id) == .number else { return [] }
    let text = pool.text(id)
    var result: [Anchor] = [(column, .whole, text)]
    if let slash = text.lastIndex(of: UInt8(ascii: "/")), slash + 1 < text.count {
      result.append((column, .basename, UnsafeBufferPointer(rebasing: text[(slash + 1)...])))
    }
    if let affix = affixes[column] { result.append((column, .core, affix.core(text))) }
    return result
  }

  /// Short words stand in any text by chance; numbers of one digit do not often.
  private func isUseful(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count >= 3 || (!text.isEmpty && text.allSatisfy { $0 &- 0x30 < 10 })
  }

  /// `text` as literals and the anchors in it, longest first at each place. Nil when a literal could not be written in a template.
  private func split(_ text: UnsafeBufferPointer<UInt8>, by anchors: ArraySlice<Anchor>) -> [Part]? {
    var parts: [Part] = []
    var literal: [UInt8] = []
    var position = 0
    while position < text.count {
      let rest = UnsafeBufferPointer(rebasing: text[position...])
      if let anchor = anchors.first(where: { rest.starts(with: $0.text) }) {
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
        parts.append(.column(anchor.column, anchor.source))
        position += anchor.text.count
      } else {
        guard text[position] >= 0x20, text[position] != UInt8(ascii: "{"), text[position] != UInt8(ascii: "}") else {
          return nil
        }
        literal.append(text[position])
        position += 1
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    return parts
  }

  private func holds(_ parts: [Part], for column: Int) -> Bool {
    var sources: [Int] = []
    for case .column(let source, _) in parts { sources.append(source) }
    guard let first = sources.first else { return false }
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
        let piece: UnsafeBufferPointer<UInt8>
        switch part {
        case .literal(let bytes):
          guard text.count - position >= bytes.count,
            UnsafeBufferPointer(rebasing: text[position..<position + bytes.count]).elementsEqual(bytes)
          else { return false }
          position += bytes.count
          continue
        case .column(let source, let kind):
          let id = columns[source].ids[row]
          guard id >= 0, let anchor = anchors(source, id).first(where: { rank($0.source) == rank(kind) }) else {
            return false
          }
          piece = anchor.text
        }
        guard text.count - position >= piece.count,
          UnsafeBufferPointer(rebasing: text[position..<position + piece.count]).elementsEqual(piece)
        else { return false }
        position += piece.count
      }
      guard position == text.count else { return false }
    }
    return true
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether `other` stands anywhere in this.
  fileprivate func contains(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = other.first, count >= other.count else { return false }
    for start in 0...(count - other.count) where self[start] == first {
      if UnsafeBufferPointer(rebasing: self[start..<start + other.count]).elementsEqual(other) { return true }
    }
    return false
  }
}
