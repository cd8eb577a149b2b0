import Foundation
import HeadroomStore
import NIOCore
import Testing

@testable import HeadroomServer

/// Who asks for a WebSocket gets the upstream's answer, and nobody gets one who may not.
@Suite struct WebSocketHandshakeTests {
  private typealias Handler = @Sendable (RawConnection) async throws -> Void

  private static func proxy(
    configure: (inout ProxyConfiguration) -> Void = { _ in }, upstream: @escaping Handler
  ) async throws -> (RunningProxy, RawServer) {
    let server = try await RawConnection.serve(upstream)
    let proxy = try await RunningProxy(nil) { configuration in
      configuration.upstreams.openAI = "http://127.0.0.1:\(server.port)"
      configure(&configuration)
    }
    return (proxy, server)
  }

  private static func ask(
    _ proxy: RunningProxy, _ path: String = "/v1/responses", headers: String = ""
  ) async throws -> (bytes: String, end: RawConnection.End) {
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.askForWebSocket(path, headers: headers)
    let (bytes, end) = await client.readToEnd()
    return (String(decoding: bytes, as: UTF8.self), end)
  }

  @Test func theUpstreamGetsTheClientsHeadersAndTheClientTheUpstreams() async throws {
    let heads = Box<String>()
    let (proxy, server) = try await Self.proxy { connection in
      heads.put(await connection.readHead())
      try await connection.send(
        RawConnection.accepted + "X-Codex-Turn-State: a, b\r\nset-cookie: 1\r\nset-cookie: 2\r\n\r\n")
      _ = await connection.readToEnd()
    }
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.askForWebSocket(
      "/v1/responses?a=%2F",
      headers: "authorization: Bearer sk-1\r\nOpenAI-Beta: responses_websockets=2026-02-06\r\nX-OddCase: 1\r\n"
        + "Sec-WebSocket-Protocol: realtime, openai\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
        + "Keep-Alive: timeout=5\r\nx-headroom-token: secret\r\n")
    #expect(
      await client.readHead() == RawConnection.accepted
        + "X-Codex-Turn-State: a, b\r\nset-cookie: 1\r\nset-cookie: 2\r\n\r\n")
    #expect(
      await heads.take() == """
        GET /v1/responses?a=%2F HTTP/1.1\r
        Host: 127.0.0.1:\(server.port)\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: \(RawConnection.key)\r
        authorization: Bearer sk-1\r
        OpenAI-Beta: responses_websockets=2026-02-06\r
        X-OddCase: 1\r
        Sec-WebSocket-Protocol: realtime, openai\r
        \r\n
        """)
  }

  /// The client must not believe that it has a WebSocket before the upstream has said so.
  @Test func theUpstreamIsAskedFirst() async throws {
    let gate = Box<Void>()
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      await gate.take()
      try await connection.send(
        "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 101 Ok\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
      )
      _ = await connection.readToEnd()
    }
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.askForWebSocket()
    let head = Box<String>()
    Task { head.put(await client.readHead()) }
    try await Task.sleep(for: .milliseconds(200))
    #expect(head.isEmpty)
    gate.put(())
    #expect(await head.take().hasPrefix("HTTP/1.1 101 "))
    withExtendedLifetime(server) {}
  }

  @Test(arguments: [401, 403, 426, 429, 503])
  func aRefusalIsTheUpstreams(status: Int) async throws {
    let body = #"{"error":{"message":"no","code":"x"}}"#
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      try await connection.send(
        "HTTP/1.1 \(status) No\r\nX-Request-ID: req_1\r\nretry-after: 7\r\ncontent-type: application/json\r\n"
          + "content-length: \(body.utf8.count)\r\nconnection: keep-alive\r\nkeep-alive: timeout=5\r\n\r\n" + body)
      _ = await connection.readToEnd()
    }
    let (answer, end) = try await Self.ask(proxy)
    let lines = answer.components(separatedBy: "\r\n")
    #expect(lines[0].hasPrefix("HTTP/1.1 \(status) "))
    #expect(
      lines.dropFirst() == [
        "X-Request-ID: req_1", "retry-after: 7", "content-type: application/json",
        "content-length: \(body.utf8.count)", "connection: close", "", body,
      ])
    #expect(end == .closed)
    withExtendedLifetime(server) {}
  }

  @Test func aRefusalInChunksArrives() async throws {
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      try await connection.send("HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n")
      try await connection.send("2\r\nde\r\n0\r\n\r\n")
    }
    let (answer, _) = try await Self.ask(proxy)
    #expect(answer.hasPrefix("HTTP/1.1 404 "))
    #expect(answer.hasSuffix("\r\n\r\nabcde"))
    withExtendedLifetime(server) {}
  }

  @Test func anUpstreamThatCannotBeReachedIsABadGateway() async throws {
    let server = try await RawConnection.serve { _ in }
    let port = server.port
    try await server.close()
    let proxy = try await RunningProxy(nil) { $0.upstreams.openAI = "http://127.0.0.1:\(port)" }
    let (answer, end) = try await Self.ask(proxy)
    #expect(answer.hasPrefix("HTTP/1.1 502 "))
    #expect(answer.contains("cannot reach ws://127.0.0.1:\(port)"))
    #expect(end == .closed)
  }

  @Test(arguments: ["", "220 smtp ready\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nno colon\r\n\r\n"])
  func anUpstreamThatDoesNotSpeakHTTPIsABadGateway(answer: String) async throws {
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      try await connection.send(answer)
    }
    #expect(try await Self.ask(proxy).bytes.hasPrefix("HTTP/1.1 502 "))
    withExtendedLifetime(server) {}
  }

  /// What the upstream says with its acceptance, and its leaving right after, are not lost.
  @Test(arguments: ["/v1/responses", "/v1/realtime"])
  func framesThatComeWithTheAcceptanceArrive(path: String) async throws {
    let frames = RawFrame.text("welcome").bytes + RawFrame.close(1008, "but no").bytes
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      try await connection.send(Array((RawConnection.accepted + "\r\n").utf8) + frames)
    }
    let (answer, end) = try await Self.ask(proxy, path)
    #expect(answer == RawConnection.accepted + "\r\n" + String(decoding: frames, as: UTF8.self))
    #expect(end == .closed)
    withExtendedLifetime(server) {}
  }

  @Test func aClientThatLeavesWhileItWaitsIsNotAskedFor() async throws {
    let ends = Box<RawConnection.End>()
    let asked = Box<Void>()
    let (proxy, server) = try await Self.proxy { connection in
      _ = await connection.readHead()
      asked.put(())
      ends.put(await connection.readToEnd().end)
    }
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.askForWebSocket()
    await asked.take()
    try await client.close()
    #expect(await ends.take() == .closed)
    withExtendedLifetime(server) {}
  }

  /// A page in a browser, or a name that it lets point here, gets no WebSocket, and no upstream hears of it.
  @Test(arguments: ["Origin: https://evil.example\r\n", "Origin: null\r\n"])
  func pagesGetNoWebSocket(header: String) async throws {
    let asked = Box<Void>()
    let (proxy, server) = try await Self.proxy { _ in asked.put(()) }
    #expect(try await Self.ask(proxy, headers: header).bytes.hasPrefix("HTTP/1.1 403 "))
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.send(
      "GET /v1/responses HTTP/1.1\r\nHost: rebound.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(RawConnection.key)\r\n\r\n")
    #expect(await client.readHead().hasPrefix("HTTP/1.1 403 "))
    #expect(asked.isEmpty)
    withExtendedLifetime(server) {}
  }

  @Test func beyondLoopbackTheTokenIsNeeded() async throws {
    let (proxy, server) = try await Self.proxy {
      $0.host = "0.0.0.0"
      $0.token = "secret"
    } upstream: { connection in
      _ = await connection.readHead()
      try await connection.send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
    }
    #expect(try await Self.ask(proxy).bytes.hasPrefix("HTTP/1.1 401 "))
    #expect(try await Self.ask(proxy, headers: "x-headroom-token: wrong\r\n").bytes.hasPrefix("HTTP/1.1 401 "))
    #expect(try await Self.ask(proxy, headers: "x-headroom-token: secret\r\n").bytes.hasPrefix("HTTP/1.1 404 "))
    withExtendedLifetime(server) {}
  }

  /// Nothing that follows such a request could be told from the other protocol, so the connection does not stay.
  @Test func otherUpgradesAreAnsweredOverHTTPAndTheConnectionEnds() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    let client = try await RawConnection.connect(port: proxy.port)
    try await client.send(
      "POST /v1/embeddings HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\ncontent-length: 2\r\n\r\n[]")
    let (bytes, end) = await client.readToEnd()
    let answer = String(decoding: bytes, as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 200 "))
    #expect(answer.contains("connection: close\r\n"))
    #expect(answer.contains("{}"))
    #expect(end == .closed)
    #expect(upstream.arrivals.map(\.body) == [Array("[]".utf8)])
  }
}
