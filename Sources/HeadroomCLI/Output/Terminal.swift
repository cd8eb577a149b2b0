import Foundation

/// What standard output can show: its width, and colours where they are wanted.
struct Terminal {
  let columns: Int
  let hasColour: Bool

  /// Standard output. Colours are for a terminal alone, and `NO_COLOR` (no-color.org) turns them off.
  static var standard: Terminal {
    let environment = ProcessInfo.processInfo.environment
    let isColourless = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col >= 20
    return Terminal(
      columns: isKnown ? Int(size.ws_col) : 80, hasColour: Output.standard.isTerminal && !isColourless)
  }

  func styled(_ text: String, _ style: Style) -> String {
    guard hasColour, let code = style.code, !text.isEmpty else { return text }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }

  enum Style {
    case plain, strong, faint, good

    fileprivate var code: Int? {
      switch self {
      case .plain: nil
      case .strong: 1
      case .faint: 2
      case .good: 32
      }
    }
  }
}
