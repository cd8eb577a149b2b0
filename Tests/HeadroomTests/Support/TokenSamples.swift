import TestSupport

@testable import Headroom

extension Tokenizer {
  /// Whether this build counts exactly.
  static let hasVocabularies = Vocabulary.allCases.allSatisfy { Tokenizer(vocabulary: $0).isExact }
}

/// Texts put together at random from what the splitting rules tell apart.
enum TokenSamples {
  private static let parts = [
    "let", " value", "Value", "HTTPServer", " über", "Ünïcode", "naïve", "日本語", "か", " слово", "שלום", "\u{301}", "7",
    "42", "2024",
    "½", " ", "  ", "    ", "\t", "\u{A0}", "\u{3000}", "\n", "\n", "\n\n", "\r\n", "\r", "//", "/", ".", ", ",
    "\": \"", "{", "}",
    "()", ");\n", "--", "=====", "'s", "'LL", "n't", "👩‍💻", "\u{2028}", "xkcdq", "zzyzx",
  ]

  static func texts(seed: UInt64, count: Int) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 1...30, using: &generator)).flatMap { _ in Array(parts.randomElement(using: &generator)!.utf8)
      }
    }
  }

  /// Whether counts add up across `cut`: it follows a line end, and the line after it is neither blank nor starts with `/`.
  static func isSeam(_ text: [UInt8], at cut: Int) -> Bool {
    guard text[cut - 1] == UInt8(ascii: "\n") || text[cut - 1] == UInt8(ascii: "\r") else { return false }
    let line = String(
      decoding: text[cut...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    return !line.hasPrefix("/") && !line.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
  }
}
