internal import Synchronization

/// How many tokens a model reads in a text.
public struct Tokenizer: Sendable {
  /// A published byte-pair vocabulary.
  public enum Vocabulary: String, Sendable, CaseIterable {
    case o200k = "o200k_base"
    case cl100k = "cl100k_base"
  }

  /// The vocabulary that is counted in.
  public let vocabulary: Vocabulary

  /// False when counts are estimates: the vocabulary is not built in, or the model's own is not published (Claude, Gemini).
  public let isExact: Bool

  /// What a vocabulary token counts for in the model, in thousandths.
  private let thousandths: Int

  /// The tokenizer of a model by its name, with or without a provider's prefix or a date.
  public init(model: String) {
    let family = ModelFamily(model: model)
    vocabulary = family.vocabulary
    thousandths = family.thousandths
    isExact = family.isPublished && RankTable(vocabulary) != nil
  }

  /// The tokenizer of a published vocabulary.
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    thousandths = 1000
    isExact = RankTable(vocabulary) != nil
  }

  /// The number of tokens of `bytes` for the model.
  public func count(_ bytes: [UInt8]) -> Int {
    modelTokens(withCounter { $0.count(bytes) })
  }

  /// The number of tokens of `text` for the model.
  public func count(_ text: String) -> Int {
    var text = text
    return modelTokens(text.withUTF8 { bytes in withCounter { $0.count(bytes) } })
  }

  /// A number of vocabulary tokens, which is what a `TokenCounter` counts, as a number of the model's own tokens.
  public func modelTokens(_ vocabularyTokens: Int) -> Int {
    thousandths == 1000 ? vocabularyTokens : (vocabularyTokens * thousandths + 500) / 1000
  }

  /// Runs `body` with a counter whose caches are warm. The counter must not leave `body`.
  public func withCounter<R>(_ body: (TokenCounter) throws -> R) rethrows -> R {
    let counter = CounterPool.take(vocabulary)
    defer { CounterPool.give(counter) }
    return try body(counter)
  }
}

/// Counters at rest, as many as were ever needed at one time.
private enum CounterPool {
  /// Each counter is in one place at a time: here, or with the one who took it.
  private struct Resting: @unchecked Sendable {
    let counter: TokenCounter
  }

  private static let resting = Mutex<[Resting]>([])

  static func take(_ vocabulary: Tokenizer.Vocabulary) -> TokenCounter {
    let found = resting.withLock { resting -> Resting? in
      guard let index = resting.lastIndex(where: { $0.counter.vocabulary == vocabulary }) else { return nil }
      return resting.remove(at: index)
    }
    return found?.counter ?? TokenCounter(vocabulary)
  }

  static func give(_ counter: TokenCounter) {
    let resting = Resting(counter: counter)
    self.resting.withLock { $0.append(resting) }
  }
}
