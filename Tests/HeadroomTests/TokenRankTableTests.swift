import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite(.enabled(if: TokenOracle.hasRankFiles, "run scripts/setup.sh to fetch the rank files"))
struct TokenRankTableTests {
  /// The table holds the rank file and nothing else: every entry has its rank, and its neighbours in spelling are entries
  /// only where the file says so.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func theTableIsTheRankFile(vocabulary: Tokenizer.Vocabulary) throws {
    let table = try #require(RankTable.builtIn(vocabulary))
    let ranks = try TokenOracle.ranks(of: vocabulary)
    var generator = SeededGenerator(seed: 8)
    var wrong = 0
    func check(_ bytes: [UInt8]) {
      let found = bytes.withUnsafeBufferPointer { table.rank(of: $0.baseAddress!, count: $0.count, readable: $0.count) }
      if found != ranks[bytes] ?? RankTable.absent { wrong += 1 }
    }
    for entry in ranks.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      check(entry)
      var other = entry
      other[Int.random(in: 0..<other.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      check(other)
      check(entry + [0])
      if entry.count > 1 { check(Array(entry.dropLast())) }
      if entry.count == 2 { #expect(table.rank(entry[0], entry[1]) == ranks[entry]) }
    }
    #expect(wrong == 0)
    #expect(table.longest == ranks.keys.map(\.count).max())
  }
}
