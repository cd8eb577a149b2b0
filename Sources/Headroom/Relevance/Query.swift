/// What someone looks for, as weighted words.
///
/// A word that names one thing counts four times: numbers of three digits and more, identifiers of several parts, file
/// names, versions, UUIDs, commit hashes, and what stands between quotes or backticks. Stop words and single letters
/// are left out.
struct Query: Sendable {
  struct Term: Sendable {
    /// The hash of the stem.
    let hash: UInt64
    let stem: [UInt8]
    var weight: Int
    /// Whether words that resemble it count too: letters alone, and no exact name.
    let isFuzzy: Bool
  }

  private(set) var terms: [Term] = []
  /// From the hash of a stem to its index in `terms`.
  private(set) var table = TermTable()
  /// Commit hashes and the like, at least seven hexadecimal digits, with their index in `terms`.
  private(set) var hexadecimals: [(digits: [UInt8], term: Int)] = []

  /// Words beyond this many are left out: a query is some sentences, not a document.
  private static let mostTerms = 512

  init() {}

  init(_ text: [UInt8]) { add(text) }

  /// Whether there is nothing to look for.
  var isEmpty: Bool { terms.isEmpty }

  /// Adds the words of a further text, each `weight` times as important. A word that several texts have gains with each
  /// of them.
  mutating func add(_ text: [UInt8], weight: Int = 1) {
    var visitor = QueryVisitor()
    text.withUnsafeBufferPointer { bytes in
      for (range, isQuoted) in QuotedText.pieces(of: bytes) {
        visitor.isQuoted = isQuoted
        Terms.scan(bytes, in: range, &visitor)
      }
    }
    // What this text gives to each term: the most that one of its occurrences is worth.
    var gains: [Int] = []
    for word in visitor.words {
      guard let index = table[word.hash] ?? append(word) else { continue }
      while gains.count < terms.count { gains.append(0) }
      gains[index] = max(gains[index], word.weight)
    }
    for (index, gain) in gains.enumerated() { terms[index].weight += gain * weight }
  }

  private mutating func append(_ word: QueryVisitor.Word) -> Int? {
    guard terms.count < Query.mostTerms else { return nil }
    let index = terms.count
    table.insert(word.hash, index)
    terms.append(Term(hash: word.hash, stem: word.stem, weight: 0, isFuzzy: word.isFuzzy))
    if Hexadecimal.isName(word.stem) { hexadecimals.append((word.stem, index)) }
    return index
  }
}

/// Collects the words of a query.
private struct QueryVisitor: TermVisitor {
  struct Word {
    let hash: UInt64
    let stem: [UInt8]
    let length: Int
    let weight: Int
    let isFuzzy: Bool
  }

  private(set) var words: [Word] = []
  var isQuoted = false
  private static let exactWeight = 4

  mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
    guard word.count > 1, !StopWords.contains(word) else { return }
    let isHexadecimal = Hexadecimal.isName(word)
    if kind == .identifier, isHexadecimal { dropParts(word.count) }
    let isExact =
      switch kind {
      case .part: isQuoted
      case .number: word.count >= 3
      case .identifier, .compound: true
      }
    let length = isHexadecimal ? word.count : Stemmer.length(of: word)
    let stem = UnsafeBufferPointer(rebasing: word[..<length])
    words.append(
      Word(
        hash: TermHash.hash(stem), stem: Array(stem), length: word.count,
        weight: isExact ? QueryVisitor.exactWeight : 1,
        isFuzzy: kind == .part && !isHexadecimal))
  }

  /// The parts of a hexadecimal name, such as `3`, `f` and `2`, mean nothing by themselves.
  private mutating func dropParts(_ length: Int) {
    var left = length
    while let last = words.last, last.length <= left {
      left -= last.length
      words.removeLast()
    }
  }
}

/// Names of things by hexadecimal digits: commits, objects, parts of UUIDs.
enum Hexadecimal {
  /// The shortest abbreviation that counts as a name.
  static let shortest = 7

  /// Whether a folded word is at least seven hexadecimal digits, one of them a decimal one.
  static func isName(_ word: some Collection<UInt8>) -> Bool {
    guard word.count >= shortest else { return false }
    var hasDecimal = false
    for byte in word {
      if byte &- 0x30 < 10 { hasDecimal = true } else if byte &- 0x61 >= 6 { return false }
    }
    return hasDecimal
  }
}

/// What stands between quotes or backticks in a query.
private enum QuotedText {
  private static let longest = 64

  /// The text in pieces, each with whether it stood between quotes. In JSON quotes mean nothing, and the text is one
  /// piece.
  static func pieces(of text: UnsafeBufferPointer<UInt8>) -> [(range: Range<Int>, isQuoted: Bool)] {
    let first = text.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return [(text.indices, false)] }
    var pieces: [(range: Range<Int>, isQuoted: Bool)] = []
    var start = 0
    var offset = 0
    while offset < text.count {
      let quote = text[offset]
      guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`"),
        let end = text[(offset + 1)...].prefix(longest).firstIndex(where: { $0 == quote || $0 == UInt8(ascii: "\n") }),
        text[end] == quote
      else {
        offset += 1
        continue
      }
      pieces.append((start..<offset, false))
      pieces.append((offset + 1..<end, true))
      start = end + 1
      offset = start
    }
    pieces.append((start..<text.count, false))
    return pieces
  }
}
