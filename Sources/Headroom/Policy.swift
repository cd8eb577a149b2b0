/// What the user allows and wants, as numbers.
struct Policy: Sendable {
  var level: Level
  var retrieval: RetrievalPath

  /// Results below this many bytes are never cut.
  static let smallestCut = 2_048

  /// The tokens that a result of `tokens` in its best complete form may keep when it may be cut.
  func budget(_ tokens: Int) -> Int? {
    switch level {
    case .lossless: nil
    case .balanced: max(1_000, tokens / 4)
    case .aggressive: max(400, tokens / 8)
    }
  }
}
