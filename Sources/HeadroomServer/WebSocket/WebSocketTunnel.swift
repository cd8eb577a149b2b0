import NIOCore

/// Two connections that a WebSocket runs through: what comes at one end goes out at the other, byte for byte.
///
/// With an inspector, text messages of the client are held until they are complete, and another may be sent in their place; all else goes on
/// as it comes. Without one the frames are not even looked for.
///
/// - Each side is read only as fast as the other takes what was read.
/// - A side that ends ends the other, and one that breaks breaks the other, after all that was read before.
final class WebSocketTunnel {
  private let client: TunnelEnd
  private let upstream: TunnelEnd
  private let eventLoop: any EventLoop
  private let inspector: (any WebSocketInspector)?
  private var gate: MessageGate
  private var tap: MessageTap
  private var isQuiescing = false
  private var isShuttingDown = false
  private var isOver = false
  private var firstToLeave: TunnelEnd?

  /// Messages over this are neither shortened nor read, in bytes.
  static let messageLimit = 16 << 20

  init(
    client: TunnelEnd, upstream: TunnelEnd, eventLoop: any EventLoop, inspector: (any WebSocketInspector)?,
    messageLimit: Int = messageLimit
  ) {
    self.client = client
    self.upstream = upstream
    self.eventLoop = eventLoop
    self.inspector = inspector
    gate = MessageGate(limit: messageLimit)
    tap = MessageTap(limit: messageLimit)
  }

  func mayRead(_ end: TunnelEnd) -> Bool {
    end === client ? upstream.isWritable && !gate.isInspecting : client.isWritable
  }

  /// Takes up reading where it may go on again.
  func goOnReading() {
    if mayRead(client) { client.goOnReading() }
    if mayRead(upstream) { upstream.goOnReading() }
  }

  func received(_ bytes: ByteBuffer, at end: TunnelEnd) {
    guard !isShuttingDown else { return }
    guard let inspector else { return other(than: end).send(bytes) }
    if end === client {
      gate.append(bytes)
      passGate()
    } else {
      client.send(bytes)
      tap.append(bytes)
      while let message = tap.next() { inspector.incoming(message) }
      if isQuiescing, inspector.isIdle { shutDown() }
    }
  }

  func receivedAll(at end: TunnelEnd) { other(than: end).flush() }

  /// The peer at `end` sends nothing more.
  func ended(at end: TunnelEnd) {
    firstToLeave = firstToLeave ?? end
    // Nothing can be answered any more.
    if end === upstream { over(end) }
    guard end === client, inspector != nil else { return other(than: end).finish() }
    // A message that is being looked at goes out first; see `inspected`.
    guard !gate.isInspecting else { return }
    upstream.send(gate.finish())
    upstream.flush()
    upstream.finish()
  }

  /// The connection of `end` is gone.
  func closed(_ end: TunnelEnd) {
    over(end)
    if end.hasEnded { other(than: end).close() } else { other(than: end).reset() }
  }

  private func over(_ end: TunnelEnd) {
    guard !isOver else { return }
    isOver = true
    inspector?.ended(byClient: gate.hasClosed || (firstToLeave ?? end) === client)
  }

  /// The server takes no more connections: closes this one as soon as no answer is under way.
  func quiesce() {
    isQuiescing = true
    if inspector?.isIdle ?? true { shutDown() }
  }

  /// Takes leave of both sides.
  func shutDown() {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    if inspector != nil {
      // 1001: the endpoint is going away (RFC 6455, section 7.4.1).
      let close = FrameHeader.Opcode.close
      let code: [UInt8] = [0x03, 0xe9]
      if tap.isBetweenFrames { client.send(FrameHeader.frame(opcode: close, mask: nil, payload: code)) }
      if gate.isBetweenFrames { upstream.send(FrameHeader.frame(opcode: close, mask: .random(), payload: code)) }
    }
    client.close()
    upstream.close()
  }

  private func other(than end: TunnelEnd) -> TunnelEnd { end === client ? upstream : client }

  private func passGate() {
    while let step = gate.next() {
      switch step {
      case .pass(let bytes): upstream.send(bytes)
      case .inspect(let message): inspect(message)
      }
    }
  }

  private func inspect(_ message: [UInt8]) {
    guard let inspector else { return }
    let promise = eventLoop.makePromise(of: [UInt8]?.self)
    promise.completeWithTask { await inspector.outgoing(message) }
    promise.futureResult.assumeIsolated().whenSuccess { self.inspected($0) }
  }

  private func inspected(_ replacement: [UInt8]?) {
    guard !isShuttingDown else { return }
    upstream.send(gate.resume(with: replacement))
    passGate()
    upstream.flush()
    if client.hasEnded {
      ended(at: client)
    } else {
      goOnReading()
    }
  }
}
