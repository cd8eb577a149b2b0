/// How a provider's prompt cache works and what it costs, as data.
///
/// From the providers' documentation: Anthropic "Prompt caching", OpenAI "Prompt caching", Google "Context caching" (implicit).
public struct PromptCacheRules: Sendable, Equatable {
  /// Prompts of fewer tokens are not cached.
  public var leastTokens: Int
  /// A cached prefix is a multiple of so many tokens long.
  public var step: Int
  /// Whether a prefix is found at the ends of earlier prompts alone, where the client has set breakpoints, or wherever they agree.
  public var hasBreakpoints: Bool
  /// What tokens cost that are read from the cache, and that are written to it, in hundredths of other input tokens.
  public var readPercent: Int
  public var writePercent: Int

  public static let anthropic = PromptCacheRules(
    leastTokens: 1024, step: 1, hasBreakpoints: true, readPercent: 10, writePercent: 125)
  public static let openAI = PromptCacheRules(
    leastTokens: 1024, step: 128, hasBreakpoints: false, readPercent: 10, writePercent: 100)
  public static let gemini = PromptCacheRules(
    leastTokens: 2048, step: 1, hasBreakpoints: false, readPercent: 10, writePercent: 100)

  /// The rules for models of a name.
  public init(model: String) {
    switch model.lowercased() {
    case let name where name.contains("claude"): self = .anthropic
    case let name where name.contains("gemini"): self = .gemini
    default: self = .openAI
    }
  }

  init(leastTokens: Int, step: Int, hasBreakpoints: Bool, readPercent: Int, writePercent: Int) {
    self.leastTokens = leastTokens
    self.step = step
    self.hasBreakpoints = hasBreakpoints
    self.readPercent = readPercent
    self.writePercent = writePercent
  }
}

/// What a conversation has cost so far, by the rules of a prompt cache that never runs cold.
public struct PromptBill: Sendable, Equatable {
  /// Prompt tokens of all turns together.
  public var tokens = 0
  /// Of these, those read from the cache and those written to it.
  public var cacheRead = 0
  public var cacheWrite = 0
  /// In hundredths of an input token.
  public var centitokens = 0
}

/// A provider's prompt cache: which part of each prompt it has seen before.
///
/// A prompt is a list of units (system and tools, then each message); what counts is whether their bytes are the same.
struct PromptCache {
  let rules: PromptCacheRules
  private(set) var bill = PromptBill()
  /// Hashes of the prefixes that can be read.
  private var known: Set<[UInt8]> = []

  init(_ rules: PromptCacheRules) { self.rules = rules }

  mutating func send(_ units: [(bytes: ArraySlice<UInt8>, tokens: Int)]) {
    var chain: [UInt8] = []
    var total = 0
    var read = 0
    var prefixes: [[UInt8]] = []
    for unit in units {
      chain = SHA256.digest(chain + SHA256.digest(Array(unit.bytes)))
      total += unit.tokens
      if known.contains(chain) { read = total }
      prefixes.append(chain)
    }
    bill.tokens += total
    guard total >= rules.leastTokens else {
      bill.centitokens += total * 100
      return
    }
    read = read / rules.step * rules.step
    bill.cacheRead += read
    bill.cacheWrite += total - read
    bill.centitokens += read * rules.readPercent + (total - read) * rules.writePercent
    known.formUnion(rules.hasBreakpoints ? prefixes.suffix(1) : prefixes[...])
  }
}
