import HTTPTypes
import HeadroomServer
import HeadroomStore
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// What goes through the proxy arrives as it was sent.
@Suite struct ForwardingTests {
  /// Everything that printing JSON anew would change.
  private static let odd =
    #"{ "model":"claude-sonnet-4-5",\#n  "max_tokens" : 64 , "temperature": 1.0, "system":"é \u00e9 \/","#
    + #""big":12345678901234567890, "f":1e-7, "a":1, "a":2, "lone":"\ud800","#
    + #" "messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}] }"#

  @Test func aBodyWithNothingToShortenArrivesByteForByte() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    let bodies = [
      ForwardingTests.odd, "", "[]", #"{"messages":["#, #"{"model":"x","messages":"hi"}"#, "\u{1}\u{0}",
      #"{"model":"x","temperature":NaN,"messages":[{"role":"user","content":"hi"}]}"#,
      #"{"model":"x","metadata":\#(String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)),"messages":[]}"#,
    ]
    let paths = [
      "/v1/messages?beta=true", "/v1/messages/count_tokens", "/v1/chat/completions", "/v1/responses", "/v1/embeddings",
      "/v1beta/models/gemini-2.5-pro:generateContent?key=k%20y", "/some/other//path?x=%2F&y",
    ]
    var count = 0
    for path in paths {
      for body in bodies + [String(decoding: [0xff, 0xfe], as: UTF8.self)] {
        let reply = try await proxy.send(.POST, path, Array(body.utf8))
        #expect(reply.status == 200)
        let arrival = try #require(upstream.arrivals.last)
        #expect(arrival.body == Array(body.utf8))
        #expect(arrival.target == path)
        count += 1
      }
    }
    #expect(upstream.arrivals.count == count)
  }

  @Test func headersArriveAsTheyWereSent() async throws {
    let upstream = try await FakeUpstream { _ in
      var answer = FakeUpstream.Answer(status: 201)
      answer.headers = [
        ("content-type", "application/json; odd=1"), ("Request-Id", "req_1"), ("x-many", "1"), ("x-many", "2"),
        ("anthropic-ratelimit-tokens-remaining", "7"), ("set-cookie", "a=b"),
      ]
      return answer
    }
    let proxy = try await RunningProxy(upstream)
    let sent = [
      ("x-api-key", "sk-ant-secret"), ("authorization", "Bearer token"), ("anthropic-beta", "one,two"),
      ("anthropic-beta", "three"), ("X-MiXeD", "CaSe"), ("user-agent", "claude-cli/2.1 (external)"),
      ("accept-encoding", "br"), ("x-forwarded-for", "203.0.113.9"),
    ]
    let reply = try await proxy.send(.POST, "/v1/messages", Array(#"{"messages":[]}"#.utf8), headers: sent)
    #expect(reply.status == 201)
    #expect(reply.headers["Request-Id"] == ["req_1"])
    #expect(reply.headers["x-many"] == ["1", "2"])
    #expect(reply.headers["anthropic-ratelimit-tokens-remaining"] == ["7"])
    let arrived = try #require(upstream.arrivals.last).headers
    for (name, _) in sent {
      #expect(arrived[values: .init(name)!] == sent.filter { $0.0 == name }.map(\.1), "\(name)")
    }
    #expect(arrived.contains { $0.name.rawName == "X-MiXeD" })
    let known = Set(sent.map { $0.0.lowercased() } + ["host", "content-length"])
    #expect(arrived.filter { !known.contains($0.name.canonicalName) }.isEmpty, "nothing is added")
  }
}
