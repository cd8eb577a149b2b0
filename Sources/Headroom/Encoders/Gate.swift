/// The one rule by which a shorter form is taken: it must save enough tokens of what will be sent, markers included.
enum Gate {
  /// The tokens a form of `fidelity` must save of `tokens`.
  static func leastSaving(of tokens: Int, _ fidelity: Fidelity) -> Int {
    fidelity == .lossy ? max(150, tokens * 30 / 100) : max(12, tokens * 3 / 100)
  }

  /// The most tokens a form may have to be taken instead of a text of `tokens`; below zero when none can be.
  static func limit(_ tokens: Int, _ fidelity: Fidelity) -> Int { tokens - leastSaving(of: tokens, fidelity) }

  /// Results below this are never touched: there is little to save, and short results are often read word by word.
  static let smallest = 80
}
