import Headroom
import HeadroomStore
import Testing

/// What holds for every ledger.
@Suite struct VerdictLedgerTests {
  @Test(arguments: StorageKind.allCases)
  func givesBackWhatWasRecordedAfterAReopening(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let target = Verdict.Target(number: 3, digest: (0..<32).map { UInt8($0) })
    let entries = [
      (identity: BlockIdentity.sample("a", "x"), verdict: Verdict.sample("form", targets: [target, target])),
      (identity: .sample("b", "yy"), verdict: .sample(nil, handle: nil)),
      (identity: .sample("", "zzz"), verdict: .sample("")),
      (
        identity: BlockIdentity(callID: [0, 255, 39], digest: Array(repeating: 0, count: 32)), verdict: .sample("\0ü'")
      ),
    ]
    #expect(try fixture.open().verdicts.record(entries) == entries.map(\.verdict))
    let ledger = try fixture.open().verdicts
    #expect(
      try ledger.verdicts(entries.map(\.identity), orLatest: entries.map { _ in false }) == entries.map(\.verdict))
    #expect(try ledger.verdicts([.sample("c", "x")], orLatest: [false]) == [nil])
  }

  @Test(arguments: StorageKind.allCases)
  func whoComesFirstDecides(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let (one, two) = (try fixture.open().verdicts, try fixture.open().verdicts)
    #expect(try two.verdicts([.sample("a", "x")], orLatest: [true]) == [nil])
    #expect(try one.record([(.sample("a", "x"), .sample("first"))]) == [.sample("first")])
    #expect(
      try two.record([(.sample("b", "y"), .sample("own")), (.sample("a", "x"), .sample("second"))]) == [
        .sample("own"), .sample("first"),
      ])
    #expect(try two.verdicts([.sample("a", "x")], orLatest: [false]) == [.sample("first")])
  }

  @Test(arguments: StorageKind.allCases)
  func theSameBlockTwiceInARequestHasOneVerdict(kind: StorageKind) throws {
    let ledger = try StorageFixture(kind).open().verdicts
    let standing = try ledger.record([(.sample("a", "x"), .sample("first")), (.sample("a", "x"), .sample("second"))])
    #expect(standing == [.sample("first"), .sample("first")])
  }

  @Test(arguments: StorageKind.allCases)
  func theLatestOfAPayloadStandsInForARenewedID(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    _ = try fixture.open().verdicts.record([
      (.sample("a", "x"), .sample("first")), (.sample("b", "x"), .sample("second")),
    ])
    let ledger = try fixture.open().verdicts
    #expect(
      try ledger.verdicts([.sample("c", "x"), .sample("a", "x")], orLatest: [true, true]) == [
        .sample("second"), .sample("first"),
      ])
    // It stands in for a result sent before, and decides nothing for a new one.
    #expect(try ledger.verdicts([.sample("c", "x")], orLatest: [false]) == [nil])
    #expect(try ledger.record([(.sample("c", "x"), .sample("third"))]) == [.sample("third")])
    #expect(try ledger.verdicts([.sample("c", "x")], orLatest: [true]) == [.sample("third")])
  }

  @Test(arguments: StorageKind.allCases)
  func manyWhoDecideAtOnceAgree(kind: StorageKind) async throws {
    let fixture = try StorageFixture(kind)
    let ledgers = try (0..<4).map { _ in try fixture.open().verdicts }
    for round in 0..<10 {
      let blocks = (0..<5).map { BlockIdentity.sample("\(round)", String(repeating: "x", count: $0 + 1)) }
      let standing = try await withThrowingTaskGroup(of: [Verdict].self) { group in
        for (number, ledger) in ledgers.enumerated() {
          // In another order each, as parallel requests share only some of their blocks.
          let order = number.isMultiple(of: 2) ? blocks : blocks.reversed()
          group.addTask {
            let verdicts = try ledger.record(order.map { ($0, .sample("by \(number)")) })
            return number.isMultiple(of: 2) ? verdicts : verdicts.reversed()
          }
        }
        return try await group.reduce(into: [[Verdict]]()) { $0.append($1) }
      }
      #expect(Set(standing.map { $0.map(\.form) }).count == 1)
    }
  }

  @Test(arguments: StorageKind.lasting)
  func aVerdictStaysWhileItsConversationGoesOn(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let ledger = try fixture.open().verdicts
    _ = try ledger.record([(.sample("used", "x"), .sample("a")), (.sample("unused", "yy"), .sample("b"))])
    for _ in 0..<5 {
      fixture.clock.advance(by: Double(SQLiteLedger.age) / 3)
      #expect(try fixture.open().verdicts.verdicts([.sample("used", "x")], orLatest: [false]) == [.sample("a")])
      _ = try ledger.record([(.sample("new", "zzz"), .sample("c"))])
    }
    #expect(try fixture.open().verdicts.verdicts([.sample("unused", "yy")], orLatest: [false]) == [nil])
  }
}
