import Testing

@testable import Headroom

@Suite struct CostModelTests {
  @Test func modelsHaveTheirPricesUnderEveryNameTheyGoBy() throws {
    func input(_ model: String) -> Int? { CostModel(model: model)?.prices.input }
    let opus = 5_000_000
    for name in [
      "claude-opus-4-6", "claude-opus-4-6-20260205", "us.anthropic.claude-opus-4-6-v1:0", "anthropic/claude-opus-4-6",
      "Claude-Opus-4-6[1m]", "claude-opus-4-6@20260205",
    ] { #expect(input(name) == opus, "\(name)") }
    #expect(input("claude-opus-4-1-20250805") == 15_000_000)
    #expect(input("claude-opus-4-20250514") == 15_000_000)
    #expect(input("gpt-5.1-codex-mini") == 250_000)
    #expect(input("gpt-5.1-codex") == 1_250_000)
    #expect(input("gpt-4o-2024-08-06") == 2_500_000)
    #expect(input("gpt-4o-mini-2024-07-18") == 150_000)
    #expect(input("models/gemini-2.5-pro-preview-05-06") == 1_250_000)
  }

  @Test func whatIsNotKnownIsNotGuessed() {
    for name in [
      "", "gpt", "gpt-5.9", "gpt-55", "claude-opus-4-9", "claude-sonnet", "gpt-4o-audio-preview",
      "gemini-2.5-flash-image",
      "ft:gpt-4o-2024-08-06", "my-gpt-4o", "llama-3",
    ] { #expect(CostModel(model: name) == nil, "\(name)") }
  }

  /// Every row is reached by its own name, and is no mistake of a factor.
  @Test func theTableIsSound() throws {
    for row in ModelPrices.all {
      let model = try #require(CostModel(model: row.prefix))
      #expect(model.prices == row.prices && model.rules == row.rules, "\(row.prefix)")
      let prices = row.prices
      #expect(prices.cacheRead > 0 && prices.cacheRead <= prices.input && prices.input <= prices.cacheWrite)
      #expect(prices.cacheWrite <= prices.cacheWriteLong && prices.input < prices.output, "\(row.prefix)")
    }
  }

  @Test func costsAreSumsOfWholeTokens() throws {
    let sonnet = try #require(CostModel(model: "claude-sonnet-4-5"))
    let usage = TokenUsage(
      input: 1_000_000, cacheRead: 1_000_000, cacheWrite: 1_000_000, cacheWriteLong: 1_000_000, output: 1_000_000)
    #expect(sonnet.cost(of: usage) == 3_000_000 + 300_000 + 3_750_000 + 6_000_000 + 15_000_000)
    #expect(sonnet.cost(of: TokenUsage(cacheRead: 1)) == 0)
    #expect(sonnet.cost(of: TokenUsage(cacheRead: 2)) == 1)
    // A long prompt costs more as a whole.
    let gemini = try #require(CostModel(model: "gemini-2.5-pro"))
    #expect(gemini.cost(of: TokenUsage(input: 200_000)) == 250_000)
    #expect(gemini.cost(of: TokenUsage(input: 200_001, output: 1_000)) == 515_003)
  }

  private let sonnet = CostModel(model: "claude-sonnet-4-5")!

  @Test func whatWasReadAgainWouldHaveBeenReadInFull() {
    let usage = TokenUsage(input: 3, cacheRead: 50_000, cacheWrite: 2_000, output: 300)
    let results = CostModel.ResultTokens(before: 40_000, sent: 15_000, newBefore: 4_000, newSent: 1_500)
    let direct = sonnet.directUsage(of: usage, results: results)
    // 22,500 tokens of earlier results are read, 2,500 of the new one are written.
    #expect(direct.cacheRead == 72_500)
    #expect(direct.prompt == usage.prompt + 25_000)
    #expect((4_490...4_500).contains(direct.cacheWrite))
    #expect(direct.output == 300)
    #expect(sonnet.directCost(of: usage, results: results) > sonnet.cost(of: usage))
  }

  @Test func afterAPauseAllWouldHaveBeenWritten() {
    let usage = TokenUsage(input: 0, cacheRead: 0, cacheWriteLong: 52_000)
    let results = CostModel.ResultTokens(before: 40_000, sent: 15_000, newBefore: 0, newSent: 0)
    #expect(sonnet.directUsage(of: usage, results: results) == TokenUsage(cacheWriteLong: 77_000))
  }

  @Test func aRetrievalCostsMoreThanItSaves() {
    let extra = TokenUsage(input: 3, cacheRead: 50_000, cacheWrite: 900, output: 40)
    let results = CostModel.ResultTokens(before: 1_000, sent: 1_000, newBefore: 1_000, newSent: 1_000)
    #expect(sonnet.directCost(of: extra, results: results, extra: extra) == 0)
    // Afterwards the conversation is longer by what was retrieved.
    let longer = CostModel.ResultTokens(before: 2_000, sent: 3_000, newBefore: 0, newSent: 0)
    let usage = TokenUsage(input: 3, cacheRead: 60_000, cacheWrite: 100)
    #expect(sonnet.directCost(of: usage, results: longer) < sonnet.cost(of: usage))
  }

  @Test func aRecordIsPricedOnceItsUsageIsKnown() {
    var record = SavingsRecord(time: 0, provider: "anthropic", format: "anthropic-messages", model: "claude-sonnet-4-5")
    record.tokensBefore = 10_000
    record.tokensSent = 4_000
    record.newTokensBefore = 10_000
    record.newTokensSent = 4_000
    sonnet.price(&record)
    #expect(record.cost == nil && record.directCost == nil)
    record.usage = TokenUsage(input: 10_000)
    sonnet.price(&record)
    #expect(record.cost == 30_000 && record.directCost == 48_000)
    record.isAudit = true
    sonnet.price(&record)
    #expect(record.directCost == record.cost)
  }
}
