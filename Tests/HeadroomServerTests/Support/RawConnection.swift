import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection of which a test says and sees every byte.
///
/// It is read only when asked to, so a test can be a peer that does not read.
final class RawConnection: Sendable {
  /// How the other side left.
  enum End: Sendable, Equatable { case closed, reset }

  private struct State {
    var bytes = ByteBuffer()
    var end: End?
    var waiter: CheckedContinuation<Void, Never>?
  }

  private final class Reader: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let state = Mutex(State())
    let onActive: @Sendable () -> Void

    init(onActive: @escaping @Sendable () -> Void = {}) { self.onActive = onActive }

    func channelActive(context: ChannelHandlerContext) { onActive() }

    func update(_ body: (inout State) -> Void) {
      state.withLock { state in
        body(&state)
        return state.waiter.take()
      }?.resume()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      update { $0.bytes.writeImmutableBuffer(bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) { update { _ in } }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case ChannelEvent.inputClosed = event { update { $0.end = $0.end ?? .closed } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { update { $0.end = $0.end ?? .reset } }

    func channelInactive(context: ChannelHandlerContext) { update { $0.end = $0.end ?? .closed } }
  }

  let channel: any Channel
  private let reader: Reader

  private init(_ channel: any Channel, _ reader: Reader) {
    self.channel = channel
    self.reader = reader
  }

  static func connect(port: Int) async throws -> RawConnection {
    let reader = Reader()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.autoRead, value: false)
      .channelInitializer { $0.pipeline.addHandler(reader) }
      .connect(host: "127.0.0.1", port: port).get()
    return RawConnection(channel, reader)
  }

  /// A server on a free port.
  static func serve(
    _ body: @escaping @Sendable (RawConnection) async throws -> Void
  ) async throws -> RawServer {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        let connections = Mutex<RawConnection?>(nil)
        let reader = Reader {
          guard let connection = connections.withLock({ $0.take() }) else { return }
          Task {
            try? await body(connection)
            try? await channel.close()
          }
        }
        connections.withLock { $0 = RawConnection(channel, reader) }
        return channel.pipeline.addHandler(reader)
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return RawServer(channel: server)
  }

  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }
  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  /// Says that nothing more is sent.
  func finish() async throws { try await channel.close(mode: .output) }

  /// Breaks the connection off.
  func reset() async throws {
    try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    try await channel.close()
  }

  func close() async throws { try await channel.close() }

  /// Exactly `count` bytes; fewer when the other side left before.
  func read(_ count: Int) async -> [UInt8] {
    while true {
      let (bytes, end) = reader.state.withLock { state in
        let isReady = state.bytes.readableBytes >= count || state.end != nil
        return (isReady ? state.bytes.readBytes(length: min(count, state.bytes.readableBytes)) : nil, state.end)
      }
      if let bytes { return bytes }
      if end != nil { return [] }
      await readMore()
    }
  }

  /// All up to and with the first empty line.
  func readHead() async -> String {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let next = await read(1)
      if next.isEmpty { break }
      head += next
    }
    return String(decoding: head, as: UTF8.self)
  }

  /// All that comes until the other side leaves, and how it left.
  func readToEnd() async -> (bytes: [UInt8], end: End) {
    while true {
      if let end = reader.state.withLock({ $0.end }) { return (await read(.max), end) }
      await readMore()
    }
  }

  private func readMore() async {
    await withCheckedContinuation { continuation in
      let goesOn = reader.state.withLock { state in
        if state.end != nil { return true }
        state.waiter = continuation
        return false
      }
      if goesOn { continuation.resume() } else { channel.read() }
    }
  }
}

final class RawServer: Sendable {
  private let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  init(channel: any Channel) { self.channel = channel }

  /// Listens no more.
  func close() async throws { try await channel.close() }

  deinit { channel.close(promise: nil) }
}
