/// How important each part of a conversation is: a function of the conversation and the query, in integers.
struct UnitScores {
  /// By unit.
  private(set) var scores: [Int]

  /// One more name that was used later counts for so much, up to 1024.
  private static let perReference = 256

  /// - Parameter query: what the conversation is about now; nil for the last words of the user.
  init(_ units: [ConversationUnits.Unit], in request: RequestBody, query: String?, _ weights: FitStrategy.Weights) {
    let items = request.items
    let texts = items.map { UnitScores.texts(of: $0, in: request.document) }
    let (hasResults, failed) = UnitScores.results(in: request, items)
    let last = items.indices.last { i in
      !items[i].isFromModel && !items[i].isInstruction && !hasResults[i] && !texts[i].isEmpty
    }
    let words = last.map { Array(texts[$0].joined(separator: [UInt8(ascii: "\n")])) } ?? []
    let query = query.map { Array($0.utf8) } ?? words
    let relevance = UnitScores.relevance(units, texts, to: Query(query))
    let references = UnitScores.references(units, items, texts)
    scores = units.indices.map { unit in
      let members = units[unit].items
      let recency = (members.last ?? 0) * 1_024 / max(1, items.count - 1)
      let error = members.contains { failed[$0] } ? 1_024 : 0
      let reference = min(1_024, references[unit] * UnitScores.perReference)
      let density = UnitScores.density(members.flatMap { texts[$0] })
      return weights.recency * recency + weights.relevance * relevance[unit] + weights.errors * error
        + weights.references * reference + weights.density * density
    }
  }

  private static func texts(of item: ConversationItem, in document: JSONDocument) -> [[UInt8]] {
    var found: [[UInt8]] = []
    document.forEachText(in: item.node) { _, text in found.append(text()) }
    return found
  }

  private static func relevance(
    _ units: [ConversationUnits.Unit], _ texts: [[[UInt8]]], to query: Query
  ) -> [Int] {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    for unit in units {
      let start = bytes.count
      for item in unit.items { for text in texts[item] { bytes += text + [UInt8(ascii: "\n")] } }
      ranges.append(start..<bytes.count)
    }
    return bytes.withUnsafeBufferPointer {
      Relevance(of: Segments(ranges), in: $0, to: query, keepsCommonTerms: true).scores
    }
  }

  /// How many names of each unit that few others have were used again behind it.
  private static func references(
    _ units: [ConversationUnits.Unit], _ items: [ConversationItem], _ texts: [[[UInt8]]]
  ) -> [Int] {
    var references = ForwardReferences()
    let names = units.map { unit in
      Set(unit.items.flatMap { texts[$0].flatMap { ForwardReferences.names(in: $0) } })
    }
    for names in names { references.add(names) }
    for (item, texts) in texts.enumerated() { for text in texts { references.use(text, inTurn: item) } }
    return zip(units, names).map { unit, names in
      references.count(names, after: unit.items.last ?? 0, since: 0)
    }
  }

  /// Which items hold results, and which of these failed.
  private static func results(in request: RequestBody, _ items: [ConversationItem]) -> (has: [Bool], failed: [Bool]) {
    var has = [Bool](repeating: false, count: items.count)
    var failed = has
    var item = 0
    for (index, block) in request.blocks.enumerated() {
      while item < items.count, items[item].range.upperBound <= block.range.lowerBound { item += 1 }
      guard item < items.count else { break }
      has[item] = true
      guard let payload = request.payload(of: index) else { continue }
      let isRun = request.hint(of: index).command != nil
      if ResultOutcome(TextLines(payload), isError: block.isError, isRun: isRun).isFailure { failed[item] = true }
    }
    return (has, failed)
  }

  /// Distinct words for each word, from 0 to 1024.
  private static func density(_ texts: [[UInt8]]) -> Int {
    struct Words: TermVisitor {
      var all = 0
      var distinct: Set<UInt64> = []
      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        all += 1
        distinct.insert(TermHash.hash(word))
      }
    }
    var words = Words()
    for text in texts { text.withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &words) } }
    return words.all == 0 ? 0 : words.distinct.count * 1_024 / words.all
  }
}
