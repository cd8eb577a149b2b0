/// One call of ``compress(_:model:options:)-([UInt8],_,_)``: the blocks of a body, what became of each, and the body put together again.
struct CompressionJob: Sendable {
  /// A text to shorten.
  struct Work: Sendable {
    var path: String
    var payload: [UInt8]
    var hint: Hint
    var isError: Bool
    /// Its number among the blocks of the request; nil when the body is one text.
    var index: Int?
  }

  let blocks: [Work]
  private let body: [UInt8]
  private let model: String
  private let request: RequestBody?
  private let pipeline: Pipeline
  private let options: Options

  init(_ body: [UInt8], model: String?, options: Options) {
    self.body = body
    self.options = options
    let request = RequestBody(body)
    self.request = request
    let named = request?.model.map { String(decoding: $0, as: UTF8.self) }
    self.model = model ?? named ?? "gpt-4o"
    pipeline = Pipeline(
      tokenizer: Tokenizer(model: self.model),
      policy: Policy(level: options.level, retrieval: options.retrieval),
      store: options.store.map { options.mode == .optimize ? $0 : DryStore() },
      query: options.query.map { Array($0.utf8) })
    if let request {
      blocks = request.blocks.indices.compactMap { index in
        guard let payload = request.payload(of: index) else { return nil }
        let block = request.blocks[index]
        return Work(
          path: block.path, payload: payload, hint: request.hint(of: index), isError: block.isError, index: index)
      }
    } else {
      blocks = [Work(path: "text", payload: body, hint: options.hint, isError: false, index: nil)]
    }
  }

  func outcome(_ work: Work) -> Pipeline.Outcome {
    pipeline.shorten(work.payload, hint: work.hint, isError: work.isError)
  }

  /// The outcomes of all blocks, in their order. Blocks share nothing, so each may run anywhere.
  func outcomesInParallel() async -> [Pipeline.Outcome] {
    guard blocks.count > 1 else { return blocks.map { outcome($0) } }
    return await withTaskGroup(of: (Int, Pipeline.Outcome).self) { group in
      for (index, work) in blocks.enumerated() { group.addTask { (index, outcome(work)) } }
      var outcomes = [Pipeline.Outcome?](repeating: nil, count: blocks.count)
      for await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes.compactMap { $0 }
    }
  }

  /// The outcomes with results that repeat lines of earlier ones referring to them.
  private func referring(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    guard blocks.count > 1 else { return outcomes }
    var finder = RepeatFinder()
    return zip(blocks, outcomes).map { work, outcome in
      guard let number = work.index, !work.hint.isRetrieval, outcome.tokensBefore >= Gate.smallest else {
        return outcome
      }
      var outcome = outcome
      var target = RepeatFinder.Target(number: number, lines: TextLines(work.payload), about: work.hint.about)
      if !work.isError, let repeats = finder.references(in: target.lines) {
        let shorter = pipeline.shorten(work.payload, hint: work.hint, isError: false, repeats: repeats)
        if shorter.bytes != nil, shorter.tokensAfter <= Gate.limit(outcome.tokensAfter, .identical) {
          outcome = shorter
          target.isHidden = repeats.isReplaced
        }
      }
      target.isEncoded = !outcome.isInFull && target.isHidden.isEmpty
      if outcome.isInFull || outcome.fidelity < .lossy, outcome.isInFull || target.isEncoded { finder.add(target) }
      return outcome
    }
  }

  func result(_ independent: [Pipeline.Outcome]) -> CompressionResult {
    let outcomes = referring(independent)
    let records = zip(blocks, outcomes).map { work, outcome in
      BlockRecord(
        path: work.path, kind: outcome.kind, encoder: outcome.encoder, fidelity: outcome.fidelity,
        tokensBefore: pipeline.tokenizer.modelTokens(outcome.tokensBefore),
        tokensAfter: pipeline.tokenizer.modelTokens(outcome.tokensAfter), handle: outcome.handle,
        storeFailure: outcome.storeFailure,
        segments: options.explains ? pipeline.explain(work.payload, hint: work.hint, isError: work.isError) : [])
    }
    let isChanged = outcomes.contains { $0.bytes != nil }
    return CompressionResult(
      body: options.mode == .audit || !isChanged ? body : replaced(outcomes), model: model,
      tokensBefore: records.reduce(0) { $0 + $1.tokensBefore }, tokensAfter: records.reduce(0) { $0 + $1.tokensAfter },
      isExact: pipeline.tokenizer.isExact, blocks: records,
      passedThrough: blocks.isEmpty ? .noBlocks : !isChanged ? .nothingSaved : options.mode == .audit ? .audit : nil)
  }

  private func replaced(_ outcomes: [Pipeline.Outcome]) -> [UInt8] {
    guard let request else { return outcomes.first?.bytes ?? body }
    var replacements: [Int: [UInt8]] = [:]
    for (work, outcome) in zip(blocks, outcomes) {
      if let index = work.index, let bytes = outcome.bytes { replacements[index] = bytes }
    }
    return request.replacing(replacements)
  }
}

/// Names originals and keeps none.
private struct DryStore: OriginalStore {
  func put(_ original: [UInt8]) throws -> Handle { Handle(of: original) }
  func original(_ handle: Handle) throws -> [UInt8] {
    throw StoreError(.unknownHandle, "nothing is stored in this mode")
  }
}

extension Hint {
  /// The call in a few words: the tool and what it was called for.
  fileprivate var about: [UInt8] {
    let subject = path ?? command ?? []
    let words = (toolName ?? []) + (toolName == nil || subject.isEmpty ? [] : [UInt8(ascii: " ")]) + subject
    let line = words.prefix { $0 >= 0x20 && $0 != UInt8(ascii: "]") }
    guard line.count > 60 else { return Array(line) }
    // Not in the middle of a character.
    var end = line.startIndex + 60
    while end > line.startIndex, line[end] & 0xc0 == 0x80 { end -= 1 }
    return Array(line[..<end])
  }
}
