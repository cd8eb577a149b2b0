import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct SQLiteLedgerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func originalsAndVerdictsShareAFile() throws {
    let store = try SQLiteStore(path: folder.store)
    let handle = try store.put([1, 2, 3])
    _ = try SQLiteLedger(path: folder.store).record([(.sample("a", "x"), .sample("first"))])
    #expect(try store.original(handle) == [1, 2, 3])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.store)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  /// A conversation goes on with the same bytes after the process has ended.
  @Test func aRestartChangesNothingThatWasSent() throws {
    let rows =
      "[" + (0..<400).map { #"{"id":\#($0),"state":"open","size":\#($0 * 977 % 1013)}"# }.joined(separator: ",") + "]"
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
