/// What requests to a model cost, and what they would have cost unshortened.
public struct CostModel: Sendable, Equatable {
  public let prices: TokenPrices
  /// How the model's prompt cache works.
  public let rules: PromptCacheRules
  /// Prices of requests with more prompt tokens than these, where they differ.
  private let long: ModelPrices.LongPrompt?

  /// The costs of a model by its name, with or without a provider's prefix and a date. Nil when they are not known: nothing is guessed.
  public init?(model: String) {
    let name = ModelName(model)
    let rows = ModelPrices.all.compactMap { row in name.match(row.prefix).map { (length: $0, row: row) } }
    guard let row = rows.max(by: { $0.length < $1.length })?.row else { return nil }
    prices = row.prices
    rules = row.rules
    long = row.long
  }

  private init(prices: TokenPrices, rules: PromptCacheRules) {
    self.prices = prices
    self.rules = rules
    long = nil
  }

  /// Costs in tokens, for a model whose prices are not known: an input token counts as a millionth of a dollar, the others as they usually do
  /// at this provider.
  static func inTokens(format: String) -> CostModel {
    func prices(write: Int, long: Int) -> TokenPrices {
      TokenPrices(
        input: 1_000_000, output: 5_000_000, cacheRead: 100_000, cacheWrite: write, cacheWriteLong: long)
    }
    return switch format {
    case "anthropic-messages":
      CostModel(prices: prices(write: 1_250_000, long: 2_000_000), rules: .anthropic(leastTokens: 1024))
    case "gemini": CostModel(prices: prices(write: 1_000_000, long: 1_000_000), rules: .gemini(leastTokens: 4096))
    default: CostModel(prices: prices(write: 1_000_000, long: 1_000_000), rules: .openAI)
    }
  }

  /// What a request cost, in millionths of a dollar.
  public func cost(of usage: TokenUsage) -> Int { CostModel.rounded(exactCost(of: usage)) }

  /// In millionths of a millionth of a dollar.
  func exactCost(of usage: TokenUsage) -> Int {
    let prices = long.flatMap { usage.prompt > $0.above ? $0.prices : nil } ?? prices
    return prices.cost(of: usage)
  }

  /// Millionths of these, to the nearest.
  static func rounded(_ exact: Int) -> Int { (exact + 500_000) / 1_000_000 }
}

/// What the client's own body would have cost
///
/// Nobody bills it, so it is estimated: the tokens that were billed, and in addition those that shortening took out of the tool results.
///
/// - Results that stood in an earlier request are in the part of the prompt that the provider has seen. When it read most of that part from
///   its cache, it would have read their other tokens too; else they would have been billed as all that it did not read.
/// - Results that stand in the request for the first time end the prompt. Their other tokens would have been billed as the rest of what the
///   provider did not read: as input, or as written to the cache, in the same proportion.
/// - What a compaction made the provider write anew it would have read.
/// - A request that was only made because something was cut, to see the rest of it, would not have been made.
///
/// Where results became longer, as with one that was retrieved, the difference is negative, and so may be the saving.
extension CostModel {
  /// What the tokens of the tool results in a request were and became, as in ``SavingsRecord``.
  public struct ResultTokens: Sendable, Equatable {
    public var before: Int
    public var sent: Int
    /// The part of both that stood in the request for the first time.
    public var newBefore: Int
    public var newSent: Int
    /// Tokens of the prompt that only had to be written to the cache anew because of a compaction.
    public var rewritten: Int

    public init(before: Int, sent: Int, newBefore: Int, newSent: Int, rewritten: Int = 0) {
      self.before = before
      self.sent = sent
      self.newBefore = newBefore
      self.newSent = newSent
      self.rewritten = rewritten
    }

    public init(_ record: SavingsRecord) {
      self.init(
        before: record.tokensBefore, sent: record.tokensSent, newBefore: record.newTokensBefore,
        newSent: record.newTokensSent, rewritten: record.tokensRewritten)
    }
  }

  /// The estimated usage of the client's own body.
  ///
  /// - Parameters:
  ///   - usage: what was billed for what was sent.
  ///   - extra: the part of it that was billed for requests which were only made to retrieve what was cut.
  public func directUsage(
    of usage: TokenUsage, results: ResultTokens, extra: TokenUsage = TokenUsage()
  ) -> TokenUsage {
    var direct = usage - extra
    let rewritten = min(results.rewritten, direct.prompt - direct.cacheRead)
    if rewritten > 0 {
      direct.addUnread(-rewritten, as: direct)
      direct.cacheRead += rewritten
    }
    let billed = direct
    guard billed.prompt > 0 else { return TokenUsage() }
    let new = results.newBefore - results.newSent
    let earlier = results.before - results.sent - new
    if billed.cacheRead > 0, billed.cacheRead * 2 >= billed.prompt - results.newSent {
      direct.cacheRead = max(0, direct.cacheRead + earlier)
      direct.addUnread(new, as: billed)
    } else {
      direct.addUnread(new + earlier, as: billed)
    }
    return direct
  }

  /// The estimated cost of the client's own body, in millionths of a dollar; see ``directUsage(of:results:extra:)``.
  public func directCost(of usage: TokenUsage, results: ResultTokens, extra: TokenUsage = TokenUsage()) -> Int {
    cost(of: directUsage(of: usage, results: results, extra: extra))
  }

  /// Fills in what `record` cost and would have cost directly, when the provider said what it billed.
  ///
  /// - Parameter extra: the part of what was billed that went into retrieving what was cut. For a request whose only new results are
  ///   retrieved ones that is all of it.
  public func price(_ record: inout SavingsRecord, extra: TokenUsage = TokenUsage()) {
    guard let usage = record.usage else { return }
    record.cost = cost(of: usage)
    record.directCost =
      record.isAudit ? record.cost : directCost(of: usage, results: ResultTokens(record), extra: extra)
  }
}

extension TokenUsage {
  fileprivate static func - (a: TokenUsage, b: TokenUsage) -> TokenUsage {
    TokenUsage(
      input: max(0, a.input - b.input), cacheRead: max(0, a.cacheRead - b.cacheRead),
      cacheWrite: max(0, a.cacheWrite - b.cacheWrite), cacheWriteLong: max(0, a.cacheWriteLong - b.cacheWriteLong),
      output: max(0, a.output - b.output))
  }

  /// Adds tokens that were not read from the cache, in the proportions of those in `billed`.
  fileprivate mutating func addUnread(_ tokens: Int, as billed: TokenUsage) {
    let unread = billed.prompt - billed.cacheRead
    let written = unread > 0 ? tokens * billed.cacheWrite / unread : 0
    let writtenLong = unread > 0 ? tokens * billed.cacheWriteLong / unread : 0
    cacheWrite = max(0, cacheWrite + written)
    cacheWriteLong = max(0, cacheWriteLong + writtenLong)
    input = max(0, input + tokens - written - writtenLong)
  }
}
