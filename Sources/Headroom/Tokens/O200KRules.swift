internal import CHeadroom

/// The pieces of o200k_base.
///
///     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
///     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
///     \p{N}{1,3}
///      ?[^\s\p{L}\p{N}]+[\r\n/]*
///     \s*[\r\n]+
///     \s+(?!\S)
///     \s+
enum O200KRules: SplittingRules {
  private typealias Class = ScannedText.Class

  @inline(__always)
  static func pieceEnd(in text: ScannedText, from start: Int) -> Int {
    let first = text.byteClass(start)
    var word = start
    if first & (Class.letter | Class.number | Class.newline | Class.nonASCII) == 0 {
      // A space or a sign may go before a word.
      guard start + 1 < text.count else { return start + 1 }
      let second = text.byteClass(start + 1)
      if second & Class.letter == 0 {
        if second == Class.nonASCII { return anyPieceEnd(in: text, from: start) }
        return otherEnd(in: text, from: start, class: first)
      }
      word = start + 1
    } else if first & Class.letter == 0 {
      if first == Class.nonASCII { return anyPieceEnd(in: text, from: start) }
      return otherEnd(in: text, from: start, class: first)
    }
    // In ASCII no letter is of both cases, so upper case, then lower case is what both patterns for words match.
    var end = word
    if word + 17 <= text.count { end += headroom_word16(text.bytes + word) }
    if end == word || end == word + 16 { end = text.skip(Class.lower, from: text.skip(Class.upper, from: word)) }
    guard end < text.count else { return end }
    if text[end] >= 0x80 { return anyPieceEnd(in: text, from: start) }
    return text.contractionEnd(from: end)
  }

  static var hasWindows: Bool { true }

  @inline(__always)
  static func pieceEnds(in bytes: UnsafePointer<UInt8>, count: Int, isEnd: Bool) -> UInt64 {
    headroom_o200k_ends(bytes, count, isEnd)
  }

  /// A piece that is no word.
  @inline(__always)
  private static func otherEnd(in text: ScannedText, from start: Int, class first: UInt8) -> Int {
    if first & Class.number != 0 { return text.numbersEnd(from: start) }
    let afterSpace = text[start] == UInt8(ascii: " ") ? start + 1 : start
    let end = text.punctuationEnd(from: afterSpace, slashesToo: true)
    return end > afterSpace ? end : text.spacesEnd(from: start)
  }

  private static func anyPieceEnd(in text: ScannedText, from start: Int) -> Int {
    let (first, length) = text.scalarClass(start)
    let isPrefix = first & (Class.letter | Class.number | Class.newline) == 0
    let isWordly = first & (Class.upper | Class.lower) != 0
    // The patterns in their order: each first with the optional prefix, then without.
    if isPrefix, let end = lowerEndedWord(in: text, from: start + length) { return end }
    if isWordly, let end = lowerEndedWord(in: text, from: start) { return end }
    if isPrefix, let end = upperWord(in: text, from: start + length) { return end }
    if isWordly, let end = upperWord(in: text, from: start) { return end }
    return otherEnd(in: text, from: start, class: first)
  }

  /// The first pattern after its prefix.
  ///
  /// The upper case part is greedy and gives back until the lower case part finds a scalar: that is the last one of both
  /// cases, where no pure lower case scalar follows.
  @inline(__always)
  private static func lowerEndedWord(in text: ScannedText, from start: Int) -> Int? {
    var place = start
    var afterLastOfBoth = start
    while true {
      let (found, length) = text.scalarClass(place)
      guard found & Class.upper != 0 else { break }
      place += length
      if found & Class.lower != 0 { afterLastOfBoth = place }
    }
    var end = place
    while true {
      let (found, length) = text.scalarClass(end)
      guard found & Class.lower != 0 else { break }
      end += length
    }
    if end > place { return text.contractionEnd(from: end) }
    return afterLastOfBoth > start ? text.contractionEnd(from: afterLastOfBoth) : nil
  }

  /// The second pattern after its prefix, where the first has failed: nothing of lower case follows.
  @inline(__always)
  private static func upperWord(in text: ScannedText, from start: Int) -> Int? {
    var place = start
    while true {
      let (found, length) = text.scalarClass(place)
      guard found & Class.upper != 0 else { break }
      place += length
    }
    return place > start ? text.contractionEnd(from: place) : nil
  }
}
