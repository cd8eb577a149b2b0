/// Compacts the past of one conversation: replays what was taken out of it before, and decides whether more goes now. Also keeps its beginning
/// as it is, where that was begun.
///
/// A plan is written down before the request that it first holds for is sent, under the place of the conversation that it covers. From then
/// on it is a part of the conversation: every request that goes on from there is sent with the same stubs, by whatever process.
struct ContextManager: Sendable {
  private let options: ContextOptions
  private let request: RequestBody
  private let items: [ConversationItem]
  private let chain: ConversationChain
  private let model: String
  private let life: Int64?
  private let prices: TokenPrices
  /// The plans that hold for this request, the deepest first.
  private var plans: [EpochPlan]
  /// The epoch that begins with this request.
  private(set) var epoch: ContextReport.Epoch?
  /// How many stubs stand in the request.
  private var stubCount = 0
  /// What changed before the conversation, and what is told at its end instead.
  private let drift: PrefixDrift?
  private let aligner: PromptAligner?

  /// Nil where there is no conversation, and where the journal cannot be read: what is not known cannot be replayed, and goes out whole.
  init?(_ request: RequestBody, model: String, _ options: ContextOptions) {
    guard let chain = ConversationChain(request) else { return nil }
    self.options = options
    self.request = request
    items = request.items
    self.chain = chain
    self.model = model
    life = CacheRetention.seconds(of: request, model: model)
    prices = (CostModel(model: model) ?? .inTokens(format: request.format)).prices
    let places = chain.turnEnds.reversed().map { chain.digests[$0] }
    let planKeys = places.map { JournalKey(topic: EpochPlan.topic, digest: $0) }
    let alignmentKeys = (places + [chain.root]).map { PromptAlignment.key($0) }
    guard let entries = try? options.journal.entries(planKeys + alignmentKeys) else { return nil }
    plans = entries.prefix(places.count).compactMap { $0.flatMap { EpochPlan($0) } }

    let alignments = entries.dropFirst(places.count).compactMap { $0.flatMap { PromptAlignment($0) } }
    guard options.drift != nil || options.aligns || !alignments.isEmpty else {
      drift = nil
      aligner = nil
      return
    }
    let head = PromptHead(request)
    let template = SystemTemplate(head)
    drift = options.drift?.note(head, template, chain, prices: prices)
    let isCold = life == nil ? chain.turns == 0 : options.activity.warmItems(chain, now: options.now) == 0
    guard let template else {
      aligner = nil
      return
    }
    aligner = PromptAligner(
      request, items, chain, template, alignments, options, mayBegin: options.aligns && isCold)
  }

  /// The edits outside of tool results, in order.
  var splices: [Splice] { aligner?.splices ?? [] }

  /// The stubs that stand in the request, by the number of their blocks.
  mutating func stubs(_ digest: (Int) -> [UInt8]) -> [Int: Verdict] {
    var stubs: [Int: Verdict] = [:]
    for plan in plans {
      for replacement in plan.replacements
      where stubs[replacement.block] == nil && replacement.block < request.blocks.count {
        if digest(replacement.block) == replacement.digest { stubs[replacement.block] = replacement.stub }
      }
    }
    stubCount = stubs.count
    return stubs
  }

  /// Takes note that the request goes out.
  func touch() { options.activity.touch(chain, life: life, now: options.now) }

  var report: ContextReport {
    ContextReport(
      conversation: chain.end, root: chain.root, stubs: stubCount, epoch: epoch, drift: drift,
      isAligned: aligner != nil)
  }

  // MARK: An epoch

  /// The results of the request with what is sent for them.
  func results(_ blocks: [CompressionJob.Work], _ sent: [Verdict]) -> [PastResult] {
    let starts = chain.requestEnds.dropLast().map { items[$0].range.lowerBound }
    var turn = 0
    return zip(blocks, sent).compactMap { work, sent in
      guard let block = work.index else { return nil }
      while turn < starts.count, starts[turn] < request.blocks[block].range.lowerBound { turn += 1 }
      return PastResult(
        block: block, turn: turn, payload: work.payload, hint: work.hint, isError: work.isError, sent: sent)
    }
  }

