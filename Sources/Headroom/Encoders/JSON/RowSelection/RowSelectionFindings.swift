extension RowSelection {
  /// What is remarkable in the columns of a table.
  struct Findings {
    /// Rows of the largest and smallest numbers in columns that the query names.
    private(set) var named: [Int] = []
    /// Rows of extreme numbers in other columns, the most extreme of each column first.
    private(set) var extremes: [Int] = []
    /// The rows on both sides of each change of level.
    private(set) var changes: [Int] = []
    /// The first row of each rare value.
    private(set) var rare: [Int] = []
    /// The first row of each distinct message.
    private(set) var messages: [Int] = []
    /// What coverage counts.
    private(set) var features = Features()
    /// What can be said about all rows, the best first.
    private(set) var lines: [[UInt8]] = []

    private let pool: ValuePool
    private let query: Query?
    private let rowCount: Int
    private var extremesOfColumns: [(rows: [Int], isNamed: Bool)] = []
    private var ranked: [(rank: Rank, line: [UInt8])] = []

    /// Which lines say most.
    private enum Rank: Int { case signal, named, unusualNumbers, category, numbers, largeCategory }

    /// Columns beyond these are not looked at, so that work stays bounded whatever the table is.
    private static let mostColumns = 64
    private static let mostNumberColumns = 24
    private static let mostTextColumns = 2
    private static let mostExtremes = 4
    /// Columns of more distinct values are not categories.
    private static let mostGroups = 64
    /// Numbers of so few distinct values are categories as well.
    private static let fewNumbers = 16

    init(_ columns: [Values], _ signals: Signals, _ query: Query?, rowCount: Int, _ pool: ValuePool) {
      self.pool = pool
      self.query = query
      self.rowCount = rowCount
      var left = (columns: Findings.mostColumns, numbers: Findings.mostNumberColumns, texts: Findings.mostTextColumns)
      for (index, column) in columns.enumerated() where !column.isConstant && left.columns > 0 {
        left.columns -= 1
        let isNamed = isNamedByQuery(column)
        let rank: Rank? = signals.isSignal[index] ? .signal : isNamed ? .named : nil
        if let numbers = left.numbers > 0 ? Numbers(column, pool) : nil {
          left.numbers -= 1
          add(column, numbers, rank: rank, isNamed: isNamed)
        } else if isCategory(column) {
          add(column, Groups(column), isMessage: isMessage(column))
          let isWhole = column.distinct.count <= Summary.mostValues
          addLine(Summary.line(column, pool), rank ?? (isWhole ? .category : .largeCategory))
        } else if let templates = templates(of: column) {
          add(column, templates, isMessage: isMessage(column))
        } else if left.texts > 0, let words = Words.list(of: column, pool) {
          left.texts -= 1
          features.add(words)
        }
      }
      for position in 0..<Findings.mostExtremes * 2 {
        for column in extremesOfColumns where position < column.rows.count {
          if column.isNamed { named.append(column.rows[position]) } else { extremes.append(column.rows[position]) }
        }
      }
      let order = ranked.indices.sorted { (ranked[$0].rank.rawValue, $0) < (ranked[$1].rank.rawValue, $1) }
      lines = order.map { ranked[$0].line }
    }

    // MARK: Numbers

    private mutating func add(_ column: Values, _ numbers: Numbers, rank: Rank?, isNamed: Bool) {
      let isCategory = column.distinct.count <= Findings.fewNumbers && isCategory(column)
      if isCategory { add(column, Groups(column), isMessage: false) }
      // A column without a name is that of a map's keys.
      let isName =
        column.path.isEmpty || Identifier.isName(column.key) || (numbers.isMonotone && numbers.isDistinctIntegers)
      guard !isName else { return }
      if !isCategory { features.add(numbers.quantiles(rowCount: rowCount)) }
      let found = numbers.extremes(most: Findings.mostExtremes, isWanted: isNamed)
      extremesOfColumns.append((found, isNamed))
      let points = ChangePoints.find(numbers)
      for point in points { changes += [Int(numbers.rows[point - 1]), Int(numbers.rows[point])] }
      let line = isCategory ? Summary.line(column, pool) : Summary.line(column, numbers, pool)
      addLine(line, rank ?? (found.isEmpty && points.isEmpty ? .numbers : .unusualNumbers))
    }

    // MARK: Categories

    private func isCategory(_ column: Values) -> Bool {
      column.distinct.count <= Findings.mostGroups && column.distinct.count * 2 <= rowCount
    }

    /// The rows by the template of their text; nil when there is but one template, or there are too many.
    private func templates(of column: Values) -> Groups? {
      var numbers = TermTable(capacity: Findings.mostGroups)
      var classes: [Int32] = []
      classes.reserveCapacity(column.distinct.count)
      var count = 0
      for id in column.distinct {
        let number = numbers.insert(Template.hash(pool.text(id)), count)
        if number == count { count += 1 }
        guard count <= Findings.mostGroups, count * 4 <= rowCount else { return nil }
        classes.append(Int32(number))
      }
      return count > 1 || column.missing > 0 ? Groups(column, classes: classes, count: count) : nil
    }

    /// Whether most of the values are texts of several words.
    private func isMessage(_ column: Values) -> Bool {
      let sample = column.distinct.prefix(64)
      let texts = sample.count { id in
        pool.kind(id) == .string && pool.traits(id).contains(.space)
      }
      return texts * 2 > sample.count
    }

    private mutating func add(_ column: Values, _ groups: Groups, isMessage: Bool) {
      // Columns that say the same in other words count once.
      guard features.add(groups) else { return }
      let limit = max(1, min(5, rowCount / 100))
      let isRare = groups.counts.map { 1...limit ~= $0 }
      let hasMissing = column.missing > 0
      let values = groups.counts.indices.dropLast(hasMissing ? 1 : 0)
      let rareRows = values.reduce(0) { $0 + (isRare[$1] ? groups.counts[$1] : 0) }
      let present = rowCount - column.missing
      // Where most values are rare, none is; to have one at all may be.
      let hasRareValues = rareRows * 5 <= present
      if present <= limit, let first = values.first { rare.append(groups.firstRows[first]) }
      for (group, row) in groups.firstRows.enumerated() where groups.counts[group] > 0 {
        if isRare[group], hasRareValues || (hasMissing && group == values.endIndex) {
          rare.append(row)
        } else if isMessage, groups.counts.count * 8 <= rowCount {
          messages.append(row)
        }
      }
    }

    // MARK: The query

    /// Whether the query has a word of the column's name.
    private func isNamedByQuery(_ column: Values) -> Bool {
      guard let query, !query.isEmpty else { return false }
      var visitor = QueryVisitor(query: query)
      column.key.withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &visitor) }
      return visitor.isFound
    }

    private struct QueryVisitor: TermVisitor {
      let query: Query
      private(set) var isFound = false

      init(query: Query) { self.query = query }

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        let stem = UnsafeBufferPointer(rebasing: word[..<Stemmer.length(of: word)])
        isFound = isFound || query.table[TermHash.hash(stem)] != nil
      }
    }

    private mutating func addLine(_ line: [UInt8]?, _ rank: Rank) {
      if let line { ranked.append((rank, line)) }
    }
  }

  /// Names of columns whose numbers name or place things: how large they are says nothing.
  enum Identifier {
    static func isName(_ key: ArraySlice<UInt8>) -> Bool {
      var visitor = LastWord()
      key.withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &visitor) }
      return names[visitor.hash] != nil
    }

    private struct LastWord: TermVisitor {
      private(set) var hash: UInt64 = 0

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        // `id_str` is an id.
        if kind == .part, !word.elementsEqual("str".utf8) { hash = TermHash.hash(word) }
      }
    }

    private static let names: TermTable = {
      let list = """
        id ids uid gid pid tid uuid guid key number num no index idx seq sequence offset cursor page port zip zipcode
        postcode phone line lineno column col row lat lon lng latitude longitude version sha hash year month day
        timestamp ts epoch
        """
      var table = TermTable(capacity: 64)
      for word in list.split(whereSeparator: \.isWhitespace) {
        Array(word.utf8).withUnsafeBufferPointer { _ = table.insert(TermHash.hash($0), 1) }
      }
      return table
    }()
  }
}
