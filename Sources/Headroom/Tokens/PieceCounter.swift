/// Counts the tokens of text exactly, piece by piece.
///
/// Most pieces of ordinary text are entries of the vocabulary: one look-up, one token. The others are merged. Both are then remembered.
final class PieceCounter {
  let ranks: RankTable
  let merger: PairMerger
  private let cache = PieceCache()
  /// The short pieces of a window that are not remembered: where they start, and their keys.
  private let missed = UnsafeMutablePointer<(start: Int, key: UInt64)>.allocate(capacity: PieceCounter.window)
  /// Where the end of a text is copied to, so that more than it can be read.
  private let rest = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * PieceCounter.readableWindow)

  /// The bytes that are cut into pieces at once, and how many must be readable there.
  private static let window = 64
  private static let readableWindow = 72

  init(ranks: RankTable) {
    self.ranks = ranks
    merger = PairMerger(ranks: ranks)
  }

  deinit {
    missed.deallocate()
    rest.deallocate()
  }

  /// The number of tokens of valid UTF-8, or nil as soon as it exceeds `limit`.
  func count<Rules: SplittingRules>(_ text: ScannedText, by rules: Rules.Type, limit: Int) -> Int? {
    var place = 0
    var total = 0
    // Where `rest` begins in the text.
    var restStart = Int.max
    while place < text.count {
      let left = text.count &- place
      var window = text.bytes + place
      var ends: UInt64 = 0
      if left >= PieceCounter.readableWindow {
        ends = Rules.pieceEnds(in: window, count: PieceCounter.window, isEnd: false)
      } else if Rules.hasWindows {
        if restStart == .max {
          restStart = place
          rest.initialize(repeating: 0, count: 2 * PieceCounter.readableWindow)
          rest.update(from: window, count: left)
        }
        window = UnsafePointer(rest) + (place &- restStart)
        let isEnd = left < PieceCounter.window
        ends = Rules.pieceEnds(in: window, count: isEnd ? left : PieceCounter.window, isEnd: isEnd)
      }
      if ends != 0 {
        total &+= tokens(window, ends: ends)
        place &+= Int.bitWidth - 1 - ends.leadingZeroBitCount
      } else {
        let end = Rules.pieceEnd(in: text, from: place)
        total &+= tokens(text.bytes + place, count: end - place, readable: left)
        place = end
      }
      if total > limit { return nil }
    }
    return total
  }

  /// The number of tokens of the pieces of a window, the last of which ends where the highest bit of `ends` is.
  ///
  /// Loops over pieces of one size each have no branch that depends on the text, so that the processor need not guess.
  @inline(__always)
  private func tokens(_ window: UnsafePointer<UInt8>, ends: UInt64) -> Int {
    let bounds = ends | 1
    let starts = bounds ^ 1 &<< UInt64(truncatingIfNeeded: 63 &- ends.leadingZeroBitCount)
    // Whether another piece starts 1, up to 3, up to 7 bytes on.
    let within1 = bounds &>> 1
    var within7 = within1 | within1 &>> 1
    within7 |= within7 &>> 2
    within7 |= within7 &>> 3
    var total = (starts & within1).nonzeroBitCount
    var shorts = starts & within7 & ~within1
    var misses = 0
    while shorts != 0 {
      let start = shorts.trailingZeroBitCount
      shorts &= shorts &- 1
      let count = (bounds &>> UInt64(truncatingIfNeeded: start &+ 1)).trailingZeroBitCount &+ 1
      let bits = UInt64(truncatingIfNeeded: count &* 8)
      let key = PieceKey.word(window + start) & ~(~0 &<< bits) | bits &<< 53
      let found = cache.count(ofShort: key)
      total &+= found
      missed[misses] = (start, key)
      misses &+= found == 0 ? 1 : 0
    }
    for i in 0..<misses {
      let (start, key) = missed[i]
      total &+= shortTokens(window + start, key: key, count: Int(truncatingIfNeeded: key &>> 56), readable: 8)
    }
    var longer = starts & ~within7
    while longer != 0 {
      let start = longer.trailingZeroBitCount
      longer &= longer &- 1
      let count = (bounds &>> UInt64(truncatingIfNeeded: start &+ 1)).trailingZeroBitCount &+ 1
      total &+= tokens(window + start, count: count, readable: count)
    }
    return total
  }

  /// The number of tokens of one piece. `readable` bytes, at least `count`, may be read there.
  @inline(__always)
  private func tokens(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 1 { return 1 }
    if count < 8 {
      let key = PieceKey.short(piece, count: count, readable: readable)
      let found = cache.count(ofShort: key)
      return found > 0 ? found : shortTokens(piece, key: key, count: count, readable: readable)
    }
    if count < 16 {
      let key = PieceKey.medium(piece, count: count)
      return cache.count(of: key) {
        ranks.contains(medium: key) ? 1 : merger.count(piece, count: count, readable: readable)
      }
    }
    return longTokens(piece, count: count, readable: readable)
  }

  private func shortTokens(_ piece: UnsafePointer<UInt8>, key: UInt64, count: Int, readable: Int) -> Int {
    let tokens = ranks.contains(short: key) ? 1 : merger.count(piece, count: count, readable: readable)
    cache.remember(short: key, count: tokens)
    return tokens
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
