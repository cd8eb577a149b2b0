/// The shorter forms of one JSON document, or of JSON lines. What they share is worked out once.
struct JSONForms {
  private let source: JSONDocument
  private let range: Range<Int>
  private let isLines: Bool
  private let style: JSONStyle
  private let minified: JSONDocument
  private let plan: OutlinePlan

  /// - Parameters:
  ///   - document: the index of the document; of JSON lines, joined to one array.
  ///   - range: where the document, or the lines, stand in `text`.
  ///   - isLines: whether the source is JSON lines.
  init(_ document: JSONDocument, isLines: Bool = false, in text: [UInt8], range: Range<Int>, counter: TokenCounter) {
    source = isLines ? JSONDocument(bytes: text, nodes: []) : document
    self.range = range
    self.isLines = isLines
    style = isLines ? JSONForms.styleOfFirst(document) : JSONStyle(guessing: document)
    minified = document.minified()
    plan = OutlinePlan(ValuePool(minified, counter: counter), keepsOrder: false)
  }

  /// The forms that hold the same values, the simplest first; verified by reading them back, not yet priced.
  func complete() -> [Candidate] {
    let notation = notation
    let tokens = notation?.tokens ?? .max
    guard !isLines, minified.bytes.count < range.count, tokens >= plan.leastCost.ofJSON(0, limit: tokens) else {
      return notation.map { [$0] } ?? []
    }
    let plain = Candidate(name: "json minified", fidelity: .lossless, bytes: minified.bytes)
    return [plain] + (notation.map { [$0] } ?? [])
  }

  private var notation: Candidate? {
    guard let lines = OutlineWriter.write(plan), !isLines || lines.kind == .table,
      let decoded = JSONNotation.decode(lines.kind, lines.bytes)
    else {
      return nil
    }
    var style = JSONStyle.compact
    var fidelity = Fidelity.lossless
    if decoded.isEqual(to: minified.bytes) {
      if self.style.describes(source.bytes, in: range, minified, isLines: isLines) {
        style = self.style
        fidelity = .identical
      }
    } else {
      guard let reread = try? JSONDocument(decoded), reread.isEqual(to: minified) else { return nil }
    }
    let name = "json \(isLines ? "lines " : "")\(lines.kind.rawValue)"
    return candidate(lines, name: name, fidelity: fidelity, style: style)
  }

  private func candidate(_ lines: OutlineWriter.Lines, name: String, fidelity: Fidelity, style: JSONStyle) -> Candidate
  {
    let header = JSONNotation.Header(
      kind: lines.kind, isLines: isLines, lines: JSONNotation.lineCount(lines.bytes), style: style)
    let bytes = JSONNotation.text(header, lines.bytes)
    // The header has come before the lines, whose last line end is gone.
    let known = lines.known.moved(by: bytes.count - lines.bytes.count + 1)
    return Candidate(name: name, fidelity: fidelity, bytes: bytes, tokens: known.count(bytes, plan.pool.counter))
  }

  /// The form with rows left out of view; nil when none can be.
  func cut(_ request: CutRequest) -> Candidate? {
    guard let plan = plan.cut(request), let lines = OutlineWriter.write(plan), !isLines || lines.kind == .table else {
      return nil
    }
    return candidate(lines, name: "json rows", fidelity: .lossy, style: .compact)
  }

  /// The layout of the first element of joined lines.
  private static func styleOfFirst(_ joined: JSONDocument) -> JSONStyle {
    joined.nodes.count > 1 ? JSONStyle(guessing: joined, from: 1) : .compact
  }
}
