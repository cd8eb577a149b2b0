import AsyncHTTPClient
import Headroom
import HeadroomServer
import HeadroomStore
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

/// What the upstream answers reaches the client as it is.
@Suite struct RelayTests {
  private static let request = Array(
    #"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}],"stream":true}"#.utf8)

  /// Gates that open one after the other.
  private final class Steps: Sendable {
    private let (stream, continuation) = AsyncStream<Void>.makeStream()
    func open() { continuation.yield() }
    func pass() async { for await _ in stream { return } }
  }

  /// The next piece is only sent when the last has been read, so a proxy that waits for more would wait for ever.
  @Test(.timeLimit(.minutes(15))) func eachPieceLeavesBeforeTheNextArrives() async throws {
    let steps = Steps()
    let events = (0..<20).map { "event: content_block_delta\ndata: {\"index\":\($0),\"text\":\"é\($0)\"}\n\n" }
    let upstream = try await Upstream(events.map { Array($0.utf8) }, before: { await steps.pass() })
    let proxy = try await RunningProxy(nil) { $0.upstreams = Upstreams(anthropic: upstream.address) }
    steps.open()
    var request = HTTPClientRequest(url: proxy.address + "/v1/messages")
    request.method = .POST
    request.body = .bytes(ByteBuffer(bytes: RelayTests.request))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
    #expect(response.headers["content-type"] == ["text/event-stream"])
    var text = ""
    for try await chunk in response.body {
      text += String(buffer: chunk)
      #expect(events.joined().hasPrefix(text))
      if text.hasSuffix("\n\n") { steps.open() }
    }
    #expect(text == events.joined())
  }

  /// An upstream that sends its pieces one by one, each after `before`.
  private struct Upstream {
    let fake: FakeUpstream
    var address: String { fake.address }
    init(_ pieces: [[UInt8]], before: @escaping @Sendable () async -> Void) async throws {
      fake = try await FakeUpstream { _ in
        var answer = FakeUpstream.Answer(headers: [("content-type", "text/event-stream")], chunks: pieces)
        answer.gate = before
        return answer
      }
    }
  }

  @Test(arguments: [400, 401, 403, 404, 413, 429, 500, 503, 529])
  func failuresStayWhatTheyAre(_ status: Int) async throws {
    let body = #"{"type":"error","error":{"type":"overloaded_error","message":"é"}}"#
    let upstream = try await FakeUpstream { _ in
      FakeUpstream.Answer(
        status: status,
        headers: [("content-type", "application/json"), ("retry-after", "17"), ("request-id", "req_x")],
        chunks: [Array(body.utf8)])
    }
    let proxy = try await RunningProxy(upstream)
    let reply = try await proxy.send(.POST, "/v1/messages", RelayTests.request)
    #expect(reply.status == status)
    #expect(reply.headers["retry-after"] == ["17"])
    #expect(reply.headers["request-id"] == ["req_x"])
    #expect(reply.text == body)
    #expect(upstream.arrivals.count == 1, "nothing is tried again")
    await proxy.stop()
    let record = try #require(try proxy.storage.savings.records(since: 0, most: 2).first)
    #expect(record.status == status)
    #expect(record.end == .failed)
  }

  @Test func anAnswerThatBreaksOffIsSeenToBreakOff() async throws {
    let pieces = ["data: {\"type\":\"message_start\"}\n\n", "data: {\"type\":\"content_block_start\"}\n\ndata: {\"par"]
    let upstream = try await FakeUpstream { _ in
      FakeUpstream.Answer(
        headers: [("content-type", "text/event-stream")], chunks: pieces.map { Array($0.utf8) }, isCut: true)
    }
    let proxy = try await RunningProxy(upstream)
    var request = HTTPClientRequest(url: proxy.address + "/v1/messages")
    request.method = .POST
    request.body = .bytes(ByteBuffer(bytes: RelayTests.request))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
    var text = ""
    await #expect(throws: (any Error).self) {
      for try await chunk in response.body { text += String(buffer: chunk) }
    }
    // How much of it leaves an upstream that breaks off is not certain.
    #expect(!text.isEmpty && pieces.joined().hasPrefix(text))
    await proxy.stop()
    #expect(try proxy.storage.savings.records(since: 0, most: 2).map(\.end) == [.truncated])
  }

  @Test func anUpstreamThatIsNotThereIsSaidSo() async throws {
    let proxy = try await RunningProxy(nil) { $0.upstreams = Upstreams(anthropic: "http://127.0.0.1:1") }
    let reply = try await proxy.send(.POST, "/v1/messages", RelayTests.request, headers: [("x-api-key", "sk-secret")])
    #expect(reply.status == 502)
    #expect(reply.text.contains("cannot reach http://127.0.0.1:1"))
    #expect(!reply.text.contains("sk-secret"))
  }

  /// The client's leaving reaches the upstream, before the answer's first byte too.
  @Test(.timeLimit(.minutes(15)), arguments: [false, true])
  func aClientThatLeavesEndsTheRequestUpstream(_ hasBegun: Bool) async throws {
    let steps = Steps()
    let arrived = Steps()
    let upstream = try await FakeUpstream { _ in
      arrived.open()
      if !hasBegun { await steps.pass() }
      var answer = FakeUpstream.Answer(
        headers: [("content-type", "text/event-stream")],
        chunks: Array(repeating: Array(repeating: UInt8(ascii: "x"), count: 1 << 16), count: 400))
      answer.pause = .milliseconds(5)
      return answer
    }
    let proxy = try await RunningProxy(upstream)
    let client = Task {
      var request = HTTPClientRequest(url: proxy.address + "/v1/messages")
      request.method = .POST
      request.body = .bytes(ByteBuffer(bytes: RelayTests.request))
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
      for try await _ in response.body where hasBegun { arrived.open() }
    }
    await arrived.pass()
    if hasBegun { await arrived.pass() }
    client.cancel()
    _ = await client.result
    // What the client left is written down, which only happens once the proxy has noticed.
    while try proxy.storage.savings.records(since: 0, most: 1).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try proxy.storage.savings.records(since: 0, most: 1).map(\.end) == [.cancelled])
    steps.open()
    while upstream.abandoned == 0 { try await Task.sleep(for: .milliseconds(10)) }
  }

  @Test func whatIsTooLongToBeHeldIsForwardedAsItComes() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) { $0.inspectedBytes = 100_000 }
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(40_000))
    let body = conversation.body()
    #expect(body.count > 2_000_000)
    let reply = try await proxy.send(.POST, "/v1/messages", body)
    #expect(reply.status == 200)
    #expect(upstream.arrivals.last?.body == body)
  }
}
