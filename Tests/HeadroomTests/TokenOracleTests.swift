import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Counts equal tiktoken's, whose rank files and patterns define the vocabularies.
@Suite(.enabled(if: TokenOracle.isPresent, "run scripts/setup-tests.sh to compare with tiktoken"))
struct TokenOracleTests {
  /// Every scalar that Unicode assigns: alone, after a letter, after a space, after an apostrophe, and doubled.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func everyAssignedScalar(vocabulary: Tokenizer.Vocabulary) throws {
    let assigned = (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init).filter {
      switch $0.properties.generalCategory {
      case .unassigned, .privateUse: false
      default: true
      }
    }
    var texts: [String] = []
    var text = String.UnicodeScalarView()
    for (index, scalar) in assigned.enumerated() {
      text.append(contentsOf: [
        scalar, "\n", "a", scalar, " ", scalar, "A", "'", scalar, "s", "!", scalar, scalar, "1", "\n",
      ])
      if index % 16 == 15 {
        texts.append(String(text))
        text = String.UnicodeScalarView()
      }
    }
    texts.append(String(text))
    try check(texts, in: vocabulary)
  }

  /// Random mixtures of what the patterns tell apart.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func mixturesOfClasses(vocabulary: Tokenizer.Vocabulary) throws {
    let parts = [
      "a", "b", "Z", "Q", "s", "S", "t", "é", "É", "ß", "ж", "Ж", "\u{01C5}", "\u{02B0}", "か", "中", "ا", "\u{0301}",
      "\u{093F}", "\u{20DD}", "7", "42", "½", "٣", "Ⅷ", " ", "  ", "\t", "\u{A0}", "\u{3000}", "\u{85}", "\u{0B}",
      "\u{0C}",
      "\u{2028}", "\u{1680}", "\r", "\n", "\r\n", "!", "/", "'", "'s", "'S", "'\u{17F}", "'ll", "'LL", "'Ve", "'re",
      "'rE",
      "'d", "'m", "'T", "\u{17F}", "\u{212A}", "\u{200D}", "\u{FE0F}", "👩", "🏽", "\u{E0101}", "\u{FFFD}", "\u{FEFF}",
      "\0",
      "-", "_", "<|endoftext|>", "ﬁ", "İ", "\u{10FFFD}",
    ]
    var generator = SeededGenerator(seed: 1)
    let texts = (0..<30_000).map { _ in
      (0..<Int.random(in: 1...14, using: &generator)).map { _ in parts.randomElement(using: &generator)! }.joined()
    }
    try check(texts, in: vocabulary)
  }

  /// Pieces without a border for thousands of bytes, where windows are merged one by one and joined.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func longPieces(vocabulary: Tokenizer.Vocabulary) throws {
    let alphabets = [
      "a", "ab", "abc", "xyz", "etaoinshrdlu", "abcdefghijklmnopqrstuvwxyz", "かなカナ漢字", "ก็ที่", "=", "=-", "*/+-=<>#", " ",
      " \u{3000}",
      "한국어의", "АаБб", "éèê", "\u{1F600}\u{1F468}\u{200D}",
    ]
    var generator = SeededGenerator(seed: 2)
    var texts: [String] = []
    for alphabet in alphabets {
      let characters = Array(alphabet.unicodeScalars)
      for length in [2, 3, 15, 16, 31, 100, 255, 256, 257, 300, 511, 1000, 4000, 20_000] {
        texts.append(
          String(String.UnicodeScalarView((0..<length).map { _ in characters.randomElement(using: &generator)! })))
        // A short random period, repeated.
        let period = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
          characters.randomElement(using: &generator)!
        }
        texts.append(String(String.UnicodeScalarView((0..<length).map { period[$0 % period.count] })))
      }
    }
    try check(texts, in: vocabulary)
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"), arguments: Tokenizer.Vocabulary.allCases)
  func recordedFiles(vocabulary: Tokenizer.Vocabulary) throws {
    let files = RecordedData.files()
    let expected = try TokenOracle.counts(ofFiles: files, in: vocabulary)
    let counter = TokenCounter(vocabulary)
    var wrong: [String] = []
    for (file, count) in zip(files, expected) {
      guard let count else { continue }
      let found = counter.count([UInt8](try Data(contentsOf: file)))
      if found != count { wrong.append("\(file.lastPathComponent): \(found), not \(count)") }
    }
    #expect(expected.contains { $0 != nil })
    #expect(wrong.isEmpty, "\(wrong.count) of \(files.count) differ, such as \(wrong.prefix(3))")
  }

  private func check(_ texts: [String], in vocabulary: Tokenizer.Vocabulary) throws {
    let expected = try TokenOracle.counts(of: texts, in: vocabulary)
    try #require(expected.count == texts.count)
    let counter = TokenCounter(vocabulary)
    var wrong: [String] = []
    for (text, count) in zip(texts, expected) {
      let found = counter.count(Array(text.utf8))
      if found != count { wrong.append("\(text.debugDescription.prefix(200)): \(found), not \(count)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(texts.count) differ, such as \(wrong.prefix(3))")
  }
}
