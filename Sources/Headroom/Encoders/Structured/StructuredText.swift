/// A text format that says the same as some JSON: tables and trees that tools print.
///
/// The text is read into JSON and a few words about its layout; the JSON is written in the notation of ``JSONNotation``; and the text comes
/// back by printing the JSON in that layout. What cannot be printed to the very bytes is not offered as identical.
protocol StructuredText: SendableMetatype {
  /// The word its frames begin with.
  static var name: String { get }
  static var kind: Segment.Kind { get }

  /// Whether all objects of a document have the same members in the same order, so that the order comes back with the table.
  static var isUniform: Bool { get }

  /// The runs of lines that are of this format, in order and disjoint.
  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>]

  /// Reads lines that ``find(in:hint:)`` has found. Nil when they do not fit after all.
  static func parse(_ lines: TextLines, hint: Hint) -> ParsedText?

  /// The text of a document, without a newline at its end. Nil when the document does not fit the format.
  static func text(of document: JSONDocument, layout: [ArraySlice<UInt8>]) -> [UInt8]?
}

extension StructuredText {
  static var isUniform: Bool { true }
}

/// What a structured text was read to be.
struct ParsedText {
  /// The same as minified JSON.
  var json: [UInt8]
  /// Words about how it was printed, one a feature, without commas and brackets: `tabs`, `gap 3`.
  var layout: [[UInt8]] = []
  /// How near printing comes to the source.
  var fidelity: Fidelity
}

/// The forms of a ``StructuredText``: a frame around the notation of what it says.
///
///     [csv, 3 lines, table]
///     same in all rows: state=open
///     120 rows: id,title
///     1,Login fails
///     ⋮
struct StructuredForms<Format: StructuredText>: TextForms {
  static var name: String { Format.name }
  static var kind: Segment.Kind { Format.kind }

  private let parsed: ParsedText
  private let plan: OutlinePlan

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { Format.find(in: lines, hint: hint) }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard let parsed = Format.parse(lines, hint: hint),
      let document = try? JSONDocument(parsed.json, limits: .init(depth: 64))
    else { return nil }
    self.parsed = parsed
    plan = OutlinePlan(ValuePool(document.minified(), counter: counter), keepsOrder: true)
  }

  func complete() -> [Candidate] {
    guard let lines = OutlineWriter.write(plan) else { return [] }
    var fidelity = parsed.fidelity
    // The pipeline decodes what claims to be identical; of the rest the values are compared here. Objects of which some lack a member come
    // back with the others of it in the order of the table.
    if fidelity != .identical || !Format.isUniform {
      guard let decoded = JSONNotation.decode(lines.kind, lines.bytes) else { return [] }
      if !decoded.isEqual(to: parsed.json) {
        guard let reread = try? JSONDocument(decoded), reread.isEqual(to: plan.document) else { return [] }
        fidelity = max(fidelity, .lossless)
      }
    }
    return [candidate(lines, fidelity: fidelity)]
  }

  func cut(_ request: CutRequest) -> Candidate? {
    guard let shorter = plan.cut(request), let lines = OutlineWriter.write(shorter) else { return nil }
    return candidate(lines, fidelity: .lossy)
  }

  private func candidate(_ lines: OutlineWriter.Lines, fidelity: Fidelity) -> Candidate {
    let words = [Array(lines.kind.rawValue.utf8)] + parsed.layout
    let detail = Array(words.joined(separator: Array(", ".utf8)))
    let bytes = Frame.write(Format.name, detail: detail, body: Array(lines.bytes.dropLast()))
    let known = lines.known.moved(by: bytes.count - lines.bytes.count + 1)
    let form = fidelity == .lossy ? "rows" : lines.kind.rawValue
    return Candidate(
      name: "\(Format.name) \(form)", fidelity: fidelity, bytes: bytes, tokens: known.count(bytes, plan.pool.counter))
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    let words = layout(of: frame.detail)
    guard let word = words.first,
      let kind = JSONNotation.Header.Kind.allCases.first(where: { word.elementsEqual($0.rawValue.utf8) }),
      let json = JSONNotation.decode(kind, lines(of: frame)),
      let document = try? JSONDocument(json, limits: .init(depth: 64))
    else { return nil }
    if let text = Format.text(of: document, layout: Array(words.dropFirst())) { return text }
    // With rows out of view it may fit no more: then the view itself is all there is without the original.
    let text = frame.lines.text
    return JSONNotation.handles(text, in: text.indices).isEmpty
      ? nil : Frame.write(frame.name, detail: frame.detail, body: Array(frame.lines.bytes))
  }

  /// The lines of a frame, each with its end.
  private static func lines(of frame: Frame) -> [UInt8] {
    let ends = frame.lines.text.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return ends < frame.lines.count ? frame.lines.text + [UInt8(ascii: "\n")] : frame.lines.text
  }

  private static func layout(of detail: [UInt8]) -> [ArraySlice<UInt8>] {
    detail.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      $0.first == UInt8(ascii: " ") ? $0.dropFirst() : $0
    }
  }
}

extension ArraySlice<UInt8> {
  /// The numbers behind `word` and a space, each behind a space: `quoted 1 3`. Nil when this is no such feature.
  func numbers(after word: String) -> [Int]? {
    guard starts(with: word.utf8) else { return nil }
    var numbers: [Int] = []
    for part in dropFirst(word.utf8.count).split(separator: UInt8(ascii: " ")) {
      guard part.count <= 6, let number = Int(String(decoding: part, as: UTF8.self)), number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
