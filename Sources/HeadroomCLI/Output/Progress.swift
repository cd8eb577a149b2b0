/// A line on the terminal while something large is worked on.
struct Progress {
  private static let large = 8 << 20
  private let isShown: Bool

  init(bytes: Int) {
    isShown = bytes >= Progress.large && Output.error.isTerminal
    if isShown { try? Output.error.write("shortening \(bytes >> 20) MB…") }
  }

  /// Takes the line away.
  func end() {
    if isShown { try? Output.error.write("\r\u{1b}[K") }
  }
}
