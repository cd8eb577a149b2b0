/// Words of a segment that resemble words of a query without being the same: synonyms, and words with the same runs of
/// four letters.
///
/// `authentication` resembles `authenticate` (eight runs of eleven and nine in common), `config` resembles
/// `configuration` (all its runs are there), `failed` resembles `exception` (a synonym). No model, no table of vectors.
struct FuzzyTerms: Sendable {
  /// How near two words are, in 256ths: the same stem.
  static let same = 256
  /// A synonym.
  static let synonym = 224
  /// All runs of one word are in the other.
  static let contained = 192
  /// The least share of common runs (Dice's coefficient) that counts.
  static let least = 128

  /// The query's terms that take part, as indices into its terms.
  let terms: [Int]
  /// How many runs each of them has.
  let runCounts: [Int]
  /// From the hash of a stem to a place in `terms`, for synonyms and the stems themselves.
  private(set) var words = TermTable()
  /// From a run of four letters to a range of `owners`.
  private(set) var runs = TermTable()
  private(set) var ranges: [Range<Int>] = []
  private(set) var owners: [Int] = []
  /// One bit for each hash of a run, so that most runs of a text need no look-up.
  private(set) var filter = [UInt64](repeating: 0, count: 64)

  private static let mostTerms = 64

  init(_ query: Query) {
    terms = Array(query.terms.indices.filter { query.terms[$0].isFuzzy }.prefix(FuzzyTerms.mostTerms))
    var counts: [Int] = []
    var pairs: [(run: UInt32, owner: Int)] = []
    for (owner, index) in terms.enumerated() {
      let stem = query.terms[index].stem
      words.insert(query.terms[index].hash, owner)
      let own = stem.withUnsafeBufferPointer { stem in
        FuzzyTerms.hasRuns(stem) ? (0...stem.count - 4).map { FuzzyTerms.run(stem, at: $0) } : []
      }
      counts.append(own.count)
      pairs += own.map { (run: $0, owner: owner) }
    }
    runCounts = counts
    // A word of the query itself comes before a synonym of another.
    for (owner, index) in terms.enumerated() {
      for other in Synonyms.others(ofStem: query.terms[index].hash) { words.insert(Synonyms.stemHash(other), owner) }
    }
    pairs.sort { ($0.run, $0.owner) < ($1.run, $1.owner) }
    for (position, (run, owner)) in pairs.enumerated() where position == 0 || pairs[position - 1] != (run, owner) {
      let number = runs.insert(UInt64(run) << 20, ranges.count)
      if number == ranges.count { ranges.append(owners.count..<owners.count) }
      owners.append(owner)
      ranges[number] = ranges[number].lowerBound..<owners.count
      let bit = FuzzyTerms.filterBit(run)
      filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
  }

  /// The owners of a run.
  func owners(of run: UInt32) -> ArraySlice<Int> {
    guard let number = runs[UInt64(run) << 20] else { return [] }
    return owners[ranges[number]]
  }

  /// Whether a stem is long enough for its runs to say something.
  @inline(__always)
  static func hasRuns(_ stem: UnsafeBufferPointer<UInt8>) -> Bool { stem.count >= 5 && stem.count <= 32 }

  /// The four bytes at `offset`.
  @inline(__always)
  static func run(_ stem: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32 {
    UInt32(littleEndian: UnsafeRawPointer(stem.baseAddress!).loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  static func filterBit(_ run: UInt32) -> Int { Int((run &* 0x9E37_79B1) >> 20) }

  /// How near a word with `count` runs is to one with `other` runs when they share `common`, in 256ths; 0 below the
  /// threshold.
  static func nearness(common: Int, count: Int, other: Int) -> Int {
    let shorter = min(count, other)
    let common = min(common, shorter)
    let dice = 2 * common * same / max(count + other, 1)
    if dice >= least { return min(dice, same - 1) }
    return common == shorter && shorter >= 2 ? contained : 0
  }
}
