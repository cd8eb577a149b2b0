internal import CHeadroom

/// Byte-pair encoding of one piece: starting from single bytes, the adjacent pair of the lowest rank is merged, the leftmost
/// first, until no pair is an entry (Sennrich et al., 2016, on bytes).
///
/// The pairs stand in a flat array, and the lowest is found by searching the least of each 16. Pieces longer than the array
/// are merged window by window; see `countLong`.
///
/// Owns its working memory. Not for use by two threads at a time.
struct PairMerger: ~Copyable {
  /// The most bytes that the flat array takes.
  static let window = 512

  let ranks: RankTable

  /// For each start of a part: the rank of the part joined with the next one, and the start itself below it, so that the
  /// least is the leftmost pair of the lowest rank. `none` where no part starts or no entry would come of it.
  private let pairs: UnsafeMutablePointer<Int32>
  /// The least of each 16 pairs.
  private let least: UnsafeMutablePointer<Int32>
  /// For each start of a part, the starts of the parts after and before it.
  private let next: UnsafeMutablePointer<Int32>
  private let previous: UnsafeMutablePointer<Int32>
  /// The bytes that went through `merge`, repeated work included.
  private let mergedBytes: UnsafeMutablePointer<Int>

  private static let startBits: Int32 = 12
  private static let none = Int32.max

  init(ranks: RankTable) {
    self.ranks = ranks
    func memory<Number>(_ count: Int, of number: Number) -> UnsafeMutablePointer<Number> {
      let memory = UnsafeMutablePointer<Number>.allocate(capacity: count)
      memory.initialize(repeating: number, count: count)
      return memory
    }
    pairs = memory(PairMerger.window, of: PairMerger.none)
    // A whole vector, for `lowestPair` to search.
    least = memory(max(16, PairMerger.window / 16), of: PairMerger.none)
    next = memory(PairMerger.window, of: 0)
    previous = memory(PairMerger.window, of: 0)
    mergedBytes = memory(1, of: 0)
  }

  deinit {
    pairs.deallocate()
    least.deallocate()
    next.deallocate()
    previous.deallocate()
    mergedBytes.deallocate()
  }

  /// What a guard against quadratic time looks at: the bytes that were merged, those of repeated work included.
  var work: Int { mergedBytes.pointee }

  /// The number of tokens of a piece that is no entry itself. `readable` bytes, at least `count`, may be read there.
  func count(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 2 { return 2 }
    if count <= PairMerger.window { return merge(piece, count: count, readable: readable) }
    return countLong(piece, count: count, readable: readable) ?? TreeMerger(ranks: ranks).count(piece, count: count)
  }

  /// Merges up to `window` bytes and returns the number of parts; `next` then leads from part to part.
  private func merge(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    mergedBytes.pointee += count
    for start in 0..<count - 1 {
      pairs[start] = pair(at: start, rank: ranks.rank(piece[start], piece[start + 1]))
      next[start] = Int32(truncatingIfNeeded: start + 1)
      previous[start] = Int32(truncatingIfNeeded: start - 1)
    }
    next[count - 1] = Int32(truncatingIfNeeded: count)
    previous[count - 1] = Int32(truncatingIfNeeded: count - 2)
    let blocks = (count + 15) / 16
    for start in count - 1..<blocks * 16 { pairs[start] = PairMerger.none }
    for block in 0..<blocks { update(block: block) }

    var parts = count
    while true {
      let lowest = lowestPair(blocks)
      if lowest == PairMerger.none { return parts }

      // The part at `left` takes in the one at `right`.
      let left = Int(lowest & (1 << PairMerger.startBits - 1))
      let right = Int(next[left])
      let end = Int(next[right])
      next[left] = Int32(truncatingIfNeeded: end)
      pairs[right] = PairMerger.none
      parts -= 1
      if end < count {
        previous[end] = Int32(truncatingIfNeeded: left)
        pairs[left] = pair(from: left, to: Int(next[end]), of: piece, readable: readable)
      } else {
        pairs[left] = PairMerger.none
      }
      let before = Int(previous[left])
      if before >= 0 {
        pairs[before] = pair(from: before, to: end, of: piece, readable: readable)
        if before / 16 != left / 16 { update(block: before / 16) }
      }
      update(block: left / 16)
      if right / 16 != left / 16 { update(block: right / 16) }
    }
  }

  @inline(__always)
  private func update(block: Int) {
    least[block] = headroom_least16(pairs + block * 16)
  }

  @inline(__always)
  private func lowestPair(_ blocks: Int) -> Int32 {
    if blocks == 1 { return least[0] }
    var lowest = least[0]
    for block in 1..<blocks { lowest = min(lowest, least[block]) }
    return lowest
  }

  @inline(__always)
  private func pair(from start: Int, to end: Int, of piece: UnsafePointer<UInt8>, readable: Int) -> Int32 {
    pair(at: start, rank: ranks.rank(of: piece + start, count: end - start, readable: readable - start))
  }

  @inline(__always)
  private func pair(at start: Int, rank: UInt32) -> Int32 {
    rank == RankTable.absent
      ? PairMerger.none
      : Int32(truncatingIfNeeded: rank) << PairMerger.startBits | Int32(truncatingIfNeeded: start)
  }

  // MARK: - Long pieces

  /// The number of tokens of a piece longer than a window, in linear time, or nil when the windows cannot be joined.
  ///
  /// A sequence of tokens is the encoding of a piece exactly if each two neighbours are the encoding of their joined bytes:
  /// until the first merge across a border, the merges beside the border are the same with and without the rest of the
  /// piece around them, since each is the leftmost of the lowest rank among those beside the border. So the piece is
  /// encoded in windows. A window keeps its tokens up to a seam some way before its end, the next one starts there, and the
  /// two tokens at the seam are checked. When the check fails, an earlier seam is tried.
  func countLong(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int? {
    var total = 0
    var start = 0
    // Where the tokens of the window end, from its start.
    var ends = self.ends(piece, count: PairMerger.window, readable: readable)
    search: while start + PairMerger.window < count {
      // What stands near the end of a window may change with the bytes behind it.
      let settled = PairMerger.window * 7 / 8
      let last = (ends.firstIndex { $0 > settled } ?? ends.count) - 1
      for index in stride(from: last, through: max(0, last - 7), by: -1) {
        let seam = start + ends[index]
        let following = self.following(
          piece + start, seam: ends[index], count: min(PairMerger.window, count - seam), ends: ends,
          readable: readable - start)
        // The pair at the seam is known to be right when this window had the same one.
        if index + 1 == ends.count || ends[index + 1] - ends[index] != following[0] {
          let before = index == 0 ? 0 : ends[index - 1]
          let pair = ends[index] - before + following[0]
          guard pair <= PairMerger.window,
            self.ends(piece + start + before, count: pair, readable: readable - start - before)
              == [ends[index] - before, pair]
          else { continue }
        }
        total += index + 1
        start = seam
        ends = following
        continue search
      }
      return nil
    }
    return total + ends.count
  }

  /// The ends of the tokens of the window that starts at `seam`. Where it repeats the window before it, so do they.
  private func following(
    _ window: UnsafePointer<UInt8>, seam: Int, count: Int, ends: [Int], readable: Int
  ) -> [Int] {
    if count == PairMerger.window, headroom_equal(window, window + seam, count) { return ends }
    return self.ends(window + seam, count: count, readable: readable - seam)
  }

  private func ends(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(merge(piece, count: count, readable: readable))
    var place = 0
    while place < count {
      place = Int(next[place])
      result.append(place)
    }
    return result
  }
}
