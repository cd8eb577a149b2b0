/// What a scan found: which terms of the query stand in which segments. Everything else in the text leaves no trace.
struct TermMatches {
  struct Match {
    let segment: Int32
    let term: Int32
    /// How often the term occurs, or how near a similar word is, in 256ths.
    let amount: Int32
  }

  var exact: [Match] = []
  var fuzzy: [Match] = []
  /// In how many segments each term occurs, up to one more than the limit.
  var exactFrequencies: [Int]
  var fuzzyFrequencies: [Int]
  /// The words in each segment.
  var lengths: [Int] = []
}

/// Reads all segments once and looks every word up in the query's small table.
struct SegmentScanner: TermVisitor {
  let query: Query
  let fuzzyTerms: FuzzyTerms
  private let mostFrequent: Int
  private(set) var matches: TermMatches

  // Of the current segment:
  private var length = 0
  private var occurrences: [Int32]
  private var found: [Int] = []
  private var nearest: [Int32]
  private var near: [Int] = []
  // Of the current word:
  private var common: [Int32]
  private var sharing: [Int] = []

  /// - Parameter mostFrequent: terms in more segments than this are not recorded any further.
  init(_ query: Query, mostFrequent: Int) {
    self.query = query
    self.mostFrequent = mostFrequent
    fuzzyTerms = FuzzyTerms(query)
    let fuzzyCount = fuzzyTerms.terms.count
    occurrences = [Int32](repeating: 0, count: query.terms.count)
    nearest = [Int32](repeating: 0, count: fuzzyCount)
    common = [Int32](repeating: 0, count: fuzzyCount)
    matches = TermMatches(
      exactFrequencies: [Int](repeating: 0, count: query.terms.count),
      fuzzyFrequencies: [Int](repeating: 0, count: fuzzyCount))
  }

  /// What a term is worth that `frequency` segments have, in 256ths of a bit: nothing when too many have it.
  func weight(of term: Int, in frequency: Int) -> Int {
    if frequency > mostFrequent { return 0 }
    return BM25.inverseFrequency(of: frequency, among: matches.lengths.count) * query.terms[term].weight
  }

  mutating func scan(_ segments: Segments, in bytes: UnsafeBufferPointer<UInt8>) {
    matches.lengths.reserveCapacity(segments.count)
    for segment in 0..<segments.count {
      for range in segments[segment] { Terms.scan(bytes, in: range, &self) }
      endSegment(Int32(segment))
    }
  }

  mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
    if kind == .part || kind == .number { length += 1 }
    if !query.hexadecimals.isEmpty, word.count >= Hexadecimal.shortest { visitHexadecimal(word) }
    let stem = UnsafeBufferPointer(rebasing: word[..<Stemmer.length(of: word)])
    let hash = TermHash.hash(stem)
    if let term = query.table[hash] { count(term) }
    guard kind == .part, !fuzzyTerms.terms.isEmpty else { return }
    if let owner = fuzzyTerms.words[hash] {
      let isSame = query.terms[fuzzyTerms.terms[owner]].hash == hash
      raise(owner, to: isSame ? FuzzyTerms.same : FuzzyTerms.synonym)
    }
    if FuzzyTerms.hasRuns(stem) { compareRuns(stem) }
  }

  /// An abbreviated name and the full one are the same name. Equal ones have met already.
  private mutating func visitHexadecimal(_ word: UnsafeBufferPointer<UInt8>) {
    guard Hexadecimal.isName(word) else { return }
    for (digits, term) in query.hexadecimals where digits.count != word.count {
      let shared = min(digits.count, word.count)
      if digits[..<shared].elementsEqual(word[..<shared]) { count(term) }
    }
  }

  private mutating func count(_ term: Int) {
    if occurrences[term] == 0 { found.append(term) }
    occurrences[term] += 1
  }

  private mutating func raise(_ owner: Int, to nearness: Int) {
    if nearest[owner] == 0 { near.append(owner) }
    nearest[owner] = max(nearest[owner], Int32(nearness))
  }

  private mutating func compareRuns(_ stem: UnsafeBufferPointer<UInt8>) {
    let count = stem.count - 3
    for offset in 0..<count {
      let run = FuzzyTerms.run(stem, at: offset)
      let bit = FuzzyTerms.filterBit(run)
      guard fuzzyTerms.filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1 else { continue }
      for owner in fuzzyTerms.owners(of: run) {
        if common[owner] == 0 { sharing.append(owner) }
        common[owner] += 1
      }
    }
    for owner in sharing {
      let nearness = FuzzyTerms.nearness(common: Int(common[owner]), count: fuzzyTerms.runCounts[owner], other: count)
      if nearness > 0 { raise(owner, to: nearness) }
      common[owner] = 0
    }
    sharing.removeAll(keepingCapacity: true)
  }

  private mutating func endSegment(_ segment: Int32) {
    matches.lengths.append(length)
    length = 0
    for term in found {
      matches.exactFrequencies[term] += 1
      if matches.exactFrequencies[term] <= mostFrequent {
        matches.exact.append(.init(segment: segment, term: Int32(term), amount: occurrences[term]))
      }
      occurrences[term] = 0
    }
    found.removeAll(keepingCapacity: true)
    for owner in near {
      matches.fuzzyFrequencies[owner] += 1
      if matches.fuzzyFrequencies[owner] <= mostFrequent {
        matches.fuzzy.append(.init(segment: segment, term: Int32(owner), amount: nearest[owner]))
      }
      nearest[owner] = 0
    }
    near.removeAll(keepingCapacity: true)
  }
}
