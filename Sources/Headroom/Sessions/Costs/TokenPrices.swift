/// What the tokens of a model cost, in millionths of a dollar for a million tokens.
///
/// That is also the price of one token in millionths of a millionth of a dollar, so sums of whole tokens are exact.
public struct TokenPrices: Sendable, Equatable {
  /// A prompt token that was neither read from the prompt cache nor written to it.
  public var input: Int
  public var output: Int
  public var cacheRead: Int
  /// A prompt token that was written to a cache of some minutes, its input included.
  public var cacheWrite: Int
  /// And to one of an hour.
  public var cacheWriteLong: Int

  public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, cacheWriteLong: Int) {
    self.input = input
    self.output = output
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.cacheWriteLong = cacheWriteLong
  }

  /// What `usage` costs, in millionths of a millionth of a dollar.
  func cost(of usage: TokenUsage) -> Int {
    usage.input * input + usage.cacheRead * cacheRead + usage.cacheWrite * cacheWrite
      + usage.cacheWriteLong * cacheWriteLong + usage.output * output
  }
}
