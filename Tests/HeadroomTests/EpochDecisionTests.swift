import Testing

@testable import Headroom

/// When a conversation is compacted: only when the cache is cold, when the window fills up, or when it pays.
@Suite struct EpochDecisionTests {
  private static let anthropic = CostModel.inTokens(format: "anthropic-messages").prices
  private let anthropic = EpochDecisionTests.anthropic

  private func reason(
    _ mode: ContextOptions.Mode = .auto, prompt: Int = 100_000, window: Int? = 200_000, turns: Int = 40,
    since: Int = 40,
    isCold: Bool = false, isUncached: Bool = false, prices: TokenPrices = EpochDecisionTests.anthropic, removed: Int,
    rewritten: Int
  ) -> EpochReason? {
    EpochDecision(
      mode: mode,
      moment: .init(
        promptTokens: prompt, window: window, turns: turns, turnsSinceEpoch: since, isCold: isCold,
        isUncached: isUncached, prices: prices)
    ).reason(removed: removed, rewritten: rewritten)
  }

  @Test func aColdPromptIsCompactedForNothing() {
    #expect(reason(.cold, isCold: true, removed: 2_000, rewritten: 0) == .cold)
    #expect(reason(.auto, since: 0, isCold: true, removed: 2_000, rewritten: 0) == .cold)
    #expect(reason(.cold, isCold: true, removed: 1_999, rewritten: 0) == nil)
    #expect(reason(.off, isCold: true, removed: 50_000, rewritten: 0) == nil)
    #expect(reason(.cold, removed: 50_000, rewritten: 0) == nil)
  }

  /// gain = removed · r · turns − rewritten · (w − r), in hundredths.
  @Test func aWarmPromptIsCompactedWhenItPays() {
    let decision = EpochDecision(
      mode: .auto,
      moment: .init(
        promptTokens: 100_000, window: nil, turns: 40, turnsSinceEpoch: 40, isCold: false, isUncached: false,
        prices: anthropic))
    #expect(decision.gain(removed: 50_000, rewritten: 50_000) == 50_000 * 10 * 40 - 50_000 * 115)
    #expect(reason(removed: 50_000, rewritten: 50_000) == .gain)
    // A tenth of what the turns to come cost, at least.
    #expect(reason(removed: 15_000, rewritten: 85_000) == nil)
    #expect(reason(removed: 14_999, rewritten: 0) == nil)
    #expect(reason(since: 19, removed: 50_000, rewritten: 50_000) == nil)
    #expect(reason(turns: 4, since: 4, removed: 50_000, rewritten: 50_000) == nil)
    // The more is written anew, the less it pays: there is one threshold.
    let verdicts = stride(from: 0, through: 100_000, by: 5_000).map { reason(removed: 30_000, rewritten: $0) != nil }
    #expect(verdicts.first == true && verdicts.last == false)
    #expect(zip(verdicts, verdicts.dropFirst()).allSatisfy { $0 || !$1 })
    // Where writing costs no more than sending, less is lost.
    #expect(
      (0...100_000).count {
        $0 % 1_000 == 0
          && reason(prices: CostModel.inTokens(format: "openai-chat").prices, removed: 30_000, rewritten: $0) != nil
      }
        > (0...100_000).count { $0 % 1_000 == 0 && reason(removed: 30_000, rewritten: $0) != nil })
  }

  @Test func aFullWindowForcesIt() {
    #expect(reason(prompt: 171_000, since: 1, removed: 10_000, rewritten: 160_000) == .pressure)
    // Not for little, or it would be every turn.
    #expect(reason(prompt: 171_000, since: 1, removed: 9_999, rewritten: 160_000) == nil)
    #expect(reason(prompt: 169_000, since: 1, removed: 10_000, rewritten: 160_000) == nil)
    // From 70 % on any gain will do.
    #expect(reason(prompt: 150_000, removed: 30_000, rewritten: 100_000) == .pressure)
    #expect(reason(prompt: 130_000, removed: 30_000, rewritten: 100_000) == nil)
    #expect(reason(prompt: 171_000, window: nil, since: 1, removed: 10_000, rewritten: 160_000) == nil)
    #expect(reason(.cold, prompt: 190_000, removed: 90_000, rewritten: 100_000) == nil)
  }

  @Test func whatIsNeverCachedIsPaidInFull() {
    #expect(reason(prompt: 40_000, turns: 20, since: 20, isUncached: true, removed: 16_000, rewritten: 0) == .gain)
  }

  @Test func windowsOfModels() {
    #expect(ModelWindow.tokens(model: "claude-opus-4-5") == 200_000)
    #expect(ModelWindow.tokens(model: "us.anthropic.claude-sonnet-4-5-v1:0") == 200_000)
    #expect(ModelWindow.tokens(model: "claude-sonnet-4-5[1m]") == 1_000_000)
    #expect(ModelWindow.tokens(model: "openai/gpt-4o-mini") == 128_000)
    #expect(ModelWindow.tokens(model: "gpt-4") == 8_192)
    #expect(ModelWindow.tokens(model: "llama-3") == nil)
  }
}
