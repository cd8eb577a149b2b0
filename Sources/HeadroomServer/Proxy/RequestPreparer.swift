import Headroom
import HeadroomStore
import NIOCore

/// Makes what goes upstream of what a client sent: tool results shortened, all else as it was.
struct RequestPreparer: Sendable {
  private let options: Options
  let isAudit: Bool
  private let deadline: Duration

  init(_ configuration: ProxyConfiguration, verdicts: any VerdictLedger, originals: any OriginalStore) {
    isAudit = configuration.mode == .audit
    deadline = .milliseconds(configuration.deadlineMilliseconds)
    // What is only looked at must not be taken for what was sent, so an audit has decisions of its own.
    options = Options(
      level: configuration.level, mode: isAudit ? .simulate : .optimize, store: originals,
      ledger: isAudit ? MemoryLedger() : verdicts)
  }

  /// What goes upstream.
  struct Prepared: Sendable {
    /// The client's own bytes wherever nothing was gained.
    var body: [UInt8]
    /// What was done; nil when the body is no conversation.
    var result: CompressionResult?
    /// What requests of the same conversation have in common.
    var session = ""
  }

  /// - Parameters:
  ///   - body: the client's bytes, decoded.
  ///   - model: the model, where the body does not name it.
  func prepare(_ body: [UInt8], model: String? = nil) async -> Prepared {
    guard let request = RequestBody(body) else { return Prepared(body: body) }
    let deadline = deadline
    let result = await compress(request, model: model, options: options) { try? await Task.sleep(for: deadline) }
    return Prepared(body: isAudit ? body : result.body, result: result, session: request.conversationID)
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
