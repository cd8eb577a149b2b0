import CHeadroom

/// What a line is in a stack trace of one of the common languages.
enum TraceLine: UInt8 {
  /// A call: Java and JavaScript `at f(…)`, Python `File "…", line 3, in f`, Ruby `from …:in`, C `#0 0x…`, Rust `3: f`, Go `f(…)`.
  case frame
  /// What belongs to the frame above: its source, carets, its place in a file.
  case detail
  /// What says which error it is, or links one trace to the next: it always stays.
  case head
  case blank
  case other

  /// The kinds of all lines.
  static func kinds(_ lines: TextLines) -> [TraceLine] {
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return [] }
      var kinds: [TraceLine] = []
      kinds.reserveCapacity(lines.count)
      var last = TraceLine.other
      for line in 0..<lines.count {
        let range = lines[line]
        let next = line + 1 < lines.count ? lines[line + 1] : range.upperBound..<range.upperBound
        last = TraceLine(
          UnsafeBufferPointer(start: base + range.lowerBound, count: min(range.count, longest)), behind: last,
          next: UnsafeBufferPointer(start: base + next.lowerBound, count: min(next.count, longest)))
        kinds.append(last)
      }
      return kinds
    }
  }

  /// How much of a line is looked at.
  private static let longest = 1_000

  @inline(__always)
  private init(_ line: UnsafeBufferPointer<UInt8>, behind last: TraceLine, next: UnsafeBufferPointer<UInt8>) {
    var indent = 0
    while indent < line.count, line[indent] == UInt8(ascii: " ") || line[indent] == UInt8(ascii: "\t") { indent += 1 }
    guard indent < line.count, line[indent] != UInt8(ascii: "\r") else {
      self = .blank
      return
    }
    let text = UnsafeBufferPointer(rebasing: line[indent...])
    self =
      indent > 0
      ? TraceLine.indented(text, behind: last, isTab: line[0] == UInt8(ascii: "\t"), indent)
      : TraceLine.flush(text, next: next)
  }

  private static func indented(
    _ text: UnsafeBufferPointer<UInt8>, behind last: TraceLine, isTab: Bool, _ indent: Int
  ) -> TraceLine {
    let isBelow = last == .frame || last == .detail
    switch text[0] {
    case UInt8(ascii: "a") where text.starts("at "):
      // Rust writes the place of a numbered frame so.
      return isBelow && indent >= 10 ? .detail : .frame
    case UInt8(ascii: "F") where text.starts("File \"") && text.contains(", line "): return .frame
    case UInt8(ascii: "f") where text.starts("from ") && text.contains(":in "): return .frame
    case UInt8(ascii: ".") where text.starts("... ") && text.contains(" more"): return .frame
    case UInt8(ascii: "-") where text.starts("--- End of"): return .head
    case UInt8(ascii: "C") where text.starts("Caused by: "): return .head
    case UInt8(ascii: "S") where text.starts("Suppressed: "): return .head
    case UInt8(ascii: "/") where isTab && text.contains(".go:"): return isBelow ? .detail : .other
    case UInt8(ascii: "t") where text.starts("thrown in "): return .head
    default: break
    }
    if isNumbered(text) { return .frame }
    return isBelow ? .detail : .other
  }

  private static func flush(_ text: UnsafeBufferPointer<UInt8>, next: UnsafeBufferPointer<UInt8>) -> TraceLine {
    switch text[0] {
    case UInt8(ascii: "#"), UInt8(ascii: "0")...UInt8(ascii: "9"): if isNumbered(text) { return .frame }
    case UInt8(ascii: "T"):
      if text.starts("Traceback (most recent") || text.starts("The above exception was") { return .head }
    case UInt8(ascii: "D"): if text.starts("During handling of the above") { return .head }
    case UInt8(ascii: "C"): if text.starts("Caused by: ") || text.starts("Caused by ") { return .head }
    case UInt8(ascii: "E"): if text.starts("Exception in thread ") { return .head }
    case UInt8(ascii: "S"): if text.starts("Stack trace:") { return .head }
    case UInt8(ascii: "U"): if text.starts("Unhandled exception") || text.starts("Uncaught ") { return .head }
    case UInt8(ascii: "P"): if text.starts("PHP Fatal error: ") || text.starts("PHP Stack trace") { return .head }
    case UInt8(ascii: "p"): if text.starts("panic: ") { return .head }
    case UInt8(ascii: "f"): if text.starts("fatal error: ") { return .head }
    case UInt8(ascii: "g"): if text.starts("goroutine "), text.contains(" [") { return .head }
    case UInt8(ascii: "["): if text.starts("[signal ") { return .head }
    case UInt8(ascii: "s"): if text.starts("stack backtrace:") { return .head }
    case UInt8(ascii: "t"): if text.starts("thread '"), text.contains("panicked at") { return .head }
    case UInt8(ascii: "c"): if text.starts("created by "), next.starts("\t"), next.contains(".go:") { return .frame }
    default: break
    }
    if text.contains(".rb:"), text.contains(":in ") { return .frame }
    // Go: a call, and below it where it is.
    if next.starts("\t"), next.contains(".go:"), text.contains("(") || text.contains(".") { return .frame }
    return isException(text) ? .head : .other
  }

  /// `#0  0x0000 in f ()`, `#1 /srv/a.php(3): f()`, `3: core::panicking::panic`, `12  libsystem  0x0001 start + 5`.
  private static func isNumbered(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var p = 0
    let isHash = text[0] == UInt8(ascii: "#")
    if isHash { p += 1 }
    let start = p
    while p < text.count, LogStamp.isDigit(text[p]) { p += 1 }
    guard p > start, p - start <= 4, p + 1 < text.count else { return false }
    if isHash {
      return text[p] == UInt8(ascii: " ") && (text.contains("(") || text.contains("0x") || text.contains("{main}"))
    }
    if text[p] == UInt8(ascii: ":") {
      return text[p + 1] == UInt8(ascii: " ") && (text.contains("::") || text.contains("0x"))
    }
    return text[p] == UInt8(ascii: " ") && text.contains(" 0x")
  }

  /// A line that is the name of an error, with or without a message: `ValueError: no such name`.
  static func isException(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first, TokenGuess.isLetter(first) else { return false }
    var end = 0
    while end < text.count,
      TokenGuess.isLetter(text[end]) || LogStamp.isDigit(text[end]) || text[end] == UInt8(ascii: ".")
        || text[end] == UInt8(ascii: "_") || text[end] == UInt8(ascii: "$")
    {
      end += 1
    }
    guard end > 4 else { return false }
    if end < text.count {
      switch text[end] {
      case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: "\r"): break
      default: return false
      }
    }
    // A space ends a name only where a bracket follows it: `Error [ERR_X]: message`.
    if end < text.count, text[end] == UInt8(ascii: " ") {
      guard end + 1 < text.count, text[end + 1] == UInt8(ascii: "[") || text[end + 1] == UInt8(ascii: "(") else {
        return false
      }
    }
    let name = UnsafeBufferPointer(rebasing: text[..<end])
    switch name[end - 1] {
    case UInt8(ascii: "n"): return name.ends("Exception")
    case UInt8(ascii: "r"): return name.ends("Error")
    case UInt8(ascii: "t"): return name.ends("Exit") || name.ends("Interrupt")
    case UInt8(ascii: "e"): return name.ends("Throwable")
    case UInt8(ascii: "g"): return name.ends("Warning")
    default: return false
    }
  }
}
