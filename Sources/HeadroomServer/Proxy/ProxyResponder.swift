import AsyncHTTPClient
import HTTPTypes
import Headroom
import HeadroomStore
import Logging
import NIOCore
import NIOHTTP1

/// What the proxy does with each request: refuses it, answers it itself, or sends it on and relays the answer.
struct ProxyResponder: RequestResponder {
  let configuration: ProxyConfiguration
  let access: AccessPolicy
  let operations: Operations
  let preparer: RequestPreparer
  let upstream: UpstreamClient
  let storage: Storage
  let webSockets: WebSocketOpener
  let recorder: Recorder
  let recent: RecentRequests
  let logger: Logger

  func needsWholeBody(_ head: HTTPRequest) -> Bool {
    Operations.owns(head.pathOnly) || route(head).isInspected
  }

  private func route(_ head: HTTPRequest) -> Route {
    Route(
      method: head.method.rawValue, path: head.pathOnly,
      hasAnthropicHeader: head.headerFields[.anthropicVersion] != nil || head.headerFields[.anthropicKey] != nil)
  }

  func respond(to request: ClientRequest, through sink: ResponseSink) async throws {
    let head = request.head
    if let refusal = access.refusal(
      authority: head.authority, headers: head.headerFields, isPublic: Operations.isPublic(head.pathOnly))
    {
      return try await sink.answer(ProblemText.proxy(refusal.reason), status: refusal.status)
    }
    if Operations.owns(head.pathOnly) { return try await operations.respond(to: request, through: sink) }
    let route = route(head)
    guard let base = base(route, head.headerFields) else {
      return try await sink.answer(
        ProblemText.proxy("this upstream is not allowed; allow it with --allow-upstream"), status: 403)
    }
    let address = Upstreams.address(base, head.path ?? "/")
    if UpgradeHandler.isWebSocket(head) {
      let exchange = WebSocketExchange(
        provider: route.provider, address: address, request: request, preparer: preparer, opener: webSockets,
        recorder: recorder, recent: recent, logger: logger)
      return try await exchange.run(through: sink)
    }
    let exchange = Exchange(
      route: route, address: address, request: request, preparer: preparer,
      inspectedBytes: configuration.inspectedBytes, upstream: upstream, storage: storage,
      recorder: recorder, recent: recent, logger: logger)
    try await exchange.run(through: sink)
  }

  /// The upstream's address: the one that the request names, if it may, or the provider's. Nil when it may not: what a request carries is
  /// never sent to a host that its user did not choose.
  private func base(_ route: Route, _ headers: HTTPFields) -> String? {
    guard let named = headers[ForwardedHeaders.upstream] else { return configuration.upstreams[route.provider] }
    let wanted = named.hasSuffix("/") ? String(named.dropLast()) : named
    return configuration.allowedUpstreams.contains { $0 == wanted || $0 == wanted + "/" } ? wanted : nil
  }
}

extension HTTPRequest {
  /// The path without its query.
  var pathOnly: String { path.map { String($0.prefix { $0 != "?" }) } ?? "/" }
}

extension HTTPField.Name {
  static let anthropicVersion = HTTPField.Name("anthropic-version")!
  static let anthropicKey = HTTPField.Name("x-api-key")!
}

/// Answers of the proxy's own, for when there is no other.
enum ProblemText {
  /// In a form that clients of all providers show: `error.message`.
  static func proxy(_ message: String) -> ByteBuffer {
    var text = #"{"type":"error","error":{"type":"headroom_error","message":"#
    text += String(decoding: JSONString.quoted(Array("headroom: \(message)".utf8)), as: UTF8.self)
    return ByteBuffer(string: text + "}}\n")
  }
}

extension ResponseSink {
  func answer(_ body: ByteBuffer, status: Int, type: String = "application/json") async throws {
    try await answer(.init(code: status), [.contentType: type], body)
  }
}
