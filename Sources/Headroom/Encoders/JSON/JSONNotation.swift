/// A shorter notation for JSON: tables where objects repeat, an outline around them.
///
///     [json table, 4 lines]
///     same in all rows: state=open
///     2 rows: number,title
///     1,Login fails
///     2,Dark mode
///
/// The first line says how many lines follow, so that the notation can stand inside other text. Where the layout of the source is one
/// that machines print, the first line names it and the exact bytes come back.
enum JSONNotation {
  struct Header: Equatable {
    enum Kind: String, CaseIterable { case table, map, outline, list }
    var kind: Kind
    /// The source is JSON lines: the rows are documents of their own.
    var isLines = false
    var lines: Int
    /// The layout of the source, where the exact bytes are to come back; `compact` is not written.
    var style = JSONStyle.compact

    init(kind: Kind, isLines: Bool, lines: Int, style: JSONStyle) {
      self.kind = kind
      self.isLines = isLines
      self.lines = lines
      self.style = style
    }

    /// `[json table, 4 lines]`, or with angle brackets where the notation stands for a string.
    func text(isNested: Bool) -> [UInt8] {
      let layout =
        switch style {
        case .compact: ""
        case .spaced: ", spaced"
        case .indented(let width): width < 0 ? ", indent tab" : ", indent \(width)"
        }
      let open = isNested ? "<" : "["
      let close = isNested ? ">" : "]"
      return Array("\(open)json \(isLines ? "lines " : "")\(kind.rawValue), \(lines) lines\(layout)\(close)".utf8)
    }

    /// Reads a header that is all of `range`.
    init?(_ bytes: [UInt8], _ range: Range<Int>, isNested: Bool) {
      let reader = LineReader(bytes, at: range.lowerBound, lines: 1)
      var p = range.lowerBound
      let end = range.upperBound
      guard reader.skip(isNested ? "<json " : "[json ", at: &p, end: end) else { return nil }
      isLines = reader.skip("lines ", at: &p, end: end)
      let wordEnd = bytes[p..<end].firstIndex(of: UInt8(ascii: ",")) ?? end
      guard let kind = Kind.allCases.first(where: { bytes[p..<wordEnd].elementsEqual($0.rawValue.utf8) }) else {
        return nil
      }
      self.kind = kind
      p = wordEnd
      guard reader.skip(", ", at: &p, end: end), let lines = reader.integer(at: &p, end: end),
        reader.skip(" lines", at: &p, end: end)
      else { return nil }
      self.lines = lines
      if reader.skip(", spaced", at: &p, end: end) {
        style = .spaced
      } else if reader.skip(", indent tab", at: &p, end: end) {
        style = .indented(-1)
      } else if reader.skip(", indent ", at: &p, end: end) {
        guard let width = reader.integer(at: &p, end: end), 1...16 ~= width else { return nil }
        style = .indented(width)
      }
      guard reader.skip(isNested ? ">" : "]", at: &p, end: end), p == end else { return nil }
    }
  }

  // MARK: Encoding

  /// The header and the lines, the last without its newline.
  static func text(_ header: Header, _ lines: [UInt8]) -> [UInt8] {
    header.text(isNested: false) + [UInt8(ascii: "\n")] + lines[..<max(0, lines.count - 1)]
  }

  static func lineCount(_ lines: [UInt8]) -> Int { lines.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 } }

  /// JSON inside a string, as the header and lines that stand for it. Nil when the exact string would not come back or nothing is saved.
  static func encodeNested(_ text: UnsafeBufferPointer<UInt8>, counter: TokenCounter) -> (text: [UInt8], cost: Int)? {
    guard text.count >= 80, let first = text.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return nil
    }
    guard let document = try? JSONDocument(Array(text), limits: .init(depth: 64)) else { return nil }
    let minified = document.minified()
    let style = JSONStyle(guessing: document)
    guard style.describes(document.bytes, in: document.bytes.indices, minified),
      let lines = OutlineWriter.write(OutlinePlan(ValuePool(minified, counter: counter), keepsOrder: true)),
      decode(lines.kind, lines.bytes) == minified.bytes
    else { return nil }
    let header = Header(kind: lines.kind, isLines: false, lines: lineCount(lines.bytes), style: style)
    let start = header.text(isNested: true) + [UInt8(ascii: "\n")]
    let out = start + lines.bytes
    return (out, lines.known.moved(by: start.count).count(out, counter))
  }

  // MARK: Decoding

  /// The handles that markers in `range` name.
  static func handles(_ text: [UInt8], in range: Range<Int>) -> [Handle] {
    var result: [Handle] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let end = text[start..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
      let line = text[start..<end].firstIndex { $0 != UInt8(ascii: " ") } ?? end
      if let marker = CutMarker(text, line..<end) { result.append(marker.handle) }
      start = end + 1
    }
    return result
  }

  /// Reads the notation that starts at `offset` of `text`: the JSON it stands for, and where it ends. Nil when there is none.
  static func decode(_ text: [UInt8], at offset: Int) -> (json: [UInt8], end: Int)? {
    var reader = LineReader(text, at: offset, lines: 1)
    guard let line = reader.next(depth: 0), let header = Header(text, line, isNested: false),
      reader.position <= text.count
    else {
      return nil
    }
    reader = LineReader(text, at: reader.position, lines: header.lines)
    var json = ByteWriter(capacity: text.count - offset)
    guard decodeNested(header, &reader, depth: 0, into: &json) else { return nil }
    // The newline behind the last line is not part of the notation.
    return (json.bytes, reader.lineEnd)
  }

  /// Reads the lines of a header that has been read, and appends the JSON they stand for.
  static func decodeNested(_ header: Header, _ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool
  {
    guard depth < 64, header.lines <= reader.remaining else { return false }
    var own = LineReader(reader.bytes, at: reader.position, lines: header.lines)
    let start = out.count
    guard decode(header.kind, &own, depth: depth, into: &out), own.remaining == 0 else { return false }
    reader.skip(header.lines, readBy: own)
    guard header.isLines || header.style != .compact else { return true }
    let minified = out.bytes(from: start)
    out.truncate(to: start)
    guard let document = try? JSONDocument(minified) else { return false }
    out.append(header.style.render(document, isLines: header.isLines))
    return true
  }

  static func decode(_ kind: Header.Kind, _ lines: [UInt8]) -> [UInt8]? {
    var reader = LineReader(lines, at: 0, lines: lineCount(lines))
    var json = ByteWriter(capacity: lines.count * 2)
    guard decode(kind, &reader, depth: 0, into: &json), reader.remaining == 0 else { return nil }
    return json.bytes
  }

  private static func decode(
    _ kind: Header.Kind, _ reader: inout LineReader, depth: Int, into out: inout ByteWriter
  ) -> Bool {
    switch kind {
    case .table, .map: return TableReader.read(&reader, depth: depth, into: &out)
    case .list:
      guard let line = reader.next(depth: depth) else { return false }
      return OutlineReader.readSequence(reader, line, into: &out)
    case .outline:
      var outline = OutlineReader()
      return outline.read(&reader, depth: depth, into: &out)
    }
  }
}
