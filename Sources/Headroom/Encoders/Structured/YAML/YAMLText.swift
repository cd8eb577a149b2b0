/// YAML as the outline of its values, with tables where lists of objects are.
///
///     kind: List                    [yaml, 5 lines, outline]
///     items:                        kind: List
///     - name: web                   items: [table]
///       ready: true                 same in all rows: ready=true
///     - name: db                    2 rows: name
///       ready: true                 web
///                                   db
enum YAMLText: StructuredText {
  static var name: String { "yaml" }
  static var kind: Segment.Kind { .yaml }
  static var isUniform: Bool { false }

  /// Fewer lines are not worth a frame.
  private static let fewestLines = 5

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var line = 0
      while line + fewestLines <= lines.count {
        guard isStart(base, lines[line]) else {
          line += 1
          continue
        }
        var end = line + 1
        while end < lines.count, mayFollow(base, lines[end]) { end += 1 }
        // Blank lines at the end are nobody's.
        let next = end
        while end > line, lines[end - 1].allSatisfy({ base[$0] == UInt8(ascii: " ") }) { end -= 1 }
        if end - line >= fewestLines, let parsed = YAMLParser.parse(lines[line..<end], base), parsed.notes.depth > 0 {
          runs.append(line..<end)
        }
        line = next
      }
    }
    return runs
  }

  /// Whether a line may begin a document: a key, an item or a rule at the margin.
  private static func isStart(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = line.first, base[first] > UInt8(ascii: " ") else { return false }
    return isEntry(base, line)
  }

  /// Whether a line may stand in a document that has begun.
  private static func mayFollow(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = line.first, base[first] != UInt8(ascii: " ") else { return true }
    return isEntry(base, line)
  }

  /// A key with a colon behind it, an item or a rule.
  private static func isEntry(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    let first = base[line.lowerBound]
    if first == UInt8(ascii: "-") {
      return line.count == 1 || base[line.lowerBound + 1] == UInt8(ascii: " ")
        || (line.count == 3 && base[line.lowerBound + 1] == first && base[line.lowerBound + 2] == first)
    }
    for place in line {
      switch base[place] {
      case UInt8(ascii: ":"):
        if place + 1 == line.upperBound || base[place + 1] == UInt8(ascii: " ") { return place > line.lowerBound }
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "#"),
        UInt8(ascii: "="), UInt8(ascii: "\t"):
        return false
      default: if place - line.lowerBound > 200 { return false }
      }
    }
    return false
  }

  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText? {
    let parsed = lines.text.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { YAMLParser.parse(lines, $0) }
    }
    guard let (json, notes) = parsed else { return nil }
    let layout = notes.layout
    var result = ParsedText(json: json, layout: layout.words, fidelity: .lossless)
    if notes.isRegular, let document = try? JSONDocument(json), let text = YAMLPrinter.text(of: document, layout),
      text.elementsEqual(lines.bytes)
    {
      result.fidelity = .identical
    }
    return result
  }

  static func text(of document: JSONDocument, layout words: [ArraySlice<UInt8>]) -> [UInt8]? {
    guard let layout = YAMLLayout(words) else { return nil }
    return YAMLPrinter.text(of: document, layout)
  }
}
