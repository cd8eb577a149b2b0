/// Counts the tokens of one vocabulary. Keeps caches, so it is not for use by two threads at a time.
///
/// `Tokenizer.withCounter` lends one that is warm. Counts do not depend on what was counted before. Bytes that are not UTF-8
/// count as the replacement characters that decoding would put in their place.
public final class TokenCounter {
  let vocabulary: Tokenizer.Vocabulary
  private let pieces: PieceCounter?

  init(_ vocabulary: Tokenizer.Vocabulary) {
    self.vocabulary = vocabulary
    if let ranks = RankTable(vocabulary) {
      pieces = PieceCounter(ranks: ranks)
    } else {
      pieces = nil
    }
  }

  /// The number of tokens of `bytes`.
  public func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    count(bytes, limit: .max) ?? 0
  }

  /// The number of tokens of `bytes`.
  public func count(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { count($0) }
  }

  /// The number of tokens of `bytes[range]`.
  public func count(_ bytes: [UInt8], in range: Range<Int>) -> Int {
    bytes.withUnsafeBufferPointer { count(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  /// The number of tokens of `bytes`, or nil as soon as it is known to exceed `limit`.
  public func count(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Int? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return limit < 0 ? nil : 0 }
    if !UTF8Validity.isValid(bytes) {
      return UTF8Validity.repaired(bytes).withUnsafeBufferPointer { count($0, limit: limit) }
    }
    let text = ScannedText(start, count: bytes.count)
    switch (vocabulary, pieces) {
    case (.o200k, let pieces?): return pieces.count(text, by: O200KRules.self, limit: limit)
    case (.cl100k, let pieces?): return pieces.count(text, by: CL100KRules.self, limit: limit)
    case (.o200k, nil): return TokenEstimator.count(text, by: O200KRules.self, limit: limit)
    case (.cl100k, nil): return TokenEstimator.count(text, by: CL100KRules.self, limit: limit)
    }
  }
}
