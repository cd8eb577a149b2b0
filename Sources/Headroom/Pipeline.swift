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
    /// The earlier results that the form refers to.
    var targets: [Verdict.Target] = []

    /// Whether all lines of the text can be read in what is sent, as they are and in their order.
    var isInFull: Bool {
      bytes == nil || fidelity == .identical && (encoder == "repeats" || kind == Segment.Kind.numberedFile.rawValue)
    }

    mutating func take(_ form: Form) {
      bytes = form.bytes
      tokensAfter = form.tokens
      encoder = form.encoder
      fidelity = form.fidelity
    }
  }

  /// No JSON has more bytes a token, so a form with more than this many times another's tokens need not be counted to be dearer.
  private static let mostBytesPerToken = 8

  /// What encoders get to see of a text.
  struct View {
    var lines: TextLines
    /// What made it from the text, when it is not the text itself.
    var change: (name: String, fidelity: Fidelity)?
    /// Whether each line of the text ends in a carriage return and a newline, of which the view has the newlines alone.
    var hasReturns = false

    init(_ text: [UInt8], _ repeats: RepeatFinder.Result?, isFile: Bool) {
      lines = TextLines(repeats?.text ?? text, numbers: repeats?.numbers)
      if repeats != nil { change = ("repeats", .identical) }
      if let unix = LineEnds.withoutReturns(lines.text) {
        lines = TextLines(unix, numbers: repeats?.numbers)
        change = ("line ends", .identical)
        hasReturns = true
      }
      if !isFile, let screen = TerminalScreen(lines.text) {
        lines = TextLines(screen.text, numbers: screen.numbers.map { repeats?.numbers[$0 - 1] ?? $0 })
        change = ("terminal", .normalized)
        hasReturns = false
      }
    }
  }

  /// A text as it is.
  func untouched(_ text: [UInt8]) -> Outcome {
    let tokens = tokenizer.withCounter { $0.count(text) }
    return Outcome(kind: Segment.Kind.text.rawValue, tokensBefore: tokens, tokensAfter: tokens)
  }

  /// The shorter form of a text.
  ///
  /// - Parameter repeats: the text with references to earlier results in it, to be shortened instead.
  func shorten(_ text: [UInt8], hint: Hint, isError: Bool, repeats: RepeatFinder.Result? = nil) -> Outcome {
    tokenizer.withCounter { counter in
      let tokens = counter.count(text)
      var outcome = Outcome(kind: Segment.Kind.text.rawValue, tokensBefore: tokens, tokensAfter: tokens)
      guard tokens >= Gate.smallest, !hint.isRetrieval else { return outcome }
      let view = View(text, repeats, isFile: hint.isFileRead)
      let lines = view.lines
      let parts = SegmentForms.all(of: lines, hint: hint, counter: counter)
      if let main = parts.max(by: { $0.segment.range.count < $1.segment.range.count }) {
        outcome.kind = main.segment.kind.rawValue
      }
      let whole = parts.count == 1 && view.change == nil ? tokens : nil
      let complete = parts.map { best($0, of: lines.text, tokens: whole, counter) }
      if let form = assemble(complete, parts, view, tokens, counter) { outcome.take(form) }
      if !isError { cut(text, view, parts, complete, hint, counter, &outcome) }
      return outcome
    }
  }

  /// The shortest complete form of a segment, if one is short enough.
  private func best(_ part: SegmentForms, of text: [UInt8], tokens: Int?, _ counter: TokenCounter) -> Candidate? {
    part.segment.document != nil
      ? bestOfJSON(part, of: text, tokens: tokens, counter) : bestOfText(part, of: text, tokens: tokens, counter)
  }

  /// Of two equally short forms the first, which is the simpler. The last is priced first, as it is nearly always the shortest: then the
  /// others need not be counted to their ends.
  private func bestOfJSON(
    _ part: SegmentForms, of text: [UInt8], tokens: Int?, _ counter: TokenCounter
  ) -> Candidate? {
    var limit = Gate.limit(tokens ?? counter.count(text, in: part.segment.range), .lossless)
    var best: Candidate?
    for var candidate in part.complete().reversed() where candidate.bytes.count <= limit * Pipeline.mostBytesPerToken {
      let count = candidate.tokens ?? candidate.bytes.withUnsafeBufferPointer { counter.count($0, limit: limit) }
      guard let count, count <= limit else { continue }
      candidate.tokens = count
      best = candidate
      limit = count
    }
    return best
  }

  /// An encoder's own form that saves this much, in per cent, is taken without trying the general ones: it reads better, too.
  private static let goodEnough = 20

  private func bestOfText(
    _ part: SegmentForms, of text: [UInt8], tokens: Int?, _ counter: TokenCounter
  ) -> Candidate? {
    let range = part.segment.range
    var whole = tokens
    var priced: [Candidate] = []
    func price(_ candidates: [Candidate]) {
      for var candidate in candidates {
        let tokens = whole ?? counter.count(text, in: range)
        whole = tokens
        let limit = Gate.limit(tokens, candidate.fidelity)
        candidate.tokens = candidate.bytes.withUnsafeBufferPointer { counter.count($0, limit: limit) }
        if let count = candidate.tokens, count <= limit { priced.append(candidate) }
      }
    }
    price(part.complete())
    let least = priced.compactMap(\.tokens).min() ?? .max
    if least == .max || least > (whole ?? 0) * (100 - Pipeline.goodEnough) / 100 { price(part.generalForms()) }
    // Reading a form back costs more than to price it, so only the shortest that holds is read.
    while let best = priced.indices.min(by: { (priced[$0].tokens ?? 0, $0) < (priced[$1].tokens ?? 0, $1) }) {
      if decodes(priced[best], to: text[range]) { return priced[best] }
      priced.remove(at: best)
    }
    return nil
  }

  /// Whether a form of text gives back what it stands for. JSON is compared by its encoder, value by value.
  func decodes(_ candidate: Candidate, to lines: ArraySlice<UInt8>) -> Bool {
    candidate.fidelity != .identical || expand(text: candidate.bytes).elementsEqual(lines)
  }

  /// A text put together from the forms of its segments.
  struct Form {
    var bytes: [UInt8]
    var tokens: Int
    var encoder: String
    var fidelity: Fidelity
    var cutLines: Int
  }

  /// The text with candidates in the place of their segments, and its tokens; nil when it saves too little of `tokens`.
  private func assemble(
    _ candidates: [Candidate?], _ parts: [SegmentForms], _ view: View, _ tokens: Int, _ counter: TokenCounter,
    marker: (Int) -> [UInt8] = { _ in [] }
  ) -> Form? {
    let taken = candidates.compactMap { $0 }
    var main = taken.max { ($0.fidelity, $0.bytes.count) < ($1.fidelity, $1.bytes.count) }
    if let change = view.change, main.map({ $0.fidelity <= change.fidelity }) ?? true {
      main = Candidate(name: main?.name ?? change.name, fidelity: change.fidelity, bytes: [])
    }
    guard let main else { return nil }
    let limit = Gate.limit(tokens, .lossless)
    var form = Form(
      bytes: [], tokens: 0, encoder: main.name, fidelity: main.fidelity,
      cutLines: taken.reduce(0) { $0 + $1.cutLines })
    form.bytes = marker(form.cutLines)
    if view.hasReturns, main.fidelity < .lossy { form.bytes += LineEnds.note }
    var copied = 0
    for (part, candidate) in zip(parts, candidates) {
      guard let candidate else { continue }
      form.bytes += view.lines.text[copied..<part.segment.range.lowerBound]
      form.bytes += candidate.bytes
      copied = part.segment.range.upperBound
    }
    form.bytes += view.lines.text[copied...]
    if parts.count == 1, form.bytes.count == main.bytes.count, let count = main.tokens {
      form.tokens = count
      return count <= limit ? form : nil
    }
    guard let count = form.bytes.withUnsafeBufferPointer({ counter.count($0, limit: limit) }) else { return nil }
    form.tokens = count
    return form
  }

  /// Leaves content out of view where the level allows it, the store takes the original and enough is saved beyond what is complete.
  private func cut(
    _ text: [UInt8], _ view: View, _ parts: [SegmentForms], _ complete: [Candidate?], _ hint: Hint,
    _ counter: TokenCounter, _ outcome: inout Outcome
  ) {
    guard let store, text.count >= Policy.smallestCut, let budget = policy.budget(outcome.tokensAfter),
      outcome.tokensAfter > budget
    else { return }
    let total = TextLines(text).count
    let request = request(text, budget, hint)
    func attempt(_ request: CutRequest) -> Form? {
      var isCut = false
      let candidates = zip(parts, complete).map { part, complete in
        var own = request
        own.budget = request.budget * part.segment.range.count / max(1, view.lines.text.count)
        guard var form = part.cut(own) else { return complete }
        form.tokens = form.tokens ?? counter.count(form.bytes)
        if let complete, complete.tokens ?? 0 <= form.tokens ?? 0 { return complete }
        isCut = true
        return form
      }
      guard isCut else { return nil }
      let form = assemble(candidates, parts, view, outcome.tokensBefore, counter) { cutLines in
        guard cutLines > 0 else { return [] }
        let marker = CutMarker(
          unit: "lines", cut: cutLines, total: total, handle: request.handle, retrieval: request.retrieval)
        return marker.text + [UInt8(ascii: "\n")]
      }
      guard let form, form.tokens <= Gate.limit(outcome.tokensAfter, .lossy) else { return nil }
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
      outcome.take(form)
      outcome.handle = handle
    } catch {
      outcome.storeFailure = "\(error)"
    }
  }

  /// What encoders are asked for when content may be cut.
  func request(_ text: [UInt8], _ budget: Int, _ hint: Hint) -> CutRequest {
    CutRequest(
      budget: budget, query: relevance(hint), handle: Handle(of: text), retrieval: policy.retrieval, level: policy.level
    )
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
