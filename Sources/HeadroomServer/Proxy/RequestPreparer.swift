import Headroom
import HeadroomStore
import NIOCore

/// Makes what goes upstream of what a client sent: tool results shortened, all else as it was.
struct RequestPreparer: Sendable {
  private let options: Options
  let isAudit: Bool
  private let deadline: Duration
  private let retrieval: RetrievalMode
  private let journal: any SessionJournal
  /// The time, in seconds since 1970.
  private let now: @Sendable () -> Int64

  init(
    _ configuration: ProxyConfiguration, _ storage: Storage,
    now: @escaping @Sendable () -> Int64 = { Clock.milliseconds() / 1_000 }
  ) {
    isAudit = configuration.mode == .audit
    deadline = .milliseconds(configuration.deadlineMilliseconds)
    // What is only looked at must not be taken for what was sent, so an audit has decisions of its own.
    options = Options(
      level: configuration.level, mode: isAudit ? .simulate : .optimize, store: storage.stagedOriginals,
      ledger: isAudit ? MemoryLedger() : storage.verdicts,
      context: ContextOptions(configuration, journal: isAudit ? MemoryJournal() : storage.journal))
    retrieval = configuration.retrieval
    journal = storage.journal
    self.now = now
  }

  /// What goes upstream.
  struct Prepared: Sendable {
    /// The client's own bytes wherever nothing was gained.
    var body: [UInt8]
    /// What was done; nil when the body is no conversation.
    var result: CompressionResult?
    /// What requests of the same conversation have in common.
    var session = ""
    /// How its model gets at what was cut.
    var retrieval: RetrievalSession?
  }

  /// - Parameters:
  ///   - body: the client's bytes, decoded.
  ///   - model: the model, where the body does not name it.
  ///   - answersCalls: whether calls of the retrieval tool in the answer can be answered here.
  func prepare(_ body: [UInt8], model: String? = nil, answersCalls: Bool = false) async -> Prepared {
    guard let request = RequestBody(body) else { return Prepared(body: body) }
    var retrieval = RetrievalSession(
      request, settings: .init(mode: self.retrieval, level: options.level, canInject: answersCalls && !isAudit),
      journal: journal)
    var options = options
    options.level = retrieval.level
    options.retrieval = retrieval.path
    let deadline = deadline
    options.context?.now = now()
    // Nothing goes that its model could not get back.
    if retrieval.path == .none { options.context?.mode = .off }
    let result = await compress(retrieval.request, model: model, options: options) {
      try? await Task.sleep(for: deadline)
    }
    var prepared = Prepared(body: body, result: result, session: request.conversationID)
    if isAudit { return prepared }
    prepared.body = retrieval.declaringTool(in: result)
    prepared.retrieval = retrieval
    return prepared
  }
}

extension RequestPreparer {
  /// Takes note of what the provider billed for a request, which tells whether it keeps its prompts at all.
  func answered(_ usage: TokenUsage?, to result: CompressionResult?) {
    guard let usage, let conversation = result?.context?.conversation else { return }
    options.context?.activity.answered(usage, to: conversation)
  }
}

extension ContextOptions {
  /// What is to be done with the conversations of a proxy. Also where nothing new is to be done, as what was begun holds on.
  fileprivate init(_ configuration: ProxyConfiguration, journal: any SessionJournal) {
    let isTimed = configuration.contextManager != .off || configuration.aligns
    self.init(
      mode: configuration.contextManager, journal: journal,
      activity: ChainActivity(journal: isTimed ? journal : nil), drift: DriftMonitor(), aligns: configuration.aligns,
      now: 0)
  }
}

extension SavingsRecord {
  /// Takes over what was done with a body.
  mutating func take(_ result: CompressionResult, session: String, before: Int) {
    self.session = session
    format = result.format ?? ""
    model = result.model
    bytesBefore = before
    bytesSent = result.body.count
    tokensBefore = result.tokensBefore
    tokensSent = result.tokensAfter
    tokensRewritten = result.context?.epoch?.tokensRewritten ?? 0
    blocks = result.blocks.count
    for block in result.blocks {
      if block.encoder != nil { shortened += 1 }
      guard block.isNew else { continue }
      newTokensBefore += block.tokensBefore
      newTokensSent += block.tokensAfter
      if block.tokensAfter != block.tokensBefore {
        savedByKind[block.kind, default: 0] += block.tokensBefore - block.tokensAfter
      }
    }
  }
}
