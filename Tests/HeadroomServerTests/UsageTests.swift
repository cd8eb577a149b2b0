import HTTPTypes
import Headroom
import HeadroomStore
import NIOHTTP1
import TestSupport
import Testing

@testable import HeadroomServer

/// What the provider billed is written down, and bodies in a content coding are read on the way.
@Suite struct UsageTests {
  private static let events = Array(
    """
    event: message_start
    data: {"type":"message_start","message":{"model":"claude-opus-4-1-20250805","usage":{"input_tokens":12,\
    "cache_creation_input_tokens":700,"cache_read_input_tokens":40000,"output_tokens":1}}}

    : comment

    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße"}}

    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":89}}

    event: message_stop
    data: {"type":"message_stop"}


    """.utf8)
  private static let usage = TokenUsage(input: 12, cacheRead: 40_000, cacheWrite: 700, output: 89)
  private static let request = Array(#"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}]}"#.utf8)

  /// The answer of `proxy` to a request whose upstream answers `body`, and the record of it.
  private func exchange(
    _ body: [UInt8], headers: [(String, String)] = [("content-type", "text/event-stream")], pieces: Int = 1_000_000,
    isCut: Bool = false
  ) async throws -> (reply: RunningProxy.Reply?, record: SavingsRecord) {
    let chunks = stride(from: 0, to: body.count, by: pieces).map { Array(body[$0..<min($0 + pieces, body.count)]) }
    let upstream = try await FakeUpstream { _ in FakeUpstream.Answer(headers: headers, chunks: chunks, isCut: isCut) }
    let proxy = try await RunningProxy(upstream)
    let reply = try? await proxy.send(.POST, "/v1/messages", Self.request)
    await proxy.stop()
    return (reply, try #require(try proxy.storage.savings.records(since: 0, most: 2).last))
  }

  @Test(arguments: [1, 7, 100_000])
  func whatAStreamSaysIsWrittenDown(pieces: Int) async throws {
    let (reply, record) = try await exchange(Self.events, pieces: pieces)
    #expect(reply?.body == Self.events)
    #expect(record.usage == Self.usage)
    #expect(record.end == .complete)
    #expect(record.model == "claude-sonnet-4-5")
  }

  @Test(
    .enabled(if: Encoded.isPresent && Encoded.hasLibraries, "encoders or libraries absent"),
    arguments: ["gzip", "deflate", "br", "zstd"], [5, 100_000])
  func encodedAnswersAreReadAndGoOnAsTheyAre(coding: String, pieces: Int) async throws {
    let body = try Encoded.body(Self.events, coding)
    let headers = [("content-type", "text/event-stream"), ("content-encoding", coding)]
    let (reply, record) = try await exchange(body, headers: headers, pieces: pieces)
    #expect(reply?.body == body)
    #expect(reply?.headers["content-encoding"] == [coding])
    #expect(record.usage == Self.usage)
    #expect(record.end == .complete)
  }

  /// An answer that nobody can read is only not read.
  @Test(arguments: ["gzip", "br", "zstd", "of-tomorrow"])
  func whatCannotBeDecodedGoesOnAsItIs(coding: String) async throws {
    let headers = [("content-type", "text/event-stream"), ("content-encoding", coding)]
    let (reply, record) = try await exchange(Self.events, headers: headers)
    #expect(reply?.body == Self.events)
    #expect(record.usage == nil)
    #expect(record.end == .complete)
  }

  /// The connection may end well although the answer did not.
  @Test func anAnswerWithoutItsLastEventIsTruncated() async throws {
    let (reply, record) = try await exchange(Array(Self.events.dropLast(60)))
    #expect(reply?.status == 200)
    #expect(record.end == .truncated)
    #expect(record.usage?.cacheRead == 40_000)
  }

  /// And the answer may have come whole although the connection did not end well.
  @Test func anAnswerWithItsLastEventIsComplete() async throws {
    let (reply, record) = try await exchange(Self.events, isCut: true)
    #expect(reply == nil)
    #expect(record.end == .complete)
    #expect(record.usage == Self.usage)
  }

  @Test func aFailureInAStreamIsOne() async throws {
    let events = #"event: error\#ndata: {"type":"error","error":{"type":"overloaded_error"}}\#n\#n"#
    let (_, record) = try await exchange(Array(events.utf8))
    #expect(record.status == 200)
    #expect(record.end == .failed)
  }

  // MARK: Requests

  @Test(
    .enabled(if: Encoded.isPresent && Encoded.hasLibraries, "encoders or libraries absent"),
    arguments: ["gzip", "deflate", "br", "zstd"])
  func encodedRequestsAreShortened(coding: String) async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(200))
    let plain = conversation.body()
    _ = try await proxy.send(.POST, "/v1/messages", plain)
    let encoded = try Encoded.body(plain, coding)
    _ = try await proxy.send(.POST, "/v1/messages", encoded, headers: [("content-encoding", coding), ("x-other", "1")])
    let arrivals = upstream.arrivals
    #expect(arrivals[0].body.count < plain.count)
    #expect(arrivals[1].body == arrivals[0].body)
    #expect(arrivals[1].headers[.contentEncoding] == nil)
    #expect(arrivals[1].headers[.init("x-other")!] == "1")
    await proxy.stop()
    let records = try proxy.storage.savings.records(since: 0, most: 2)
    #expect(records.map(\.bytesBefore) == [plain.count, plain.count])
  }

  /// With nothing to shorten, or not to be decoded, the client's own bytes go on in the coding that they are in.
  @Test(.enabled(if: Encoded.isPresent && Encoded.hasLibraries, "encoders or libraries absent"))
  func encodedRequestsWithNothingToShortenArriveAsTheyWereSent() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) { $0.inspectedBytes = 300_000 }
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(10_000))
    let bodies = [
      (try Encoded.body(Self.request, "gzip"), "gzip"), (try Encoded.body(Self.request, "br"), "br"),
      (Array(try Encoded.body(Self.request, "zstd").dropLast()), "zstd"), (Array("no gzip".utf8), "gzip"),
      (Self.request, "of-tomorrow"),
      // More than is inspected once it is decoded.
      (try Encoded.body(conversation.body(), "gzip"), "gzip"),
    ]
    for (body, coding) in bodies {
      _ = try await proxy.send(.POST, "/v1/messages", body, headers: [("content-encoding", coding)])
      let arrival = try #require(upstream.arrivals.last)
      #expect(arrival.body == body)
      #expect(arrival.headers[.contentEncoding] == coding)
    }
    #expect(upstream.arrivals.count == bodies.count)
  }
}
