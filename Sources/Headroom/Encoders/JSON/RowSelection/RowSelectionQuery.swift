extension RowSelection {
  /// What the rows of a table have to do with a query.
  struct QueryMatches {
    /// The relevance of each row, from 0 to ``Relevance/best``.
    let scores: [Int]
    /// The rows that answer the query, the most relevant first.
    let relevant: [Int]
    /// For each of the query's rarest words the most relevant row that has it: a question may have several parts.
    let answers: [Int]
    /// The next rows that have one of these words, where few have it: a question may have several answers.
    let furtherAnswers: [Int]
    /// Which words of the query the most relevant rows have, so that each part of a question finds its rows.
    let words: Features.WordList

    /// Only so many rows are looked at word by word.
    private static let mostRows = 1_024
    /// Only so many words of the query find rows of their own.
    private static let mostWords = 16
    /// How many rows a word that few rows have finds.
    private static let mostAnswers = 5

    /// Nil when there is nothing to look for.
    init?(_ query: Query?, _ columns: [TableColumn], _ values: [Values], in document: JSONDocument) {
      guard let query, !query.isEmpty, let rowCount = values.first?.rowCount else { return nil }
      let hasDigits = query.terms.contains { $0.stem.contains { $0 &- 0x30 < 10 } }
      let texts = QueryMatches.texts(columns, values, rowCount: rowCount, in: document, withNumbers: hasDigits)
      (scores, relevant, answers, furtherAnswers, words) = document.bytes.withUnsafeBufferPointer { bytes in
        let relevance = Relevance(of: texts, in: bytes, to: query)
        let order = QueryMatches.order(relevance.scores)
        let isRelevant = relevance.relevant
        let best = order.prefix(QueryMatches.mostRows)
        let words = QueryMatches.words(of: best.sorted(), texts, bytes, query)
        let answers = QueryMatches.answers(words, in: best, query, rowCount: rowCount)
        let first = answers.compactMap(\.first)
        let further = (1..<QueryMatches.mostAnswers).flatMap { rank in answers.compactMap { $0.dropFirst(rank).first } }
        return (relevance.scores, order.filter { isRelevant[$0] }, first, further, words)
      }
    }

    /// The rows that have anything to do with the query, the most relevant first, equal ones as they stand.
    private static func order(_ scores: [Int]) -> [Int] {
      var starts = [Int](repeating: 0, count: Relevance.best + 2)
      for score in scores where score > 0 { starts[Relevance.best - min(score, Relevance.best) + 1] += 1 }
      for i in starts.indices.dropFirst() { starts[i] += starts[i - 1] }
      var order = [Int](repeating: 0, count: starts[Relevance.best])
      for (row, score) in scores.enumerated() where score > 0 {
        let place = Relevance.best - min(score, Relevance.best)
        order[starts[place]] = row
        starts[place] += 1
      }
      return order
    }

    /// For each of the words that tell most, the most relevant row that has it, and further ones where few have it.
    private static func answers(
      _ words: Features.WordList, in rows: ArraySlice<Int>, _ query: Query, rowCount: Int
    ) -> [[Int]] {
      let few = max(mostAnswers, rowCount / 20)
      var found = [[Int]](repeating: [], count: query.terms.count)
      for row in rows {
        for word in words[row] where found[Int(word)].count < (words.counts[Int(word)] <= few ? mostAnswers : 1) {
          found[Int(word)].append(row)
        }
      }
      let mostFrequent = BM25.mostFrequent(among: rowCount)
      let worth = query.terms.indices.map { term in
        query.terms[term].weight * BM25.inverseFrequency(of: words.counts[term], among: rowCount)
      }
      return found.indices.filter { !found[$0].isEmpty && words.counts[$0] <= mostFrequent }
        .sorted { (-worth[$0], $0) < (-worth[$1], $1) }.prefix(mostWords).map { found[$0] }
    }

    /// The values of each row, without those that all rows share. A member that not all rows have is with its key.
    private static func texts(
      _ columns: [TableColumn], _ values: [Values], rowCount: Int, in document: JSONDocument, withNumbers: Bool
    ) -> Segments {
      let used = columns.indices.filter { !values[$0].isConstant }
      let hasKey = columns.indices.map { column in
        if case .key = columns[column].path.last { values[column].missing > 0 } else { false }
      }
      var texts = Segments()
      var ranges: [Range<Int>] = []
      for row in 0..<rowCount {
        ranges.removeAll(keepingCapacity: true)
        for column in used {
          let node = Int(columns[column].nodes[row])
          guard document.nodes.indices.contains(node) else { continue }
          let value = document.nodes[node]
          // The key of a member is the node before its value.
          let start = hasKey[column] && node > 0 ? document.nodes[node - 1].range.lowerBound : value.range.lowerBound
          guard withNumbers || value.kind != .number || hasKey[column] else { continue }
          ranges.append(start..<value.range.upperBound)
        }
        texts.append(ranges)
      }
      return texts
    }

    private static func words(
      of rows: [Int], _ texts: Segments, _ bytes: UnsafeBufferPointer<UInt8>, _ query: Query
    ) -> Features.WordList {
      var visitor = Visitor(query)
      var list = Features.WordList(
        words: [], ends: Array(repeating: 0, count: texts.count), counts: Array(repeating: 0, count: query.terms.count))
      var next = 0
      for row in 0..<texts.count {
        if next < rows.count, rows[next] == row {
          next += 1
          for range in texts[row] { Terms.scan(bytes, in: range, &visitor) }
          for word in visitor.takeWords() {
            list.words.append(Int32(word))
            list.counts[word] += 1
          }
        }
        list.ends[row] = list.words.count
      }
      list.weights = query.terms.map(\.weight)
      return list
    }

    private struct Visitor: TermVisitor {
      private let query: Query
      private var words: [Int] = []
      private var isFound: [Bool]

      init(_ query: Query) {
        self.query = query
        isFound = Array(repeating: false, count: query.terms.count)
      }

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        let stem = UnsafeBufferPointer(rebasing: word[..<Stemmer.length(of: word)])
        guard let term = query.table[TermHash.hash(stem)], !isFound[term] else { return }
        isFound[term] = true
        words.append(term)
      }

      mutating func takeWords() -> [Int] {
        for word in words { isFound[word] = false }
        defer { words.removeAll(keepingCapacity: true) }
        return words
      }
    }
  }
}
