/// Leaves the bodies of source code out of view, but for those that what is looked for points to.
struct CodeCut {
  /// Reads below this many tokens stay whole.
  static let smallest = 1_500

  let source: [UInt8]
  let language: SourceLanguage
  /// What is shown of each line.
  let lines: TextLines
  let counter: TokenCounter

  /// Whether bodies may be out of view. What an agent is going to edit, or has asked for line by line, it must see; below the aggressive
  /// level so must be everything that is not plainly what a search or a page of the web brought.
  static func isAllowed(_ hint: Hint, _ level: Level) -> Bool {
    guard !hint.isEdit, !hint.asksForLines else { return false }
    switch level {
    case .lossless: return false
    case .aggressive: return true
    case .balanced:
      guard !hint.isFileRead, hint.command == nil, hint.path == nil, let toolName = hint.toolName else { return false }
      let name = String(decoding: toolName, as: UTF8.self).lowercased()
      return name.contains("search") || name.contains("fetch") || name.contains("web")
    }
  }

  /// The skeleton, with whole bodies by relevance as far as the budget goes. Nil when there is no grammar, or nothing to leave out.
  func candidate(_ name: String, _ request: CutRequest) -> Candidate? {
    let sourceLines = TextLines(source)
    guard sourceLines.count == lines.count, counter.count(lines.text, in: lines.range) > CodeCut.smallest else {
      return nil
    }
    let outline = source.withUnsafeBufferPointer { OutlineBuilder.outline($0, sourceLines, language.refined(by: $0)) }
    guard let outline, !outline.items.isEmpty else { return nil }
    var skeleton = Skeleton(outline, of: sourceLines, shownAs: lines)
    // What is looked for has a share of its own, however long the skeleton is.
    var left = max(request.budget - counter.count(skeleton.text().bytes), request.budget / 2)
    for item in relevant(outline.items, request.query) {
      let body = lines[item.body]
      let cost = counter.count(body.text, in: body.range)
      guard cost <= left else { continue }
      left -= cost
      skeleton.include(item)
    }
    return skeleton.text().candidate(name)
  }

  /// The declarations whose bodies have most to do with the query, the most relevant first.
  private func relevant(_ items: [Outline.Item], _ query: Query) -> [Outline.Item] {
    let items = items.filter { !$0.body.isEmpty && $0.body.upperBound <= lines.count }
    guard !query.isEmpty, !items.isEmpty else { return [] }
    let scores = source.withUnsafeBufferPointer {
      Relevance(of: Segments(items.map(\.range)), in: $0, to: query).scores
    }
    return items.indices.filter { scores[$0] * 4 >= Relevance.best }
      .sorted { (scores[$1], $0) < (scores[$0], $1) }
      .map { items[$0] }
  }
}
