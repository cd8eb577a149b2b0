/// How much each segment of a text has to do with a query: a pure function of the bytes and the query, in integers.
///
/// Two channels are scored in one pass over the text: words in common (BM25) and similar words (`FuzzyTerms`). The
/// greater of the two counts, the second for three quarters, so that similarity never outweighs the very word.
struct Relevance: Sendable {
  /// The score of the most relevant segment when it has a word of the query.
  static let best = 1024

  /// From 0 to `best`, by segment. 0 means nothing in common.
  let scores: [Int]
  /// Whether the segment has enough of the query to count by itself, however little the others have.
  private let hasEvidence: [Bool]

  /// - Parameter keepsCommonTerms: whether terms that a third of the segments have still count (a little). Someone who
  ///   searches wants an answer all the same; someone who chooses what to keep wants none.
  init(of segments: Segments, in bytes: UnsafeBufferPointer<UInt8>, to query: Query, keepsCommonTerms: Bool = false) {
    let count = segments.count
    guard !query.isEmpty, count > 0 else {
      scores = [Int](repeating: 0, count: count)
      hasEvidence = [Bool](repeating: false, count: count)
      return
    }
    var scanner = SegmentScanner(query, mostFrequent: keepsCommonTerms ? count : BM25.mostFrequent(among: count))
    scanner.scan(segments, in: bytes)
    let exact = Relevance.exactScores(scanner)
    let fuzzy = Relevance.fuzzyScores(scanner)
    let most = max(exact.max() ?? 0, 1)
    // One plain word that a fifth of the segments have is evidence; in a tiny block, any word.
    let leastExact = min(2 * 256, BM25.inverseFrequency(of: 1, among: count))
    scores = zip(exact, fuzzy).map { exact, fuzzy in max(exact * Relevance.best / most, fuzzy * 3 / 4) }
    hasEvidence = zip(exact, fuzzy).map { exact, fuzzy in exact >= leastExact || fuzzy >= Relevance.best / 2 }
  }

  /// The segments that a selection must keep: those with half the best score and evidence of their own. When that is
  /// more than a quarter of them, the query does not tell them apart, and none is relevant.
  var relevant: [Bool] {
    let threshold = max((scores.max() ?? 0) / 2, 1)
    let chosen = zip(scores, hasEvidence).map { score, hasEvidence in hasEvidence && score >= threshold }
    let limit = max(scores.count / 4, 1)
    return chosen.count(where: { $0 }) <= limit ? chosen : [Bool](repeating: false, count: scores.count)
  }

  /// BM25, in 256ths of a bit.
  private static func exactScores(_ scan: SegmentScanner) -> [Int] {
    let matches = scan.matches
    let count = matches.lengths.count
    let averageLength = max(matches.lengths.reduce(0, +) * 16 / count, 1)
    let weights = scan.query.terms.indices.map { scan.weight(of: $0, in: matches.exactFrequencies[$0]) }
    var scores = [Int](repeating: 0, count: count)
    for match in matches.exact where weights[Int(match.term)] > 0 {
      let segment = Int(match.segment)
      scores[segment] += BM25.score(
        weight: weights[Int(match.term)], occurrences: Int(match.amount), length: matches.lengths[segment],
        averageLength: averageLength)
    }
    return scores
  }

  /// The cosine between the query and what the segment has of it, each term by its rarity and nearness, from 0 to
  /// `best`.
  private static func fuzzyScores(_ scan: SegmentScanner) -> [Int] {
    let matches = scan.matches
    let terms = scan.fuzzyTerms.terms
    let weights = terms.indices.map { scan.weight(of: terms[$0], in: matches.fuzzyFrequencies[$0]) }
    // A name that is here, but not in a segment, makes that segment less like the query; one that is nowhere says
    // nothing.
    let names = scan.query.terms.indices.filter { !scan.query.terms[$0].isFuzzy && matches.exactFrequencies[$0] > 0 }
    let nameWeights = names.map { scan.weight(of: $0, in: matches.exactFrequencies[$0]) }
    let whole = (weights + nameWeights).reduce(0) { $0 + $1 * $1 }
    var squares = [Int](repeating: 0, count: matches.lengths.count)
    for match in matches.fuzzy {
      let part = weights[Int(match.term)] * Int(match.amount) / FuzzyTerms.same
      squares[Int(match.segment)] += part * part
    }
    return squares.map { squareRoot($0 * best / max(whole, 1) * best) }
  }

  /// The root rounded down (Newton).
  private static func squareRoot(_ value: Int) -> Int {
    guard value > 1 else { return max(value, 0) }
    var root = 1 << ((Int.bitWidth - value.leadingZeroBitCount + 1) / 2)
    while true {
      let next = (root + value / root) / 2
      if next >= root { return root }
      root = next
    }
  }
}
