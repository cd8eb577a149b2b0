import NIOCore
import NIOHTTP1

/// The upstream's part of opening a WebSocket: asks for it, and reads what the answer is.
///
/// It stands before an HTTP encoder and decoder. The decoder gets to see only an answer that refuses: what follows an answer that accepts is no
/// HTTP, and may come with it.
final class Handshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// The answer of an upstream that gives no WebSocket.
  struct Refusal: Sendable {
    var head: HTTPResponseHead
    var body: ByteBuffer
  }

  /// Why there is no answer.
  enum Failure: Error, CustomStringConvertible {
    case closed, malformed, tooLong, timeout
    /// The client has left.
    case abandoned

    var description: String {
      switch self {
      case .closed: "the connection was closed before an answer came"
      case .malformed: "the answer is not HTTP/1.1"
      case .tooLong: "the answer is too long"
      case .timeout: "no answer came in time"
      case .abandoned: "the client has left"
      }
    }
  }

  private var waiting = ByteBuffer()
  /// Where the first line starts that is not complete.
  private var seenLines = 0
  private var isRefused = false
  private let onAccept: (HTTPResponseHead) -> TunnelEnd?
  private let onFailure: (any Error) -> Void

  /// The longest head of an answer, in bytes.
  private static let longestHead = 256 << 10

  /// - Parameter onAccept: gets the head of an answer that accepts, and returns what takes over; nil when nobody does any more.
  init(onAccept: @escaping (HTTPResponseHead) -> TunnelEnd?, onFailure: @escaping (any Error) -> Void) {
    self.onAccept = onAccept
    self.onFailure = onFailure
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return context.fireChannelRead(data) }
    waiting.writeImmutableBuffer(unwrapInboundIn(data))
    while let size = sizeOfHead() {
      let text = waiting.getString(at: waiting.readerIndex, length: size) ?? ""
      guard let head = Self.head(text) else { return fail(context, .malformed) }
      switch head.status.code {
      case 101:
        waiting.moveReaderIndex(forwardBy: size)
        return accept(head, context)
      case 100..<200:
        waiting.moveReaderIndex(forwardBy: size)
      default:
        isRefused = true
        defer { waiting = ByteBuffer() }
        return context.fireChannelRead(wrapInboundOut(waiting))
      }
    }
    if waiting.readableBytes > Self.longestHead { fail(context, .tooLong) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event, !isRefused { return fail(context, .closed) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    onFailure(Failure.closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    onFailure(error)
    context.close(promise: nil)
  }

  private func accept(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    guard let end = onAccept(head), (try? pipeline.addHandler(end, position: .after(self))) != nil else {
      return context.close(promise: nil)
    }
    for handler in [
      try? pipeline.context(handlerType: HTTPRequestEncoder.self),
      try? pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self),
    ] {
      if let handler { pipeline.removeHandler(context: handler, promise: nil) }
    }
    if waiting.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(waiting)) }
    pipeline.removeHandler(context: context, promise: nil)
  }

  private func fail(_ context: ChannelHandlerContext, _ failure: Failure) {
    onFailure(failure)
    context.close(promise: nil)
  }

  /// The bytes of the head up to and with its empty line; nil when it is not complete.
  private func sizeOfHead() -> Int? {
    let bytes = waiting.readableBytesView
    var lineStart = bytes.startIndex + seenLines
    while let end = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[lineStart..<end]
      lineStart = end + 1
      if line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) {
        seenLines = 0
        return lineStart - bytes.startIndex
      }
    }
    seenLines = lineStart - bytes.startIndex
    return nil
  }

  /// Reads the status line and the headers.
  private static func head(_ text: String) -> HTTPResponseHead? {
    var lines = text.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" }.makeIterator()
    guard let status = lines.next()?.split(separator: " ", maxSplits: 2), status.count >= 2,
      status[0].hasPrefix("HTTP/1."), let code = Int(status[1]), (100..<1000).contains(code)
    else { return nil }
    var headers = HTTPHeaders()
    while let line = lines.next() {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      headers.add(
        name: String(line[..<colon]), value: String(value.reversed().drop { $0 == " " || $0 == "\t" }.reversed()))
    }
    return HTTPResponseHead(version: .http1_1, status: .init(statusCode: code), headers: headers)
  }
}

/// Collects an answer that refuses.
final class RefusalReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private var refusal: Handshake.Refusal?
  private let onRefusal: (Handshake.Refusal) -> Void
  private let onFailure: (any Error) -> Void

  /// The longest body that is relayed, in bytes.
  private static let longestBody = 16 << 20

  init(onRefusal: @escaping (Handshake.Refusal) -> Void, onFailure: @escaping (any Error) -> Void) {
    self.onRefusal = onRefusal
    self.onFailure = onFailure
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): refusal = Handshake.Refusal(head: head, body: ByteBuffer())
    case .body(let bytes):
      refusal?.body.writeImmutableBuffer(bytes)
      if refusal?.body.readableBytes ?? 0 > Self.longestBody { fail(context, Handshake.Failure.tooLong) }
    case .end:
      if let refusal { onRefusal(refusal) }
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, error) }

  private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
    onFailure(error)
    context.close(promise: nil)
  }
}
