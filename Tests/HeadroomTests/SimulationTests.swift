import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct SimulationTests {
  /// The cost gate: through Headroom no conversation costs more, writes more to the cache, or has more tokens than directly.
  private func passes(_ simulation: Simulation) -> Bool {
    let (direct, shortened) = (simulation.direct, simulation.shortened)
    return shortened.centitokens <= direct.centitokens && shortened.cacheWrite <= direct.cacheWrite
      && shortened.tokens <= direct.tokens
  }

  /// A ledger that remembers nothing: what was sent before is then sent as it came.
  private struct Forgetful: VerdictLedger {
    func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) -> [Verdict?] { identities.map { _ in nil } }
    func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) -> [Verdict] { verdicts.map(\.verdict) }
  }

  private static let recorded = RecordedData.files(below: "workloads", extensions: ["json"])
    .filter { !$0.lastPathComponent.contains("needles") }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func noRecordedConversationCostsMore() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for file in SimulationTests.recorded where file.path.contains("claude_code") || file.path.contains("tau") {
        group.addTask {
          let body = [UInt8](try Data(contentsOf: file))
          let name = file.lastPathComponent
          let simulation = try #require(simulate(body, options: Options(level: .lossless)))
          #expect(self.passes(simulation), "\(name)")
          #expect(simulation.turns > 5)
          // Without the ledger the same gate shuts: the beginning changes from turn to turn.
          let forgetful = try #require(simulate(body, options: Options(level: .lossless, ledger: Forgetful())))
          #expect(forgetful.shortened.cacheWrite > forgetful.direct.cacheWrite, "\(name)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func turnsAreTheClientsBytes() throws {
    let body = Array(
      #"{"system":"s", "messages" : [{"role":"user","content":"a"}, {"role":"assistant","content":"b"} ,{"role":"user","content":"c"},{"role":"assistant","content":"d"},{"role":"assistant","content":"e"}], "max_tokens":1.0}"#
        .utf8)
    let turns = try #require(RequestBody(body)).turns.map { String(decoding: $0, as: UTF8.self) }
    #expect(
      turns == [
        #"{"system":"s", "messages" : [{"role":"user","content":"a"}], "max_tokens":1.0}"#,
        #"{"system":"s", "messages" : [{"role":"user","content":"a"}, {"role":"assistant","content":"b"} ,{"role":"user","content":"c"}], "max_tokens":1.0}"#,
      ])
    let responses = Array(
      #"{"model":"gpt-5","input":[{"role":"user","content":"a"},{"type":"reasoning","id":"r"},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"x"}]}"#
        .utf8)
    #expect(try #require(RequestBody(responses)).turns.count == 2)
    let gemini = Array(
      #"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]}"#.utf8)
    #expect(try #require(RequestBody(gemini)).turns.count == 1)
  }

  @Test func aCacheReadsWhatItHasSeen() {
    func units(_ names: String..., size: Int = 1000) -> [(bytes: ArraySlice<UInt8>, tokens: Int)] {
      names.map { (Array($0.utf8)[...], size) }
    }
    var anthropic = PromptCache(.anthropic)
    anthropic.send(units("s", "a"))
    anthropic.send(units("s", "a", "b", "c"))
    // The second message differs, and no breakpoint stood before it.
    anthropic.send(units("s", "x", "b"))
    #expect(
      anthropic.bill == PromptBill(tokens: 9000, cacheRead: 2000, cacheWrite: 7000, centitokens: 20_000 + 875_000))
    var openAI = PromptCache(.openAI)
    openAI.send(units("s", "a"))
    openAI.send(units("s", "x", "b"))
    #expect(openAI.bill.cacheRead == 896)
    var small = PromptCache(.gemini)
    small.send(units("s", size: 100))
    small.send(units("s", size: 100))
    #expect(small.bill == PromptBill(tokens: 200, cacheRead: 0, cacheWrite: 0, centitokens: 20_000))
  }

  @Test func whatIsNoConversationIsRefused() {
    #expect(simulate(Array("text".utf8)) == nil)
    #expect(simulate(Array(#"{"model":"gpt-4o","messages":[]}"#.utf8)) == nil)
  }
}
