/// INI and TOML with sections that are alike, lock files among them: a row for each section.
///
///     [[package]]                 [sections, 3 lines, table, spaced, double, blank, quoted name version]
///     name = "serde"              same in all rows: "[]"=package
///     version = "1.0.1"           2 rows: name,version
///                                 serde,1.0.1
///     [[package]]                 syn,2.0.3
///     name = "syn"
///     version = "2.0.3"
enum SectionsText: StructuredText {
  static var name: String { "sections" }
  static var kind: Segment.Kind { .config }
  /// Sections may lack keys that others have.
  static var isUniform: Bool { false }

  private static let fewest = 3
  /// The name of a section among its members; no key can be called so.
  private static let header = Array("[]".utf8)

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var line = 0
    while line < lines.count {
      guard lines[line].first.map({ lines.text[$0] }) == UInt8(ascii: "["), let run = Run(lines, from: line),
        run.sections.count >= fewest
      else {
        line += 1
        continue
      }
      runs.append(line..<run.end)
      line = run.end
    }
    return runs
  }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    guard let run = Run(lines, from: 0), run.end == lines.count else { return nil }
    let quoted = run.quotedKeys
    var json = ByteWriter(capacity: lines.range.count * 2)
    json.append(UInt8(ascii: "["))
    for (number, section) in run.sections.enumerated() {
      json.append(number > 0 ? ",{" : "{")
      header.withUnsafeBufferPointer { JSONString.quote($0, into: &json) }
      for (place, value) in ([section.name] + section.pairs.map(\.value)).enumerated() {
        if place > 0 {
          json.append(UInt8(ascii: ","))
          section.pairs[place - 1].key.withUnsafeBufferPointer { JSONString.quote($0, into: &json) }
        }
        json.append(UInt8(ascii: ":"))
        let isQuoted = place > 0 && quoted.contains(section.pairs[place - 1].key)
        Array(isQuoted ? value.dropFirst().dropLast() : value).withUnsafeBufferPointer {
          CellText.write($0, into: &json)
        }
      }
      json.append(UInt8(ascii: "}"))
    }
    json.append(UInt8(ascii: "]"))
    var layout: [[UInt8]] = []
    if run.style.isSpaced { layout.append(Array("spaced".utf8)) }
    if run.style.isDouble { layout.append(Array("double".utf8)) }
    if run.style.hasBlank { layout.append(Array("blank".utf8)) }
    if !quoted.isEmpty { layout.append(Array("quoted ".utf8) + quoted.joined(separator: [UInt8(ascii: " ")])) }
    return ParsedText(json: json.bytes, layout: layout, fidelity: .identical)
  }

  static func text(of document: JSONDocument, layout: [ArraySlice<UInt8>]) -> [UInt8]? {
    var style = Style()
    var quoted: [[UInt8]] = []
    for word in layout {
      switch String(decoding: word, as: UTF8.self) {
      case "spaced": style.isSpaced = true
      case "double": style.isDouble = true
      case "blank": style.hasBlank = true
      default:
        guard word.starts(with: "quoted ".utf8) else { return nil }
        quoted = word.dropFirst(7).split(separator: UInt8(ascii: " ")).map { Array($0) }
      }
    }
    guard document.root.kind == .array else { return nil }
    var out: [UInt8] = []
    for (number, section) in document.root.elements.enumerated() {
      if number > 0 { out += style.hasBlank ? "\n\n".utf8 : "\n".utf8 }
      if section.kind == .string {
        out += section.text ?? []
        continue
      }
      let members = section.members
      guard let name = members.first(where: { $0.key.text == header })?.value else { return nil }
      out += (style.isDouble ? "[[".utf8 : "[".utf8) + text(name) + (style.isDouble ? "]]".utf8 : "]".utf8)
      for (key, value) in members where key.text != header {
        let key = key.text ?? []
        out += [UInt8(ascii: "\n")] + key + (style.isSpaced ? " = ".utf8 : "=".utf8)
        let quote = quoted.contains(key) ? [UInt8(ascii: "\"")] : []
        out += quote + text(value) + quote
      }
    }
    return out.isEmpty ? nil : out
  }

  private static func text(_ value: JSONValue) -> [UInt8] {
    value.kind == .string ? value.text ?? [] : Array(value.lexeme)
  }

  private struct Style: Equatable {
    /// ` = ` and not `=`.
    var isSpaced = false
    /// `[[name]]`, as TOML writes the elements of a list.
    var isDouble = false
    /// A blank line between sections.
    var hasBlank = false
  }

  private struct Section {
    var name: [UInt8]
    var pairs: [(key: [UInt8], value: [UInt8])] = []
  }

  /// Sections of one style, one behind the other.
  private struct Run {
    var style = Style()
    var sections: [Section] = []
    /// The line behind the last section.
    var end: Int

    init?(_ lines: TextLines, from start: Int) {
      end = start
      var line = start
      while line < lines.count, let (section, style, next) = Run.section(lines, line) {
        var own = style
        own.hasBlank = self.style.hasBlank
        guard sections.isEmpty || own == self.style else { break }
        if sections.isEmpty { self.style = own }
        sections.append(section)
        end = next
        let isBlank = next < lines.count && lines[next].isEmpty
        if sections.count == 1 { self.style.hasBlank = isBlank }
        guard isBlank == self.style.hasBlank else { break }
        line = isBlank ? next + 1 : next
      }
      if sections.isEmpty { return nil }
    }

    /// Keys whose values all stand in double quotes, without another or a backslash between them.
    var quotedKeys: [[UInt8]] {
      var keys: [[UInt8]] = []
      var isQuoted: [Bool] = []
      for pair in sections.lazy.flatMap(\.pairs) {
        let value = pair.value
        let isWhole =
          value.count >= 2 && value.first == UInt8(ascii: "\"") && value.last == UInt8(ascii: "\"")
          && !value.dropFirst().dropLast().contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        if let place = keys.firstIndex(of: pair.key) {
          isQuoted[place] = isQuoted[place] && isWhole
        } else {
          keys.append(pair.key)
          isQuoted.append(isWhole)
        }
      }
      return keys.indices.filter { isQuoted[$0] }.map { keys[$0] }
    }

    /// The section that begins with `line`.
    private static func section(_ lines: TextLines, _ line: Int) -> (Section, Style, next: Int)? {
      let head = lines.text[lines[line]]
      guard head.count > 2, head.first == UInt8(ascii: "["), head.last == UInt8(ascii: "]") else { return nil }
      var style = Style()
      style.isDouble = head.starts(with: "[[".utf8) && head.count > 4
      let name = style.isDouble ? head.dropFirst(2).dropLast(2) : head.dropFirst().dropLast()
      guard !name.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") || $0 < 0x20 }) else {
        return nil
      }
      var section = Section(name: Array(name))
      var next = line + 1
      while next < lines.count, section.pairs.count < mostPairs {
        let text = lines.text[lines[next]]
        let key = text.prefix { isKey($0) }
        guard !key.isEmpty else { break }
        var value = text[key.endIndex...]
        let isSpaced = value.starts(with: " = ".utf8)
        guard isSpaced || value.first == UInt8(ascii: "="), section.pairs.isEmpty || isSpaced == style.isSpaced,
          !section.pairs.contains(where: { $0.key.elementsEqual(key) })
        else { return nil }
        style.isSpaced = isSpaced
        value = value.dropFirst(isSpaced ? 3 : 1)
        next += 1
        if value.elementsEqual("[".utf8) {
          // A list over several lines.
          let first = value.startIndex
          guard
            let close = (next..<min(next + mostPairs, lines.count)).first(where: {
              lines.text[lines[$0]].elementsEqual("]".utf8)
            })
          else { return nil }
          value = lines.text[first..<lines[close].upperBound]
          next = close + 1
        }
        section.pairs.append((Array(key), Array(value)))
      }
      return section.pairs.isEmpty ? nil : (section, style, next)
    }

    private static let mostPairs = 256

    private static func isKey(_ byte: UInt8) -> Bool {
      (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".")
    }
  }
}
