/// The names of what an import brings in.
enum ImportNames {
  /// The parts of a statement that name modules, files or packages.
  static func of(
    _ statement: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ language: SourceLanguage
  ) -> [Range<Int>] {
    switch language {
    case .javascript, .typescript, .tsx, .go: quoted(statement, bytes)
    case .c, .cpp: between(statement, bytes)
    case .python:
      bytes.has("from", at: statement.lowerBound) ? words(statement, bytes, "from") : list(statement, bytes)
    case .rust: words(statement, bytes, "use")
    case .java:
      words(statement, bytes, bytes.has("import static", at: statement.lowerBound) ? "static" : "import")
    case .swift: words(statement, bytes, "import")
    }
  }

  /// What stands between quotes; the last of a line that has more, as the path of an import comes last.
  private static func quoted(_ statement: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var names: [Range<Int>] = []
    var open: Int?
    for i in statement {
      guard bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") else { continue }
      if let start = open {
        names.append(start..<i)
        open = nil
      } else {
        open = i + 1
      }
    }
    return names
  }

  private static func between(_ statement: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    let opens = statement.first { bytes[$0] == UInt8(ascii: "\"") || bytes[$0] == UInt8(ascii: "<") }
    guard let opens else { return [] }
    let close = UInt8(ascii: bytes[opens] == UInt8(ascii: "<") ? ">" : "\"")
    guard let end = (opens + 1..<statement.upperBound).first(where: { bytes[$0] == close }) else { return [] }
    return [opens + 1..<end]
  }

  /// `import a, b as c`.
  private static func list(_ statement: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var names: [Range<Int>] = []
    var start = statement.lowerBound + "import".utf8.count
    while start < statement.upperBound {
      let end = (start..<statement.upperBound).first { bytes[$0] == UInt8(ascii: ",") } ?? statement.upperBound
      names += words(start..<end, bytes, "")
      start = end + 1
    }
    return names
  }

  /// The word behind a keyword, up to a space, a brace or the end.
  private static func words(
    _ statement: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ keyword: StaticString
  ) -> [Range<Int>] {
    var start = statement.lowerBound
    if keyword.utf8CodeUnitCount > 0 {
      guard let found = statement.first(where: { bytes.has(keyword, at: $0) }) else { return [] }
      start = found + keyword.utf8CodeUnitCount
    }
    while start < statement.upperBound, bytes[start] <= 0x20 { start += 1 }
    var end = start
    while end < statement.upperBound, bytes[end] > 0x20, bytes[end] != UInt8(ascii: ";"),
      bytes[end] != UInt8(ascii: "{"),
      bytes[end] != UInt8(ascii: ","), bytes[end] != UInt8(ascii: "(")
    {
      end += 1
    }
    while end > start, bytes[end - 1] == UInt8(ascii: ":") { end -= 1 }
    return start < end ? [start..<end] : []
  }
}
