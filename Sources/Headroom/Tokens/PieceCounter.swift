/// Counts the tokens of text exactly, piece by piece.
///
/// Most pieces of ordinary text are entries of the vocabulary: one look-up, one token. The others are merged once and then
/// remembered.
final class PieceCounter {
  let ranks: RankTable
  let merger: PairMerger
  private let cache = PieceCache()

  init(ranks: RankTable) {
    self.ranks = ranks
    merger = PairMerger(ranks: ranks)
  }

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

  /// The number of tokens of one piece. `readable` bytes, at least `count`, may be read there.
  @inline(__always)
  private func tokens(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 1 { return 1 }
    if count < 8 {
      let key = PieceKey.short(piece, count: count, readable: readable)
      if ranks.contains(short: key) { return 1 }
      return cache.count(of: PieceKey(short: key)) { merger.count(piece, count: count, readable: readable) }
    }
    if count < 16 {
      let key = PieceKey.medium(piece, count: count)
      if ranks.contains(medium: key) { return 1 }
      return cache.count(of: key) { merger.count(piece, count: count, readable: readable) }
    }
    return longTokens(piece, count: count, readable: readable)
  }

  private func longTokens(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count <= ranks.longest {
      let hash = PieceKey.hash(piece, count: count)
      if ranks.contains(long: piece, count: count, hash: hash) { return 1 }
      if count <= 32 {
        return cache.count(of: piece, length: count, hash: hash) {
          merger.count(piece, count: count, readable: readable)
        }
      }
    }
    return merger.count(piece, count: count, readable: readable)
  }
}
