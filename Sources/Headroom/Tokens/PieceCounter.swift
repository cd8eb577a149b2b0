/// Counts the tokens of pieces of text exactly, remembering those that had to be merged.
///
/// Most pieces of ordinary text are entries of the vocabulary: one look-up, one token. The others are merged once and then
/// found in a direct-mapped cache, whose keys are the bytes themselves: up to 15 of them, and never a mere hash.
final class PieceCounter {
  let ranks: RankTable
  let merger: PairMerger

  /// The key of a piece, with its number of tokens in the upper half of the byte that holds its length.
  private let cache: UnsafeMutablePointer<PieceKey>

  private static let cacheBits: UInt64 = 14
  private static let countMask: UInt64 = 0xF0 << 56

  init(ranks: RankTable) {
    self.ranks = ranks
    merger = PairMerger(ranks: ranks)
    cache = .allocate(capacity: 1 << PieceCounter.cacheBits)
    cache.initialize(repeating: PieceKey(low: 0, high: 0), count: 1 << PieceCounter.cacheBits)
  }

  deinit { cache.deallocate() }

  /// The number of tokens of valid UTF-8, or nil as soon as it exceeds `limit`.
  func count<Rules: SplittingRules>(_ text: ScannedText, by rules: Rules.Type, limit: Int) -> Int? {
    var place = 0
    var total = 0
    while place < text.count {
      let end = Rules.pieceEnd(in: text, from: place)
      total += tokens(text.bytes + place, count: end - place, readable: text.count - place)
      if total > limit { return nil }
      place = end
    }
    return total
  }

  /// The number of tokens of one piece.
  @inline(__always)
  private func tokens(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 1 { return 1 }
    if count < 8 {
      let key = PieceKey.short(piece, count: count, readable: readable)
      if ranks.contains(short: key) { return 1 }
      // A short key has its length in `low`; the cache wants it in `high`.
      return remembered(
        PieceKey(low: key & ~0 >> 8, high: UInt64(truncatingIfNeeded: count) << 56), piece, count: count,
        readable: readable)
    }
    if count < 16 {
      let key = PieceKey.medium(piece, count: count)
      if ranks.contains(medium: key) { return 1 }
      return remembered(key, piece, count: count, readable: readable)
    }
    if ranks.rank(long: piece, count: count) != RankTable.absent { return 1 }
    return merger.count(piece, count: count, readable: readable)
  }

  @inline(__always)
  private func remembered(_ key: PieceKey, _ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    let mixed = (key.low ^ key.high) &* Factor.low
    let slot = cache + Int(truncatingIfNeeded: mixed >> (64 - PieceCounter.cacheBits))
    let found = slot.pointee
    if found.low == key.low && found.high & ~PieceCounter.countMask == key.high {
      return Int(truncatingIfNeeded: found.high >> 60)
    }
    let tokens = merger.count(piece, count: count, readable: readable)
    slot.pointee = PieceKey(low: key.low, high: key.high | UInt64(truncatingIfNeeded: tokens) << 60)
    return tokens
  }
}
