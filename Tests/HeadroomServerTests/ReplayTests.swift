import HeadroomServer
import HeadroomStore
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Headroom

/// What was sent upstream once is sent the same in every later request.
@Suite struct ReplayTests {
  /// Sends a conversation turn by turn and returns what arrived.
  private func play(
    _ conversation: Conversation, turns: [Int], through proxy: RunningProxy, _ upstream: FakeUpstream
  ) async throws -> [[UInt8]] {
    var arrived: [[UInt8]] = []
    for count in turns {
      let reply = try await proxy.send(.POST, conversation.form.path, conversation.body(count))
      #expect(reply.status == 200)
      arrived.append(try #require(upstream.arrivals.last).body)
    }
    return arrived
  }

  private func expectPrefixes(_ bodies: [[UInt8]], _ what: Conversation.Form) throws {
    for (earlier, later) in zip(bodies, bodies.dropFirst()) {
      let (a, b) = (try items(earlier), try items(later))
      #expect(Array(b.prefix(a.count)) == a, "\(what)")
    }
  }

  private func long(_ form: Conversation.Form) -> Conversation {
    var conversation = Conversation(form)
    for turn in 1...6 { conversation.add(turn % 3 == 0 ? "ok" : Conversation.rows(80, seed: turn)) }
    return conversation
  }

  private func turns(_ conversation: Conversation) -> [Int] {
    let step = conversation.form == .responses ? 3 : 2
    return stride(from: 1 + step, through: conversation.items.count, by: step).map { $0 }
  }

  @Test(arguments: Conversation.Form.allCases)
  func earlierItemsArriveAsBefore(_ form: Conversation.Form) async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    let conversation = long(form)
    let arrived = try await play(conversation, turns: turns(conversation), through: proxy, upstream)
    #expect(try #require(arrived.last).count < conversation.body().count * 3 / 4, "\(form) was shortened")
    try expectPrefixes(arrived, form)
    // Nothing but results differs from what the client sent.
    let (sent, got) = (try items(conversation.body()), try items(#require(arrived.last)))
    #expect(sent.count == got.count)
    for (a, b) in zip(sent, got) where a != b { #expect(String(decoding: a, as: UTF8.self).contains("row ")) }
  }

  @Test(arguments: Conversation.Form.allCases)
  func aRestartAndOtherSettingsChangeNothingThatWasSent(_ form: Conversation.Form) async throws {
    let folder = try TemporaryFolder()
    let upstream = try await FakeUpstream()
    let conversation = long(form)
    var arrived: [[UInt8]] = []
    for (index, turn) in turns(conversation).enumerated() {
      let level: Level = [.lossless, .aggressive, .balanced][index % 3]
      let proxy = try await RunningProxy(upstream, storage: try Stores.open("sqlite:" + folder.store)) {
        $0.level = level
      }
      arrived += try await play(conversation, turns: [turn], through: proxy, upstream)
      await proxy.stop()
    }
    try expectPrefixes(arrived, form)
  }

  @Test func parallelSessionsDoNotMix() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    // The same beginning and the same ids, with results of their own.
    let conversations = (0..<12).map { agent in
      var conversation = Conversation(.anthropic, task: String(repeating: "the same words ", count: 60) + "\(agent)")
      for turn in 1...3 { conversation.add(Conversation.rows(60, seed: turn * 100 + agent)) }
      return conversation
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for conversation in conversations {
        group.addTask {
          for turn in turns(conversation) {
            _ = try await proxy.send(.POST, conversation.form.path, conversation.body(turn))
          }
        }
      }
      try await group.waitForAll()
    }
    let arrived = upstream.arrivals.map(\.body)
    for conversation in conversations {
      let first = try items(conversation.body())[0]
      let own = try arrived.filter { try items($0)[0] == first }.sorted { $0.count < $1.count }
      // What one of them alone becomes.
      let quiet = try await FakeUpstream()
      let alone = try await RunningProxy(quiet)
      #expect(try await play(conversation, turns: turns(conversation), through: alone, quiet) == own)
    }
  }

  @Test func aConversationMetInTheMiddleStaysAsItIs() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    let conversation = long(.anthropic)
    let arrived = try await play(conversation, turns: [9, 11, 13], through: proxy, upstream)
    #expect(try items(arrived[0]).prefix(7) == items(conversation.body()).prefix(7))
    try expectPrefixes(arrived, .anthropic)
  }

  @Test func anAuditForwardsEverythingAndRecordsWhatItWouldHaveSaved() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream) { $0.mode = .audit }
    let conversation = long(.chat)
    let arrived = try await play(conversation, turns: turns(conversation), through: proxy, upstream)
    for (turn, body) in zip(turns(conversation), arrived) { #expect(body == conversation.body(turn)) }
    await proxy.stop()
    let records = try proxy.storage.savings.records(since: 0, most: 100)
    #expect(records.count == arrived.count)
    #expect(records.allSatisfy { $0.isAudit && $0.bytesBefore > 0 })
    let last = try #require(records.last)
    #expect(last.tokensSent < last.tokensBefore * 3 / 4)
    #expect(
      try proxy.storage.verdicts.verdicts(
        [BlockIdentity(Array("call_1".utf8), payload: Array(Conversation.rows(80).utf8))], orLatest: [true]) == [nil])
  }

  @Test func countsOfTokensAreThoseOfWhatIsSent() async throws {
    let upstream = try await FakeUpstream()
    let proxy = try await RunningProxy(upstream)
    var conversation = Conversation(.anthropic)
    conversation.add(Conversation.rows(100))
    _ = try await proxy.send(.POST, "/v1/messages/count_tokens", conversation.body())
    _ = try await proxy.send(.POST, "/v1/messages", conversation.body())
    #expect(upstream.arrivals.count == 2)
    #expect(upstream.arrivals[0].body == upstream.arrivals[1].body)
    await proxy.stop()
    #expect(try proxy.storage.savings.records(since: 0, most: 10).count == 1)
  }
}
