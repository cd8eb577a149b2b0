extension RowSelection {
  /// The numbers of a column as integers in one unit, in the order of rows and sorted.
  struct Numbers {
    /// The rows that have a number, and their numbers.
    private(set) var rows: [Int32] = []
    private(set) var values: [Int] = []
    /// The same by size, equal numbers by row.
    private(set) var sortedRows: [Int32] = []
    private(set) var sorted: [Int] = []
    private(set) var median = 0
    /// The row of the median.
    private(set) var medianRow = 0
    /// The median of the distances from the median.
    private(set) var deviation = 0
    /// 256 times the mean of the distances from the median.
    private(set) var meanDeviation256 = 0
    /// Whether every number is as large as the one before it, or every one as small.
    private(set) var isMonotone = false
    /// Whether all numbers are integers and none stands twice.
    private(set) var isDistinctIntegers = false

    /// Numbers are clamped here, so that sums over all rows fit.
    static let most = 100_000_000_000
    private static let digits = 11
    /// Numbers so many powers of ten above most others are clamped rather than push the others to 0.
    private static let headroom = 4
    static let fewest = 8

    /// Nil when the column is not one of numbers: fewer than eight rows have one, or more than a tenth of the values
    /// that are not null are something else.
    init?(_ column: Values, _ pool: ValuePool) {
      guard let decimals = Numbers.decimals(column, pool) else { return nil }
      var magnitudes: [Int] = []
      var unit = Int.max
      var hasFraction = false
      for case let decimal? in decimals where decimal.mantissa != 0 {
        magnitudes.append(decimal.magnitude)
        unit = min(unit, decimal.exponent)
        hasFraction = hasFraction || decimal.exponent < 0
      }
      magnitudes.sort()
      if let largest = magnitudes.last {
        let typical = magnitudes[magnitudes.count * 3 / 4]
        unit = max(unit, min(largest, typical + Numbers.headroom) - Numbers.digits)
      } else {
        unit = 0
      }
      let scaled = decimals.map { $0?.scaled(unit, most: Numbers.most) }
      rows.reserveCapacity(column.rowCount)
      values.reserveCapacity(column.rowCount)
      for (row, number) in column.numbers.enumerated() where number >= 0 {
        guard let value = scaled[Int(number)] else { continue }
        rows.append(Int32(row))
        values.append(value)
      }
      sort()
      summarize()
      isDistinctIntegers = !hasFraction && zip(sorted, sorted.dropFirst()).allSatisfy { $0 < $1 }
      let steps = zip(values, values.dropFirst())
      isMonotone = steps.allSatisfy { $0 <= $1 } || steps.allSatisfy { $0 >= $1 }
    }

    /// The number that each distinct value is, when nearly all are numbers, or all are strings that say one.
    private static func decimals(_ column: Values, _ pool: ValuePool) -> [Decimal?]? {
      var numbers = 0
      var others = 0
      var strings = 0
      for (id, count) in zip(column.distinct, column.counts) {
        switch pool.kind(id) {
        case .number: numbers += count
        case .null: break
        case .string where Cell.isNumber(pool.text(id)): strings += count
        default: others += count
        }
      }
      if strings > 0, numbers + others > 0 { others += strings } else { numbers += strings }
      guard numbers >= fewest, others * 9 <= numbers else { return nil }
      let usesStrings = strings == numbers
      return column.distinct.map { id in
        pool.kind(id) == .number || (usesStrings && pool.kind(id) == .string) ? Decimal(pool.text(id)) : nil
      }
    }

    private mutating func sort() {
      guard let least = values.min(), let largest = values.max() else { return }
      var keys = [UInt64](unsafeUninitializedCapacity: values.count) { keys, count in
        for i in values.indices { keys[i] = UInt64(values[i] - least) << 25 | UInt64(rows[i]) }
        count = values.count
      }
      RadixSort.sort(&keys, lowestBit: 25, bitCount: 64 - UInt64(largest - least).leadingZeroBitCount)
      sortedRows = keys.map { Int32($0 & (1 << 25 - 1)) }
      sorted = keys.map { Int($0 >> 25) + least }
    }

    private mutating func summarize() {
      let middle = (sorted.count - 1) / 2
      median = sorted[middle]
      medianRow = Int(sortedRows[middle])
      // The distances grow away from the middle on both sides: merge until half of them are passed.
      var below = middle
      var above = middle + 1
      for _ in 0...middle {
        let down = below >= 0 ? median - sorted[below] : Int.max
        let up = above < sorted.count ? sorted[above] - median : Int.max
        deviation = min(down, up)
        if down <= up { below -= 1 } else { above += 1 }
      }
      let sum = sorted.reduce(0) { $0 + abs($1 - median) }
      meanDeviation256 = sum / sorted.count * 256 + sum % sorted.count * 256 / sorted.count
    }

    // MARK: Extremes

    /// A number is extreme farther than this from the median: six times the median deviation (four standard
    /// deviations of a normal distribution), or, where more than half of the numbers are the same, six times 5/4 of
    /// the mean deviation.
    ///
    /// After Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993.
    private var extremeDistance: Int { deviation > 0 ? deviation * 6 : meanDeviation256 * 15 / 512 }

    /// The rows of the most extreme numbers, at most `most` at each end, one for each number, the farthest first.
    func extremes(most: Int, isWanted: Bool) -> [Int] {
      let distance = isWanted ? 0 : extremeDistance
      var found: [(distance: Int, row: Int)] = []
      for isUpper in [false, true] {
        var count = 0
        var last: Int?
        var i = isUpper ? sorted.count - 1 : 0
        while count < most, sorted.indices.contains(i), abs(sorted[i] - median) > distance {
          // Of equal numbers the first row counts; what was clamped is not equal.
          if isUpper, i > 0, sorted[i - 1] == sorted[i], abs(sorted[i]) < Numbers.most {
            i -= 1
            continue
          }
          if sorted[i] != last || abs(sorted[i]) == Numbers.most {
            found.append((abs(sorted[i] - median), Int(sortedRows[i])))
            count += 1
          }
          last = sorted[i]
          i += isUpper ? -1 : 1
        }
      }
      return found.sorted { (-$0.distance, $0.row) < (-$1.distance, $1.row) }.map(\.row)
    }

    // MARK: Groups

    /// Eight groups of about as many rows, by size; equal numbers are in the same.
    func quantiles(rowCount: Int) -> Groups {
      var groups = Groups(
        numbers: Array(repeating: -1, count: rowCount), counts: Array(repeating: 0, count: 8),
        firstRows: Array(repeating: 0, count: 8))
      var start = 0
      for i in sorted.indices {
        if sorted[i] != sorted[start] { start = i }
        let group = start * 8 / sorted.count
        let row = Int(sortedRows[i])
        groups.numbers[row] = Int32(group)
        if groups.counts[group] == 0 || row < groups.firstRows[group] { groups.firstRows[group] = row }
        groups.counts[group] += 1
      }
      return groups
    }
  }
}
