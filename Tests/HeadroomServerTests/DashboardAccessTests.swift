import Headroom
import NIOHTTP1
import Testing

@testable import HeadroomServer

/// Who gets to see the dashboard, its figures and its content.
@Suite struct DashboardAccessTests {
  private static let paths = [
    "/dashboard", "/stats", "/metrics", "/dashboard/requests/1", "/dashboard/requests/1/blocks/0",
  ]

  private static func proxy(configure: (inout ProxyConfiguration) -> Void = { _ in }) async throws -> (
    FakeUpstream, RunningProxy
  ) {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream, configure: configure)
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(80) + "SECRET")
    _ = try await proxy.send(.POST, "/v1/messages", conversation.body())
    return (upstream, proxy)
  }

  @Test func whoRunsTheProxyIsShownEverything() async throws {
    let (upstream, proxy) = try await Self.proxy()
    for path in Self.paths {
      let reply = try await proxy.send(.GET, path)
      #expect(reply.status == 200, "\(path)")
      #expect(reply.headers["cache-control"] == ["no-store"] && reply.headers["x-content-type-options"] == ["nosniff"])
      #expect(reply.headers["access-control-allow-origin"].isEmpty)
    }
    #expect(try await proxy.send(.GET, "/dashboard/requests/1/blocks/0").text.contains("SECRET"))
    for path in Self.paths { #expect(try await proxy.send(.POST, path).status == 405) }
    // None of it is the provider's business.
    #expect(upstream.arrivals.count == 1)
  }

  @Test func pagesOfOtherOriginsAndOtherHostsAreRefused() async throws {
    let (_, proxy) = try await Self.proxy()
    for path in Self.paths {
      for headers in [
        [("origin", "https://evil.example")], [("origin", "null")], [("host", "evil.example")],
        [("host", "127.0.0.1.evil.example:8787")],
      ] {
        let reply = try await proxy.send(.GET, path, headers: headers)
        #expect(reply.status == 403 && !reply.text.contains("SECRET"), "\(path) \(headers)")
      }
    }
  }

  @Test func beyondLoopbackOnlyThePageItselfNeedsNoToken() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) {
      $0.host = "0.0.0.0"
      $0.token = "t0ken"
    }
    for path in Self.paths.dropFirst() {
      #expect(try await proxy.send(.GET, path).status == 401, "\(path)")
      #expect(try await proxy.send(.GET, path, headers: [("x-headroom-token", "other")]).status == 401)
    }
    let page = try await proxy.send(.GET, "/dashboard")
    #expect(page.status == 200)
    #expect(try await proxy.send(.GET, "/stats", headers: [("x-headroom-token", "t0ken")]).status == 200)
  }

  @Test func thePageMayLoadNothingAndRunNothingElse() async throws {
    let (_, proxy) = try await Self.proxy()
    let replies = [try await proxy.send(.GET, "/dashboard"), try await proxy.send(.GET, "/dashboard")]
    let policies = replies.map { $0.headers["content-security-policy"].joined() }
    #expect(policies[0] != policies[1], "a nonce is used once")
    for (reply, policy) in zip(replies, policies) {
      #expect(policy.hasPrefix("default-src 'none'; script-src 'nonce-"))
      #expect(!policy.contains("unsafe") && !policy.contains("*") && policy.contains("frame-ancestors 'none'"))
      let nonce = try #require(policy.split(separator: "'").first { $0.hasPrefix("nonce-") }).dropFirst(6)
      #expect(nonce.count == 32)
      #expect(reply.text.contains("<style nonce=\"\(nonce)\">") && reply.text.contains("nonce=\"\(nonce)\">"))
      for address in ["http://", "https://", "//cdn", "url("] {
        let outside = reply.text.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!outside.contains(address), "\(address)")
      }
    }
  }
}
