/// XML as the outline of its elements, with tables where elements repeat. Attributes stand under their names, elements under theirs with a
/// slash before it, and a text beside attributes as `$text`.
///
///     <suite name="a" tests="2">                  [xml, 6 lines, outline]
///       <case name="x" time="0.1"/>               /suite:
///       <case name="y" time="0.2"/>                name: a
///     </suite>                                     tests: 2
///                                                  /case: [table]
///                                                  2 rows: name,time
///                                                  x,0.1
///                                                  y,0.2
enum XMLText: StructuredText {
  static var name: String { "xml" }
  static var kind: Segment.Kind { .xml }
  static var isUniform: Bool { false }

  private static let fewestLines = 3
  private static let fewestBytes = 400
  /// After so many starts that led nowhere the rest is no XML.
  private static let mostFailures = 16

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    lines.text.withUnsafeBufferPointer { bytes in
      let text = UnsafeBufferPointer(rebasing: bytes[..<lines.range.upperBound])
      var failures = 0
      var line = 0
      while line < lines.count, failures < mostFailures {
        let range = lines[line]
        guard range.count >= 3, text[range.lowerBound] == UInt8(ascii: "<"), !isMarkup(text[range]) else {
          line += 1
          continue
        }
        guard let element = XMLElements(text, at: range.lowerBound),
          element.end == text.count || text[element.end] == UInt8(ascii: "\n")
        else {
          failures += 1
          line += 1
          continue
        }
        var next = line
        while next < lines.count, lines[next].lowerBound < element.end { next += 1 }
        if element.elements.count > 2, next - line >= fewestLines || element.end - range.lowerBound >= fewestBytes {
          runs.append(line..<next)
        }
        line = next
      }
    }
    return runs
  }

  /// Whether a line begins HTML, or something that is no element.
  private static func isMarkup(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let name = line.dropFirst().prefix { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- 0x30 < 10 }.map { $0 | 0x20 }
    return name.isEmpty
      || ["html", "head", "body", "div", "p", "table", "ul", "svg", "span"].contains { name.elementsEqual($0.utf8) }
  }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    lines.text.withUnsafeBufferPointer { bytes in
      let text = UnsafeBufferPointer(rebasing: bytes[..<lines.range.upperBound])
      guard let source = XMLElements(text, at: lines.range.lowerBound), source.end == lines.range.upperBound else {
        return nil
      }
      var json = ByteWriter(capacity: lines.range.count + 64)
      json.append("{")
      writeKey(text, source.elements[0].name, isElement: true, into: &json)
      guard write(0, source, text, into: &json) else { return nil }
      json.append("}")
      var parsed = ParsedText(json: json.bytes, layout: source.layout.words, fidelity: .lossless)
      if let document = try? JSONDocument(parsed.json, limits: .init(depth: 96)),
        let printed = XMLPrinter.text(of: document, source.layout), printed.elementsEqual(lines.bytes)
      {
        parsed.fidelity = .identical
      }
      return parsed
    }
  }

  static func text(of document: JSONDocument, layout words: [ArraySlice<UInt8>]) -> [UInt8]? {
    guard let layout = XMLLayout(words) else { return nil }
    return XMLPrinter.text(of: document, layout)
  }

  // MARK: JSON

  private static func writeKey(
    _ text: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, isElement: Bool, into json: inout ByteWriter
  ) {
    json.append(isElement ? "\"/" : "\"")
    json.append(UnsafeBufferPointer(rebasing: text[name]))
    json.append("\":")
  }

  /// Nothing is told from a text that says so by its quotes.
  private static func writeText(_ text: UnsafeBufferPointer<UInt8>, into json: inout ByteWriter) {
    if text.elementsEqual("null".utf8) {
      JSONString.quote(text, into: &json)
    } else {
      CellText.write(text, into: &json)
    }
  }

  private static func write(
    _ index: Int, _ source: XMLElements, _ text: UnsafeBufferPointer<UInt8>, into json: inout ByteWriter
  ) -> Bool {
    let element = source.elements[index]
    if element.attributes.isEmpty, element.children.isEmpty {
      if let own = element.text {
        writeText(UnsafeBufferPointer(rebasing: text[own]), into: &json)
      } else {
        json.append("null")
      }
      return true
    }
    json.append("{")
    for attribute in source.attributes[element.attributes] {
      writeKey(text, attribute.name, isElement: false, into: &json)
      writeText(UnsafeBufferPointer(rebasing: text[attribute.value]), into: &json)
      json.append(",")
    }
    if let own = element.text {
      json.append("\"$text\":")
      writeText(UnsafeBufferPointer(rebasing: text[own]), into: &json)
      json.append(",")
    }
    var names = ByteIndex()
    var position = 0
    while position < element.children.count {
      let name = source.elements[element.children[position]].name
      func isSame(_ other: Int) -> Bool {
        UnsafeBufferPointer(rebasing: text[source.elements[element.children[other]].name])
          .isEqual(to: UnsafeBufferPointer(rebasing: text[name]))
      }
      // Elements of one name that do not stand together would be one member twice.
      guard let base = text.baseAddress, names.add(name, in: base).isNew else { return false }
      var end = position + 1
      while end < element.children.count, isSame(end) { end += 1 }
      writeKey(text, name, isElement: true, into: &json)
      if end > position + 1 { json.append("[") }
      for child in element.children[position..<end] {
        guard write(child, source, text, into: &json) else { return false }
        json.append(",")
      }
      if end > position + 1 {
        json[json.count - 1] = UInt8(ascii: "]")
        json.append(",")
      }
      position = end
    }
    json[json.count - 1] = UInt8(ascii: "}")
    return true
  }
}
