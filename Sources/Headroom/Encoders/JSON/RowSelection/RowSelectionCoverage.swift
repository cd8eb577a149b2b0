extension RowSelection {
  /// Fills a basket with the rows that show most of what the rows in it do not, for what they cost.
  ///
  /// The lazy greedy algorithm for maximum coverage under a knapsack constraint (Minoux, 1978; Khuller, Moss and
  /// Naor, 1999): a row's gain only falls as others are taken, so an old gain is a bound, and only the row at the top
  /// of a heap is looked at again.
  struct Coverage {
    private struct Candidate {
      var gain: Int
      let cost: Int
      let row: Int

      /// More gain for the cost; the earlier row when equal.
      func comesBefore(_ other: Candidate) -> Bool {
        let a = gain * other.cost
        let b = other.gain * cost
        return a != b ? a > b : row < other.row
      }
    }

    private let features: Features
    private let scores: [Int]?
    private let isFavoured: [Bool]
    private var weights: [Int]
    private var heap: [Candidate] = []

    /// In longer tables only so many rows of each feature compete.
    private static let longestWhole = 4_096
    private static let rowsOfFeature = 16
    private static let mostRelevant = 2_048
    /// A row must bring one part in so many of what the best brings at first.
    private static let leastShare = 50

    /// - Parameters:
    ///   - scores: the relevance of each row, which adds to its gain.
    ///   - isFavoured: rows whose gain counts twice.
    static func fill(_ basket: inout Basket, _ features: Features, scores: [Int]?, favoured isFavoured: [Bool]) {
      guard basket.budgetLeft > 0 else { return }
      var coverage = Coverage(
        features: features, scores: scores, isFavoured: isFavoured,
        weights: features.weights(rowCount: isFavoured.count))
      coverage.fill(&basket)
    }

    private init(features: Features, scores: [Int]?, isFavoured: [Bool], weights: [Int]) {
      self.features = features
      self.scores = scores
      self.isFavoured = isFavoured
      self.weights = weights
    }

    private mutating func fill(_ basket: inout Basket) {
      let rows = candidates(basket)
      let first = rows.reduce(0) { max($0, gain($1)) }
      for row in basket.rows { cover(row) }
      heap = rows.map { Candidate(gain: gain($0), cost: basket.costs[$0], row: $0) }
      for i in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(i) }
      // Each round looks at a row again, drops one or takes one; the bound is for tables where gains fall by little
      // at a time.
      var rounds = heap.count * 64
      while let top = heap.first, rounds > 0 {
        rounds -= 1
        let gain = gain(top.row)
        if top.cost > basket.budgetLeft || gain * Coverage.leastShare < first || gain == 0 {
          removeFirst()
        } else if gain < top.gain {
          heap[0].gain = gain
          siftDown(0)
        } else {
          removeFirst()
          basket.keep(top.row)
          cover(top.row)
        }
      }
    }

    /// The rows that may be taken: all, or in a long table the first few of each feature and the most relevant.
    private func candidates(_ basket: Basket) -> [Int] {
      let rows = isFavoured.indices.filter { !basket.isKept[$0] && basket.costs[$0] <= basket.budgetLeft }
      guard rows.count > Coverage.longestWhole else { return rows }
      var left = [Int](repeating: Coverage.rowsOfFeature, count: weights.count)
      let leastScore = leastRelevant()
      return rows.filter { row in
        var isFirst = false
        features.forEach(row) { feature in
          if weights[feature] > 0, left[feature] > 0 {
            left[feature] -= 1
            isFirst = true
          }
        }
        return isFirst || (scores.map { $0[row] >= leastScore } ?? false)
      }
    }

    /// The score that about two thousand rows reach.
    private func leastRelevant() -> Int {
      guard let scores else { return .max }
      var counts = [Int](repeating: 0, count: Relevance.best + 1)
      for score in scores { counts[min(max(score, 0), Relevance.best)] += 1 }
      var score = Relevance.best
      var rows = counts[score]
      while score > 1, rows + counts[score - 1] <= Coverage.mostRelevant {
        score -= 1
        rows += counts[score]
      }
      return score
    }

    private func gain(_ row: Int) -> Int {
      var gain = 0
      features.forEach(row) { gain += weights[$0] }
      if isFavoured[row] { gain *= 2 }
      return min(gain + (scores?[row] ?? 0), 1 << 30)
    }

    private mutating func cover(_ row: Int) {
      features.forEach(row) { weights[$0] = 0 }
    }

    // MARK: Heap

    private mutating func removeFirst() {
      let last = heap.removeLast()
      guard !heap.isEmpty else { return }
      heap[0] = last
      siftDown(0)
    }

    private mutating func siftDown(_ start: Int) {
      var parent = start
      let moved = heap[start]
      while true {
        var child = parent * 2 + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1].comesBefore(heap[child]) { child += 1 }
        guard heap[child].comesBefore(moved) else { break }
        heap[parent] = heap[child]
        parent = child
      }
      heap[parent] = moved
    }
  }
}
