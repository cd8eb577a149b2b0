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
    var result: [Candidate] = []
    if !isLines, minified.bytes.count < range.count {
      result.append(Candidate(name: "json minified", fidelity: .lossless, bytes: minified.bytes))
    }
    if let notation { result.append(notation) }
    return result
  }

  private var notation: Candidate? {
    guard let (kind, lines) = OutlineWriter.write(plan), !isLines || kind == .table,
      let decoded = JSONNotation.decode(kind, lines)
    else {
      return nil
    }
    var header = JSONNotation.Header(
      kind: kind, isLines: isLines, lines: JSONNotation.lineCount(lines), style: .compact)
    var fidelity = Fidelity.lossless
    if decoded == minified.bytes {
      if style.describes(source.bytes, in: range, minified, isLines: isLines) {
        header.style = style
        fidelity = .identical
      }
    } else {
      guard let reread = try? JSONDocument(decoded), reread.isEqual(to: minified) else { return nil }
    }
    return Candidate(name: name(kind), fidelity: fidelity, bytes: JSONNotation.text(header, lines))
  }

  /// The form with rows left out of view; nil when none can be.
  func cut(_ request: CutRequest) -> Candidate? {
    guard let plan = plan.cut(request), let (kind, lines) = OutlineWriter.write(plan), !isLines || kind == .table else {
      return nil
    }
    let header = JSONNotation.Header(
      kind: kind, isLines: isLines, lines: JSONNotation.lineCount(lines), style: .compact)
    return Candidate(name: "json rows", fidelity: .lossy, bytes: JSONNotation.text(header, lines))
  }

  private func name(_ kind: JSONNotation.Header.Kind) -> String { "json \(isLines ? "lines " : "")\(kind.rawValue)" }

  /// The layout of the first element of joined lines.
  private static func styleOfFirst(_ joined: JSONDocument) -> JSONStyle {
    joined.nodes.count > 1 ? JSONStyle(guessing: joined, from: 1) : .compact
  }
}

/// For what, and how far, rows may be left out of view.
struct CutRequest {
  /// Tokens that the text should come near.
  var budget: Int
  /// What its reader looks for.
  var query: Query
  /// The name of the original, under which the rows out of view are to be had.
  var handle: Handle
  var retrieval: RetrievalPath
}
