/// What a piece of text is that changes from one request to the next.
public enum VolatileKind: String, Sendable, CaseIterable {
  case date
  /// A time of day, with or without the date.
  case time
  /// A UUID.
  case uuid
  /// A long name of letters and digits that no person made up: a token, a hash, the id of a session.
  case token
  /// Digits alone.
  case number
  /// A file or a folder.
  case path
  /// The definitions of the tools.
  case tools
  /// Any other text.
  case text
}

/// Finds what is volatile by its look, in the text of a JSON string as it stands between its quotes.
struct VolatileText {
  /// A piece of the text.
  struct Piece: Equatable {
    var range: Range<Int>
    var kind: VolatileKind
  }

  /// Words and what stands between them, which together are the text. Escapes stand between words.
  static func words(_ text: ArraySlice<UInt8>) -> [(range: Range<Int>, isWord: Bool)] {
    var found: [(range: Range<Int>, isWord: Bool)] = []
    func add(_ range: Range<Int>, isWord: Bool) {
      guard !range.isEmpty else { return }
      if !isWord, let last = found.last, !last.isWord {
        found[found.count - 1].range = last.range.lowerBound..<range.upperBound
      } else {
        found.append((range, isWord))
      }
    }
    var i = text.startIndex
    while i < text.endIndex {
      if text[i] == UInt8(ascii: "\\"), i + 1 < text.endIndex {
        let length = text[i + 1] == UInt8(ascii: "u") ? 6 : 2
        add(i..<min(i + length, text.endIndex), isWord: false)
        i = min(i + length, text.endIndex)
      } else if isLetterOrDigit(text[i]) {
        let start = i
        while i < text.endIndex, isInWord(text, i) { i += 1 }
        add(start..<i, isWord: true)
      } else {
        add(i..<i + 1, isWord: false)
        i += 1
      }
    }
    return found
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 || byte == UInt8(ascii: "_")
  }

  /// Signs join letters and digits: `2025-11-28T10:22:31+01:00`, `/tmp/run-7f3a/log.txt`.
  private static func isInWord(_ text: ArraySlice<UInt8>, _ i: Int) -> Bool {
    if isLetterOrDigit(text[i]) { return true }
    guard "-.:/+~".utf8.contains(text[i]), i + 1 < text.endIndex else { return false }
    return isLetterOrDigit(text[i + 1])
  }

  // MARK: The look of a word

  /// What a word is; `text` when nothing special.
  static func kind(of word: ArraySlice<UInt8>) -> VolatileKind {
    let shape = word.prefix(64).map { byte in
      byte &- 0x30 < 10 ? UInt8(ascii: "0") : (byte | 0x20) &- 0x61 < 26 ? UInt8(ascii: "a") : byte
    }
    if isUUID(word) { return .uuid }
    if shape.starts(with: "0000-00-00".utf8) || shape.starts(with: "0000/00/00".utf8) {
      if shape.count == 10 { return .date }
      return shape[10] == UInt8(ascii: "a") && shape.dropFirst(11).starts(with: "00:00".utf8) ? .time : .token
    }
    switch String(decoding: shape, as: UTF8.self) {
    case "00/00/0000", "0/00/0000", "00/0/0000", "0/0/0000", "00.00.0000", "0.00.0000", "00.0.0000", "00-00-0000":
      return .date
    case "0:00", "00:00", "0:00:00", "00:00:00", "00:00:00.000", "00:00:00a", "0:00aa", "00:00aa": return .time
    default: break
    }
    if word.contains(UInt8(ascii: "/")) { return .path }
    if shape.allSatisfy({ "0.,:".utf8.contains($0) }) { return .number }
    return isRandom(word) ? .token : .text
  }

  private static func isUUID(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count == 36 else { return false }
    return word.enumerated().allSatisfy { place, byte in
      [8, 13, 18, 23].contains(place) ? byte == UInt8(ascii: "-") : JSONString.hexadecimal(byte) != nil
    }
  }

  /// Whether a word is long, and letters and digits take turns in it as in no word that is read aloud.
  private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 8 else { return false }
    var changes = 0
    var digits = 0
    for (a, b) in zip(word, word.dropFirst()) where (a &- 0x30 < 10) != (b &- 0x30 < 10) { changes += 1 }
    for byte in word where byte &- 0x30 < 10 { digits += 1 }
    return digits >= 2 && changes >= max(3, word.count / 8)
  }

  // MARK: Pieces that may be moved

  /// The dates, times, UUIDs and tokens in a text, in order.
  static func pieces(in text: ArraySlice<UInt8>) -> [Piece] {
    let words = words(text)
    var found: [Piece] = []
    var i = 0
    while i < words.count {
      guard words[i].isWord else {
        i += 1
        continue
      }
      if let end = writtenDate(words, from: i, in: text) {
        found.append(Piece(range: words[i].range.lowerBound..<words[end].range.upperBound, kind: .date))
        i = end + 1
        continue
      }
      let kind = kind(of: text[words[i].range])
      switch kind {
      case .date, .time, .uuid, .token: found.append(Piece(range: words[i].range, kind: kind))
      default: break
      }
      i += 1
    }
    return found
  }

  /// The last word of a date with the name of a month that starts at a word: `Friday, November 28, 2025`, `28 Nov 2025`.
  private static func writtenDate(
    _ words: [(range: Range<Int>, isWord: Bool)], from start: Int, in text: ArraySlice<UInt8>
  ) -> Int? {
    var hasMonth = false
    var hasDay = false
    var end: Int?
    var i = start
    while i < words.count, i <= start + 8 {
      let word = text[words[i].range]
      if !words[i].isWord {
        guard word.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }) else { break }
      } else if isName(word, weekdays) {
        guard i == start else { break }
      } else if isName(word, months) {
        guard !hasMonth else { break }
        hasMonth = true
        if hasDay { end = i }
      } else if let first = word.first, first &- 0x30 < 10 {
        let digits = word.prefix { $0 &- 0x30 < 10 }
        let isOrdinal = ["st", "nd", "rd", "th"].contains(String(decoding: word.dropFirst(digits.count), as: UTF8.self))
        guard digits.count == word.count || isOrdinal else { break }
        if digits.count <= 2, !hasDay {
          hasDay = true
          if hasMonth { end = i }
        } else if digits.count == 4, hasMonth {
          end = i
          break
        } else {
          break
        }
      } else {
        break
      }
      i += 1
    }
    return hasMonth ? end : nil
  }

  private static func isName(_ word: ArraySlice<UInt8>, _ names: [[UInt8]]) -> Bool {
    names.contains { name in
      (word.count == name.count || word.count == 3) && zip(word, name).allSatisfy { $0 | 0x20 == $1 }
    }
  }

  /// Whether the name of a month or of a day stands in a text.
  static func hasNameOfDate(_ text: ArraySlice<UInt8>) -> Bool {
    words(text).contains { $0.isWord && (isName(text[$0.range], months) || isName(text[$0.range], weekdays)) }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ].map { Array($0.utf8) }
  private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map {
    Array($0.utf8)
  }
}
