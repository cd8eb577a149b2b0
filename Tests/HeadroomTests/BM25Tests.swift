import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct BM25Tests {
  @Test func logarithmsAreThoseOfFloatingPointRoundedDown() {
    for (a, b) in [(1, 1), (2, 1), (3, 1), (5, 2), (7, 3), (1000, 3), (200_002, 1), (200_002, 199_999)]
      as [(UInt64, UInt64)]
    {
      let exact = Foundation.log2(Double(a) / Double(b)) * 256
      let integer = BM25.log2(a, over: b)
      #expect(Double(integer) <= exact + 0.001 && Double(integer) > exact - 2, "log2(\(a)/\(b))")
    }
  }

  @Test func scoresFollowTheFormula() {
    for (occurrences, length, average) in [(1, 10, 10.0), (3, 25, 10.0), (255, 4, 40.0), (1, 1, 1.5)]
      as [(Int, Int, Double)]
    {
      let weight = 700
      let tf = Double(occurrences)
      let exact = Double(weight) * tf * 2.2 / (tf + 1.2 * (0.6 + 0.4 * Double(length) / average))
      let integer = BM25.score(
        weight: weight, occurrences: occurrences, length: length, averageLength: Int(average * 16))
      #expect(abs(Double(integer) - exact) <= 1)
    }
  }

  @Test func rarerTermsWeighMore() {
    let weights = [1, 2, 5, 20, 100, 999].map { BM25.inverseFrequency(of: $0, among: 1_000) }
    #expect(weights == weights.sorted(by: >) && Set(weights).count == weights.count)
    #expect(BM25.inverseFrequency(of: 1, among: 1) > 0)
  }

  @Test func nothingOverflows() {
    let most = BM25.score(weight: 5_000 * 64, occurrences: .max, length: 1 << 28, averageLength: 1 << 32)
    #expect(most > 0)
  }
}
