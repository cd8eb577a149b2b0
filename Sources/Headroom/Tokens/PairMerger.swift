/// Byte-pair encoding of one piece: starting from single bytes, the adjacent pair of the lowest rank is merged, the leftmost
/// first, until no pair is an entry (Sennrich et al., 2016, on bytes).
///
/// Short pieces are merged in a flat array of candidates whose minimum is searched anew at each step: for some dozens of bytes
/// nothing is faster. Long pieces are merged window by window; see `countLong`.
///
/// Owns its working memory. Not for use by two threads at a time.
struct PairMerger: ~Copyable {
  /// The bytes of a window, and the most bytes that the flat array takes.
  static let window = 256

  let ranks: RankTable

  /// For each start of a part: the rank of the part joined with the next one, and the start itself below it, so that the
  /// minimum is the leftmost pair of the lowest rank. `dead` where no part starts or no entry would come of it.
  private let candidates: UnsafeMutablePointer<Int32>
  private let next: UnsafeMutablePointer<Int32>
  private let previous: UnsafeMutablePointer<Int32>
  /// The bytes that went through a merge loop, repeated work included: what a guard against quadratic time looks at.
  private let mergedBytes: UnsafeMutablePointer<Int>

  private static let startBits: Int32 = 12
  private static let dead = Int32.max

  init(ranks: RankTable) {
    self.ranks = ranks
    candidates = .allocate(capacity: PairMerger.window)
    next = .allocate(capacity: PairMerger.window)
    previous = .allocate(capacity: PairMerger.window)
    mergedBytes = .allocate(capacity: 1)
    candidates.initialize(repeating: PairMerger.dead, count: PairMerger.window)
    next.initialize(repeating: 0, count: PairMerger.window)
    previous.initialize(repeating: 0, count: PairMerger.window)
    mergedBytes.initialize(to: 0)
  }

  deinit {
    candidates.deallocate()
    next.deallocate()
    previous.deallocate()
    mergedBytes.deallocate()
  }

  var work: Int { mergedBytes.pointee }

  /// The number of tokens of a piece that is no entry itself. `readable` bytes, at least `count`, may be read there.
  func count(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 2 { return 2 }
    if count <= PairMerger.window { return merge(piece, count: count, readable: readable) }
    return countLong(piece, count: count, readable: readable) ?? TreeMerger(ranks: ranks).count(piece, count: count)
  }

  /// The number of tokens of a piece of any length in linear time, or nil when the windows cannot be joined.
  ///
  /// A sequence of tokens is the encoding of a piece exactly if each two neighbours are the encoding of their joined bytes:
  /// until the first merge across a border, the merges beside the border are the same with and without the rest of the
  /// piece around them, since each is the leftmost of the lowest rank among those beside the border. So the piece is
  /// encoded in windows. A window keeps its tokens up to a seam some way before its end, the next one starts there, and the
  /// two tokens at the seam are checked. When the check fails, an earlier seam is tried.
  func countLong(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int? {
    func ends(from start: Int, to end: Int) -> [Int] {
      _ = merge(piece + start, count: end - start, readable: readable - start)
      var result: [Int] = []
      var place = 0
      while place < end - start {
        place = Int(next[place])
        result.append(start + place)
      }
      return result
    }

    var total = 0
    var start = 0
    var tokens = ends(from: 0, to: min(PairMerger.window, count))
    search: while start + PairMerger.window < count {
      // What stands near the end of a window may change with the bytes behind it.
      let settled = start + PairMerger.window * 7 / 8
      let last = (tokens.firstIndex { $0 > settled } ?? tokens.count) - 1
      for index in stride(from: last, through: max(0, last - 7), by: -1) {
        let seam = tokens[index]
        let following = ends(from: seam, to: min(seam + PairMerger.window, count))
        let before = index == 0 ? start : tokens[index - 1]
        guard following[0] - before <= PairMerger.window, ends(from: before, to: following[0]) == [seam, following[0]]
        else {
          continue
        }
        total += index + 1
        start = seam
        tokens = following
        continue search
      }
      return nil
    }
    return total + tokens.count
  }

  /// Merges up to `window` bytes and returns the number of parts; `next` then leads from part to part.
  private func merge(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    mergedBytes.pointee += count
    for start in 0..<count - 1 {
      candidates[start] = candidate(ranks.rank(piece[start], piece[start + 1]), at: start)
      next[start] = Int32(truncatingIfNeeded: start + 1)
      previous[start] = Int32(truncatingIfNeeded: start - 1)
    }
    candidates[count - 1] = PairMerger.dead
    next[count - 1] = Int32(truncatingIfNeeded: count)
    previous[count - 1] = Int32(truncatingIfNeeded: count - 2)

    var parts = count
    while true {
      var lowest = PairMerger.dead
      for start in 0..<count { lowest = min(lowest, candidates[start]) }
      if lowest == PairMerger.dead { return parts }

      // The part at `left` takes in the one at `right`.
      let left = Int(lowest & (1 << PairMerger.startBits - 1))
      let right = Int(next[left])
      let end = Int(next[right])
      next[left] = Int32(truncatingIfNeeded: end)
      candidates[right] = PairMerger.dead
      parts -= 1
      if end < count {
        previous[end] = Int32(truncatingIfNeeded: left)
        candidates[left] = candidate(from: left, to: Int(next[end]), of: piece, readable: readable)
      } else {
        candidates[left] = PairMerger.dead
      }
      let before = Int(previous[left])
      if before >= 0 { candidates[before] = candidate(from: before, to: end, of: piece, readable: readable) }
    }
  }

  @inline(__always)
  private func candidate(from start: Int, to end: Int, of piece: UnsafePointer<UInt8>, readable: Int) -> Int32 {
    candidate(ranks.rank(of: piece + start, count: end - start, readable: readable - start), at: start)
  }

  @inline(__always)
  private func candidate(_ rank: UInt32, at start: Int) -> Int32 {
    rank == RankTable.absent
      ? PairMerger.dead
      : Int32(truncatingIfNeeded: rank) << PairMerger.startBits | Int32(truncatingIfNeeded: start)
  }
}
