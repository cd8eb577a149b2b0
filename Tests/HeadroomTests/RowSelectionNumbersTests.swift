import TestSupport
import Testing

@testable import Headroom

@Suite struct RowSelectionNumbersTests {
  private func decimal(_ text: String) -> RowSelection.Decimal? {
    Array(text.utf8).withUnsafeBufferPointer { RowSelection.Decimal($0) }
  }

  @Test func decimalsAreReadExactly() throws {
    for (text, unit, expected) in [
      ("120", 0, 120), ("-1.50", -2, -150), ("0.0042", -4, 42), ("1e3", 0, 1_000), ("12.5E-1", -3, 1_250), ("-0", 0, 0),
      ("999", 1, 99), ("-999", 1, -99), ("123456789012345678901234567890", 20, 1_234_567_890), ("1e-7", 0, 0),
      ("1e999999999999", 0, 100_000_000_000), ("-1e12", 0, -100_000_000_000), ("0.1e1", 0, 1), ("0e9", 0, 0),
    ] {
      let scaled = try #require(decimal(text)).scaled(unit, most: RowSelection.Numbers.most)
      #expect(scaled == expected, "\(text)")
    }
    for text in ["", "-", "01", "1.", ".5", "1e", "0x1", "NaN", "1 "] { #expect(decimal(text) == nil, "\(text)") }
  }

  /// Scaled numbers stand in the order of the numbers themselves.
  @Test func scalingKeepsTheOrder() throws {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<2_000 {
      let a = Double.random(in: -1_000...1_000, using: &generator)
      let b = Bool.random(using: &generator) ? a.nextUp : Double.random(in: -1...1, using: &generator)
      let x = try #require(decimal("\(a)")).scaled(-8, most: RowSelection.Numbers.most)
      let y = try #require(decimal("\(b)")).scaled(-8, most: RowSelection.Numbers.most)
      #expect(a <= b ? x <= y : x >= y, "\(a) \(b)")
    }
  }

  private func numbers(_ lexemes: [String], _ counter: TokenCounter) throws -> RowSelection.Numbers? {
    let text = "[\(lexemes.map { "{\"v\":\($0)}" }.joined(separator: ","))]"
    let table = try #require(SampleTable(text.utf8, counter))
    var seen = [Int32](repeating: -1, count: table.pool.count)
    return RowSelection.Numbers(RowSelection.Values(table.columns[0], table.pool, seen: &seen), table.pool)
  }

  @Test func theMedianAndTheDeviationAreThoseOfASortedColumn() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      var generator = SeededGenerator(seed: 32)
      for _ in 0..<300 {
        let values = (0..<Int.random(in: 8...400, using: &generator)).map { _ in
          Int.random(in: -50...50, using: &generator)
        }
        let numbers = try #require(try numbers(values.map(String.init), counter))
        // The unit may be smaller than 1 when all values end in 0.
        let scale = try #require(zip(values, numbers.values).first { $0.0 != 0 }.map { $0.1 / $0.0 })
        let sorted = values.sorted()
        let median = sorted[(sorted.count - 1) / 2]
        let deviation = values.map { abs($0 - median) }.sorted()[(sorted.count - 1) / 2]
        #expect(numbers.median == median * scale)
        #expect(numbers.deviation == deviation * scale)
        #expect(numbers.sorted == sorted.map { $0 * scale })
      }
    }
  }

  @Test func extremesAreFoundAmongEqualNumbersAndAmongHugeOnes() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      var lexemes = Array(repeating: "0", count: 90) + (0..<10).map { _ in "1" }
      lexemes[40] = "77"
      let equal = try #require(try numbers(lexemes, counter))
      #expect(equal.extremes(most: 4, isWanted: false) == [40])

      lexemes = (0..<60).map { "\($0 % 9 + 1).25" }
      lexemes[7] = "1e300"
      lexemes[33] = "-1e300"
      let huge = try #require(try numbers(lexemes, counter))
      #expect(huge.extremes(most: 4, isWanted: false).sorted() == [7, 33])
    }
  }

  @Test func oneNumberInTenRowsIsNoColumnOfNumbers() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let mixed = try numbers((0..<20).map { $0 % 10 == 0 ? "\($0)" : "\"text\"" }, counter)
      let sparse = try numbers((0..<20).map { $0 % 10 == 0 ? "null" : "\($0)" }, counter)
      let quoted = try numbers((0..<20).map { "\"\($0).50\"" }, counter)
      #expect(mixed == nil)
      #expect(sparse?.values.count == 18)
      #expect(quoted?.values.count == 20)
    }
  }

  @Test func radixSortSorts() {
    var generator = SeededGenerator(seed: 33)
    for count in [0, 1, 5, 300, 5_000] {
      let most = UInt64.random(in: 1..<1 << 38, using: &generator)
      var keys = (0..<count).map { UInt64.random(in: 0..<most, using: &generator) << 25 | UInt64($0) }
      let expected = keys.sorted()
      RowSelection.RadixSort.sort(&keys, lowestBit: 25, bitCount: 64 - most.leadingZeroBitCount)
      #expect(keys == expected, "\(count)")
    }
  }

  @Test func theMedianTreeKnowsTheDistances() {
    var generator = SeededGenerator(seed: 34)
    for _ in 0..<50 {
      let values = Array(
        Set((0..<Int.random(in: 1...40, using: &generator)).map { _ in Int.random(in: -9...99, using: &generator) })
      )
      .sorted()
      var tree = RowSelection.MedianTree(values)
      var inserted: [Int] = []
      for _ in 0..<60 {
        let rank = Int.random(in: 0..<values.count, using: &generator)
        tree.insert(rank)
        inserted.append(values[rank])
        let median = inserted.sorted()[(inserted.count - 1) / 2]
        #expect(tree.cost == inserted.reduce(0) { $0 + abs($1 - median) })
      }
    }
  }

  @Test func changesOfLevelAreFoundAndNoiseIsNot() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      var generator = SeededGenerator(seed: 35)
      var noisy = 0
      for count in [30, 200, 2_000] {
        for _ in 0..<20 {
          let noise = (0..<count).map { _ in Int.random(in: 0...40, using: &generator) }
          if let numbers = try numbers(noise.map(String.init), counter) {
            noisy += RowSelection.ChangePoints.find(numbers).isEmpty ? 0 : 1
          }
          let change = count / 3
          let shifted = noise.enumerated().map { "\($1 + ($0 < change ? 0 : 100))" }
          let points = RowSelection.ChangePoints.find(try #require(try numbers(shifted, counter)))
          #expect(points.first == change, "\(count)")
        }
      }
      #expect(noisy <= 2)
      // A ramp has no levels.
      let ramp = try #require(try numbers((0..<100).map { "\($0 * $0)" }, counter))
      #expect(RowSelection.ChangePoints.find(ramp).isEmpty)
    }
  }

  @Test func textsThatDifferInMadeNamesHaveOneTemplate() {
    func hash(_ text: String) -> UInt64 {
      Array(text.utf8).withUnsafeBufferPointer { RowSelection.Template.hash($0) }
    }
    for (a, b) in [
      ("Retry 3/5 for job_4711 after 30.5ms", "Retry 4/5 for job_8 after 7ms"),
      ("sha d3d9446802a44259", "sha 0aa1883c6411f787"), ("2026-03-01T10:00:00Z", "2025-12-31T23:59:59Z"),
      ("from 10.0.0.1:8080", "from 192.168.17.4:443"), ("id req_8fKd03xQ", "id req_1aZZ9p7"),
    ] {
      #expect(hash(a) == hash(b), "\(a) \(b)")
    }
    for (a, b) in [
      ("Connection refused to auth", "Connection refused to user"),
      ("export function Form1()", "export function Card1()"),
      ("Health check passed", "Health check failed"), ("é 1", "è 1"),
    ] {
      #expect(hash(a) != hash(b), "\(a) \(b)")
    }
    // Longer than what is looked at, and bytes that are no text.
    #expect(hash(String(repeating: "a1-", count: 500)) == hash(String(repeating: "a2-", count: 500)))
    _ = [UInt8](repeating: 0xFF, count: 300).withUnsafeBufferPointer { RowSelection.Template.hash($0) }
  }
}
