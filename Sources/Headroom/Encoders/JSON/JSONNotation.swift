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

  /// The forms of the JSON document or JSON lines in `text`, none of them verified yet to be shorter.
  static func candidates(_ text: [UInt8], counter: TokenCounter) -> [Candidate] {
    if let document = try? JSONDocument(text) {
      let minified = document.minified()
      var result: [Candidate] = []
      if minified.bytes.count < text.count {
        result.append(Candidate(name: "json minified", fidelity: .lossless, bytes: minified.bytes))
      }
      if let notation = encode(minified, source: document, isLines: false, counter: counter) { result.append(notation) }
      return result
    }
    guard let (joined, style) = joinLines(text), let document = try? JSONDocument(joined) else { return [] }
    let minified = document.minified()
    return encode(minified, lines: text, style: style, counter: counter).map { [$0] } ?? []
  }

  private static func encode(
    _ minified: JSONDocument, source: JSONDocument, isLines: Bool, counter: TokenCounter
  ) -> Candidate? {
    guard let (kind, lines) = write(minified, counter: counter) else { return nil }
    guard let decoded = decode(kind, lines) else { return nil }
    var header = Header(kind: kind, isLines: false, lines: lineCount(lines), style: .compact)
    var fidelity = Fidelity.lossless
    if decoded == minified.bytes {
      let style = JSONStyle(guessing: source)
      if style.render(minified) == source.bytes {
        header.style = style
        fidelity = .identical
      }
    } else {
      guard let reread = try? JSONDocument(decoded), reread.isEqual(to: minified) else { return nil }
    }
    return Candidate(name: "json \(kind.rawValue)", fidelity: fidelity, bytes: text(header, lines))
  }

  private static func encode(_ minified: JSONDocument, lines source: [UInt8], style: JSONStyle, counter: TokenCounter)
    -> Candidate?
  {
    guard let (kind, lines) = write(minified, counter: counter), kind == .table, let decoded = decode(kind, lines)
    else {
      return nil
    }
    var header = Header(kind: kind, isLines: true, lines: lineCount(lines), style: style)
    var fidelity = Fidelity.lossless
    if decoded == minified.bytes, splitLines(decoded, style: style) == source {
      fidelity = .identical
    } else {
      guard let reread = try? JSONDocument(decoded), reread.isEqual(to: minified) else { return nil }
      header.style = .compact
    }
    return Candidate(name: "json lines table", fidelity: fidelity, bytes: text(header, lines))
  }

  static func write(_ minified: JSONDocument, counter: TokenCounter, keepsOrder: Bool = false) -> (
    Header.Kind, [UInt8]
  )? {
    guard let (kind, lines) = OutlineWriter.write(ValuePool(minified, counter: counter), keepsOrder: keepsOrder),
      let kind = Header.Kind(rawValue: "\(kind)")
    else { return nil }
    return (kind, lines)
  }

  private static func lineCount(_ lines: [UInt8]) -> Int { lines.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 } }

  /// The header and the lines, the last without its newline.
  private static func text(_ header: Header, _ lines: [UInt8]) -> [UInt8] {
    header.text(isNested: false) + [UInt8(ascii: "\n")] + lines.dropLast()
  }

  /// JSON inside a string, as the header and lines that stand for it. Nil when the exact string would not come back or nothing is saved.
  static func encodeNested(_ text: UnsafeBufferPointer<UInt8>, counter: TokenCounter) -> (text: [UInt8], cost: Int)? {
    guard text.count >= 80, let first = text.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return nil
    }
    guard let document = try? JSONDocument(Array(text), limits: .init(depth: 64)) else { return nil }
    let minified = document.minified()
    let style = JSONStyle(guessing: document)
    guard style.render(minified) == document.bytes,
      let (kind, lines) = write(minified, counter: counter, keepsOrder: true),
      decode(kind, lines) == minified.bytes
    else { return nil }
    let header = Header(kind: kind, isLines: false, lines: lineCount(lines), style: style)
    let out = header.text(isNested: true) + [UInt8(ascii: "\n")] + lines
    return (out, counter.count(out))
  }

  // MARK: Cutting

  /// What rows may be cut for.
  struct CutRequest {
    /// Tokens that the text should come near.
    var budget: Int
    /// What its reader looks for.
    var query: Query
    /// The name of the original, under which the rows out of view are to be had.
    var handle: Handle
    var retrieval: RetrievalPath
  }

  /// The document or JSON lines in `text` with rows left out of view; nil when nothing can be.
  static func cut(_ text: [UInt8], _ request: CutRequest, counter: TokenCounter) -> Candidate? {
    var isLines = false
    var document = try? JSONDocument(text)
    if document == nil, let (joined, _) = joinLines(text) {
      isLines = true
      document = try? JSONDocument(joined)
    }
    guard let minified = document?.minified(),
      let (word, lines) = OutlineWriter.write(ValuePool(minified, counter: counter), keepsOrder: false, cut: request),
      let kind = Header.Kind(rawValue: "\(word)"), !isLines || kind == .table
    else { return nil }
    let header = Header(kind: kind, isLines: isLines, lines: lineCount(lines), style: .compact)
    return Candidate(name: "json rows", fidelity: .lossy, bytes: self.text(header, lines))
  }

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

  // MARK: JSON lines

  /// JSON lines as one array, and their style. Nil unless there are at least three lines and all are objects.
  private static func joinLines(_ text: [UInt8]) -> (joined: [UInt8], style: JSONStyle)? {
    let lines = text.split(separator: UInt8(ascii: "\n"))
    guard lines.count >= 3, lines.allSatisfy({ $0.first == UInt8(ascii: "{") && $0.last == UInt8(ascii: "}") }),
      let first = try? JSONDocument(Array(lines[0]))
    else { return nil }
    var out: [UInt8] = [UInt8(ascii: "[")]
    out.reserveCapacity(text.count + 2)
    for (index, line) in lines.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out += line
    }
    out.append(UInt8(ascii: "]"))
    return (out, JSONStyle(guessing: first))
  }

  /// The elements of a minified array, each on a line.
  private static func splitLines(_ array: [UInt8], style: JSONStyle) -> [UInt8]? {
    guard let document = try? JSONDocument(array) else { return nil }
    var out: [UInt8] = []
    for element in document.root.elements {
      if !out.isEmpty { out.append(UInt8(ascii: "\n")) }
      if style == .compact {
        out += element.lexeme
      } else {
        guard let line = try? JSONDocument(Array(element.lexeme)) else { return nil }
        out += style.render(line)
      }
    }
    return out
  }

  // MARK: Decoding

  /// Reads the notation that starts at `offset` of `text`: the JSON it stands for, and where it ends. Nil when there is none.
  static func decode(_ text: [UInt8], at offset: Int) -> (json: [UInt8], end: Int)? {
    var reader = LineReader(text, at: offset, lines: 1)
    guard let line = reader.next(depth: 0), let header = Header(text, line, isNested: false),
      reader.position <= text.count
    else {
      return nil
    }
    reader = LineReader(text, at: reader.position, lines: header.lines)
    guard let json = decodeNested(header, &reader, depth: 0) else { return nil }
    // The newline behind the last line is not part of the notation.
    return (json, reader.lineEnd)
  }

  /// Reads the lines of a header that has been read.
  static func decodeNested(_ header: Header, _ reader: inout LineReader, depth: Int) -> [UInt8]? {
    guard depth < 64, header.lines <= reader.remaining else { return nil }
    var own = LineReader(reader.bytes, at: reader.position, lines: header.lines)
    guard let minified = decode(header.kind, &own, depth: depth), own.remaining == 0 else { return nil }
    for _ in 0..<header.lines { guard reader.next(depth: depth) != nil else { return nil } }
    if header.isLines { return splitLines(minified, style: header.style) }
    guard header.style != .compact else { return minified }
    return (try? JSONDocument(minified)).map { header.style.render($0) }
  }

  static func decode(_ kind: Header.Kind, _ lines: [UInt8]) -> [UInt8]? {
    var reader = LineReader(lines, at: 0, lines: lineCount(lines))
    guard let json = decode(kind, &reader, depth: 0), reader.remaining == 0 else { return nil }
    return json
  }

  private static func decode(_ kind: Header.Kind, _ reader: inout LineReader, depth: Int) -> [UInt8]? {
    switch kind {
    case .table, .map: return TableReader.read(&reader, depth: depth)?.json()
    case .list:
      guard let line = reader.next(depth: depth) else { return nil }
      return OutlineReader.list(reader, line)
    case .outline:
      var outline = OutlineReader()
      return outline.read(&reader, depth: depth)
    }
  }
}
