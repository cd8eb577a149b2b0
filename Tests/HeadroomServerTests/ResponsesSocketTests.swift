import Headroom
import HeadroomStore
import NIOCore
import NIOHTTP1
import Testing

@testable import HeadroomServer

/// Requests of the Responses API on a WebSocket: what is shortened, in which order, and what is written down.
@Suite struct ResponsesSocketTests {
  private static let mask: [UInt8] = [9, 8, 7, 6]

  private static let rows =
    "["
    + (0..<120).map { #"{"id": \#($0), "name": "item number \#($0)", "status": "active", "owner": "team-a"}"# }
    .joined(separator: ", ") + "]"

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A request as Codex sends it when a tool has run: the items of the turn alone, after the response that called the tool.
  private static func request(_ call: String = "call_1", stream: String? = nil, output: String = rows) -> String {
    #"{"input":[{"type":"function_call_output","call_id":"\#(call)","output":\#(quoted(output))}],"model":"gpt-5-codex","#
      + #""previous_response_id":"resp_0","store":false,"temperature":1.0,"tools":[],"type":"response.create""#
      + (stream.map { #","stream_id":"\#($0)""# } ?? "") + "}"
  }

  private static func event(
    _ type: String, _ id: String, stream: String? = nil, input: Int = 0, cached: Int = 0, output: Int = 0
  ) -> [UInt8] {
    let usage =
      type == "response.completed"
      ? #"{"input_tokens":\#(input),"input_tokens_details":{"cached_tokens":\#(cached)},"output_tokens":\#(output)}"#
      : "null"
    return RawFrame.text(
      #"{"type":"\#(type)"\#(stream.map { #","stream_id":"\#($0)""# } ?? ""),"sequence_number":1,"#
        + #""response":{"id":"\#(id)","object":"response","model":"gpt-5-codex","usage":\#(usage)}}"#
    ).bytes
  }

  /// The records that are written down once there are `count`.
  private static func records(_ pair: RawPair, _ count: Int) async throws -> [SavingsRecord] {
    for _ in 0..<400 {
      let records = try pair.proxy.storage.savings.records(since: 0, most: 100)
      if records.count >= count { return records }
      try await Task.sleep(for: .milliseconds(25))
    }
    return try pair.proxy.storage.savings.records(since: 0, most: 100)
  }

  /// Sends a request and returns what the upstream got for it.
  @discardableResult
  private static func send(_ text: String, _ pair: RawPair) async throws -> RawFrame? {
    try await pair.client.send(RawFrame.text(text, mask: mask).bytes)
    return await pair.upstream.readFrame()
  }

  @Test func toolResultsAreShortenedInPlace() async throws {
    let pair = try await RawPair.open()
    let flat = Self.request()
    let nested = #"{"type": "response.create", "response": \#(flat.dropLast(1))}}"#
    for request in [flat, nested] {
      let frame = try #require(try await Self.send(request, pair))
      let sent = String(decoding: frame.payload, as: UTF8.self)
      let expected = await compress(Array(request.utf8), options: Options(ledger: MemoryLedger()))
      #expect(expected.tokensAfter < expected.tokensBefore)
      #expect(sent == expected.text)
      #expect(frame.isFinal)
      #expect(frame.opcode == 1)
      #expect(frame.mask != nil)
    }
  }

  /// The provider has what came before, so the items of a request are all new, and what was sent for one is sent for it again.
  @Test func aResultThatIsSentAgainIsSentTheSame() async throws {
    let pair = try await RawPair.open()
    let first = try await Self.send(Self.request(), pair)?.payload
    #expect(try await Self.send(Self.request(), pair)?.payload == first)
    // Later in the same conversation over HTTP, with the model's turns around it.
    let whole =
      #"{"model":"gpt-5-codex","input":[{"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"},"#
      + #"{"type":"function_call_output","call_id":"call_1","output":\#(Self.quoted(Self.rows))},"#
      + #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]}]}"#
    let upstream = try await FakeUpstream()
    let overHTTP = try await RunningProxy(upstream, storage: pair.proxy.storage)
    _ = try await overHTTP.send(.POST, "/v1/responses", Array(whole.utf8))
    let arrived = try #require(upstream.arrivals.first).body
    let output = try JSONDocument(try #require(first)).root["input"]?.elements.first?["output"]?.lexeme
    #expect(try JSONDocument(arrived).root["input"]?.elements[1]["output"]?.lexeme == output)
  }

  @Test func whatGainsNothingGoesInTheClientsOwnFrames() async throws {
    let pair = try await RawPair.open()
    let small = Self.request(output: "ok")
    let half = small.index(small.startIndex, offsetBy: 40)
    let frames = [
      RawFrame(isFinal: false, mask: Self.mask, payload: Array(small[..<half].utf8)),
      RawFrame(opcode: 0, mask: [1, 2, 3, 4], payload: Array(small[half...].utf8)),
      .text(#"{"type":"response.processed","response_id":"resp_1"}"#, mask: Self.mask),
      .text("no JSON", mask: Self.mask),
      .text(
        #"{"type":"session.update","input":[{"type":"function_call_output","output":\#(Self.quoted(Self.rows))}]}"#,
        mask: Self.mask),
      RawFrame(opcode: 2, mask: Self.mask, payload: Array(Self.request().utf8)),
    ]
    let bytes = frames.flatMap(\.bytes)
    try await pair.client.send(bytes)
    #expect(await pair.upstream.read(bytes.count) == bytes)
  }

  @Test func theOrderStays() async throws {
    let pair = try await RawPair.open()
    var sent: [String] = []
    for turn in 0..<10 {
      sent += [Self.request("call_\(turn)"), #"{"type":"response.processed","response_id":"resp_\#(turn)"}"#]
    }
    try await pair.client.send(sent.flatMap { RawFrame.text($0, mask: Self.mask).bytes })
    for text in sent {
      let frame = try #require(await pair.upstream.readFrame())
      let document = try JSONDocument(frame.payload)
      let original = try JSONDocument(Array(text.utf8))
      #expect(document.root["response_id"]?.text == original.root["response_id"]?.text)
      #expect(
        document.root["input"]?.elements.first?["call_id"]?.text
          == original.root["input"]?.elements.first?["call_id"]?.text)
    }
  }

  @Test func anAuditSendsWhatCame() async throws {
    let pair = try await RawPair.open { $0.mode = .audit }
    let frame = RawFrame.text(Self.request(), mask: Self.mask)
    try await pair.client.send(frame.bytes)
    #expect(await pair.upstream.readFrame() == frame)
    try await pair.upstream.send(Self.event("response.completed", "resp_1", input: 10))
    let record = try #require(try await Self.records(pair, 1).first)
    #expect(record.isAudit)
    #expect(record.tokensSent < record.tokensBefore)
  }

  @Test func eachRequestIsWrittenDownWithWhatItsResponseCosts() async throws {
    let pair = try await RawPair.open()
    for turn in 1...2 {
      try await Self.send(Self.request("call_\(turn)"), pair)
      let events =
        Self.event("response.created", "resp_\(turn)")
        + RawFrame.text(#"{"type":"response.output_text.delta","delta":"error"}"#).bytes
        + Self.event("response.completed", "resp_\(turn)", input: 900 * turn, cached: 800, output: 7)
      try await pair.upstream.send(events)
      #expect(await pair.client.read(events.count) == events)
    }
    let records = try await Self.records(pair, 2)
    #expect(records.map(\.usage) == [1, 2].map { TokenUsage(input: 900 * $0 - 800, cacheRead: 800, output: 7) })
    for record in records {
      #expect(record.provider == "openai")
      #expect(record.format == "openai-responses")
      #expect(record.model == "gpt-5-codex")
      #expect(record.end == .complete)
      #expect(record.blocks == 1)
      #expect(record.shortened == 1)
      #expect(record.newTokensSent < record.newTokensBefore)
      #expect(record.bytesBefore == Self.request("call_1").utf8.count)
      #expect(record.bytesSent < record.bytesBefore)
    }
  }

  /// Requests of different streams are answered at the same time.
  @Test func responsesBelongToTheRequestsOfTheirStream() async throws {
    let pair = try await RawPair.open()
    for stream in ["a", "b", nil, "a"] { try await Self.send(Self.request(stream: stream), pair) }
    try await pair.upstream.send(
      Self.event("response.created", "resp_a1", stream: "a") + Self.event("response.created", "resp_b", stream: "b")
        + Self.event("response.completed", "resp_b", stream: "b", input: 1)
        + Self.event("response.created", "resp_0")
        + Self.event("response.completed", "resp_a1", stream: "a", input: 2)
        + Self.event("response.completed", "resp_0", input: 3)
        + Self.event("response.created", "resp_a2", stream: "a")
        + Self.event("response.completed", "resp_a2", stream: "a", input: 4))
    #expect(try await Self.records(pair, 4).map(\.usage?.input) == [1, 2, 3, 4])
  }

  /// A failure ends one request, even when it is told twice.
  @Test func failuresAreWrittenDown() async throws {
    let pair = try await RawPair.open()
    for turn in 1...3 { try await Self.send(Self.request("call_\(turn)"), pair) }
    let error = #"{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"slow down"}}"#
    try await pair.upstream.send(
      Self.event("response.created", "resp_1") + RawFrame.text(error).bytes + Self.event("response.failed", "resp_1")
        + Self.event("response.created", "resp_2") + Self.event("response.incomplete", "resp_2")
        + Self.event("response.created", "resp_3") + Self.event("response.completed", "resp_3", input: 5))
    let records = try await Self.records(pair, 3)
    #expect(records.map(\.end) == [.failed, .complete, .complete])
    #expect(records.map(\.status) == [429, 200, 200])
    #expect(records.map(\.usage?.input) == [nil, nil, 5])
  }

  @Test func whatBreaksOffIsWrittenDownAsThat() async throws {
    let left = try await RawPair.open()
    try await Self.send(Self.request(), left)
    try await left.client.send(RawFrame.close(1000, mask: Self.mask).bytes)
    _ = await left.upstream.readFrame()
    try await left.upstream.close()
    #expect(try await Self.records(left, 1).map(\.end) == [.cancelled])

    let cut = try await RawPair.open()
    try await Self.send(Self.request(), cut)
    try await cut.upstream.send(Self.event("response.created", "resp_1"))
    try await cut.upstream.reset()
    #expect(try await Self.records(cut, 1).map(\.end) == [.truncated])
  }

  /// A proxy that is told to end lets an answer come to its end, and takes leave of both sides then.
  @Test func aProxyThatEndsWaitsForTheAnswer() async throws {
    let pair = try await RawPair.open()
    try await Self.send(Self.request(), pair)
    let created = Self.event("response.created", "resp_1")
    try await pair.upstream.send(created)
    #expect(await pair.client.read(created.count) == created)
    await pair.proxy.drain()
    let completed = Self.event("response.completed", "resp_1", input: 5)
    try await Task.sleep(for: .milliseconds(200))
    try await pair.upstream.send(completed)
    let (bytes, _) = await pair.client.readToEnd()
    #expect(bytes == completed + RawFrame.close(1001).bytes)
    let leave = try #require(await pair.upstream.readFrame())
    #expect(leave.opcode == 8)
    #expect(leave.payload == [0x03, 0xe9])
  }
}
