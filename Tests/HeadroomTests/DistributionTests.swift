import TestSupport
import Testing

@testable import Headroom

@Suite struct DistributionTests {
  private func values(_ seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<500).map { _ in .random(in: 0 ... .random(in: 0...1_000_000, using: &generator), using: &generator) }
  }

  private func distribution(_ values: [Int]) -> Distribution {
    var distribution = Distribution()
    for value in values { distribution.add(value) }
    return distribution
  }

  @Test func aPercentileIsTheNearestRankRoundedUp() {
    for seed in 1...8 as ClosedRange<UInt64> {
      let values = values(seed).sorted()
      let distribution = distribution(values)
      for percent in [0, 1, 50, 90, 95, 99, 100] {
        let exact = values[max((values.count * percent + 99) / 100, 1) - 1]
        #expect(distribution.percentile(percent) == Distribution.rounded(exact))
      }
    }
    #expect(Distribution().percentile(50) == nil)
  }

  @Test func roundingKeepsTwoDigitsAndNeverGoesDown() {
    for value in values(9) {
      let rounded = Distribution.rounded(value)
      #expect(rounded >= value && rounded * 10 <= value * 11)
      #expect("\(rounded)".drop { $0 == "0" }.trimmingZeros.count <= 2)
    }
  }

  @Test func countsUpToABoundOfTwoDigitsAreExact() {
    let values = values(10)
    for bound in [0, 1, 99, 100, 250, 1_000, 2_500, 10_000, 99_000, 1_000_000] {
      #expect(distribution(values).count(upTo: bound) == values.count { $0 <= bound })
    }
  }

  @Test func wildValuesAreCountedAtTheEdges() {
    let distribution = distribution([.min, -1, 0, .max])
    #expect(distribution.count(upTo: 0) == 3)
    #expect(distribution.percentile(100) == Distribution.largest)
  }
}

extension Substring {
  fileprivate var trimmingZeros: Substring {
    var rest = self
    while rest.last == "0" { rest.removeLast() }
    return rest
  }
}
