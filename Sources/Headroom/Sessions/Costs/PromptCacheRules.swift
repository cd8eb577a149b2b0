/// How a provider's prompt cache works, as data.
///
/// From the providers' documentation: Anthropic "Prompt caching", OpenAI "Prompt caching", Google "Context caching" (implicit). All read a
/// prompt in the order tools, system, messages, and find nothing after the first difference.
public struct PromptCacheRules: Sendable, Equatable {
  /// Which prefixes of a prompt are kept, and found again.
  public enum Matching: Sendable, Equatable {
    /// Any that two prompts share, in steps of so many tokens.
    case anywhere(step: Int)
    /// Those that end at a breakpoint, set by the client or, when `isAutomatic`, by the provider behind the last item. From each one the
    /// provider looks so many places back for an earlier one, the breakpoint's own included.
    case breakpoints(most: Int, lookBack: Int, isAutomatic: Bool)
  }

  public var matching: Matching
  /// A prefix of fewer tokens is not kept.
  public var leastTokens: Int
  /// How long a prefix is kept after it was last used, in milliseconds, and how long when the client asks for longer.
  public var life: Int64
  public var longLife: Int64

  /// Claude: a prompt may have four breakpoints, and the provider looks 20 blocks back from each.
  public static func anthropic(leastTokens: Int) -> PromptCacheRules {
    PromptCacheRules(
      matching: .breakpoints(most: 4, lookBack: 20, isAutomatic: false), leastTokens: leastTokens, life: 5 * minute,
      longLife: 60 * minute)
  }

  /// OpenAI's models before GPT-5.6, which keep what is used within five to ten minutes.
  public static let openAI = PromptCacheRules(
    matching: .anywhere(step: 128), leastTokens: 1024, life: 5 * minute, longLife: 5 * minute)

  /// GPT-5.6 and later: the provider sets a breakpoint behind the newest message and looks for the last 80.
  public static let openAIBreakpoints = PromptCacheRules(
    matching: .breakpoints(most: 4, lookBack: 80, isAutomatic: true), leastTokens: 1024, life: 30 * minute,
    longLife: 30 * minute)

  /// Gemini's implicit caching. How long it keeps a prefix is not said; some minutes, as others do.
  public static func gemini(leastTokens: Int) -> PromptCacheRules {
    PromptCacheRules(
      matching: .anywhere(step: 1), leastTokens: leastTokens, life: 5 * minute, longLife: 5 * minute)
  }
}

private let minute: Int64 = 60_000
