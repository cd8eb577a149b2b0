import AsyncHTTPClient
import Foundation
import Headroom
import HeadroomStore
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import HeadroomServer

/// Whatever goes wrong, the request goes on as if the proxy were not there.
@Suite struct FaultTests {
  private struct BrokenLedger: VerdictLedger {
    func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
      throw StoreError(.failed, "the disk is gone")
    }
    func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
      throw StoreError(.failed, "the disk is gone")
    }
  }

  private struct BrokenSavings: SavingsLog {
    func append(_ records: [SavingsRecord]) throws { throw StoreError(.failed, "the disk is full") }
    func records(since time: Int64, most: Int) throws -> [SavingsRecord] {
      throw StoreError(.failed, "the disk is full")
    }
    func entries(after place: Int64, most: Int) throws -> [SavingsEntry] {
      throw StoreError(.failed, "the disk is full")
    }
  }

  private func text(_ connection: RawConnection) async -> String {
    String(decoding: await connection.readToEnd().bytes, as: UTF8.self)
  }

  private func conversation() -> Conversation {
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(100))
    return conversation
  }

  @Test func withoutAStoreRequestsPassAsTheyCame() async throws {
    let upstream = try await FakeUpstream()
    let memory = Storage.memory()
    let storage = Storage(
      originals: memory.originals, verdicts: BrokenLedger(), journal: memory.journal, savings: BrokenSavings(),
      description: "broken")
    let proxy = try await RunningProxy(upstream, storage: storage)
    for _ in 0..<3 {
      let reply = try await proxy.send(.POST, "/v1/messages", conversation().body())
      #expect(reply.status == 200)
      #expect(upstream.arrivals.last?.body == conversation().body())
    }
    #expect(try await proxy.send(.GET, "/livez").status == 200)
    #expect(try await proxy.send(.GET, "/readyz").status == 503)
    await proxy.stop()
  }

  /// The store's file is deleted while the proxy runs.
  @Test func aStoreThatIsDeletedIsNotMissed() async throws {
    let folder = try TemporaryFolder()
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream, storage: try Stores.open("sqlite:" + folder.store))
    var conversation = conversation()
    #expect(try await proxy.send(.POST, "/v1/messages", conversation.body()).status == 200)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      try FileManager.default.removeItem(atPath: folder.path + "/" + name)
    }
    conversation.add(Conversation.rows(100, seed: 7))
    #expect(try await proxy.send(.POST, "/v1/messages", conversation.body()).status == 200)
    let bodies = upstream.arrivals.map(\.body)
    #expect(try items(bodies[1]).prefix(3) == items(bodies[0]).prefix(3))
    await proxy.stop()
  }

  /// The process ends between writing a decision down and forwarding it: the decision holds all the same.
  @Test func aDecisionThatWasNeverSentStillHolds() async throws {
    let folder = try TemporaryFolder()
    // With a tool that runs commands, so that something may be cut.
    let text = String(decoding: conversation().body(), as: UTF8.self)
    let body = Array(text.replacing(#""max_tokens":64"#, with: #""tools":[{"name":"bash","input_schema":{}}]"#).utf8)
    let dead = try await RunningProxy(nil, storage: try Stores.open("sqlite:" + folder.store)) {
      $0.upstreams = Upstreams(anthropic: "http://127.0.0.1:1")
      $0.level = .aggressive
    }
    #expect(try await dead.send(.POST, "/v1/messages", body).status == 502)
    await dead.stop()
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream, storage: try Stores.open("sqlite:" + folder.store)) {
      $0.level = .lossless
    }
    #expect(try await proxy.send(.POST, "/v1/messages", body).status == 200)
    let other = try await RunningProxy(upstream) { $0.level = .lossless }
    #expect(try await other.send(.POST, "/v1/messages", body).status == 200)
    let (held, fresh) = (upstream.arrivals[0].body, upstream.arrivals[1].body)
    #expect(held.count < body.count && held != fresh, "what was decided first, and not what would be decided now")
    await proxy.stop()
  }

  @Test func longBodiesArriveWhole() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    var generator = SeededGenerator(seed: 3)
    let noise = (0..<6_500_000).flatMap { _ in
      withUnsafeBytes(of: UInt64.random(in: 0...(.max), using: &generator), Array.init)
    }
    let prose = Array(
      #"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"\#(String(repeating: "x", count: 20 << 20))"}]}"#
        .utf8)
    for body in [noise, prose] {
      let reply = try await proxy.send(.POST, "/v1/messages", body)
      #expect(reply.status == 200)
      #expect(upstream.arrivals.last?.body == body ? true : false)
    }
  }

  @Test(.timeLimit(.minutes(15))) func whatIsNoRequestHarmsNobody() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    for bytes in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "POST /v1/messages HTTP/1.1\r\nContent-Length: x\r\n\r\n"] {
      let connection = try await RawConnection.connect(port: proxy.port)
      try await connection.send(bytes)
      #expect(await text(connection).hasPrefix("HTTP/1.1 400"))
    }
    // A client that stops in the middle of its body, and one that says nothing.
    let half = try await RawConnection.connect(port: proxy.port)
    try await half.send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"mod")
    let mute = try await RawConnection.connect(port: proxy.port)
    try await half.close()
    #expect(try await proxy.send(.GET, "/livez").status == 200)
    try await mute.close()
    #expect(upstream.arrivals.isEmpty)
  }

  @Test func aClientThatAsksToCloseIsAnsweredAndClosed() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    let connection = try await RawConnection.connect(port: proxy.port)
    try await connection.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    let answer = await text(connection)
    #expect(answer.hasPrefix("HTTP/1.1 200"))
    #expect(answer.hasSuffix("{}\r\n0\r\n\r\n"))
  }

  @Test func aBodyWaitsForItsReader() async throws {
    let pipe = BodyPipe(capacity: 10)
    let writer = Task {
      for index in 0..<100 { await pipe.write(ByteBuffer(bytes: [UInt8(index), UInt8(index), UInt8(index)])) }
      pipe.finish()
    }
    var received: [UInt8] = []
    for try await part in pipe { received += Array(part.readableBytesView) }
    await writer.value
    #expect(received == (0..<100).flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
    let broken = BodyPipe()
    await broken.write(ByteBuffer(bytes: [1]))
    broken.finish(StoreError(.failed, "gone"))
    await #expect(throws: StoreError.self) { for try await _ in broken {} }
  }
}
