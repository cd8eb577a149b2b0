/// Lines of code that begin the definition of something: what a reader of a change looks for first.
enum DefinitionLine {
  /// Whether a line, without the sign of a diff, names a function, a type or the like, in any of the common languages.
  static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    var start = line.lowerBound
    while start < line.upperBound, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    guard line.upperBound - start > 4 else { return false }
    var cursor = FieldCursor(bytes, start..<line.upperBound)
    // Modifiers come first, `pub(crate)` among them.
    for _ in 0..<6 {
      let before = cursor
      let word = wordEnd(cursor)
      let text = bytes[cursor.position..<word]
      guard !text.isEmpty else { break }
      if word < line.upperBound, isWord(text, keywords), isSpaceOrBrace(bytes[word]) { return true }
      guard isWord(text, modifiers) else {
        cursor = before
        break
      }
      cursor = FieldCursor(bytes, skipModifier(bytes, word, line.upperBound)..<line.upperBound)
    }
    return start == line.lowerBound && isCFunction(bytes, line)
  }

  private static func wordEnd(_ cursor: FieldCursor) -> Int {
    var end = cursor.position
    while end < cursor.end, isWordByte(cursor.bytes[end]) { end += 1 }
    return end
  }

  private static func skipModifier(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ end: Int) -> Int {
    var position = position
    if position < end, bytes[position] == UInt8(ascii: "(") {
      while position < end, bytes[position] != UInt8(ascii: ")") { position += 1 }
      position = min(position + 1, end)
    }
    while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
    return position
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "@")
      || byte &- 0x30 < 10
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  private static func isSpaceOrBrace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "(")
  }

  /// Whether the word is in a list that has been sorted by first letters.
  private static func isWord(_ word: Slice<UnsafeBufferPointer<UInt8>>, _ list: [[StaticString]]) -> Bool {
    guard let first = word.first, first < 0x80 else { return false }
    return list[Int(first)].contains { text in
      text.utf8CodeUnitCount == word.count
        && word.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  private static func byFirst(_ words: [StaticString]) -> [[StaticString]] {
    (0..<0x80).map { first in words.filter { $0.utf8Start[0] == UInt8(first) } }
  }

  private static let keywords = byFirst([
    "func", "fn", "def", "class", "struct", "enum", "interface", "trait", "impl", "type", "protocol", "extension",
    "module", "namespace", "union", "typedef", "#define", "function", "actor", "record", "object", "contract", "fun",
    "sub", "message", "service", "macro", "defmodule", "defp", "init",
  ])
  private static let modifiers = byFirst([
    "public", "private", "protected", "internal", "static", "final", "abstract", "export", "default", "async", "pub",
    "unsafe", "const", "extern", "open", "override", "mutating", "nonisolated", "inline", "virtual", "sealed", "data",
    "partial", "fileprivate", "package", "declare", "constexpr", "synchronized", "suspend", "indirect", "template",
  ])

  /// A line without indentation with a name before its parenthesis, as C functions begin: `static int f(int a) {`.
  private static func isCFunction(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    let first = bytes[line.lowerBound]
    let last = bytes[line.upperBound - 1]
    guard isLetter(first), last == UInt8(ascii: "{") || last == UInt8(ascii: ")"),
      let paren = bytes[line].firstIndex(of: UInt8(ascii: "(")), paren > line.lowerBound
    else { return false }
    let head = bytes[line.lowerBound..<paren]
    // A type and a name, so a call is none; and no statement either.
    guard head.contains(UInt8(ascii: " ")), !head.contains(where: { "=.;\"'#+".utf8.contains($0) }),
      isWordByte(bytes[paren - 1])
    else { return false }
    let word = wordEnd(FieldCursor(bytes, line))
    return !isWord(bytes[line.lowerBound..<word], statements)
  }

  private static let statements = byFirst([
    "if", "for", "while", "switch", "return", "else", "do", "case", "assert", "import", "from", "use", "with", "try",
  ])
}
