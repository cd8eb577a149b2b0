/// A paragraph, a heading, a list item, a table: the parts of a text between which nothing is lost when one leaves.
struct ProseBlock {
  enum Kind { case heading, paragraph, table, code }
  var kind: Kind
  var lines: Range<Int>
  /// The sentences of a paragraph, as byte ranges, in order. Anything else is one.
  var sentences: [Range<Int>]
}

extension ProseBlock {
  /// Cuts lines into blocks; blank lines stand between them.
  static func all(of lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) -> [ProseBlock] {
    var blocks: [ProseBlock] = []
    var line = 0
    /// The lines from `line` on that `isPart` says.
    func run(_ isPart: (ProseLine) -> Bool) -> Range<Int> {
      var end = line + 1
      while end < lines.count, isPart(ProseLine.of(bytes, lines[end])) { end += 1 }
      return line..<end
    }
    while line < lines.count {
      let block: ProseBlock
      switch ProseLine.of(bytes, lines[line]) {
      case .blank:
        line += 1
        continue
      case .heading: block = whole(.heading, line..<line + 1, lines)
      case .rule: block = whole(.code, line..<line + 1, lines)
      case .table: block = whole(.table, run { $0 == .table }, lines)
      case .fence:
        var end = line + 1
        while end < lines.count, ProseLine.of(bytes, lines[end]) != .fence { end += 1 }
        block = whole(.code, line..<min(end + 1, lines.count), lines)
      case .item, .text:
        let part = run { $0 == .text || $0 == .rule }
        let isUnderlined =
          part.count >= 2 && ProseLine.of(bytes, lines[part.lowerBound + 1]) == .rule
          && lines[part.lowerBound].count < 100
        if isUnderlined {
          block = whole(.heading, part.lowerBound..<part.lowerBound + 2, lines)
        } else if isTitle(part, lines, bytes) {
          block = whole(.heading, part.lowerBound..<part.lowerBound + 1, lines)
        } else {
          block = ProseBlock(kind: .paragraph, lines: part, sentences: Sentences.all(in: lines[part].range, bytes))
        }
      }
      blocks.append(block)
      line = block.lines.upperBound
    }
    return blocks
  }

  private static func whole(_ kind: Kind, _ part: Range<Int>, _ lines: TextLines) -> ProseBlock {
    ProseBlock(kind: kind, lines: part, sentences: [lines[part].range])
  }

  /// Whether the first line of a paragraph is a title: short, without the end of a sentence, before something much longer or alone.
  private static func isTitle(_ part: Range<Int>, _ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let first = lines[part.lowerBound]
    guard first.count <= 80, let start = bytes[first].first, start != UInt8(ascii: " "), start < 0x80,
      !(start &- 0x61 < 26), let last = bytes[first].last
    else { return false }
    if ".,;:!?-*>\"'".utf8.contains(last) { return false }
    guard part.count > 1 else { return ProseLine.of(bytes, first) == .text }
    return lines[part.lowerBound + 1].count >= max(120, first.count * 2)
  }
}

/// Cuts text into sentences.
enum Sentences {
  /// A sentence that has not ended by then ends at the next space.
  private static let longest = 1_500

  /// The sentences of a paragraph, without the white space between them.
  static func all(in range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var sentences: [Range<Int>] = []
    var start = range.lowerBound
    var position = start
    func isSpace(_ i: Int) -> Bool { bytes[i] == 0x20 || bytes[i] == 0x0a || bytes[i] == 0x09 || bytes[i] == 0x0d }
    func end(at position: Int) {
      var end = position
      while end > start, isSpace(end - 1) { end -= 1 }
      while start < end, isSpace(start) { start += 1 }
      if start < end { sentences.append(start..<end) }
      start = position
    }
    while position < range.upperBound {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") {
        // Quotes, brackets and marks of references belong to the sentence they end.
        var after = position
        while after < range.upperBound, isClosing(bytes[after]) { after += 1 }
        guard after < range.upperBound, isSpace(after) else { continue }
        var next = after
        while next < range.upperBound, isSpace(next) { next += 1 }
        guard next < range.upperBound, isOpening(bytes[next]),
          byte != UInt8(ascii: ".") || !isAbbreviation(before: position - 1, from: start, bytes)
        else { continue }
        end(at: after)
        position = after
      } else if byte == 0x82 || byte == 0x81 || byte == 0x9f, position - start >= 3 {
        if isIdeographicEnd(bytes, position) { end(at: position) }
      } else if position - start > longest, byte == 0x20 || byte == 0x0a {
        end(at: position)
      } else if position - start > longest * 2, position == range.upperBound || bytes[position] & 0xC0 != 0x80 {
        end(at: position)
      }
    }
    end(at: range.upperBound)
    return sentences
  }

  /// Whether `。`, `！` or `？` ends before `position`.
  private static func isIdeographicEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    switch (bytes[position - 3], bytes[position - 2], bytes[position - 1]) {
    case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): true
    default: false
    }
  }

  private static func isClosing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: "*")
  }

  /// What a sentence begins with.
  private static func isOpening(_ byte: UInt8) -> Bool {
    byte &- 0x41 < 26 || byte &- 0x30 < 10 || byte >= 0x80 || "\"'([*`<".utf8.contains(byte)
  }

  /// Whether the word before a full stop is one that is written with it.
  private static func isAbbreviation(
    before stop: Int, from start: Int, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var first = stop
    while first > start, bytes[first - 1] > 0x20, stop - first < 8, bytes[first - 1] != UInt8(ascii: "(") { first -= 1 }
    let word = bytes[first..<stop]
    // Initials, and U.S. or e.g.
    if word.count == 1, (bytes[first] | 0x20) &- 0x61 < 26 { return true }
    if word.count <= 5, word.contains(UInt8(ascii: ".")), word.last != UInt8(ascii: ".") { return true }
    return abbreviations.contains { text in
      text.utf8CodeUnitCount == word.count
        && word.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  private static let abbreviations: [StaticString] = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "vs", "Fig", "fig", "Figs", "No", "al", "cf", "Jr", "Sr", "Inc", "Ltd", "Co",
    "approx", "Gen", "Col", "Lt", "Sgt", "Rev", "Hon", "Eq", "eq", "Sec", "sec", "Vol", "vol", "pp", "ca", "viz", "Mt",
    "Ref", "ref", "Refs", "Tab", "resp", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov", "Dec",
  ]
}
