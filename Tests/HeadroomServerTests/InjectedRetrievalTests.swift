import AsyncHTTPClient
import Foundation
import HTTPTypes
import HeadroomServer
import HeadroomStore
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Headroom

/// A client without a shell and without our MCP server gets at what was cut through a tool that the proxy adds and answers.
@Suite struct InjectedRetrievalTests {
  /// A client with one tool of its own.
  private struct Client {
    var messages = [#"{"role":"user","content":"Which row is odd?"}"#]
    var isStream = true
    var tools = #"[{"name":"fetch","input_schema":{"type":"object"}}]"#

    var body: [UInt8] {
      Array(
        #"{"model":"claude-sonnet-4-5","max_tokens":64,"stream":\#(isStream),"tools":\#(tools),"messages":[\#(messages.joined(separator: ","))]}"#
          .utf8)
    }

    /// The model calls the tool, and this is what it says.
    mutating func fetch(_ text: String) {
      messages.append(#"{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"fetch","input":{}}]}"#)
      messages.append(
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":\#(Conversation.quoted(text))}]}"#
      )
    }
  }

  private static let rows =
    "["
    + (1...500).map { #"{"id":\#($0),"name":"user \#($0 * 7919 % 1000)","mail":"u\#($0 * 31)@example.com"}"# }.joined(
      separator: ",") + "]"

  /// The id in the marker of a body in which something was cut.
  private static func marker(_ body: [UInt8]) -> String? {
    String(decoding: body, as: UTF8.self).firstMatch(of: #/stored #[a-z0-9]+: headroom_retrieve ([a-z0-9]+)\]/#).map {
      String($0.1)
    }
  }

  /// An upstream whose model fetches rows, asks for some of those that were cut, and answers.
  private func upstream(
    refusing refusal: FakeUpstream.Answer? = nil, gate: (@Sendable () async -> Void)? = nil
  ) async throws -> FakeUpstream {
    try await FakeUpstream { arrival in
      let text = String(decoding: arrival.body, as: UTF8.self)
      let isStream = text.contains(#""stream":true"#)
      var answer: FakeUpstream.Answer
      if text.contains("call_r") {
        if let refusal { return refusal }
        answer = ScriptedAnswer(words: "Row 77 is.", number: 3).answer(isStream: isStream)
      } else if let id = Self.marker(arrival.body) {
        answer = ScriptedAnswer(
          words: "Let me see.", calls: [("call_r", "headroom_retrieve", #"{"id":"\#(id)","rows":"77-78"}"#)], number: 2
        ).answer(isStream: isStream)
        answer.gate = gate
      } else {
        answer = ScriptedAnswer(calls: [("toolu_1", "fetch", "{}")]).answer(isStream: isStream)
      }
      return answer
    }
  }

  /// The conversation up to the answer in which the tool is called.
  private func begun(_ proxy: RunningProxy, isStream: Bool) async throws -> Client {
    var client = Client(isStream: isStream)
    let first = try await proxy.send(.POST, "/v1/messages", client.body)
    #expect(first.status == 200)
    client.fetch(Self.rows)
    return client
  }

  @Test(arguments: [true, false])
  func aCallIsAnsweredInsideTheAnswer(isStream: Bool) async throws {
    let upstream = try await upstream()
    let proxy = try await RunningProxy(upstream)
    var client = try await begun(proxy, isStream: isStream)
    let reply = try await proxy.send(.POST, "/v1/messages", client.body, headers: [("accept-encoding", "gzip, br")])
    #expect(reply.status == 200)
    #expect(reply.headers["request-id"] == ["req_2"])
    #expect(!reply.text.contains("headroom_retrieve") && !reply.text.contains("call_r"))
    #expect(reply.text.contains("Let me see.") && reply.text.contains("Row 77 is."))
    #expect(reply.text.contains("msg_2") && !reply.text.contains("msg_3"))
    if !isStream {
      #expect(reply.headers["content-length"] == ["\(reply.body.count)"])
      #expect((try? JSONDocument(reply.body)) != nil)
    }

    // What arrived: the opening, the request with the cut, and the one with the rows.
    let arrivals = upstream.arrivals
    #expect(arrivals.count == 3)
    #expect(arrivals.allSatisfy { $0.headers[values: .acceptEncoding] == ["identity"] })
    let (cut, answered) = (try items(arrivals[1].body), try items(arrivals[2].body))
    #expect(Array(answered.prefix(cut.count)) == cut && answered.count == cut.count + 2)
    let result = String(decoding: try #require(answered.last), as: UTF8.self)
    #expect(result.contains(#"{\"id\":77,\"name\":\"user 763\",\"mail\":\"u2387@example.com\"}"#))
    #expect(!result.contains("2449@"))

    // The next turn goes on from there, byte for byte.
    client.messages.append(
      #"{"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"text","text":"Row 77 is."}]}"#)
    client.messages.append(#"{"role":"user","content":"Thanks."}"#)
    #expect(try await proxy.send(.POST, "/v1/messages", client.body).status == 200)
    let next = try items(try #require(upstream.arrivals.last).body)
    #expect(Array(next.prefix(answered.count)) == answered)
    #expect(next.count == answered.count + 2)

    // One row for one request of the client, with what all of it cost.
    await proxy.stop()
    let records = try proxy.storage.savings.records(since: 0, most: 10)
    #expect(records.count == 3)
    #expect(records[1].usage == TokenUsage(input: 200, cacheRead: 40, output: 20))
    #expect(records[1].end == .complete && records[1].bytesSent == arrivals[1].body.count)
  }

  /// The call is only sent when the client has read the words before it, so a proxy that waits for the whole answer would wait for ever.
  @Test(.timeLimit(.minutes(15))) func wordsBeforeTheCallAreNotHeldBack() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let upstream = try await upstream(gate: { for await _ in stream { return } })
    let proxy = try await RunningProxy(upstream)
    let client = try await begun(proxy, isStream: true)
    var request = HTTPClientRequest(url: proxy.address + "/v1/messages")
    request.method = .POST
    request.body = .bytes(ByteBuffer(bytes: client.body))
    let expected = ScriptedAnswer(words: "Let me see.", number: 2).events.prefix(4)
    // The message's start and the three events of the text, each after the one before was read.
    continuation.yield()
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
    var text: [UInt8] = []
    var passed = 1
    for try await chunk in response.body {
      text += chunk.readableBytesView
      while passed <= expected.count, text.count >= expected.prefix(passed).reduce(0, { $0 + $1.count }) {
        passed += 1
        continuation.yield()
      }
      if passed > expected.count { for _ in 0..<10 { continuation.yield() } }
    }
    #expect(text.starts(with: expected.joined()))
    #expect(String(decoding: text, as: UTF8.self).contains("Row 77 is."))
  }

  @Test(arguments: [true, false])
  func anUpstreamThatDoesNotGoOnIsHeard(isStream: Bool) async throws {
    let error = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded é"}}"#
    let upstream = try await upstream(
      refusing: FakeUpstream.Answer(
        status: 529, headers: [("content-type", "application/json"), ("retry-after", "17")], chunks: [Array(error.utf8)]
      ))
    let proxy = try await RunningProxy(upstream)
    let client = try await begun(proxy, isStream: isStream)
    let reply = try await proxy.send(.POST, "/v1/messages", client.body)
    if isStream {
      #expect(reply.status == 200)
      #expect(reply.text.hasSuffix("event: error\ndata: \(error)\n\n"))
      #expect(!reply.text.contains("message_stop"))
    } else {
      #expect(reply.status == 529)
      #expect(reply.headers["retry-after"] == ["17"])
      #expect(reply.text == error)
    }
    await proxy.stop()
    #expect(try proxy.storage.savings.records(since: 0, most: 10).last?.status == 529)
    #expect(try proxy.storage.savings.records(since: 0, most: 10).last?.end == .failed)
  }

  @Test(arguments: [true, false])
  func anAnswerThatBreaksOffAfterTheCallBreaksOffForTheClient(isStream: Bool) async throws {
    var half = ScriptedAnswer(words: "Row 77 is.", number: 3).answer(isStream: isStream)
    half.chunks = isStream ? Array(half.chunks.prefix(3)) : [Array(half.chunks[0].prefix(40))]
    half.isCut = true
    let upstream = try await upstream(refusing: half)
    let proxy = try await RunningProxy(upstream)
    let client = try await begun(proxy, isStream: isStream)
    await #expect(throws: (any Error).self) { _ = try await proxy.send(.POST, "/v1/messages", client.body) }
    await proxy.stop()
    #expect(try proxy.storage.savings.records(since: 0, most: 10).last?.end == .truncated)
  }

  @Test(.timeLimit(.minutes(15))) func aClientThatLeavesEndsTheRequestThatFollowedTheCall() async throws {
    var endless = FakeUpstream.Answer(
      headers: [("content-type", "text/event-stream")],
      chunks: Array(repeating: Array(": \(String(repeating: "x", count: 1 << 16))\n\n".utf8), count: 4000))
    endless.pause = .milliseconds(5)
    let upstream = try await upstream(refusing: endless)
    let proxy = try await RunningProxy(upstream)
    let client = try await begun(proxy, isStream: true)
    let leaving = Task {
      var request = HTTPClientRequest(url: proxy.address + "/v1/messages")
      request.method = .POST
      request.body = .bytes(ByteBuffer(bytes: client.body))
      var count = 0
      for try await chunk in try await HTTPClient.shared.execute(request, timeout: .seconds(600)).body {
        count += chunk.readableBytes
        if count > 1 << 18 { return }
      }
    }
    try await leaving.value
    while upstream.abandoned == 0 { try await Task.sleep(for: .milliseconds(10)) }
    while try proxy.storage.savings.records(since: 0, most: 10).count < 2 {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try proxy.storage.savings.records(since: 0, most: 10).last?.end == .cancelled)
  }

  @Test func aSessionOutlivesTheProcess() async throws {
    let folder = try TemporaryFolder()
    let upstream = try await upstream()
    let storage = { try Stores.open("sqlite:" + folder.store) }
    let first = try await RunningProxy(upstream, storage: storage())
    let client = try await begun(first, isStream: true)
    await first.stop()
    let second = try await RunningProxy(upstream, storage: storage()) { $0.retrieval = .auto }
    let reply = try await second.send(.POST, "/v1/messages", client.body)
    #expect(reply.text.contains("Row 77 is."))
    #expect(upstream.arrivals.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains("headroom_retrieve") })
  }

  @Test(arguments: [RetrievalMode.shell, .none, .tool])
  func theUserMayChooseAnotherWay(_ mode: RetrievalMode) async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) { $0.retrieval = mode }
    var client = Client()
    #expect(
      try await proxy.send(.POST, "/v1/messages", client.body, headers: [("accept-encoding", "br")]).status == 200)
    #expect(upstream.arrivals.last?.body == client.body)
    #expect(upstream.arrivals.last?.headers[.acceptEncoding] == "br")
    client.fetch(Self.rows)
    _ = try await proxy.send(.POST, "/v1/messages", client.body)
    let sent = String(decoding: try #require(upstream.arrivals.last).body, as: UTF8.self)
    #expect(sent.contains("headroom retrieve ") == (mode == .shell))
    #expect(sent.contains(" stored #") == (mode == .shell))
    #expect(!sent.contains("headroom_retrieve"))
  }

  @Test func aClientWithAShellIsToldToUseIt() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    var client = Client(tools: #"[{"name":"fetch","input_schema":{}},{"name":"Bash","input_schema":{}}]"#)
    _ = try await proxy.send(.POST, "/v1/messages", client.body)
    #expect(upstream.arrivals.last?.body == client.body)
    client.fetch(Self.rows)
    _ = try await proxy.send(.POST, "/v1/messages", client.body)
    let sent = String(decoding: try #require(upstream.arrivals.last).body, as: UTF8.self)
    #expect(sent.contains(#/stored #[a-z0-9]+: headroom retrieve [a-z0-9]+ --rows/#))
    #expect(!sent.contains("headroom_retrieve"))
  }
}
