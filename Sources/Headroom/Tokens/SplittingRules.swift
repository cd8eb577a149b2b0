internal import CHeadroom

/// How a vocabulary cuts text into the pieces that are encoded one by one.
///
/// The official definition is a regular expression, quoted with each conformer; these are the same rules written by hand.
protocol SplittingRules {
  /// The end of the piece that starts at `start`, which is inside the text.
  static func pieceEnd(in text: ScannedText, from start: Int) -> Int

  /// Whether ``pieceEnds(in:count:isEnd:)`` is of use.
  static var hasWindows: Bool { get }

  /// Where pieces end in `bytes[0..<count]`, which begins with one: a bit for each byte behind a piece, as far as these bytes tell. 0 when
  /// the end of the first one must be asked for. 64 bytes are readable; `count` is at most that, and less when the text ends there.
  static func pieceEnds(in bytes: UnsafePointer<UInt8>, count: Int, isEnd: Bool) -> UInt64
}

extension SplittingRules {
  static var hasWindows: Bool { false }

  @inline(__always)
  static func pieceEnds(in bytes: UnsafePointer<UInt8>, count: Int, isEnd: Bool) -> UInt64 { 0 }
}

// What the rules of the vocabularies share. Each has a way for up to 16 bytes of ASCII at once, without a loop whose end the
// processor would have to guess, and a way for everything.
extension ScannedText {
  /// The end of up to three numbers from `start`, the first of which has been seen: `\p{N}{1,3}`.
  @inline(__always)
  func numbersEnd(from start: Int) -> Int {
    if start + 4 <= count {
      let (second, third) = (byteClass(start + 1), byteClass(start + 2))
      if (byteClass(start) | second | third) & Class.nonASCII == 0 {
        let two = second & third & Class.number
        return start + 1 + Int((second & Class.number) + two) / Int(Class.number)
      }
    }
    return anyNumbersEnd(from: start)
  }

  private func anyNumbersEnd(from start: Int) -> Int {
    var place = start
    for _ in 0..<3 {
      let (found, length) = scalarClass(place)
      guard found & Class.number != 0 else { break }
      place += length
    }
    return place
  }

  /// The end of `[^\s\p{L}\p{N}]+` and of the line ends after it; `start` when there is no such scalar at `start`.
  @inline(__always)
  func punctuationEnd(from start: Int, slashesToo: Bool) -> Int {
    var place = start
    if start + 17 <= count { place += headroom_punctuation16(bytes + start) }
    if place == start || place == start + 16 || bytes[place] >= 0x7F { place = anyPunctuationEnd(from: place) }
    guard place > start else { return start }
    while place < count {
      let byte = bytes[place]
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || slashesToo && byte == UInt8(ascii: "/") else {
        break
      }
      place += 1
    }
    return place
  }

  private func anyPunctuationEnd(from start: Int) -> Int {
    var place = start
    while true {
      let (found, length) = scalarClass(place)
      guard length > 0, found & (Class.space | Class.letter | Class.number) == 0 else { return place }
      place += length
    }
  }

  /// The end of a piece of white space: `\s*[\r\n]+|\s+(?!\S)|\s+`.
  @inline(__always)
  func spacesEnd(from start: Int) -> Int {
    if start + 17 <= count {
      var afterNewline = 0
      let run = headroom_spaces16(bytes + start, &afterNewline)
      if run > 0 && run < 16 && bytes[start + run] < 0x80 {
        if afterNewline > 0 { return start + afterNewline }
        return run > 1 ? start + run - 1 : start + 1
      }
    }
    return anySpacesEnd(from: start)
  }

  private func anySpacesEnd(from start: Int) -> Int {
    var place = start
    var last = start
    var afterNewline = start
    while true {
      let (found, length) = scalarClass(place)
      guard found & Class.space != 0 else { break }
      last = place
      place += length
      if found & Class.newline != 0 { afterNewline = place }
    }
    if afterNewline > start { return afterNewline }
    // The last space goes to the word that follows, unless it is the only one.
    return place < count && last > start ? last : place
  }

  /// The end of an English contraction at `start` (`'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d`), or `start`.
  ///
  /// Case does not matter, and U+017F (long s) folds to `s`.
  @inline(__always)
  func contractionEnd(from start: Int) -> Int {
    guard start + 1 < count, bytes[start] == UInt8(ascii: "'") else { return start }
    return contractionEnd(afterApostrophe: start)
  }

  private func contractionEnd(afterApostrophe start: Int) -> Int {
    let first = bytes[start + 1]
    switch first | 0x20 {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    default: break
    }
    guard start + 2 < count else { return start }
    let second = bytes[start + 2]
    switch (first | 0x20, second | 0x20) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return first == 0xC5 && second == 0xBF ? start + 3 : start
    }
  }
}
