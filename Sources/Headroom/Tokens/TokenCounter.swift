/// Counts the tokens of one vocabulary. Keeps caches, so it is not for use by two threads at a time.
///
/// `Tokenizer.withCounter` lends one that is warm; what was counted before never changes a count. Special tokens such as
/// `<|endoftext|>` are ordinary text: they come from data. Bytes that are not UTF-8 count as the replacement characters that
/// decoding would put in their place.
///
/// Counts add up where text is cut after a line end and the next line is neither blank nor starts with `/`: no piece of either
/// vocabulary reaches across such a cut. Other cuts may cost a token or two.
public final class TokenCounter {
  let vocabulary: Tokenizer.Vocabulary
  /// Nil where the vocabulary is not built in.
  private let pieces: PieceCounter?

  convenience init(_ vocabulary: Tokenizer.Vocabulary) {
    self.init(vocabulary, ranks: RankTable.builtIn(vocabulary))
  }

  /// A counter by these ranks, or one that estimates.
  init(_ vocabulary: Tokenizer.Vocabulary, ranks: RankTable?) {
    self.vocabulary = vocabulary
    pieces = ranks.map(PieceCounter.init)
  }

  /// The bytes that went through merging so far, repeated work included.
  var mergedBytes: Int { pieces?.merger.work ?? 0 }

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
    guard UTF8Validity.isValid(bytes) else {
      return UTF8Validity.repaired(bytes).withUnsafeBufferPointer { count($0, limit: limit) }
    }
    let text = ScannedText(start, count: bytes.count)
    switch vocabulary {
    case .o200k: return count(text, by: O200KRules.self, limit: limit)
    case .cl100k: return count(text, by: CL100KRules.self, limit: limit)
    }
  }

  private func count<Rules: SplittingRules>(_ text: ScannedText, by rules: Rules.Type, limit: Int) -> Int? {
    guard let pieces else { return TokenEstimator(vocabulary).count(text, by: rules, limit: limit) }
    return pieces.count(text, by: rules, limit: limit)
  }
}
