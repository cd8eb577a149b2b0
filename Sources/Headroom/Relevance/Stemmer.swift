/// A light stemmer for English: plurals, `-ed` and `-ing`, a final `e`, a doubled last consonant.
///
/// It follows the first steps of Porter's algorithm ("An algorithm for suffix stripping", 1980) and stops there: what
/// it cuts is always the end of the word, so a stem is a length. `cache caches cached caching` meet in `cach`, `stop
/// stopped stopping` in `stop`.
enum Stemmer {
  /// How many bytes of a folded word are its stem. Words that end in anything but an ASCII letter are their own stem.
  static func length(of word: UnsafeBufferPointer<UInt8>) -> Int {
    var count = word.count
    guard count >= 3, word[count - 1] &- 0x61 < 26 else { return count }
    count = withoutPlural(word)
    count = withoutVerbEnding(word, count)
    return withoutFinal(word, count)
  }

  private static func withoutPlural(_ word: UnsafeBufferPointer<UInt8>) -> Int {
    let count = word.count
    guard word[count - 1] == s, count > 2 else { return count }
    switch word[count - 2] {
    case s, u, UInt8(ascii: "i"): return count  // class, status, analysis
    case e:
      // "matches", "processes", "boxes"; the final e of "caches" and "types" goes later, as it does in "cache" and
      // "type".
      return count - 2 >= 3 ? count - 2 : count - 1
    default: return count - 1
    }
  }

  private static func withoutVerbEnding(_ word: UnsafeBufferPointer<UInt8>, _ count: Int) -> Int {
    if count >= 5, word[count - 1] == d, word[count - 2] == e, word[count - 3] != e, hasVowel(word, count - 2) {
      return count - 2
    }
    let isGerund = count >= 6 && word[count - 1] == g && word[count - 2] == n && word[count - 3] == UInt8(ascii: "i")
    return isGerund && hasVowel(word, count - 3) ? count - 3 : count
  }

  private static func withoutFinal(_ word: UnsafeBufferPointer<UInt8>, _ count: Int) -> Int {
    guard count > 3 else { return count }
    let last = word[count - 1]
    // "queries" has lost its "es" and "query" keeps its "y": the stem of both ends before it.
    if last == e || last == UInt8(ascii: "y") || last == UInt8(ascii: "i") { return count - 1 }
    let isDoubled =
      last == word[count - 2] && last &- 0x61 < 26 && !isVowel(last) && last != UInt8(ascii: "l") && last != s
    return isDoubled ? count - 1 : count
  }

  private static func hasVowel(_ word: UnsafeBufferPointer<UInt8>, _ count: Int) -> Bool {
    word[..<count].contains { isVowel($0) || $0 == UInt8(ascii: "y") }
  }

  private static func isVowel(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "a") || byte == e || byte == UInt8(ascii: "i") || byte == UInt8(ascii: "o") || byte == u
  }

  private static let d = UInt8(ascii: "d")
  private static let e = UInt8(ascii: "e")
  private static let g = UInt8(ascii: "g")
  private static let n = UInt8(ascii: "n")
  private static let s = UInt8(ascii: "s")
  private static let u = UInt8(ascii: "u")
}
