import NIOCore
import NIOHTTP1
import NIOWebSocket

@testable import HeadroomServer

/// Frames as bytes, made and read by NIO's own codec's rules rather than by those under test.
struct RawFrame: Sendable, Equatable {
  var opcode: UInt8 = 1
  var isFinal = true
  var reserved: UInt8 = 0
  /// Nil for a frame of a server.
  var mask: [UInt8]?
  /// Unmasked.
  var payload: [UInt8]

  var bytes: [UInt8] {
    guard let mask else { return header(payload.count) + payload }
    var buffer = ByteBuffer(bytes: payload)
    buffer.webSocketMask(WebSocketMaskingKey(mask)!)
    return header(payload.count) + Array(buffer.readableBytesView)
  }

  /// What stands before a payload of `count` bytes.
  func header(_ count: Int) -> [UInt8] {
    var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    let flag: UInt8 = mask == nil ? 0 : 0x80
    switch count {
    case ..<126: bytes.append(flag | UInt8(count))
    case ..<65536: bytes += [flag | 126, UInt8(count >> 8), UInt8(count & 0xff)]
    default: bytes += [flag | 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
    }
    return bytes + (mask ?? [])
  }

  static func text(_ text: String, mask: [UInt8]? = nil) -> RawFrame { RawFrame(mask: mask, payload: Array(text.utf8)) }

  static func close(_ code: Int, _ reason: String = "", mask: [UInt8]? = nil) -> RawFrame {
    RawFrame(opcode: 8, mask: mask, payload: [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8))
  }
}

extension RawConnection {
  /// Reads one frame; nil when the other side left.
  func readFrame() async -> RawFrame? {
    let head = await read(2)
    guard head.count == 2 else { return nil }
    var length = Int(head[1] & 0x7f)
    if length >= 126 {
      length = await read(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    var frame = RawFrame(
      opcode: head[0] & 0x0f, isFinal: head[0] & 0x80 != 0, reserved: head[0] >> 4 & 7, payload: [])
    if head[1] & 0x80 != 0 { frame.mask = await read(4) }
    frame.payload = await read(length)
    if let mask = frame.mask {
      var buffer = ByteBuffer(bytes: frame.payload)
      buffer.webSocketUnmask(WebSocketMaskingKey(mask)!)
      frame.payload = Array(buffer.readableBytesView)
    }
    return frame
  }

  static let key = "dGhlIHNhbXBsZSBub25jZQ=="
  /// What a server answers to ``key`` (RFC 6455, section 1.3).
  static let accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

  func askForWebSocket(_ path: String = "/v1/responses", headers: String = "") async throws {
    try await send(
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(Self.key)\r\n\(headers)\r\n")
  }
}

/// A client and an upstream, joined by a proxy, of which a test says and sees every byte.
struct RawPair {
  let client: RawConnection
  let upstream: RawConnection
  let server: RawServer
  let proxy: RunningProxy

  static func open(
    _ path: String = "/v1/responses", configure: (inout ProxyConfiguration) -> Void = { _ in }
  ) async throws -> RawPair {
    let (connections, continuation) = AsyncStream<RawConnection>.makeStream()
    let server = try await RawConnection.serve { connection in
      _ = await connection.readHead()
      try await connection.send(RawConnection.accepted + "\r\n")
      continuation.yield(connection)
      try await connection.channel.closeFuture.get()
    }
    let proxy = try await RunningProxy(nil) { configuration in
      configuration.upstreams.openAI = "http://127.0.0.1:\(server.port)"
      configure(&configuration)
    }
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.askForWebSocket(path)
    _ = await client.readHead()
    var iterator = connections.makeAsyncIterator()
    return RawPair(client: client, upstream: await iterator.next()!, server: server, proxy: proxy)
  }
}
