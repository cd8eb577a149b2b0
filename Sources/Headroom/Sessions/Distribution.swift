/// How values are spread: how many there were of each, which is kept to two significant digits, rounded up.
///
/// The same values give the same distribution in whatever order and in however many parts they are added. It has at most 90 counts for
/// each power of ten, so that its size does not depend on how many values there are.
public struct Distribution: Sendable, Equatable {
  private var counts: [Int: Int] = [:]
  public private(set) var count = 0
  /// Of the values as they were.
  public private(set) var sum = 0

  public init() {}

  /// Larger values are counted as this one.
  static let largest = 99_000_000_000_000

  /// Adds a value; one below zero counts as zero.
  public mutating func add(_ value: Int) {
    let value = min(max(value, 0), Distribution.largest)
    counts[Distribution.rounded(value), default: 0] += 1
    count += 1
    sum += value
  }

  public static func += (left: inout Distribution, right: Distribution) {
    left.counts.merge(right.counts, uniquingKeysWith: +)
    left.count += right.count
    left.sum += right.sum
  }

  /// The least value that at least `percent` of a hundred values are not above (the nearest rank), rounded up to two significant digits;
  /// nil when there are none.
  public func percentile(_ percent: Int) -> Int? {
    guard count > 0 else { return nil }
    let rank = max((count * percent + 99) / 100, 1)
    var seen = 0
    for (value, times) in counts.sorted(by: { $0.key < $1.key }) {
      seen += times
      if seen >= rank { return value }
    }
    return nil
  }

  /// How many values are not above `bound`, which has two significant digits.
  public func count(upTo bound: Int) -> Int { counts.reduce(0) { $0 + ($1.key <= bound ? $1.value : 0) } }

  /// The least number of two significant digits that is not below `value`.
  static func rounded(_ value: Int) -> Int {
    var unit = 1
    while value > 99 * unit { unit *= 10 }
    return (value + unit - 1) / unit * unit
  }
}
