import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// One request for a WebSocket, and what the upstream has to say to it.
struct WebSocketExchange: Sendable {
  let provider: Provider
  let address: String
  let request: ClientRequest
  let preparer: RequestPreparer
  let opener: WebSocketOpener
  let recorder: Recorder
  let recent: RecentRequests
  let logger: Logger

  /// Answers with the upstream's refusal, or returns when the WebSocket is over.
  func run(through sink: ResponseSink) async throws {
    guard let target = WebSocketTarget(address) else {
      return try await sink.answer(ProblemText.proxy("the upstream's address is not valid"), status: 502)
    }
    do {
      let outcome = try await opener.open(
        request.channel, to: target, headers: ForwardedHeaders.request(request.head.headerFields), inspector: inspector)
      switch outcome {
      case .opened(let over):
        try await over.get()
      case .refused(let refusal):
        let status = HTTPResponse.Status(
          code: Int(refusal.head.status.code), reasonPhrase: refusal.head.status.reasonPhrase)
        try await sink.answer(status, ForwardedHeaders.response(refusal.head.headers), refusal.body)
      }
    } catch Handshake.Failure.abandoned {
      throw CancellationError()
    } catch  where !Task.isCancelled {
      logger.warning("upstream not reached", metadata: ["upstream": "\(target.origin)", "error": "\(error)"])
      let status = if case Handshake.Failure.timeout = error { 504 } else { 502 }
      try await sink.answer(ProblemText.proxy("cannot reach \(target.origin): \(error)"), status: status)
    }
  }

  /// Requests of the Responses API are read; what other WebSockets say is between the client and the upstream.
  private var inspector: (any WebSocketInspector)? {
    guard request.head.pathOnly.hasSuffix("/responses") else { return nil }
    return ResponsesSocket(
      provider: provider, agent: request.agent, preparer: preparer, recorder: recorder, recent: recent)
  }
}
