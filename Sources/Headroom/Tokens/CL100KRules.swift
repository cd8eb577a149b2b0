internal import CHeadroom

/// The pieces of cl100k_base.
///
///     '(?i:[sdmt]|ll|ve|re)
///     [^\r\n\p{L}\p{N}]?+\p{L}++
///     \p{N}{1,3}+
///      ?[^\s\p{L}\p{N}]++[\r\n]*+
///     \s++$
///     \s*[\r\n]
///     \s+(?!\S)
///     \s
///
/// `\s++$` is left out: it joins line ends and the white space that ends the text into one piece, but no entry holds white
/// space after a line end, so the two parts count the same.
enum CL100KRules: SplittingRules {
  private typealias Class = ScannedText.Class

  @inline(__always)
  static func pieceEnd(in text: ScannedText, from start: Int) -> Int {
    let contraction = text.contractionEnd(from: start)
    if contraction > start { return contraction }

    let (first, length) = text.scalarClass(start)
    if first & Class.letter != 0 { return lettersEnd(in: text, from: start + length) }
    if first & Class.number != 0 { return text.numbersEnd(from: start) }
    if first & Class.newline == 0 {
      let word = start + length
      let (second, width) = text.scalarClass(word)
      if second & Class.letter != 0 { return lettersEnd(in: text, from: word + width) }
    }
    let afterSpace = text[start] == UInt8(ascii: " ") ? start + 1 : start
    let end = text.punctuationEnd(from: afterSpace, slashesToo: false)
    return end > afterSpace ? end : text.spacesEnd(from: start)
  }

  @inline(__always)
  private static func lettersEnd(in text: ScannedText, from start: Int) -> Int {
    if start + 17 <= text.count {
      let end = start + headroom_letters16(text.bytes + start)
      if end < start + 16 && text[end] < 0x80 { return end }
    }
    return anyLettersEnd(in: text, from: start)
  }

  private static func anyLettersEnd(in text: ScannedText, from start: Int) -> Int {
    var place = start
    while true {
      place = text.skip(Class.letter, from: place)
      let (found, length) = text.scalarClass(place)
      guard found & Class.letter != 0 else { return place }
      place += length
    }
  }
}
