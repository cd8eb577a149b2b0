import Foundation
import NIOCore
import NIOSSL

/// One of the two connections of a tunnel, as a handler of bytes at the head of its channel.
///
/// It does only what channels do; ``WebSocketTunnel`` decides. All of it happens on one event loop.
final class TunnelEnd: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The tunnel that this is an end of, until the connection is over.
  var tunnel: WebSocketTunnel?
  private var context: ChannelHandlerContext?
  private var isReadWaiting = false
  /// Whether the peer has said that it sends nothing more.
  private(set) var hasEnded = false
  private var isFinished = false
  private var hasFailed = false

  var isWritable: Bool { context?.channel.isWritable ?? true }

  // What the tunnel asks for.

  func send(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    context?.write(wrapOutboundOut(bytes), promise: nil)
  }

  func flush() { context?.flush() }

  /// Says that nothing more is sent; what the peer sends still comes.
  func finish() {
    isFinished = true
    afterSending { $0.close(mode: .output, promise: nil) }
  }

  func close() { afterSending { $0.close(mode: .all, promise: nil) } }

  /// Breaks the connection off, so that the peer sees it as broken and not as ended.
  func reset() {
    afterSending { context in
      if let socket = context.channel as? any SocketOptionProvider {
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
      }
      // Below TLS, which would take its leave first.
      let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
      (tls ?? context).close(mode: .all, promise: nil)
    }
  }

  private func afterSending(_ body: @escaping (ChannelHandlerContext) -> Void) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in body(context) }
  }

  func goOnReading() {
    guard isReadWaiting, let context else { return }
    isReadWaiting = false
    read(context: context)
  }

  // What happens in the channel.

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    tunnel = nil
  }

  func read(context: ChannelHandlerContext) {
    if tunnel?.mayRead(self) ?? true {
      context.read()
    } else {
      isReadWaiting = true
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    tunnel?.received(unwrapInboundIn(data), at: self)
  }

  func channelReadComplete(context: ChannelHandlerContext) { tunnel?.receivedAll(at: self) }

  func channelWritabilityChanged(context: ChannelHandlerContext) { tunnel?.goOnReading() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      end()
    case is ChannelShouldQuiesceEvent:
      tunnel?.quiesce()
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Most servers end TLS without taking leave. The protocol above says by its own means whether it was complete.
    if case NIOSSLError.uncleanShutdown = error { return }
    hasFailed = true
    context.close(mode: .all, promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Of a connection whose other direction has ended, the end of this one is only told as the end of all.
    if isFinished, !hasFailed { end() }
    let tunnel = tunnel
    self.context = nil
    self.tunnel = nil
    tunnel?.closed(self)
    context.fireChannelInactive()
  }

  private func end() {
    guard !hasEnded else { return }
    hasEnded = true
    tunnel?.ended(at: self)
  }

  /// The server closes the connection from its side.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    tunnel?.shutDown()
    promise?.succeed()
  }
}
