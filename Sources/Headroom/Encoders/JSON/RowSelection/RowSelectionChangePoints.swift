extension RowSelection {
  /// Where the level of a sequence of numbers changes: binary segmentation (Scott and Knott, "A cluster analysis
  /// method for grouping means in the analysis of variance", 1974) with the sum of distances from the median as the
  /// cost of a segment.
  ///
  /// Long sequences are thinned to a few hundred numbers first, and each change is then placed exactly.
  struct ChangePoints {
    private let values: [Int]
    /// Each stands for `stride` values: the median of some of them.
    private var thinned: [Int] = []
    private let stride: Int
    private let penalty: Int
    private var ranks: [Int] = []
    private var tree: MedianTree

    private static let fewest = 30
    private static let most = 5
    private static let mostThinned = 512
    /// No segment is shorter.
    private static let shortest = 5

    /// The positions in `numbers.values` at which another level begins, the clearest change first.
    static func find(_ numbers: Numbers) -> [Int] {
      guard numbers.values.count >= fewest, !numbers.isMonotone else { return [] }
      var points = ChangePoints(numbers)
      return points.find()
    }

    private init(_ numbers: Numbers) {
      values = numbers.values
      stride = (values.count + ChangePoints.mostThinned - 1) / ChangePoints.mostThinned
      for start in Swift.stride(from: 0, to: values.count, by: stride) {
        thinned.append(ChangePoints.sample(values[start..<min(start + stride, values.count)]))
      }
      let sorted = thinned.sorted()
      var distinct: [Int] = []
      for value in sorted where value != distinct.last { distinct.append(value) }
      ranks = thinned.map { value in
        var low = 0
        var high = distinct.count
        while low < high {
          let middle = (low + high) / 2
          if distinct[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
      }
      tree = MedianTree(distinct)
      // Where most numbers are the same the median deviation is 0, and any change would do.
      let median = sorted[(sorted.count - 1) / 2]
      let distances = thinned.map { abs($0 - median) }.sorted()
      let deviation = distances[(distances.count - 1) / 2]
      let mean = distances.reduce(0, +) / distances.count
      // 3 · log2 n deviations, in 256ths of a bit.
      let bits = BM25.log2(UInt64(thinned.count), over: 1)
      penalty = max(3 * bits * max(deviation, mean / 2) / 256, 1)
    }

    /// The median of at most nine numbers spread over `range`.
    private static func sample(_ range: ArraySlice<Int>) -> Int {
      guard range.count > 1 else { return range[range.startIndex] }
      let count = min(range.count, 9)
      let chosen = (0..<count).map { range[range.startIndex + $0 * range.count / count] }.sorted()
      return chosen[(count - 1) / 2]
    }

    private struct Split {
      var segment: Range<Int>
      var position: Int
      var gain: Int
    }

    private mutating func find() -> [Int] {
      var open = [bestSplit(thinned.indices)]
      var found: [Int] = []
      while found.count < ChangePoints.most {
        guard let best = open.indices.max(by: { (open[$0].gain, -$0) < (open[$1].gain, -$1) }),
          open[best].gain > penalty
        else { break }
        let split = open.remove(at: best)
        found.append(place(split))
        open.append(bestSplit(split.segment.lowerBound..<split.position))
        open.append(bestSplit(split.position..<split.segment.upperBound))
      }
      return found
    }

    /// The position that saves most when a segment is cut there.
    private mutating func bestSplit(_ segment: Range<Int>) -> Split {
      var best = Split(segment: segment, position: segment.lowerBound, gain: 0)
      guard segment.count >= ChangePoints.shortest * 2 else { return best }
      var costs = [Int](repeating: 0, count: segment.count)
      tree.clear()
      for (offset, i) in segment.enumerated() {
        tree.insert(ranks[i])
        costs[offset] = tree.cost
      }
      let whole = tree.cost
      tree.clear()
      for i in segment.reversed() {
        tree.insert(ranks[i])
        let offset = i - segment.lowerBound
        guard offset >= ChangePoints.shortest, segment.count - offset >= ChangePoints.shortest else { continue }
        let gain = whole - costs[offset - 1] - tree.cost
        if gain >= best.gain, gain > 0 { best = Split(segment: segment, position: i, gain: gain) }
      }
      return best
    }

    /// The position among all values: near the cut, where the distances from the two levels are least.
    private func place(_ split: Split) -> Int {
      guard stride > 1 else { return split.position }
      func level(_ range: Range<Int>) -> Int {
        let sorted = thinned[range].sorted()
        return sorted[(sorted.count - 1) / 2]
      }
      let before = level(split.segment.lowerBound..<split.position)
      let after = level(split.position..<split.segment.upperBound)
      let start = (split.position - 1) * stride
      let end = min((split.position + 1) * stride, values.count)
      var balance = 0
      var best = (balance: 0, position: start)
      for i in start..<end {
        balance += abs(values[i] - before) - abs(values[i] - after)
        if balance < best.balance { best = (balance, i + 1) }
      }
      return min(best.position, values.count - 1)
    }
  }

  /// A multiset of numbers that knows the sum of their distances from their median: a Fenwick tree over ranks.
  struct MedianTree {
    private let values: [Int]
    private var counts: [Int32]
    private var sums: [Int]
    private var count = 0
    private var sum = 0
    private let highest: Int

    /// `values` are the numbers that may be inserted, ascending.
    init(_ values: [Int]) {
      self.values = values
      counts = Array(repeating: 0, count: values.count + 1)
      sums = Array(repeating: 0, count: values.count + 1)
      var highest = 1
      while highest * 2 <= values.count { highest *= 2 }
      self.highest = highest
    }

    mutating func clear() {
      for i in counts.indices {
        counts[i] = 0
        sums[i] = 0
      }
      count = 0
      sum = 0
    }

    mutating func insert(_ rank: Int) {
      let value = values[rank]
      count += 1
      sum += value
      var i = rank + 1
      while i < counts.count {
        counts[i] += 1
        sums[i] += value
        i += i & -i
      }
    }

    /// The sum of the distances from the median.
    var cost: Int {
      guard count > 0 else { return 0 }
      // Descend to the last rank with fewer than half of the numbers at or below it.
      let half = Int32((count + 1) / 2)
      var position = 0
      var below: Int32 = 0
      var sumBelow = 0
      var step = highest
      while step > 0 {
        let next = position + step
        if next < counts.count, below + counts[next] < half {
          position = next
          below += counts[next]
          sumBelow += sums[next]
        }
        step /= 2
      }
      let median = values[position]
      return (sum - sumBelow) - median * (count - Int(below)) + median * Int(below) - sumBelow
    }
  }
}
