import Headroom
import TestSupport
import Testing

@testable import HeadroomAgents

/// No recorded conversation costs more through Headroom than directly, and what was sent once is sent the same for ever.
@Suite(.enabled(if: RecordedData.isPresent, "recorded data absent")) struct CostGateTests {
  /// As many turns as there is time for; ``aConversationOfTwoHundredTurns()`` has more.
  private static let mostTurns = 45

  /// Why a simulation does not pass.
  private func faults(_ simulation: Simulation) -> [String] {
    var faults: [String] = []
    let (direct, shortened) = (simulation.direct, simulation.shortened)
    if shortened.cost > direct.cost { faults.append("costs \(shortened.cost) instead of \(direct.cost)") }
    if shortened.cacheWrite > direct.cacheWrite { faults.append("writes \(shortened.cacheWrite)") }
    if shortened.tokens > direct.tokens { faults.append("has \(shortened.tokens) tokens") }
    faults += simulation.divergences.map { "turn \($0.turn) begins with \($0.sharedSent) of \($0.shared) parts" }
    return faults.map { "\(simulation.name): \($0)" }
  }

  @Test(arguments: RecordedConversations.Corpus.allCases, [Level.lossless, .balanced, .aggressive])
  func noConversationCostsMore(_ corpus: RecordedConversations.Corpus, _ level: Level) async throws {
    let conversations = try corpus.load()
    #expect(!conversations.isEmpty)
    var saved = 0
    for conversation in conversations {
      let simulation = try #require(
        await simulate(
          conversation.prefix(CostGateTests.mostTurns), options: Options(level: level, store: MemoryStore())))
      #expect(faults(simulation) == [])
      saved += simulation.direct.cost - simulation.shortened.cost
    }
    #expect(saved > 0)
  }

  @Test(arguments: [RecordedTask.Format.anthropic, .responses])
  func aConversationOfTwoHundredTurns(_ format: RecordedTask.Format) async throws {
    let conversation = try RecordedConversations.long(format)
    #expect(conversation.turns.count == 200)
    let simulation = try #require(await simulate(conversation, options: Options(store: MemoryStore())))
    #expect(faults(simulation) == [])
    #expect(simulation.direct.cost - simulation.shortened.cost > simulation.direct.cost / 20)
  }

  /// The gate shuts when a request is shortened without regard to what was sent before.
  @Test func withoutALedgerTheGateShuts() throws {
    for format in [RecordedTask.Format.anthropic, .gemini] {
      let conversation = try RecordedConversations.long(format).prefix(30)
      // Of the results only the newest is shortened; in the next turn it goes out as it came.
      let simulation = try #require(
        simulate(conversation) { body, _ in
          compress(
            body, model: format.model, options: Options(level: .balanced, store: MemoryStore(), ledger: Forgetful())
          )
          .body
        })
      #expect(simulation.shortened.cost > simulation.direct.cost)
      #expect(!simulation.divergences.isEmpty)
    }
  }

  private struct Forgetful: VerdictLedger {
    func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) -> [Verdict?] { identities.map { _ in nil } }
    func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) -> [Verdict] { verdicts.map(\.verdict) }
  }

  /// What the simulator says of a session is what was billed for it.
  @Test func aSimulatedSessionIsBilledAsTheRealOneWas() async throws {
    let path = "sessions/claude-code/258c7280_first1MB.jsonl"
    let log = try #require(SessionLogs.conversations(in: try RecordedData.bytes(path), name: path))
    let conversation = try #require(log.conversations.first)
    let billed = conversation.turns.compactMap(\.usage)
    #expect(billed.count == 30)
    let simulation = try #require(
      await simulate(conversation, options: Options(mode: .audit, store: MemoryStore())))
    func isNear(_ value: Int, _ sum: (TokenUsage) -> Int) -> Bool {
      let real = billed.reduce(0) { $0 + sum($1) }
      return abs(value - real) * 100 < real * 15
    }
    let usage = simulation.direct.usage
    #expect(isNear(usage.prompt, \.prompt))
    #expect(isNear(usage.cacheRead, \.cacheRead))
    #expect(isNear(usage.cacheWriteLong, \.cacheWriteLong))
    #expect(usage.cacheWrite == 0)
  }

  /// What is said to have been saved, by what was billed alone, is what a simulation of both sides finds.
  @Test(arguments: [RecordedTask.Format.anthropic, .responses, .gemini])
  func theEstimateOfTheDirectCostIsRight(_ format: RecordedTask.Format) throws {
    let conversation = try RecordedConversations.long(format).prefix(60)
    var results: [CostModel.ResultTokens] = []
    let options = Options(level: .balanced, store: MemoryStore(), ledger: MemoryLedger())
    let simulation = try #require(
      simulate(conversation) { body, _ in
        let result = compress(body, model: format.model, options: options)
        let new = result.blocks.filter(\.isNew)
        results.append(
          CostModel.ResultTokens(
            before: result.tokensBefore, sent: result.tokensAfter, newBefore: new.reduce(0) { $0 + $1.tokensBefore },
            newSent: new.reduce(0) { $0 + $1.tokensAfter }))
        return result.body
      })
    let model = try #require(CostModel(model: format.model))
    let estimate = zip(simulation.turns, results).reduce(0) {
      $0 + model.directCost(of: $1.0.shortened, results: $1.1)
    }
    let saved = simulation.direct.cost - simulation.shortened.cost
    #expect(saved > 0)
    #expect(
      abs(estimate - simulation.direct.cost) * 20 < saved, "\(estimate) for \(simulation.direct.cost), saved \(saved)")
  }
}
