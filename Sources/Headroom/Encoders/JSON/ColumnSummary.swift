/// Numbers about a column's values.
struct ColumnSummary {
  /// The distinct values without missing, in the order they first stand.
  private(set) var distinct: [ValuePool.ID] = []
  /// How many rows have each.
  private(set) var counts: [Int] = []
  /// The first row of each.
  private(set) var firstRows: [Int] = []
  /// The number of each row's value among the distinct ones, or -1.
  let numbers: [Int32]
  let missing: Int
  /// Whether all values are strings that a text says.
  private(set) var isText = true
  /// Whether there are arrays and objects large enough that their tokens are not counted before they must be.
  private(set) var isLarge = false
  /// Tokens of all cells, each counted by itself.
  private(set) var cost = 0

  /// Arrays and objects of more bytes than this are large.
  private static let largest = 64

  /// `seen` is scratch: as many entries as the pool has values, all -1, and left so.
  init(_ ids: [ValuePool.ID], _ pool: ValuePool, seen: inout [Int32]) {
    var distinctCount = 0
    var absent = 0
    numbers = seen.withUnsafeMutableBufferPointer { seen in
      [Int32](unsafeUninitializedCapacity: ids.count) { numbers, count in
        count = ids.count
        for (row, id) in ids.enumerated() {
          guard id >= 0 else {
            absent += 1
            numbers[row] = -1
            continue
          }
          if seen[Int(id)] < 0 {
            seen[Int(id)] = Int32(truncatingIfNeeded: distinctCount)
            distinctCount += 1
          }
          numbers[row] = seen[Int(id)]
        }
      }
    }
    missing = absent
    distinct.reserveCapacity(distinctCount)
    counts.reserveCapacity(distinctCount)
    firstRows.reserveCapacity(distinctCount)
    for (row, number) in numbers.enumerated() where number >= 0 {
      if Int(number) == distinct.count {
        distinct.append(ids[row])
        counts.append(1)
        firstRows.append(row)
      } else {
        counts[Int(number)] += 1
      }
    }
    for id in distinct {
      seen[Int(id)] = -1
      if !pool.isText(id) { isText = false }
      if pool.kind(id).isContainer, pool.lexeme(id).count > ColumnSummary.largest { isLarge = true }
    }
    if !isLarge { count(pool) }
  }

  /// Counts the tokens of large values too.
  mutating func count(_ pool: ValuePool) {
    cost = 0
    for (number, id) in distinct.enumerated() { cost += pool.cost(id) * counts[number] }
    isLarge = false
  }
}
