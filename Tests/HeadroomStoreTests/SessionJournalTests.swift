import Headroom
import HeadroomStore
import Testing

/// What holds for every journal.
@Suite struct SessionJournalTests {
  private func key(_ topic: String, _ number: Int) -> JournalKey {
    JournalKey(topic: topic, digest: (0..<32).map { UInt8(truncatingIfNeeded: $0 * 7 + number) })
  }

  @Test(arguments: StorageKind.allCases)
  func anEntryIsFoundUnderItsTopicAndDigest(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let journal = try fixture.open().journal
    let entry: [UInt8] = [0, 255, 39, 92, 0]
    #expect(try journal.entries([key("retrieval", 1)]) == [nil])
    #expect(try journal.record(entry, for: key("retrieval", 1)) == entry)
    #expect(try journal.record([], for: key("epoch", 1)) == [])
    let keys = [key("epoch", 1), key("exchange", 1), key("retrieval", 2), key("retrieval", 1)]
    #expect(try fixture.open().journal.entries(keys) == [[], nil, nil, entry])
    #expect(try journal.entries([]) == [])
  }

  @Test(arguments: StorageKind.allCases)
  func anEntryNeverChanges(kind: StorageKind) async throws {
    let fixture = try StorageFixture(kind)
    let journals = try (0..<4).map { _ in try fixture.open().journal }
    let key = key("exchange", 1)
    let standing = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for (number, journal) in journals.enumerated() {
        group.addTask { try journal.record([UInt8(number)], for: key) }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(standing.count == 1)
    #expect(try journals[0].entries([key]) == [standing.first])
  }

  @Test(arguments: StorageKind.lasting)
  func anEntryStaysWhileItsConversationGoesOn(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let journal = try fixture.open().journal
    let (used, unused) = (key("exchange", 1), key("exchange", 2))
    _ = try journal.record([1], for: used)
    _ = try journal.record([2], for: unused)
    for number in 10..<15 {
      fixture.clock.advance(by: Double(SQLiteLedger.age) / 3)
      #expect(try journal.entries([used]) == [[1]])
      _ = try journal.record([3], for: key("exchange", number))
    }
    #expect(try journal.entries([unused]) == [nil])
  }
}
