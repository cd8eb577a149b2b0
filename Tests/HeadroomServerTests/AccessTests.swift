import Foundation
import HTTPTypes
import Headroom
import HeadroomStore
import Logging
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import HeadroomServer

/// Who may ask the proxy for what.
@Suite struct AccessTests {
  private static let request = Array(#"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}]}"#.utf8)

  /// A page in a browser on this machine: it names itself in `Origin`, or its name resolves to loopback.
  @Test(arguments: [
    [("origin", "https://evil.example")], [("origin", "null")], [("origin", "http://localhost:1")],
    [("host", "evil.example")], [("host", "evil.example:8787")], [("host", "127.0.0.1.evil.example")],
  ])
  func pagesOfOthersGetNothing(_ headers: [(String, String)]) async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    for path in [
      "/v1/messages", "/v1/compress", "/livez", "/readyz", "/stats", "/metrics", "/dashboard", "/v1/retrieve/k3m9qz",
    ] {
      let isGet = !path.hasSuffix("messages") && !path.hasSuffix("compress")
      let reply = try await proxy.send(isGet ? .GET : .POST, path, isGet ? [] : AccessTests.request, headers: headers)
      #expect(reply.status == 403, "\(path)")
    }
    #expect(upstream.arrivals.isEmpty)
  }

  @Test func aProgramOfThisUserIsShownContent() async throws {
    let proxy = try await RunningProxy(nil)
    let handle = try proxy.storage.originals.put(Array("one\ntwo\nthree\n".utf8))
    let whole = try await proxy.send(.GET, "/v1/retrieve/\(handle.name)")
    #expect(whole.status == 200)
    #expect(whole.text == "one\ntwo\nthree\n")
    #expect(try await proxy.send(.GET, "/v1/retrieve/\(handle.name)?lines=2-2").text == "two\n")
    #expect(try await proxy.send(.GET, "/v1/retrieve/zzzzzz").status == 404)
    #expect(try await proxy.send(.GET, "/v1/retrieve/\(handle.name)?liens=2").status == 400)
  }

  /// Whoever else has an account on this machine can connect, and is shown nothing.
  @Test(.enabled(if: getuid() == 0, "only root can act as another user"))
  func aProgramOfAnotherUserIsShownNothing() async throws {
    let proxy = try await RunningProxy(nil)
    let handle = try proxy.storage.originals.put(Array("SECRET".utf8))
    for (user, isShown) in [(0, true), (65_534, false)] {
      for path in ["/v1/retrieve/\(handle.name)", "/stats"] {
        let script = """
          import os, socket
          os.setuid(\(user))
          connection = socket.socket()
          connection.connect(("127.0.0.1", \(proxy.port)))
          connection.sendall(b"GET \(path) HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
          print(connection.recv(65536))
          """
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains(isShown ? "HTTP/1.1 200" : "HTTP/1.1 403"), "user \(user), \(path): \(text.suffix(200))")
      }
    }
  }

  @Test func beyondLoopbackEveryRequestNeedsTheToken() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) {
      $0.host = "0.0.0.0"
      $0.token = "secret"
    }
    for headers in [[], [("x-headroom-token", "wrong!")], [("x-headroom-token", "")]] {
      #expect(try await proxy.send(.POST, "/v1/messages", AccessTests.request, headers: headers).status == 401)
    }
    #expect(upstream.arrivals.isEmpty)
    let reply = try await proxy.send(
      .POST, "/v1/messages", AccessTests.request, headers: [("x-headroom-token", "secret"), ("x-api-key", "k")])
    #expect(reply.status == 200)
    let arrived = try #require(upstream.arrivals.last).headers
    #expect(arrived[HTTPField.Name("x-headroom-token")!] == nil, "the token is nobody else's")
    #expect(arrived[HTTPField.Name("x-api-key")!] == "k")
  }

  /// Whoever runs services logs them by what they say of themselves.
  @Test func theTokenIsInNoDescription() {
    var logger = Logger(label: "proxy")
    logger.logLevel = .critical
    let server = ProxyServer(ProxyConfiguration(token: "SECRET"), storage: .memory(), logger: logger)
    #expect(!"\(server)".contains("SECRET") && !String(describing: server).contains("SECRET"))
  }

  /// What a request carries goes to no host that its user has not chosen.
  @Test func anotherUpstreamIsOnlyReachedWhenItIsAllowed() async throws {
    let (usual, other) = (try await FakeUpstream(), try await FakeUpstream())
    let address = other.address
    let strict = try await RunningProxy(usual)
    let headers = [("x-headroom-upstream", address), ("x-api-key", "k")]
    #expect(try await strict.send(.POST, "/v1/messages", AccessTests.request, headers: headers).status == 403)
    #expect(usual.arrivals.isEmpty && other.arrivals.isEmpty)
    let open = try await RunningProxy(usual) { $0.allowedUpstreams = [address + "/"] }
    #expect(try await open.send(.POST, "/v1/messages", AccessTests.request, headers: headers).status == 200)
    #expect(usual.arrivals.isEmpty && other.arrivals.count == 1)
    #expect(other.arrivals[0].headers[HTTPField.Name("x-headroom-upstream")!] == nil)
  }

  @Test func aVersionInTheAddressIsNotDoubled() {
    let cases = [
      ("https://api.openai.com", "/v1/models", "https://api.openai.com/v1/models"),
      ("https://api.openai.com/v1", "/v1/models", "https://api.openai.com/v1/models"),
      ("https://api.openai.com/v1/", "/v1?x=1", "https://api.openai.com/v1?x=1"),
      ("https://host/proxy/v1", "/v1beta/models", "https://host/proxy/v1/v1beta/models"),
      ("https://host/v1beta", "/v1beta/models/m:generateContent", "https://host/v1beta/models/m:generateContent"),
      ("https://host/v1", "/other", "https://host/v1/other"),
    ]
    for (base, target, address) in cases { #expect(Upstreams.address(base, target) == address) }
  }
}
