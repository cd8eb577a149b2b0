import Headroom
import Testing

/// A process that runs for weeks with nothing on disk must not grow for ever.
@Suite struct MemoryLimitTests {
  private func digest(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(number).littleEndian, Array.init) + [UInt8](repeating: 0, count: 24)
  }

  @Test func aLedgerForgetsWhatWasUnusedForLongest() {
    let ledger = MemoryLedger(byteLimit: 200_000)
    let identities = (0..<200).map { BlockIdentity(callID: [1], digest: digest($0)) }
    let verdict = Verdict(
      form: [UInt8](repeating: 1, count: 1000), kind: "log", encoder: "log", fidelity: .identical, tokensBefore: 9,
      tokensAfter: 1)
    for identity in identities {
      #expect(ledger.record([(identity, verdict)]) == [verdict])
      #expect(ledger.verdicts([identities[0]], orLatest: [true]) == [verdict])
    }
    let known = ledger.verdicts(identities, orLatest: identities.map { _ in true }).count { $0 != nil }
    #expect(known > 50 && known < 100)
  }

  @Test func aJournalForgetsWhatWasUnusedForLongest() {
    let journal = MemoryJournal(byteLimit: 100_000)
    let keys = (0..<200).map { JournalKey(topic: "exchange", digest: digest($0)) }
    for key in keys { _ = journal.record([UInt8](repeating: 1, count: 1000), for: key) }
    let entries = journal.entries(keys)
    #expect(entries.first == .some(nil) && entries.last != .some(nil))
    #expect(entries.count { $0 != nil } > 50)
  }

  @Test func aLogKeepsTheNewestRecords() {
    let log = MemorySavings(limit: 100)
    for number in 0..<1000 {
      log.append([SavingsRecord(time: Int64(number), provider: "openai", format: "openai-chat", model: "gpt-4o")])
    }
    let times = log.records(since: 0, most: .max).map(\.time)
    #expect(times.count >= 100 && times.count <= 113)
    #expect(times == (0..<1000).suffix(times.count).map { Int64($0) })
  }
}
