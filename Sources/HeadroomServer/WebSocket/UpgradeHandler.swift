import HTTPTypes
import NIOCore
import NIOHTTP1

/// Watches over the requests of a client's connection that ask for another protocol than HTTP, between the HTTP decoder and the rest.
///
/// The decoder takes nothing for HTTP that follows such a request. So the connection either becomes that of a tunnel, by ``accept(_:as:)``, or
/// it is closed after the answer.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// Called when the client has left, or says that it sends nothing more.
  var onEnd: (() -> Void)?

  private var context: ChannelHandlerContext?
  private var unanswered = 0
  /// Whether a request has asked for an upgrade; it is the last one.
  private var isLast = false
  private var isAtEnd = false
  private var isTunnel = false
  private var isReadWaiting = false

  /// Adds one to the pipeline of an HTTP/1.1 server's connection.
  static func install(in channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
    try pipeline.addHandler(UpgradeHandler(), position: .after(decoder))
  }

  /// Whether a request asks for a WebSocket (RFC 6455, section 4.1).
  static func isWebSocket(_ request: HTTPRequest) -> Bool {
    request.method == .get && names(request.headerFields[values: .upgrade], "websocket")
      && names(request.headerFields[values: .connection], "upgrade")
  }

  private static func names(_ values: [String], _ token: String) -> Bool {
    values.contains { value in
      value.split(separator: ",").contains { $0.lowercased().filter { $0 != " " && $0 != "\t" } == token }
    }
  }

  /// Answers the request that asked for it with `head`, and gives the connection to `end`.
  /// - Returns: false when it is too late: the client has left.
  func accept(_ head: HTTPResponseHead, as end: TunnelEnd) -> Bool {
    guard let context, isLast, unanswered == 1, !isTunnel, context.channel.isActive else { return false }
    let pipeline = context.pipeline.syncOperations
    guard let encoder = try? pipeline.context(handlerType: HTTPResponseEncoder.self),
      let decoder = try? pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
    else { return false }
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    isTunnel = true
    pipeline.removeHandler(context: encoder, promise: nil)
    guard (try? pipeline.addHandler(end, position: .before(self))) != nil else { return false }
    pipeline.removeHandler(context: decoder, promise: nil)
    if isReadWaiting { context.read() }
    return true
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    onEnd = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      unanswered += 1
      isLast = head.headers.contains(name: "upgrade") && Self.names(head.headers["connection"], "upgrade")
    case .end: isAtEnd = isLast
    case .body: break
    }
    context.fireChannelRead(data)
  }

  /// Who has asked for an upgrade waits for the answer. What it sends before could not be told from what is to follow.
  func read(context: ChannelHandlerContext) {
    if isAtEnd, !isTunnel {
      isReadWaiting = true
    } else {
      context.read()
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isTunnel else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
    let isFinal = isLast && unanswered == 1
    switch unwrapOutboundIn(data) {
    case .head(var head) where isFinal && head.status.code >= 200:
      head.headers.replaceOrAdd(name: "connection", value: "close")
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where isFinal:
      unanswered = 0
      context.writeAndFlush(data).assumeIsolated().whenComplete { result in
        if let promise { promise.completeWith(result) }
        context.close(mode: .all, promise: nil)
      }
    case .end:
      unanswered -= 1
      context.write(data, promise: promise)
    case .head, .body:
      context.write(data, promise: promise)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { end() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    onEnd?()
    onEnd = nil
  }
}
