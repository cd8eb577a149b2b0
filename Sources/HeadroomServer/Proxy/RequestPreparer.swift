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

  init(_ configuration: ProxyConfiguration, _ storage: Storage) {
    isAudit = configuration.mode == .audit
    deadline = .milliseconds(configuration.deadlineMilliseconds)
    // What is only looked at must not be taken for what was sent, so an audit has decisions of its own.
    options = Options(
      level: configuration.level, mode: isAudit ? .simulate : .optimize, store: storage.stagedOriginals,
      ledger: isAudit ? MemoryLedger() : storage.verdicts)
    retrieval = configuration.retrieval
    journal = storage.journal
  }

  /// What goes upstream.
  struct Prepared: Sendable {
    /// The client's own bytes wherever nothing was gained.
    var body: [UInt8]
    /// What was done; nil when the body is no conversation.
    var result: CompressionResult?
    /// How its model gets at what was cut.
    var session: RetrievalSession?
  }

  /// - Parameters:
  ///   - body: the client's bytes, decoded.
  ///   - model: the model, where the body does not name it.
  ///   - answersCalls: whether calls of the retrieval tool in the answer can be answered here.
  func prepare(_ body: [UInt8], model: String? = nil, answersCalls: Bool = false) async -> Prepared {
    guard let request = RequestBody(body) else { return Prepared(body: body) }
    var session = RetrievalSession(
      request, settings: .init(mode: retrieval, level: options.level, canInject: answersCalls && !isAudit),
      journal: journal)
    var options = options
    options.level = session.level
    options.retrieval = session.path
    let deadline = deadline
    let result = await compress(session.request, model: model, options: options) {
      try? await Task.sleep(for: deadline)
    }
    if isAudit { return Prepared(body: body, result: result) }
    return Prepared(body: session.declaringTool(in: result), result: result, session: session)
  }
}

extension SavingsRecord {
  /// Takes over what was done with a body.
  mutating func take(_ result: CompressionResult, before: Int) {
    format = result.format ?? ""
    model = result.model
    bytesBefore = before
    bytesSent = result.body.count
    tokensBefore = result.tokensBefore
    tokensSent = result.tokensAfter
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
