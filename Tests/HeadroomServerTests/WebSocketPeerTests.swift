import Foundation
import Testing

@testable import HeadroomServer

/// A client and a server of another make do not notice that the proxy is between them.
@Suite(.enabled(if: PythonPeer.isPresent, "run scripts/setup-tests.sh to talk to Python's websockets"))
struct WebSocketPeerTests {
  private static let checks = [
    "echo", "fragments", "pings", "closes_of_the_server", "closes_of_the_client", "breaks", "refusals", "handshake",
  ]

  /// Where requests are read, no extension is agreed on, as a compressed message could not be.
  @Test func requestsOfTheResponsesAPI() async throws {
    let server = try PythonPeer.Server()
    let proxy = try await RunningProxy(nil) { $0.upstreams.openAI = "http://127.0.0.1:\(server.port)" }
    let lines = try await PythonPeer.check("ws://127.0.0.1:\(proxy.port)/v1/responses")
    #expect(lines == Self.checks + ["extensions []", "extensions", "parallel"])
  }

  @Test func otherWebSocketsAgreeOnExtensions() async throws {
    let server = try PythonPeer.Server()
    let proxy = try await RunningProxy(nil) { $0.upstreams.openAI = "http://127.0.0.1:\(server.port)" }
    let lines = try await PythonPeer.check("ws://127.0.0.1:\(proxy.port)/v1/realtime")
    #expect(lines == Self.checks + ["extensions ['permessage-deflate']", "extensions", "parallel"])
  }
}
