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
    /// Whether it was sent before, by somebody.
    var isSettled = false
  }

  let blocks: [Work]
  private let body: [UInt8]
  private let model: String
  let request: RequestBody?
  let pipeline: Pipeline
  let options: Options
  /// What the ledger knows; nil without a ledger, and when it cannot be read.
  var history: History?
  /// What compacts the conversation; nil when nothing does.
  var context: ContextManager?

  /// Which blocks these are, and the verdicts on those that were decided on before.
  struct History {
    var identities: [BlockIdentity]
    var verdicts: [Verdict?]
  }

  init(_ body: [UInt8], model: String?, options: Options) {
    self.init(body, RequestBody(body), model: model, options: options)
  }

  init(_ request: RequestBody, model: String?, options: Options) {
    self.init(request.document.bytes, request, model: model, options: options)
  }

  private init(_ body: [UInt8], _ request: RequestBody?, model: String?, options: Options) {
    self.body = body
    self.options = options
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
          path: block.path, payload: payload, hint: request.hint(of: index), isError: block.isError, index: index,
          isSettled: block.hasAssistantTurnAfter)
      }
    } else {
      blocks = [Work(path: "text", payload: body, hint: options.hint, isError: false, index: nil)]
    }
    let blocks = blocks
    history = request.flatMap { CompressionJob.history(blocks, $0, options) }
    guard let request else { return }
    context = options.context.flatMap { ContextManager(request, model: self.model, $0) }
    takeStubs()
  }

  private static func history(_ blocks: [Work], _ request: RequestBody, _ options: Options) -> History? {
    guard let ledger = options.ledger else { return nil }
    let identities = blocks.map { BlockIdentity($0.index.flatMap { request.blocks[$0].callID }, payload: $0.payload) }
    guard var verdicts = try? ledger.verdicts(identities, orLatest: blocks.map(\.isSettled)) else { return nil }
    // A cut that was made in another conversation names a way to the rest that this one may not have.
    let foreign = blocks.indices.filter { index in
      guard blocks[index].isSettled, let verdict = verdicts[index], let form = verdict.form, let handle = verdict.handle
      else { return false }
      return !options.retrieval.isNamed(in: form, handle)
    }
    if !foreign.isEmpty {
      let never = [Bool](repeating: false, count: foreign.count)
      guard let own = try? ledger.verdicts(foreign.map { identities[$0] }, orLatest: never) else { return nil }
      for (index, verdict) in zip(foreign, own) { verdicts[index] = verdict }
    }
    return History(identities: identities, verdicts: verdicts)
  }

  /// What becomes of a block by itself: what the ledger says; else nothing when it was sent before, or when that cannot be known; else the
  /// shorter form.
  func outcome(_ index: Int) -> Pipeline.Outcome {
    let work = blocks[index]
    if let verdict = history?.verdicts[index] { return Pipeline.Outcome(verdict) }
    if options.ledger != nil, request != nil, work.isSettled || history == nil {
      return pipeline.untouched(work.payload)
    }
    return pipeline.shorten(work.payload, hint: work.hint, isError: work.isError)
  }

  /// The outcomes of all blocks, in their order. Blocks share nothing, so each may run anywhere. One that is not there when `deadline` returns
  /// is nil.
  func outcomesInParallel(until deadline: (@Sendable () async -> Void)? = nil) async -> [Pipeline.Outcome?] {
    let undecided = blocks.indices.filter { history?.verdicts[$0] == nil }
    var outcomes = [Pipeline.Outcome?](repeating: nil, count: blocks.count)
    for index in blocks.indices where history?.verdicts[index] != nil { outcomes[index] = outcome(index) }
    if undecided.isEmpty || undecided.count == 1 && deadline == nil {
      for index in undecided { outcomes[index] = outcome(index) }
      return outcomes
    }
    let race = Race<Pipeline.Outcome>(count: undecided.count)
    for (place, index) in undecided.enumerated() { Task { race.finish(place, outcome(index)) } }
    for (index, outcome) in zip(undecided, await race.results(until: deadline)) { outcomes[index] = outcome }
    return outcomes
  }

  /// The outcomes with results that repeat lines of earlier ones referring to them, and with references that have lost their target
  /// written out.
  func referring(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    guard request != nil else { return outcomes }
    // Where all was sent before, only what it refers to is to be looked at.
    let isAnythingNew = blocks.indices.contains { isUndecided($0) && outcomes[$0].tokensBefore >= Gate.smallest }
    var finder = RepeatFinder()
    var sent: [Pipeline.Outcome] = []
    for (index, work) in blocks.enumerated() {
      var outcome = outcomes[index]
      defer { sent.append(outcome) }
      if !areValid(outcome.targets, before: index, sent) { outcome = pipeline.untouched(work.payload) }
      guard isAnythingNew, let number = work.index, !work.hint.isRetrieval, outcome.tokensBefore >= Gate.smallest
      else { continue }
      var target = RepeatFinder.Target(number: number, lines: TextLines(work.payload), about: work.hint.about)
      if !work.isError, isUndecided(index), let repeats = finder.references(in: target.lines) {
        let shorter = pipeline.shorten(work.payload, hint: work.hint, isError: false, repeats: repeats)
        if shorter.bytes != nil, shorter.tokensAfter <= Gate.limit(outcome.tokensAfter, .identical) {
          outcome = shorter
          outcome.targets = targets(repeats.results)
          target.isHidden = repeats.isReplaced
        }
      }
      target.isEncoded = !outcome.isInFull && target.isHidden.isEmpty
      // Which lines a form of an earlier turn has left out is not known any more.
      let isKnown = outcome.targets.isEmpty || !target.isHidden.isEmpty
      if isKnown, outcome.isInFull || target.isEncoded && outcome.fidelity < .lossy { finder.add(target) }
    }
    return sent
  }

  /// The outcomes with references that have lost their target written out.
  private func withValidReferences(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    var sent: [Pipeline.Outcome] = []
    for (index, outcome) in outcomes.enumerated() {
      sent.append(areValid(outcome.targets, before: index, sent) ? outcome : pipeline.untouched(blocks[index].payload))
    }
    return sent
  }

  /// Whether a block is decided on now.
  private func isUndecided(_ index: Int) -> Bool {
    guard options.ledger != nil, request != nil else { return true }
    return history.map { $0.verdicts[index] == nil && !blocks[index].isSettled } ?? false
  }

  /// Whether all results that a form refers to stand before it, as they were, and with nothing cut.
  private func areValid(_ targets: [Verdict.Target], before index: Int, _ sent: [Pipeline.Outcome]) -> Bool {
    targets.allSatisfy { target in
      guard let place = blocks[..<index].firstIndex(where: { $0.index == target.number }) else { return false }
      return history?.identities[place].digest == target.digest && sent[place].fidelity < .lossy
    }
  }

  private func targets(_ results: [Int]) -> [Verdict.Target] {
    guard let history else { return [] }
    return results.compactMap { number in
      blocks.firstIndex { $0.index == number }
        .map { Verdict.Target(number: number, digest: history.identities[$0].digest) }
    }
  }

  /// The outcomes with all new ones left as they are where the prompt would get too short for the provider's cache.
  private func cacheable(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    guard let request, options.ledger != nil,
      outcomes.indices.contains(where: { outcomes[$0].bytes != nil && isUndecided($0) })
    else { return outcomes }
    let saved = outcomes.reduce(0) { $0 + $1.tokensBefore - $1.tokensAfter }
    guard
      CacheFloor.isBelow(
        request, model: model, saved: pipeline.tokenizer.modelTokens(saved), hidden: options.hiddenTokens)
    else { return outcomes }
    return outcomes.enumerated().map { isUndecided($0) ? pipeline.untouched(blocks[$0].payload) : $1 }
  }

  /// The outcomes that hold: new verdicts are written down before anything is sent, and another process may have been first. What cannot be
  /// written down is not done.
  private func settled(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    guard let ledger = options.ledger, let history, options.mode != .audit else { return outcomes }
    let new = blocks.indices.filter { history.verdicts[$0] == nil }
    guard !new.isEmpty else { return outcomes }
    var outcomes = outcomes
    let standing = try? ledger.record(new.map { (history.identities[$0], Verdict(outcomes[$0])) })
    for (place, index) in new.enumerated() {
      outcomes[index] = standing.map { Pipeline.Outcome($0[place]) } ?? pipeline.untouched(blocks[index].payload)
    }
    return outcomes
  }

  /// The body put together from the outcomes of its blocks; where one is nil, the deadline was missed, and the block stays as it is.
  func result(_ independent: [Pipeline.Outcome?]) -> CompressionResult {
    let known = zip(blocks, independent).map { work, outcome in outcome ?? pipeline.untouched(work.payload) }
    // Who is late does not look for more.
    let isLate = independent.contains { $0 == nil }
    let unsettled = isLate ? withValidReferences(known) : referring(known)
    if !isLate, let job = atEpoch(known, unsettled) { return job.result(job.withVerdicts(known)) }
    let outcomes = settled(cacheable(unsettled))
    if options.mode != .audit { context?.touch() }
    let records = zip(blocks, outcomes).enumerated().map { index, pair in
      let (work, outcome) = pair
      return BlockRecord(
        path: work.path, kind: outcome.kind, encoder: outcome.encoder, fidelity: outcome.fidelity,
        tokensBefore: pipeline.tokenizer.modelTokens(outcome.tokensBefore),
        tokensAfter: pipeline.tokenizer.modelTokens(outcome.tokensAfter), isNew: isUndecided(index),
        handle: outcome.handle,
        storeFailure: outcome.storeFailure,
        segments: options.explains ? pipeline.explain(work.payload, hint: work.hint, isError: work.isError) : [])
    }
    let isChanged = outcomes.contains { $0.bytes != nil } || !(context?.splices.isEmpty ?? true)
    return CompressionResult(
      body: options.mode == .audit || !isChanged ? body : replaced(outcomes), model: model,
      tokensBefore: records.reduce(0) { $0 + $1.tokensBefore }, tokensAfter: records.reduce(0) { $0 + $1.tokensAfter },
      isExact: pipeline.tokenizer.isExact, format: request?.format, blocks: records, context: context?.report,
      passedThrough: blocks.isEmpty ? .noBlocks : !isChanged ? .nothingSaved : options.mode == .audit ? .audit : nil)
  }

  private func replaced(_ outcomes: [Pipeline.Outcome]) -> [UInt8] {
    guard let request else { return outcomes.first?.bytes ?? body }
    var replacements: [Int: [UInt8]] = [:]
    for (work, outcome) in zip(blocks, outcomes) {
      if let index = work.index, let bytes = outcome.bytes { replacements[index] = bytes }
    }
    guard let context, !context.splices.isEmpty else { return request.replacing(replacements) }
    let splices = (request.splices(replacements) + context.splices).sorted { $0.range.lowerBound < $1.range.lowerBound }
    return body.applying(splices)
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

extension Pipeline.Outcome {
  init(_ verdict: Verdict) {
    self.init(
      bytes: verdict.form, kind: verdict.kind, encoder: verdict.encoder, fidelity: verdict.fidelity,
      tokensBefore: verdict.tokensBefore, tokensAfter: verdict.tokensAfter, handle: verdict.handle,
      targets: verdict.targets)
  }
}

extension Verdict {
  init(_ outcome: Pipeline.Outcome) {
    self.init(
      form: outcome.bytes, kind: outcome.kind, encoder: outcome.encoder, fidelity: outcome.fidelity,
      tokensBefore: outcome.tokensBefore, tokensAfter: outcome.tokensAfter, handle: outcome.handle,
      targets: outcome.targets)
  }
}
