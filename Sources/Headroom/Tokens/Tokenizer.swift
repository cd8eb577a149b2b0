internal import Synchronization

/// How many tokens a model reads in a text.
///
/// Exact for the models whose vocabulary is published, when it is built into the program (`scripts/setup.sh` fetches it).
/// Otherwise `isExact` is false and counts are estimates: without a vocabulary by the lengths of pieces, for models whose own
/// vocabulary is not published by a published one and a factor.
public struct Tokenizer: Sendable, Hashable {
  /// A published byte-pair vocabulary.
  public enum Vocabulary: String, Sendable, CaseIterable {
    case o200k = "o200k_base"
    case cl100k = "cl100k_base"
  }

  /// The vocabulary that is counted in.
  public let vocabulary: Vocabulary

  /// False when counts are estimates: the vocabulary is not built in, or the model's own is unpublished or unknown.
  public let isExact: Bool

  /// What a vocabulary token counts for in the model, in thousandths.
  private let thousandths: Int

  /// The tokenizer of a model by its name, with or without a provider's prefix and a date. A name that is not known is counted
  /// in o200k_base.
  public init(model: String) {
    let family = ModelFamily(model: model)
    vocabulary = family.vocabulary
    thousandths = family.thousandths
    isExact = family.isPublished && RankTable.builtIn(vocabulary) != nil
  }

  /// The tokenizer of a published vocabulary.
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    thousandths = 1000
    isExact = RankTable.builtIn(vocabulary) != nil
  }

  /// The number of the model's tokens in `bytes`.
  public func count(_ bytes: [UInt8]) -> Int {
    modelTokens(withCounter { $0.count(bytes) })
  }

  /// The number of the model's tokens in `text`.
  public func count(_ text: String) -> Int {
    var text = text
    return modelTokens(text.withUTF8 { bytes in withCounter { $0.count(bytes) } })
  }

  /// Runs `body` with a counter of this vocabulary whose caches are warm. The counter must not be used after `body`.
  ///
  /// What it counts are vocabulary tokens: the same unit for every model, fit for comparing. `modelTokens` makes a sum of them
  /// the model's own figure.
  public func withCounter<R>(_ body: (TokenCounter) throws -> R) rethrows -> R {
    let counter = CounterPool.take(vocabulary)
    defer { CounterPool.give(counter) }
    return try body(counter)
  }

  /// A number of vocabulary tokens as the model's own figure: times its factor, rounded.
  public func modelTokens(_ vocabularyTokens: Int) -> Int {
    thousandths == 1000 ? vocabularyTokens : (vocabularyTokens * thousandths + 500) / 1000
  }
}

/// The counters that nobody is using; as many as were ever used at one time.
private enum CounterPool {
  /// A counter is in one place at a time, here or with the one who took it, so it may pass from thread to thread.
  private struct Resting: @unchecked Sendable {
    let counter: TokenCounter
  }

  private static let resting = Mutex<[Resting]>([])

  static func take(_ vocabulary: Tokenizer.Vocabulary) -> TokenCounter {
    let found = resting.withLock { resting in
      resting.lastIndex { $0.counter.vocabulary == vocabulary }.map { resting.remove(at: $0) }
    }
    return found?.counter ?? TokenCounter(vocabulary)
  }

  static func give(_ counter: TokenCounter) {
    let counter = Resting(counter: counter)
    resting.withLock { $0.append(counter) }
  }
}
