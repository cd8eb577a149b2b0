extension RowSelection {
  /// What rows can show: each feature is a value of a column, a size, a template or a word, and counts once.
  struct Features {
    /// Where the features of each column of groups begin.
    private var bases: [Int] = []
    private var groups: [[Int32]] = []
    /// Words: the features of row r are `words[ends[r - 1]..<ends[r]]`.
    private var lists: [WordList] = []
    /// How many rows have each feature.
    private(set) var counts: [Int] = []
    /// For words how often they count, in halves; 0 for groups.
    private var halves: [Int] = []

    struct WordList {
      /// Where its features begin.
      var base = 0
      var words: [Int32]
      var ends: [Int]
      /// How many rows have each word.
      var counts: [Int]
      /// How often each word counts; nil for half, as text has many.
      var weights: [Int]?

      /// The words of a row.
      subscript(row: Int) -> ArraySlice<Int32> { words[(row > 0 ? ends[row - 1] : 0)..<ends[row]] }
    }

    /// Adds the groups of a column. False when an earlier column has the same groups.
    @discardableResult
    mutating func add(_ column: Groups) -> Bool {
      for (position, base) in bases.enumerated()
      where counts[base...].starts(with: column.counts) && groups[position] == column.numbers {
        return false
      }
      bases.append(counts.count)
      groups.append(column.numbers)
      counts += column.counts
      halves += Array(repeating: 0, count: column.counts.count)
      return true
    }

    mutating func add(_ list: WordList) {
      var list = list
      list.base = counts.count
      counts += list.counts
      halves += list.weights?.map { $0 * 2 } ?? Array(repeating: 1, count: list.counts.count)
      lists.append(list)
    }

    @inline(__always)
    func forEach(_ row: Int, _ body: (Int) -> Void) {
      for column in groups.indices {
        let group = groups[column][row]
        if group >= 0 { body(bases[column] + Int(group)) }
      }
      for list in lists {
        for word in list[row] { body(list.base + Int(word)) }
      }
    }

    /// What each feature is worth, in 256ths of a bit: how rare it is among the rows. What a row has for itself alone among words says
    /// nothing about others, and what nearly all have says nothing at all.
    func weights(rowCount: Int) -> [Int] {
      let leastRows = max(2, rowCount / 500)
      return counts.indices.map { feature in
        let count = counts[feature]
        guard count > 0 else { return 0 }
        if halves[feature] > 0 {
          let least = halves[feature] > 1 ? 1 : leastRows
          guard least...max(least, rowCount / 3) ~= count else { return 0 }
          return BM25.log2(UInt64(rowCount + 1), over: UInt64(count + 1)) * halves[feature] / 2
        }
        return BM25.log2(UInt64(rowCount + 1), over: UInt64(count))
      }
    }
  }

  /// The words of free text as features.
  enum Words {
    private static let longest = 96
    private static let mostInRow = 12

    /// The words of a column's texts; nil when hardly any word stands in several of them, as among names made by machines.
    static func list(of column: Values, _ pool: ValuePool) -> Features.WordList? {
      guard haveCommonWords(column.distinct.prefix(sample), pool) else { return nil }
      var visitor = Visitor()
      // Equal texts are read once.
      var ranges: [Range<Int>] = []
      for id in column.distinct {
        let text = pool.text(id)
        let start = visitor.words.count
        visitor.start = start
        Terms.scan(text, in: 0..<min(text.count, longest), &visitor)
        ranges.append(start..<visitor.words.count)
      }
      var list = Features.WordList(words: [], ends: [], counts: Array(repeating: 0, count: visitor.count))
      list.ends.reserveCapacity(column.rowCount)
      for number in column.numbers {
        if number >= 0 {
          for word in visitor.words[ranges[Int(number)]] {
            list.words.append(word)
            list.counts[Int(word)] += 1
          }
        }
        list.ends.append(list.words.count)
      }
      return list
    }

    private static let sample = 64

    /// Whether half of the first texts have a word that another has.
    private static func haveCommonWords(_ ids: ArraySlice<ValuePool.ID>, _ pool: ValuePool) -> Bool {
      var visitor = Visitor()
      var ranges: [Range<Int>] = []
      for id in ids {
        let text = pool.text(id)
        visitor.start = visitor.words.count
        Terms.scan(text, in: 0..<min(text.count, longest), &visitor)
        ranges.append(visitor.start..<visitor.words.count)
      }
      var counts = [Int](repeating: 0, count: visitor.count)
      for word in visitor.words { counts[Int(word)] += 1 }
      let common = ranges.count { range in
        visitor.words[range].contains { 2...max(2, ids.count / 2) ~= counts[Int($0)] }
      }
      return common * 2 >= ids.count
    }

    private struct Visitor: TermVisitor {
      private(set) var words: [Int32] = []
      private var table = TermTable(capacity: 256)
      private(set) var count = 0
      /// Where the words of this text begin.
      var start = 0

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        guard kind == .part, word.count > 2, words.count - start < mostInRow, !StopWords.contains(word) else { return }
        let stem = UnsafeBufferPointer(rebasing: word[..<Stemmer.length(of: word)])
        let number = table.insert(TermHash.hash(stem), count)
        if number == count { count += 1 }
        if !words[start...].contains(Int32(number)) { words.append(Int32(number)) }
      }
    }
  }

  /// Fills a basket with the rows that show most of what the rows in it do not, for what they cost.
  ///
  /// The lazy greedy algorithm for maximum coverage under a knapsack constraint (Minoux, 1978; Khuller, Moss and Naor, 1999): a row's gain
  /// only falls as others are taken, so an old gain is a bound, and only the row at the top of a heap is looked at again.
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
      // Each round looks at a row again, drops one or takes one; the bound is for tables where gains fall by little at a time.
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
