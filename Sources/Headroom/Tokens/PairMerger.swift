internal import CHeadroom

/// Byte-pair encoding of one piece: starting from single bytes, the adjacent pair of the lowest rank is merged, the leftmost
/// first, until no pair is an entry (Sennrich et al., 2016, on bytes).
///
/// The lowest pair is kept by a tournament: a complete binary tree whose leaves are the pairs and whose every node is the
/// lesser of its children. A merge changes three leaves, so a piece of n bytes takes O(n log n). Pieces longer than a window
/// are merged window by window, which is linear; see `countLong`.
///
/// Owns its working memory. Not for use by two threads at a time.
final class PairMerger {
  /// The most bytes that are merged at once where it can be avoided: their tree stays in the nearest cache.
  static let window = 512

  let ranks: RankTable

  /// The bytes that were merged, those of repeated work included: what a guard against quadratic time looks at.
  private(set) var work = 0

  /// The tree: the root is node 1, the children of node i are 2i and 2i + 1, the leaves are the second half. The leaf of a
  /// start of a part has the rank of the part joined with the next one, and the start itself below it, so that the root is
  /// the leftmost pair of the lowest rank. `none` where no part starts or no entry would come of the pair.
  private var tree: UnsafeMutablePointer<UInt64>
  /// For each start of a part, the starts of the parts after and before it.
  private var next: UnsafeMutablePointer<Int32>
  private var previous: UnsafeMutablePointer<Int32>
  /// The most bytes that there is memory for, a power of two.
  private var capacity = 0

  private static let none = UInt64.max

  init(ranks: RankTable) {
    self.ranks = ranks
    tree = .allocate(capacity: 0)
    next = .allocate(capacity: 0)
    previous = .allocate(capacity: 0)
    reserve(PairMerger.window)
  }

  deinit { release() }

  private func release() {
    tree.deallocate()
    next.deallocate()
    previous.deallocate()
  }

  private func reserve(_ count: Int) {
    guard count > capacity else { return }
    release()
    capacity = PairMerger.leaves(for: count)
    tree = .allocate(capacity: 2 * capacity)
    next = .allocate(capacity: capacity)
    previous = .allocate(capacity: capacity)
    tree.initialize(repeating: PairMerger.none, count: 2 * capacity)
    next.initialize(repeating: 0, count: capacity)
    previous.initialize(repeating: 0, count: capacity)
  }

  /// The least power of two that is not less than `count`.
  private static func leaves(for count: Int) -> Int {
    1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
  }

  /// The number of tokens of a piece that is no entry itself. `readable` bytes, at least `count`, may be read there.
  func count(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    if count == 2 { return 2 }
    if count > PairMerger.window, let tokens = countLong(piece, count: count, readable: readable) { return tokens }
    // Also a long piece whose windows do not join; no known text has one.
    return merge(piece, count: count, readable: readable)
  }

  /// Merges a piece and returns the number of parts; `next` then leads from part to part.
  func merge(_ piece: UnsafePointer<UInt8>, count: Int, readable: Int) -> Int {
    work += count
    reserve(count)
    let leaves = PairMerger.leaves(for: count)
    let (tree, next, previous) = (self.tree, self.next, self.previous)

    for start in 0..<count {
      next[start] = Int32(truncatingIfNeeded: start + 1)
      previous[start] = Int32(truncatingIfNeeded: start - 1)
    }
    for start in 0..<count - 1 {
      tree[leaves + start] = pair(at: start, rank: ranks.rank(piece[start], piece[start + 1]))
    }
    for start in count - 1..<leaves { tree[leaves + start] = PairMerger.none }
    var node = leaves
    while node > 1 {
      node -= 1
      tree[node] = min(tree[2 * node], tree[2 * node + 1])
    }

    @inline(__always)
    func set(_ value: UInt64, at start: Int) {
      var node = leaves + start
      var least = value
      tree[node] = least
      while node > 1 {
        least = min(least, tree[node ^ 1])
        node >>= 1
        if tree[node] == least { return }
        tree[node] = least
      }
    }

    var parts = count
    while tree[1] != PairMerger.none {
      // The part at `left` takes in the one at `right`.
      let left = Int(truncatingIfNeeded: tree[1] & 0xFFFF_FFFF)
      let right = Int(next[left])
      let end = Int(next[right])
      next[left] = Int32(truncatingIfNeeded: end)
      parts -= 1
      set(PairMerger.none, at: right)
      if end < count {
        previous[end] = Int32(truncatingIfNeeded: left)
        set(pair(from: left, to: Int(next[end]), of: piece, readable: readable), at: left)
      } else {
        set(PairMerger.none, at: left)
      }
      let before = Int(previous[left])
      if before >= 0 { set(pair(from: before, to: end, of: piece, readable: readable), at: before) }
    }
    return parts
  }

  @inline(__always)
  private func pair(from start: Int, to end: Int, of piece: UnsafePointer<UInt8>, readable: Int) -> UInt64 {
    pair(at: start, rank: ranks.rank(of: piece + start, count: end - start, readable: readable - start))
  }

  @inline(__always)
  private func pair(at start: Int, rank: UInt32) -> UInt64 {
    rank == RankTable.absent ? PairMerger.none : UInt64(rank) << 32 | UInt64(truncatingIfNeeded: start)
  }

  // MARK: - Long pieces

  /// The number of tokens of a piece longer than a window, in linear time, or nil when the windows cannot be joined.
  ///
  /// A sequence of tokens is the encoding of a piece exactly if each two neighbours are the encoding of their joined bytes:
  /// until the first merge across a border, the merges beside the border are the same with and without the rest of the
  /// piece around them, since each is the leftmost of the lowest rank among those beside the border. So the piece is
  /// encoded in windows. A window keeps its tokens up to a seam some way before its end, the next one starts there, and the
  /// two tokens at the seam are checked. When the check fails, an earlier seam is tried.
  func countLong(
    _ piece: UnsafePointer<UInt8>, count: Int, readable: Int, window: Int = PairMerger.window
  ) -> Int? {
    var total = 0
    var start = 0
    // Where the tokens of the window end, from its start.
    var ends = self.ends(piece, count: window, readable: readable)
    search: while start + window < count {
      // What stands near the end of a window may change with the bytes behind it.
      let settled = window * 7 / 8
      let last = (ends.firstIndex { $0 > settled } ?? ends.count) - 1
      for index in stride(from: last, through: max(0, last - 7), by: -1) {
        let seam = start + ends[index]
        let following = self.following(
          piece + start, seam: ends[index], count: min(window, count - seam), ends: ends, readable: readable - start)
        // The pair at the seam is known to be right when this window had the same one.
        if index + 1 == ends.count || ends[index + 1] - ends[index] != following[0] {
          let before = index == 0 ? 0 : ends[index - 1]
          let pair = [ends[index] - before, ends[index] - before + following[0]]
          guard self.ends(piece + start + before, count: pair[1], readable: readable - start - before) == pair else {
            continue
          }
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
    _ bytes: UnsafePointer<UInt8>, seam: Int, count: Int, ends: [Int], readable: Int
  ) -> [Int] {
    if ends.last == count, headroom_equal(bytes, bytes + seam, count) { return ends }
    return self.ends(bytes + seam, count: count, readable: readable - seam)
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
