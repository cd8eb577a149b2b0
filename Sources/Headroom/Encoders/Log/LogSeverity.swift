import CHeadroom

/// How bad a line says things are, by its level (`ERROR`, `level=warn`) or, where it has none, by its words.
enum LogSeverity: Int, Comparable {
  case none, info, warning, error

  static func < (a: LogSeverity, b: LogSeverity) -> Bool { a.rawValue < b.rawValue }

  /// How far into a line a level may stand, and how far words are looked at.
  private static let levelEnd = 96
  private static let wordsEnd = 2_000

  init(of line: UnsafeBufferPointer<UInt8>) {
    let level = LogSeverity.level(of: line)
    if let level, level != .info {
      self = level
      return
    }
    let words = LogSeverity.words(of: line)
    // `INFO: 3 failed logins` is worth a warning.
    self = level == nil ? words : max(.info, words == .error ? .warning : words)
  }

  /// The level that a line says in capitals, in brackets or behind `level=`.
  static func level(of line: UnsafeBufferPointer<UInt8>) -> LogSeverity? {
    var found: LogSeverity?
    forEachWord(line, end: levelEnd) { word, start in
      let isCapital = word[0] & 0x20 == 0 && (word.count == 1 || word[1] & 0x20 == 0)
      let before = start > 0 ? line[start - 1] : 0
      let isMarked =
        before == UInt8(ascii: "[") || before == UInt8(ascii: "=") || before == UInt8(ascii: "<") || start == 0
      guard isCapital || isMarked else { return false }
      // Android and klog: one letter between spaces.
      if word.count == 1 {
        guard before == UInt8(ascii: " "), start + 1 < line.count, line[start + 1] == UInt8(ascii: " ") else {
          return false
        }
        switch word[0] {
        case UInt8(ascii: "E"), UInt8(ascii: "F"): found = .error
        case UInt8(ascii: "W"): found = .warning
        case UInt8(ascii: "I"), UInt8(ascii: "D"), UInt8(ascii: "V"): found = .info
        default: return false
        }
        return true
      }
      found = level(named: hash(word))
      return found != nil
    }
    return found
  }

  private static func words(of line: UnsafeBufferPointer<UInt8>) -> LogSeverity {
    var found = LogSeverity.none
    forEachWord(line, end: wordsEnd) { word, _ in
      guard word.count >= 4 else { return false }
      let own = hash(word)
      if errorWords.contains(own) || ends(word, "Exception") || ends(word, "Error") || ends(word, "Failure") {
        found = .error
        return true
      }
      if warningWords.contains(own) { found = .warning }
      return false
    }
    return found
  }

  /// Calls `body` with the words of letters until it says that it has enough.
  private static func forEachWord(
    _ line: UnsafeBufferPointer<UInt8>, end: Int, _ body: (UnsafeBufferPointer<UInt8>, Int) -> Bool
  ) {
    let end = min(end, line.count)
    var p = 0
    while p < end {
      guard TokenGuess.isLetter(line[p]) else {
        p += 1
        continue
      }
      let start = p
      while p < line.count, TokenGuess.isLetter(line[p]) { p += 1 }
      if body(UnsafeBufferPointer(rebasing: line[start..<p]), start) { return }
    }
  }

  private static func ends(_ word: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard word.count >= count, let base = word.baseAddress else { return false }
    return headroom_equal_bytes(base + word.count - count, text.utf8Start, count)
  }

  /// The hash of a word in small letters.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    word.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1 | 0x20)) &* 0x100_0000_01b3 }
  }

  private static func hashes(_ words: String) -> [UInt64] {
    words.split(separator: " ").map { word in Array(word.utf8).withUnsafeBufferPointer { hash($0) } }
  }

  private static func level(named word: UInt64) -> LogSeverity? {
    if infoLevels.contains(word) { return .info }
    if warningLevels.contains(word) { return .warning }
    return errorLevels.contains(word) ? .error : nil
  }

  private static let infoLevels = hashes("info debug trace notice verbose fine finer finest information inf dbg")
  private static let warningLevels = hashes("warn warning wrn")
  private static let errorLevels = hashes(
    "error err severe fatal critical crit panic emerg emergency alert fail failed failure")
  private static let errorWords = hashes(
    "error errors fatal severe critical panic panicked emergency exception traceback fail fails failed failure failures"
      + " abort aborted segfault killed crash crashed denied unreachable undefined assertion assert")
  private static let warningWords = hashes(
    "warn warning warnings refused timeout timeouts deprecated retry retrying unable cannot invalid lost reset"
      + " rejected unexpected missing")
}
