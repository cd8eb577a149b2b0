/// Byte-pair encoding of a piece of any length in O(n log n): the minimum of the candidates is kept in a tournament tree.
///
/// Takes over where `PairMerger` finds no seam between its windows. No natural text is known to come here.
struct TreeMerger {
  let ranks: RankTable

  /// The number of tokens of `piece[0..<count]`.
  func count(_ piece: UnsafePointer<UInt8>, count: Int) -> Int {
    guard count > 1 else { return count }
    var tree = TournamentTree(count: count)
    var next = (0..<count).map { Int32(truncatingIfNeeded: $0 + 1) }
    var previous = (0..<count).map { Int32(truncatingIfNeeded: $0 - 1) }

    /// The leftmost pair of the lowest rank has the smallest candidate.
    func candidate(from start: Int, to end: Int) -> UInt64 {
      let rank = ranks.rank(of: piece + start, count: end - start, readable: count - start)
      return rank == RankTable.absent ? .max : UInt64(rank) << 32 | UInt64(start)
    }

    for start in 0..<count - 1 { tree.fill(candidate(from: start, to: start + 2), at: start) }
    tree.build()
    var parts = count
    while tree.minimum != .max {
      let left = Int(truncatingIfNeeded: tree.minimum & 0xFFFF_FFFF)
      let right = Int(next[left])
      let end = Int(next[right])
      next[left] = Int32(truncatingIfNeeded: end)
      parts -= 1
      tree.set(.max, at: right)
      if end < count {
        previous[end] = Int32(truncatingIfNeeded: left)
        tree.set(candidate(from: left, to: Int(next[end])), at: left)
      } else {
        tree.set(.max, at: left)
      }
      let before = Int(previous[left])
      if before >= 0 { tree.set(candidate(from: before, to: end), at: before) }
    }
    return parts
  }
}

/// The minimum of numbers that change, in O(log n) for each change.
private struct TournamentTree {
  /// The children of node `i` are `2i` and `2i + 1`; the leaves are the second half.
  private var nodes: [UInt64]
  private let leaves: Int

  init(count: Int) {
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    nodes = [UInt64](repeating: .max, count: 2 * leaves)
  }

  var minimum: UInt64 { nodes[1] }

  /// Sets a leaf before `build`.
  mutating func fill(_ value: UInt64, at leaf: Int) { nodes[leaves + leaf] = value }

  mutating func build() {
    for node in stride(from: leaves - 1, to: 0, by: -1) { nodes[node] = min(nodes[2 * node], nodes[2 * node + 1]) }
  }

  mutating func set(_ value: UInt64, at leaf: Int) {
    var node = leaves + leaf
    nodes[node] = value
    while node > 1 {
      node /= 2
      let least = min(nodes[2 * node], nodes[2 * node + 1])
      if nodes[node] == least { return }
      nodes[node] = least
    }
  }
}
