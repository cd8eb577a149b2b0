/// From one text to its shorter form: segments, the candidates of encoders, the gate, and what was decided.
///
/// Only this file knows both where text is (wire formats give it blocks) and how to shorten it (encoders). Everything in it is a function of
/// the text, the hint and the policy, but for storing an original, which happens before a form that needs it is taken.
struct Pipeline {
  let tokenizer: Tokenizer
  let policy: Policy
  /// Where originals go; without it nothing is cut.
  let store: (any OriginalStore)?
  /// What relevance is judged by, instead of the conversation.
  let query: [UInt8]?

  /// What became of one text.
  struct Outcome {
    /// The shorter form; nil when the text stays as it is.
    var bytes: [UInt8]?
    /// What the content is, by its largest segment.
    var kind: String
    var encoder: String?
    var fidelity: Fidelity = .identical
    /// Tokens of the vocabulary, before and after.
    var tokensBefore: Int
    var tokensAfter: Int
    var handle: Handle?
    /// Why an original could not be stored, if one was to be.
    var storeFailure: String?
  }

  /// No JSON has more bytes a token, so a form with more than this many times another's tokens need not be counted to be dearer.
  private static let mostBytesPerToken = 8

  func shorten(_ text: [UInt8], hint: Hint, isError: Bool) -> Outcome {
    tokenizer.withCounter { counter in
      let tokens = counter.count(text)
      var outcome = Outcome(kind: Segment.Kind.text.rawValue, tokensBefore: tokens, tokensAfter: tokens)
      guard tokens >= Gate.smallest, !hint.isFileRead, !hint.isRetrieval else { return outcome }
      let segments = Segmenter.segments(text)
      if let main = segments.max(by: { $0.range.count < $1.range.count }) { outcome.kind = main.kind.rawValue }
      let forms = segments.map { segment in
        segment.document.map {
          JSONForms($0, isLines: segment.kind == .jsonLines, in: text, range: segment.range, counter: counter)
        }
      }
      let whole = segments.count == 1 ? tokens : nil
      let complete = zip(segments, forms).map { best($1, of: text, $0.range, tokens: whole, counter) }
      if let (bytes, count) = assemble(complete, segments, text, tokens, counter) {
        outcome.bytes = bytes
        outcome.tokensAfter = count
        let taken = complete.compactMap { $0 }
        outcome.encoder = taken.map(\.name).first
        outcome.fidelity = taken.map(\.fidelity).max() ?? .identical
      }
      if !isError { cut(text, segments, forms, complete, hint, counter, &outcome) }
      return outcome
    }
  }

  /// The shortest complete form of a segment, if one is short enough. Of two equally short ones the first, which is the simpler.
  ///
  /// The last is priced first, as it is nearly always the shortest: then the others need not be counted to their ends.
  private func best(
    _ forms: JSONForms?, of text: [UInt8], _ range: Range<Int>, tokens: Int?, _ counter: TokenCounter
  ) -> Candidate? {
    guard let forms else { return nil }
    var limit = Gate.limit(tokens ?? counter.count(text, in: range), .lossless)
    var best: Candidate?
    for candidate in forms.complete().reversed() where candidate.bytes.count <= limit * Pipeline.mostBytesPerToken {
      let count = candidate.tokens ?? candidate.bytes.withUnsafeBufferPointer { counter.count($0, limit: limit) }
      guard let count, count <= limit else { continue }
      best = candidate
      best?.tokens = count
      limit = count
    }
    return best
  }

  /// The text with candidates in the place of their segments, and its tokens; nil when it saves too little of `tokens`.
  private func assemble(
    _ candidates: [Candidate?], _ segments: [Segment], _ text: [UInt8], _ tokens: Int, _ counter: TokenCounter
  ) -> (bytes: [UInt8], tokens: Int)? {
    guard candidates.contains(where: { $0 != nil }) else { return nil }
    let limit = Gate.limit(tokens, .lossless)
    if segments.count == 1, let only = candidates[0], let count = only.tokens {
      return count <= limit ? (only.bytes, count) : nil
    }
    var bytes: [UInt8] = []
    for (segment, candidate) in zip(segments, candidates) {
      if let candidate { bytes += candidate.bytes } else { bytes += text[segment.range] }
    }
    return bytes.withUnsafeBufferPointer { counter.count($0, limit: limit) }.map { (bytes, $0) }
  }

  /// Cuts rows of large tables where the level allows it, the store takes the original and enough is saved beyond what is complete.
  private func cut(
    _ text: [UInt8], _ segments: [Segment], _ forms: [JSONForms?], _ complete: [Candidate?], _ hint: Hint,
    _ counter: TokenCounter, _ outcome: inout Outcome
  ) {
    guard let store, text.count >= Policy.smallestCut, let budget = policy.budget(outcome.tokensAfter),
      outcome.tokensAfter > budget
    else { return }
    let request = CutRequest(
      budget: budget, query: relevance(hint), handle: Handle(of: text), retrieval: policy.retrieval)
    func attempt(_ request: CutRequest) -> (bytes: [UInt8], tokens: Int)? {
      var isCut = false
      let candidates = zip(forms, complete).map { forms, complete in
        guard let form = forms?.cut(request) else { return complete }
        isCut = true
        return form
      }
      guard isCut, let form = assemble(candidates, segments, text, outcome.tokensBefore, counter),
        form.tokens <= Gate.limit(outcome.tokensAfter, .lossy)
      else { return nil }
      return form
    }
    guard var form = attempt(request) else { return }
    do {
      let handle = try store.put(text)
      if handle != request.handle {
        // Another original has the same first letters, so this one's name is longer.
        var request = request
        request.handle = handle
        guard let longer = attempt(request) else { return }
        form = longer
      }
      outcome.bytes = form.bytes
      outcome.tokensAfter = form.tokens
      outcome.encoder = "json rows"
      outcome.fidelity = .lossy
      outcome.handle = handle
    } catch {
      outcome.storeFailure = "\(error)"
    }
  }

  /// What a reader of the result looks for: the given query, or the call and the user's words around it.
  private func relevance(_ hint: Hint) -> Query {
    if let query { return Query(query) }
    var result = Query(hint.userText)
    if let input = hint.input { result.add(input) }
    return result
  }
}

extension Hint {
  /// Whether the result is the text of a file that the agent may edit next. Edits quote the file, so its text stays as it is.
  var isFileRead: Bool {
    guard path != nil, command == nil, let toolName else { return false }
    return [
      "read", "read_file", "readfile", "view", "view_file", "open_file", "cat", "get_file_contents", "text_editor",
      "str_replace_based_edit_tool", "str_replace_editor", "notebookread",
    ]
    .contains(String(decoding: toolName, as: UTF8.self).lowercased())
  }

  /// Whether the result is a part of an original that was asked for: to shorten it again would be a circle.
  var isRetrieval: Bool {
    if let toolName, toolName.suffix(retrievalTool.count).elementsEqual(retrievalTool) { return true }
    guard let command else { return false }
    return command.indices.contains { command[$0...].starts(with: retrievalCommand) }
  }
}

private let retrievalTool = Array("headroom_retrieve".utf8)
private let retrievalCommand = Array("headroom retrieve".utf8)
