import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct SQLiteLedgerTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws { folder = try TemporaryFolder() }

  private func identity(_ id: String, _ text: String) -> BlockIdentity {
    BlockIdentity(callID: Array(id.utf8), digest: (0..<32).map { UInt8(truncatingIfNeeded: $0 * text.count) })
  }

  private func verdict(_ form: String?, targets: [Verdict.Target] = []) -> Verdict {
    Verdict(
      form: form.map { Array($0.utf8) }, kind: "log", encoder: form == nil ? nil : "log", fidelity: .identical,
      tokensBefore: 900, tokensAfter: form == nil ? 900 : 70, handle: Handle("k3m9qz"), targets: targets)
  }

  @Test func givesBackWhatWasRecordedAfterAReopening() throws {
    let target = Verdict.Target(number: 3, digest: (0..<32).map { UInt8($0) })
    let entries = [
      (identity: identity("a", "x"), verdict: verdict("form", targets: [target, target])),
      (identity: identity("b", "yy"), verdict: verdict(nil)), (identity: identity("", "zzz"), verdict: verdict("")),
    ]
    #expect(try SQLiteLedger(path: folder.store).record(entries) == entries.map(\.verdict))
    let ledger = try SQLiteLedger(path: folder.store)
    #expect(try ledger.verdicts(entries.map(\.identity), orLatest: [false, false, false]) == entries.map(\.verdict))
    #expect(try ledger.verdicts([identity("c", "x")], orLatest: [false]) == [nil])
  }

  @Test func whoComesFirstDecides() throws {
    let (one, two) = (try SQLiteLedger(path: folder.store), try SQLiteLedger(path: folder.store))
    #expect(try one.record([(identity("a", "x"), verdict("first"))]) == [verdict("first")])
    #expect(try two.record([(identity("a", "x"), verdict("second"))]) == [verdict("first")])
  }

  @Test func theLatestOfAPayloadStandsInForARenewedID() throws {
    let ledger = try SQLiteLedger(path: folder.store)
    _ = try ledger.record([(identity("a", "x"), verdict("first")), (identity("b", "x"), verdict("second"))])
    #expect(
      try ledger.verdicts([identity("c", "x"), identity("a", "x")], orLatest: [true, true]) == [
        verdict("second"), verdict("first"),
      ])
  }

  @Test func aVerdictStaysWhileItsConversationGoesOn() throws {
    let ledger = try SQLiteLedger(path: folder.store, now: clock.now)
    _ = try ledger.record([(identity("used", "x"), verdict("a")), (identity("unused", "yy"), verdict("b"))])
    for _ in 0..<5 {
      clock.advance(by: Double(SQLiteLedger.age) / 3)
      #expect(try ledger.verdicts([identity("used", "x")], orLatest: [false]) == [verdict("a")])
      _ = try ledger.record([])
    }
    #expect(try ledger.verdicts([identity("unused", "yy")], orLatest: [false]) == [nil])
  }

  @Test func originalsAndVerdictsShareAFile() throws {
    let store = try SQLiteStore(path: folder.store)
    let handle = try store.put([1, 2, 3])
    _ = try SQLiteLedger(path: folder.store).record([(identity("a", "x"), verdict("first"))])
    #expect(try store.original(handle) == [1, 2, 3])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.store)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  /// A conversation goes on with the same bytes after the process has ended.
  @Test func aRestartChangesNothingThatWasSent() throws {
    let rows =
      "[" + (0..<90).map { #"{"id":\#($0),"state":"open","size":\#($0 * 977 % 1013)}"# }.joined(separator: ",") + "]"
    let text = rows.replacingOccurrences(of: "\"", with: "\\\"")
    let first =
      #"{"role":"user","content":"why?"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"q","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"\#(text)"}]}"#
    let later = first + #",{"role":"assistant","content":"because"},{"role":"user","content":"and?"}"#
    func send(_ messages: String, _ level: Level) throws -> String {
      let options = Options(level: level, ledger: try SQLiteLedger(path: folder.store))
      return compress("{\"model\":\"gpt-4o\",\"messages\":[\(messages)]}", options: options).text
    }
    let before = try send(first, .lossless)
    #expect(before.count < first.count)
    #expect(try send(later, .aggressive).hasPrefix(before.dropLast(2)))
  }
}
