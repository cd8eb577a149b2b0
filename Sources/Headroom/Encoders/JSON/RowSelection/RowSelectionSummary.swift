extension RowSelection {
  /// Lines that say something about all rows of a column.
  ///
  ///     latency_ms: 3-9120, median 41
  ///     status: ok 930, failed 12, others 4
  enum Summary {
    private static let mostTokens = 60
    static let mostValues = 5
    private static let longestValue = 24
    private static let longestNumber = 12

    /// The first lines that together have at most 60 tokens, joined by newlines.
    static func text(_ lines: [[UInt8]], _ counter: TokenCounter) -> [UInt8] {
      var out: [UInt8] = []
      var left = mostTokens
      for line in lines {
        let cost = counter.count(line) + 1
        guard cost <= left else { continue }
        left -= cost
        if !out.isEmpty { out.append(UInt8(ascii: "\n")) }
        out += line
      }
      return out
    }

    /// The range and the median, in the lexemes of the source.
    static func line(_ column: Values, _ numbers: Numbers, _ pool: ValuePool) -> [UInt8]? {
      guard let least = numbers.sortedRows.first, let largest = numbers.sortedRows.last else { return nil }
      func lexeme(_ row: Int) -> UnsafeBufferPointer<UInt8> {
        pool.text(column.distinct[Int(column.numbers[row])])
      }
      let texts = [Int(least), Int(largest), numbers.medianRow].map(lexeme)
      guard texts.allSatisfy({ $0.count <= longestNumber }) else { return nil }
      var out: [UInt8] = []
      start(column, &out)
      out += texts[0]
      // A minus or an exponent beside the dash would read badly.
      let isPlain = texts.allSatisfy { $0.allSatisfy { $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") } }
      out += (isPlain ? "-" : " to ").utf8
      out += texts[1]
      out += ", median ".utf8
      out += texts[2]
      return out
    }

    /// The commonest values with how many rows have each. Nil when the values are long, when nothing is common, and
    /// when there is but one value.
    static func line(_ column: Values, _ pool: ValuePool) -> [UInt8]? {
      guard column.distinct.count(where: { pool.kind($0) != .null }) > 1 else { return nil }
      let order = column.distinct.indices.sorted { (-column.counts[$0], $0) < (-column.counts[$1], $1) }
      let shown = order.prefix(order.count <= mostValues + 1 ? order.count : mostValues)
      guard shown.allSatisfy({ isShort(column.distinct[$0], pool) }) else { return nil }
      let rows = shown.reduce(0) { $0 + column.counts[$1] }
      let repeated = shown.count { column.counts[$0] > 1 }
      guard rows * 2 >= column.rowCount, repeated * 2 >= shown.count else { return nil }
      var out: [UInt8] = []
      start(column, &out)
      for (position, number) in shown.enumerated() {
        if position > 0 { out += ", ".utf8 }
        let id = column.distinct[number]
        out += pool.isText(id) && !pool.traits(id).contains(.empty) ? pool.text(id) : pool.lexeme(id)
        out += " \(column.counts[number])".utf8
      }
      let others = column.rowCount - column.missing - rows
      if others > 0 { out += ", others \(others)".utf8 }
      if column.missing > 0 { out += ", missing \(column.missing)".utf8 }
      return out
    }

    private static func isShort(_ id: ValuePool.ID, _ pool: ValuePool) -> Bool {
      switch pool.kind(id) {
      case .array, .object: false
      case .string:
        pool.text(id).count <= longestValue
          && pool.traits(id).isDisjoint(with: [.comma, .newline, .control, .lexemeOnly, .tab, .ambiguous])
      default: true
      }
    }

    private static func start(_ column: Values, _ out: inout [UInt8]) {
      Name.write(column.path, into: &out)
      out += ": ".utf8
    }
  }
}
