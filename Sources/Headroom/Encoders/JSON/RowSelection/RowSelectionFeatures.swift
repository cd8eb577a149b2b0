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

    /// What each feature is worth, in 256ths of a bit: how rare it is among the rows. A word that hardly any other
    /// row has shows nothing of the others, and one that a third of the rows have tells them too little apart.
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

    /// The words of a column's texts; nil when hardly any word stands in several of them, as among names made by
    /// machines.
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
}
