import Testing

@testable import Headroom

@Suite struct SimulationTests {
  private func rows(_ seed: Int) -> String {
    "["
      + (0..<60).map { #"{\"id\":\#($0 * seed),\"name\":\"row \#($0 * 31 % 577)\",\"state\":\"open\"}"# }
      .joined(separator: ",") + "]"
  }

  /// A conversation in which each answer calls a tool once.
  private func conversation(model: String, turns: Int = 5, usage: TokenUsage? = nil) -> Conversation {
    var messages = [#"{"role":"user","content":"Find out why checkouts fail."}"#]
    for turn in 1...turns {
      messages.append(
        #"{"role":"assistant","content":[{"type":"tool_use","id":"c\#(turn)","name":"q","input":{}}]}"#)
      messages.append(
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c\#(turn)","content":"\#(rows(turn))"}]}"#)
    }
    var conversation = Conversation(name: "test")
    conversation.append(
      Array(#"{"model":"\#(model)","system":"s","messages":[\#(messages.joined(separator: ","))]}"#.utf8),
      usages: [usage])
    return conversation
  }

  @Test func costsAreInDollarsWherePricesAreKnown() throws {
    let known = try #require(simulate(conversation(model: "claude-sonnet-4-5")))
    #expect(known.unit == .dollars && known.turns.count == 6)
    #expect(known.shortened.cost < known.direct.cost && known.divergences == [])
    let sums = known.turns.reduce(0) { $0 + $1.direct.prompt }
    #expect(known.direct.tokens == sums)
    let unknown = try #require(simulate(conversation(model: "claude-unheard-of")))
    #expect(unknown.unit == .tokens)
    // $3 a million tokens.
    #expect(abs(unknown.direct.cost * 3 - known.direct.cost * 1_000_000 / 1_000_000) <= 3)
  }

  /// What the log does not show of the prompt is a part of it all the same.
  @Test func theTokensOfAHiddenPromptAreThoseThatWereBilled() throws {
    let billed = TokenUsage(input: 3, cacheWrite: 25_000)
    let bare = try #require(simulate(conversation(model: "claude-opus-4-6")))
    let whole = try #require(simulate(conversation(model: "claude-opus-4-6", usage: billed)))
    #expect(whole.turns[0].direct.prompt == billed.prompt)
    #expect(whole.turns[5].direct.prompt - bare.turns[5].direct.prompt == billed.prompt - bare.turns[0].direct.prompt)
    #expect(whole.turns[1].direct.cacheRead > 24_900)
  }

  /// Claude Opus 4.6 keeps prompts from 4,096 tokens on. A prompt that shortening would take below that is not shortened.
  @Test func aPromptIsNotMadeTooShortForTheCache() throws {
    for model in ["claude-opus-4-6", "claude-haiku-4-5"] {
      for turns in 1...8 {
        let simulation = try #require(simulate(conversation(model: model, turns: turns)))
        #expect(simulation.shortened.cost <= simulation.direct.cost, "\(model) \(turns)")
        #expect(simulation.shortened.cacheRead <= simulation.direct.cacheRead)
        let kept = simulation.turns.filter { $0.direct.cacheWrite > 0 }
        #expect(kept.allSatisfy { $0.shortened.cacheWrite > 0 }, "\(model) \(turns)")
      }
    }
  }

  /// Where nothing is kept anyway, all is shortened from the first turn on.
  @Test func withoutBreakpointsThereIsNoFloor() throws {
    let conversation = conversation(model: "claude-opus-4-6", turns: 1)
    let options = Options(level: .lossless, ledger: MemoryLedger())
    #expect(
      compress(conversation.request(1), options: options).tokensAfter < compress(conversation.request(1)).tokensBefore)
  }

  @Test func whatDoesNotBeginAsBeforeIsReported() throws {
    var turn = 0
    let simulation = try #require(
      simulate(conversation(model: "claude-sonnet-4-5")) { body, _ in
        turn += 1
        return turn == 4
          ? Array(String(decoding: body, as: UTF8.self).replacing("Find out", with: "Found out").utf8) : body
      })
    #expect(simulation.divergences.map(\.turn) == [4, 5])
    #expect(simulation.divergences.allSatisfy { $0.sharedSent < $0.shared })
  }
}
