// What models cost and how their prompt caches work: the providers' list prices of November 2026 for requests that are answered at once.
// Of models that are sold no more, the last price. Prices are millionths of a dollar for a million tokens: 3_000_000 is $3.

/// A model's row.
struct ModelPrices {
  /// The beginning of its name; see ``ModelName``.
  var prefix: String
  var rules: PromptCacheRules
  var prices: TokenPrices
  /// From so many prompt tokens on, a request costs other prices as a whole.
  var long: LongPrompt?

  struct LongPrompt: Equatable {
    var above: Int
    var prices: TokenPrices
  }

  static let all = claude + openAI + gemini

  // MARK: Claude

  private static let claude = [
    // Claude 5 and 5.5
    row("claude-opus-5-5", least: 512, input: 4_000_000, output: 20_000_000, read: 200_000),
    row("claude-opus-5", least: 512, input: 5_000_000, output: 25_000_000, read: 500_000),
    row("claude-sonnet-5-5", least: 512, input: 2_000_000, output: 10_000_000, read: 100_000),
    row("claude-sonnet-5", least: 1024, input: 2_000_000, output: 10_000_000, read: 200_000),
    row(
      "claude-haiku-5-5", least: 512, input: 100_000, output: 500_000, read: 10_000,
      long: claudePrices(input: 500_000, output: 2_500_000, read: 50_000), above: 100_000),
    row("claude-fable-5-1", least: 512, input: 10_000_000, output: 50_000_000, read: 250_000),
    row("claude-fable-5", least: 512, input: 10_000_000, output: 50_000_000, read: 1_000_000),
    row("claude-mythos-5-1", least: 512, input: 10_000_000, output: 50_000_000, read: 250_000),
    row("claude-mythos-5", least: 512, input: 10_000_000, output: 50_000_000, read: 1_000_000),
    // Claude 4
    row("claude-opus-4-8", least: 1024, input: 5_000_000, output: 25_000_000, read: 500_000),
    row("claude-opus-4-7", least: 2048, input: 5_000_000, output: 25_000_000, read: 500_000),
    row("claude-opus-4-6", least: 4096, input: 5_000_000, output: 25_000_000, read: 500_000),
    row("claude-opus-4-5", least: 4096, input: 5_000_000, output: 25_000_000, read: 500_000),
    row("claude-opus-4-1", least: 1024, input: 15_000_000, output: 75_000_000, read: 1_500_000),
    row("claude-opus-4", least: 1024, input: 15_000_000, output: 75_000_000, read: 1_500_000),
    row("claude-sonnet-4-6", least: 1024, input: 3_000_000, output: 15_000_000, read: 300_000),
    row("claude-sonnet-4-5", least: 1024, input: 3_000_000, output: 15_000_000, read: 300_000),
    row(
      "claude-sonnet-4", least: 1024, input: 3_000_000, output: 15_000_000, read: 300_000,
      long: claudePrices(input: 6_000_000, output: 22_500_000, read: 600_000), above: 200_000),
    row("claude-haiku-4-5", least: 4096, input: 1_000_000, output: 5_000_000, read: 100_000),
    // Claude 3
    row("claude-3-7-sonnet", least: 1024, input: 3_000_000, output: 15_000_000, read: 300_000),
    row("claude-3-5-sonnet", least: 1024, input: 3_000_000, output: 15_000_000, read: 300_000),
    row("claude-3-5-haiku", least: 2048, input: 800_000, output: 4_000_000, read: 80_000),
    row("claude-3-opus", least: 1024, input: 15_000_000, output: 75_000_000, read: 1_500_000),
    row("claude-3-haiku", least: 2048, input: 250_000, output: 1_250_000, read: 25_000),
  ]

  private static func row(
    _ prefix: String, least: Int, input: Int, output: Int, read: Int, long: TokenPrices? = nil, above: Int = 0
  ) -> ModelPrices {
    ModelPrices(
      prefix: prefix, rules: .anthropic(leastTokens: least),
      prices: claudePrices(input: input, output: output, read: read),
      long: long.map { LongPrompt(above: above, prices: $0) })
  }

