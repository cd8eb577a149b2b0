import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct TokenEstimatorTests {
  /// What the documentation of the estimate promises, with some room: on the files it was fitted to, cut to 20,000 bytes.
  @Test(
    .enabled(if: RecordedData.isPresent, "recorded data absent"),
    .enabled(if: Tokenizer.hasVocabularies, "run scripts/setup.sh to build the vocabularies in"),
    arguments: Tokenizer.Vocabulary.allCases)
  func theErrorIsWhatIsDocumented(vocabulary: Tokenizer.Vocabulary) throws {
    let exact = TokenCounter(vocabulary)
    let estimator = TokenCounter(vocabulary, ranks: nil)
    var errors: [Double] = []
    for (index, file) in RecordedData.files().enumerated() where index % 3 == 0 {
      let bytes = [UInt8](try Data(contentsOf: file).prefix(20_000))
      guard bytes.count >= 400, String(validating: bytes, as: UTF8.self) != nil else { continue }
      errors.append(abs(Double(estimator.count(bytes)) / Double(exact.count(bytes)) - 1))
    }
    errors.sort()
    try #require(errors.count > 100)
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.08)
    #expect(errors[errors.count * 95 / 100] < 0.2)
  }

  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func estimatesBehaveLikeCounts(vocabulary: Tokenizer.Vocabulary) {
    let estimator = TokenCounter(vocabulary, ranks: nil)
    #expect(estimator.count([]) == 0)
    for text in TokenSamples.texts(seed: 7, count: 60) {
      let tokens = estimator.count(text)
      #expect(tokens >= 1 && tokens <= text.count)
      text.withUnsafeBufferPointer { bytes in
        for limit in -1...tokens + 2 {
          #expect(estimator.count(bytes, limit: limit) == (tokens <= limit ? tokens : nil))
        }
      }
    }
  }
}
