import TestSupport

/// Text that no pattern explains.
enum ProseGenerator {
  private static let words = """
    house river engine letter garden window stone light water paper morning winter bridge road market number glass table voice
    answer question silver copper wooden quiet heavy bright narrow old new late early carries finds leaves opens follows meets
    writes holds turns breaks under over behind between against without toward across and but while because until
    """.split(whereSeparator: \.isWhitespace)

  /// Line `number` of a text without end; always the same.
  static func line(_ number: Int) -> String {
    var generator = SeededGenerator(seed: UInt64(number) &* 0x9e37_79b9 &+ 17)
    return (0..<Int.random(in: 5...14, using: &generator)).map { _ in words.randomElement(using: &generator)! }
      .joined(separator: " ")
  }
}