  /// All Claude models charge a quarter more for what they keep for five minutes, and twice as much for an hour.
  private static func claudePrices(input: Int, output: Int, read: Int) -> TokenPrices {
    TokenPrices(
      input: input, output: output, cacheRead: read, cacheWrite: input + input / 4, cacheWriteLong: input * 2)
  }

  // MARK: OpenAI

  private static let openAI = [
    // Since GPT-5.6 what is kept costs a quarter more.
    keeping("gpt-6.1-sol", input: 2_000_000, output: 10_000_000, read: 100_000),
    keeping("gpt-6.1-terra", input: 1_000_000, output: 5_000_000, read: 50_000),
    keeping("gpt-6-astra", input: 10_000_000, output: 50_000_000, read: 1_000_000),
    keeping("gpt-6-sol", input: 2_000_000, output: 10_000_000, read: 200_000),
    keeping("gpt-6-luna", input: 100_000, output: 500_000, read: 10_000),
    keeping("gpt-5.6-terra", input: 2_000_000, output: 12_000_000, read: 200_000),
    keeping("gpt-5.6-luna", input: 200_000, output: 1_200_000, read: 20_000),
    keeping("gpt-5.6-sol", input: 4_000_000, output: 20_000_000, read: 400_000),
    keeping("gpt-5.6", input: 4_000_000, output: 20_000_000, read: 400_000),
    // GPT-5
    row("gpt-5.5-pro", input: 30_000_000, output: 180_000_000, doublesAbove: 272_000),
    row("gpt-5.5", input: 5_000_000, output: 30_000_000, read: 500_000, doublesAbove: 272_000),
    row("gpt-5.4-pro", input: 30_000_000, output: 180_000_000, doublesAbove: 272_000),
    row("gpt-5.4-mini", input: 750_000, output: 4_500_000, read: 75_000),
    row("gpt-5.4-nano", input: 200_000, output: 1_250_000, read: 20_000),
    row("gpt-5.4", input: 2_500_000, output: 15_000_000, read: 250_000, doublesAbove: 272_000),
    row("gpt-5.3-codex", input: 1_750_000, output: 14_000_000, read: 175_000),
    row("gpt-5.3-chat", input: 1_750_000, output: 14_000_000, read: 175_000),
    row("gpt-5.2-pro", input: 21_000_000, output: 168_000_000),
    row("gpt-5.2-codex", input: 1_750_000, output: 14_000_000, read: 175_000),
    row("gpt-5.2-chat", input: 1_750_000, output: 14_000_000, read: 175_000),
    row("gpt-5.2", input: 1_750_000, output: 14_000_000, read: 175_000),
    row("gpt-5.1-codex-mini", input: 250_000, output: 2_000_000, read: 25_000),
    row("gpt-5.1-codex-max", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5.1-codex", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5.1-chat", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5.1", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5-pro", input: 15_000_000, output: 120_000_000),
    row("gpt-5-codex", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5-chat", input: 1_250_000, output: 10_000_000, read: 125_000),
    row("gpt-5-mini", input: 250_000, output: 2_000_000, read: 25_000),
    row("gpt-5-nano", input: 50_000, output: 400_000, read: 5_000),
    row("gpt-5", input: 1_250_000, output: 10_000_000, read: 125_000),
    // GPT-4
    row("gpt-4.1-mini", input: 400_000, output: 1_600_000, read: 100_000),
    row("gpt-4.1-nano", input: 100_000, output: 400_000, read: 25_000),
    row("gpt-4.1", input: 2_000_000, output: 8_000_000, read: 500_000),
    row("gpt-4o-mini", input: 150_000, output: 600_000, read: 75_000),
    row("gpt-4o-2024-05-13", input: 5_000_000, output: 15_000_000),
    row("gpt-4o", input: 2_500_000, output: 10_000_000, read: 1_250_000),
    row("gpt-4-turbo", input: 10_000_000, output: 30_000_000),
    row("gpt-4-1106", input: 10_000_000, output: 30_000_000),
    row("gpt-4-0125", input: 10_000_000, output: 30_000_000),
    row("gpt-4", input: 30_000_000, output: 60_000_000),
    // Reasoning models
    row("o1-pro", input: 150_000_000, output: 600_000_000),
    row("o1", input: 15_000_000, output: 60_000_000, read: 7_500_000),
    row("o3-pro", input: 20_000_000, output: 80_000_000),
    row("o3-mini", input: 1_100_000, output: 4_400_000, read: 550_000),
    row("o3", input: 2_000_000, output: 8_000_000, read: 500_000),
    row("o4-mini", input: 1_100_000, output: 4_400_000, read: 275_000),
    row("codex-mini", input: 1_500_000, output: 6_000_000, read: 375_000),
  ]

  /// - Parameters:
  ///   - read: nil where the provider gives nothing off for what it has kept.
  ///   - doublesAbove: from so many prompt tokens on, prompts cost twice and answers half as much again.
  private static func row(
    _ prefix: String, input: Int, output: Int, read: Int? = nil, doublesAbove: Int? = nil
  ) -> ModelPrices {
    let prices = TokenPrices(
      input: input, output: output, cacheRead: read ?? input, cacheWrite: input, cacheWriteLong: input)
    return ModelPrices(
      prefix: prefix, rules: .openAI, prices: prices,
      long: doublesAbove.map { LongPrompt(above: $0, prices: prices.doubled) })
  }

  private static func keeping(_ prefix: String, input: Int, output: Int, read: Int) -> ModelPrices {
    let write = input + input / 4
    let prices = TokenPrices(
      input: input, output: output, cacheRead: read, cacheWrite: write, cacheWriteLong: write)
    return ModelPrices(
      prefix: prefix, rules: .openAIBreakpoints, prices: prices,
      long: LongPrompt(above: 272_000, prices: prices.doubled))
  }

  // MARK: Gemini

  private static let gemini = [
    row("gemini-4-argon", least: 4096, input: 2_000_000, output: 10_000_000, read: 100_000),
    row("gemini-3.8-flash", least: 4096, input: 750_000, output: 3_750_000),
    row("gemini-3.7-flash", least: 4096, input: 750_000, output: 3_750_000),
    row("gemini-3.6-flash", least: 4096, input: 750_000, output: 3_750_000),
    row("gemini-3.5-flash-lite", least: 4096, input: 300_000, output: 2_500_000),
    row("gemini-3.5-flash", least: 4096, input: 1_500_000, output: 9_000_000),
    row("gemini-3.1-flash-lite", least: 4096, input: 250_000, output: 1_500_000),
    row("gemini-3.1-pro", least: 4096, input: 2_000_000, output: 12_000_000, doublesAbove: 200_000),
    row("gemini-3-pro", least: 4096, input: 2_000_000, output: 12_000_000, doublesAbove: 200_000),
    row("gemini-3-flash", least: 4096, input: 500_000, output: 3_000_000),
    row("gemini-2.5-flash-lite", least: 2048, input: 100_000, output: 400_000),
    row("gemini-2.5-flash", least: 2048, input: 300_000, output: 2_500_000),
    row("gemini-2.5-pro", least: 2048, input: 1_250_000, output: 10_000_000, doublesAbove: 200_000),
  ]

  /// - Parameter read: a tenth of the input when nothing else is said.
  private static func row(
    _ prefix: String, least: Int, input: Int, output: Int, read: Int? = nil, doublesAbove: Int? = nil
  ) -> ModelPrices {
    let prices = TokenPrices(
      input: input, output: output, cacheRead: read ?? input / 10, cacheWrite: input, cacheWriteLong: input)
    return ModelPrices(
      prefix: prefix, rules: .gemini(leastTokens: least), prices: prices,
      long: doublesAbove.map { LongPrompt(above: $0, prices: prices.doubled) })
  }
}

extension TokenPrices {
  /// Twice as much for prompts, half as much again for answers.
  fileprivate var doubled: TokenPrices {
    TokenPrices(
      input: input * 2, output: output + output / 2, cacheRead: cacheRead * 2, cacheWrite: cacheWrite * 2,
      cacheWriteLong: cacheWriteLong * 2)
  }
}
