import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A request as a client sent it.
struct ClientRequest: Sendable {
  enum Body: Sendable {
    case complete(ByteBuffer)
    /// It is too long to be held, or its length is not known; it comes while it is sent on.
    case streaming(BodyPipe, length: Int?)
  }

  var head: HTTPRequest
  var body: Body
  /// The connection it came by.
  var channel: any Channel

  /// Which agent it comes from: the first word of the user agent, without its version.
  var agent: String {
    let name = head.headerFields[.userAgent]?.prefix { $0 != "/" && $0 != " " } ?? ""
    return String(name.prefix(40))
  }
}

/// Answers requests. What it throws breaks the connection off, so that an answer that was begun never looks complete.
protocol RequestResponder: Sendable {
  /// Whether the whole body is needed before anything can be done.
  func needsWholeBody(_ head: HTTPRequest) -> Bool
  func respond(to request: ClientRequest, through sink: ResponseSink) async throws
}

/// The connections of clients: HTTP/1.1, one request after the other.
///
/// While a request is answered the connection is still read, as that is the only way to learn that the client has left: then the work for it
/// is cancelled, here and at the upstream.
struct ClientConnection: ServerChildChannel {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  let responder: any RequestResponder
  /// Bodies of more bytes are not held.
  let heldBytes: Int

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let configuration = HTTP1Channel.Configuration(
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 256 << 10, maxHeaderListSize: 1 << 20, maxHeaderFieldCount: 1000))
    return HTTP1Channel(responder: { _, _, _ in }, configuration: configuration).setup(channel: channel, logger: logger)
      .flatMapThrowing { value in
        try UpgradeHandler.install(in: channel)
        return value
      }
  }

  func handle(value connection: Value, logger: Logger) async {
    do {
      try await withTaskCancellationHandler {
        try await connection.executeThenClose { inbound, outbound in
          try await serve(inbound, outbound, connection.channel)
        }
      } onCancel: {
        connection.channel.close(mode: .input, promise: nil)
      }
    } catch {
      logger.trace("connection ended", metadata: ["error": "\(error)"])
    }
  }

  private func serve(
    _ inbound: NIOAsyncChannelInboundStream<HTTPRequestPart>,
    _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>, _ channel: any Channel
  ) async throws {
    var parts = inbound.makeAsyncIterator()
    var next: HTTPRequestPart?
    do {
      next = try await parts.next()
      while case .head(let head) = next {
        let sink = ResponseSink(outbound, method: head.method)
        if head.headerFields[.expect]?.lowercased() == "100-continue" { try await sink.head(.continue, [:]) }
        guard let (body, rest) = try await begin(head, &parts) else { break }
        let request = ClientRequest(head: head, body: body, channel: channel)
        let stays = !head.headerFields[values: .connection].contains { $0.lowercased() == "close" }
        let work = Task { await respond(request, sink, stays: stays, outbound) }
        if let rest { await pump(rest, into: body, &parts) }
        next = try? await parts.next()
        if next == nil { work.cancel() }
        guard await work.value else { break }
      }
    } catch is HTTPParserError {
      let fields: HTTPFields = [.connection: "close", .contentLength: "0"]
      try await outbound.write(.head(HTTPResponse(status: .badRequest, headerFields: fields)))
      try await outbound.write(.end(nil))
    }
    outbound.finish()
  }

  /// Answers one request. What goes wrong ends the connection, which is how a client sees that an answer broke off.
  /// - Returns: whether another request may follow.
  private func respond(
    _ request: ClientRequest, _ sink: ResponseSink, stays: Bool,
    _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
  ) async -> Bool {
    do {
      try await responder.respond(to: request, through: sink)
      if stays { return true }
    } catch {}
    outbound.finish()
    // A client that does not close its side is not waited for.
    let channel = request.channel
    _ = channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    return false
  }

  /// The body, or the beginning of one that is too long to be held: then with the first of its bytes. Nil when the client has left.
  @concurrent
  private func begin(
    _ head: HTTPRequest, _ parts: inout NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
  ) async throws -> (ClientRequest.Body, rest: ByteBuffer?)? {
    let length = head.headerFields[.contentLength].flatMap { Int($0) }
    var held = ByteBuffer()
    let isHeld = responder.needsWholeBody(head) || head.headerFields[.transferEncoding] == nil && length ?? 0 == 0
    if isHeld, let length, length <= heldBytes { held.reserveCapacity(length) }
    while isHeld, length ?? 0 <= heldBytes, held.readableBytes <= heldBytes {
      switch try await parts.next() {
      case .body(let buffer): held.writeImmutableBuffer(buffer)
      case .end: return (.complete(held), nil)
      case .head, nil: return nil
      }
    }
    return (.streaming(BodyPipe(), length: length), held)
  }

  @concurrent
  private func pump(
    _ first: ByteBuffer, into body: ClientRequest.Body,
    _ parts: inout NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
  ) async {
    guard case .streaming(let pipe, _) = body else { return }
    if first.readableBytes > 0 { await pipe.write(first) }
    do {
      while case .body(let buffer)? = try await parts.next() { await pipe.write(buffer) }
      pipe.finish()
    } catch {
      pipe.finish(error)
    }
  }
}