  /// The plan for an epoch now, before it is known what it is worth. Nil when this is not the moment, or there is nothing to do.
  func plan(_ results: [PastResult], _ tokenizer: Tokenizer, _ retrieval: RetrievalPath) -> EpochPlan? {
    guard options.mode != .off, chain.turns > 0 else { return nil }
    let prompt = PromptSize(request, tokenizer, results)
    let decision = decision(prompt.total)
    // What would be done if everything could go: mostly that is not enough, and nothing needs to be read.
    let most = results.reduce(0) { $0 + (chain.turns - $1.turn >= EpochPlanner.recentTurns ? $1.sent.tokensAfter : 0) }
    guard decision.reason(removed: tokenizer.modelTokens(most), rewritten: 0) != nil else { return nil }
    let past = ConversationPast(results, in: request, chain)
    let replacements = tokenizer.withCounter { counter in
      EpochPlanner(past: past, counter: counter, retrieval: retrieval)
        .plan(saving: decision.targetTokens.map { max(0, prompt.total - $0) })
    }
    guard !replacements.isEmpty else { return nil }
    return EpochPlan(reason: .gain, turns: chain.turns, replacements: replacements)
  }

  /// The plan with the reason for it, if it is worth what it costs.
  ///
  /// - Parameters:
  ///   - before: what is sent without it.
  ///   - after: what is sent with it.
  mutating func adopt(
    _ plan: EpochPlan, before: [PastResult], after: [PastResult], _ tokenizer: Tokenizer, _ store: any OriginalStore
  ) -> Bool {
    let (old, new) = (PromptSize(request, tokenizer, before), PromptSize(request, tokenizer, after))
    guard let first = plan.replacements.first.map({ request.blocks[$0.block].range.lowerBound }) else { return false }
    let warm = life == nil ? 0 : options.activity.warmItems(chain, now: options.now)
    let rewritten = new.tokens(from: first, toItem: warm)
    let removed = old.total - new.total
    var plan = plan
    guard let reason = decision(old.total).reason(removed: removed, rewritten: rewritten) else { return false }
    plan.reason = reason
    guard let stored = storing(plan, store, before), let place = chain.turnEnds.last else { return false }
    // Another request may have come first; then its plan holds.
    let key = JournalKey(topic: EpochPlan.topic, digest: chain.digests[place])
    guard let entry = try? options.journal.record(stored.entry, for: key), let standing = EpochPlan(entry) else {
      return false
    }
    plans.insert(standing, at: 0)
    epoch = ContextReport.Epoch(
      reason: standing.reason, results: standing.replacements.count, tokensRemoved: removed, tokensRewritten: rewritten)
    return true
  }

  /// The plan with the originals of its results in the store. A result that cannot be stored stays.
  private func storing(_ plan: EpochPlan, _ store: any OriginalStore, _ results: [PastResult]) -> EpochPlan? {
    var plan = plan
    let payloads = Dictionary(results.map { ($0.block, $0.payload) }) { first, _ in first }
    plan.replacements = plan.replacements.filter { replacement in
      guard let payload = payloads[replacement.block], let handle = try? store.put(payload) else { return false }
      return handle == replacement.stub.handle
    }
    return plan.replacements.isEmpty ? nil : plan
  }

  private func decision(_ promptTokens: Int) -> EpochDecision {
    let since = plans.map(\.turns).max() ?? 0
    return EpochDecision(
      mode: options.mode,
      moment: EpochDecision.Moment(
        promptTokens: promptTokens, window: options.window ?? ModelWindow.tokens(model: model), turns: chain.turns,
        turnsSinceEpoch: chain.turns - since,
        isCold: life != nil && options.activity.warmItems(chain, now: options.now) == 0, isUncached: life == nil,
        prices: prices))
  }
}
