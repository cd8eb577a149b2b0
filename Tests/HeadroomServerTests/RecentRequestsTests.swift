import Foundation
import HTTPTypes
import Headroom
import TestSupport
import Testing

@testable import HeadroomServer

/// What was sent instead of what: kept in memory, within bounds, and told exactly.
@Suite struct RecentRequestsTests {
  private func record(_ time: Int64) -> SavingsRecord {
    SavingsRecord(time: time, provider: "anthropic", format: "anthropic-messages", model: "claude-sonnet-4-5")
  }

  private func add(_ bytes: Int, to recent: RecentRequests, time: Int64 = 0) -> Int {
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: bytes)
    var result = compress(Array("{}".utf8))
    result.body = body
    result.passedThrough = .nothingSaved
    return recent.begin(record(time), body: body, result: result)
  }

  @Test func theOldestGoFirst() {
    let recent = RecentRequests(mostRequests: 3, mostBytes: 1000)
    let ids = (0..<5).map { _ in add(10, to: recent) }
    #expect(ids.map { recent.entry($0) != nil } == [false, false, true, true, true])
    let large = add(985, to: recent)
    #expect(recent.listing.entries.map(\.id) == [ids[4], large])
    #expect(recent.entry(add(1001, to: recent)) == nil)
    #expect(recent.entry(large) != nil)
  }

  @Test func whatIsNotKeptIsCountedAsRunningAllTheSame() {
    let recent = RecentRequests(mostRequests: 0)
    let id = add(10, to: recent)
    #expect(recent.running == 1 && recent.entry(id) == nil)
    recent.finish(id, record(1))
    #expect(recent.running == 0)
  }

  @Test func everyChangeHasAVersion() {
    let recent = RecentRequests()
    var versions = [recent.version]
    let id = add(10, to: recent)
    versions.append(recent.version)
    recent.finish(id, record(1))
    versions.append(recent.version)
    #expect(Set(versions).count == 3)
  }

  private struct Detail: Decodable {
    struct Block: Decodable {
      var index: Int
      var path, kind, fidelity: String
      var tool, encoder, handle: String?
      var isNew: Bool
      var tokensBefore, tokensSent: Int
    }
    struct Request: Decodable { var detail: Int, end: String? }
    var request: Request
    var blocks: [Block]
  }

  private struct Text: Decodable {
    var before: String
    var sent: String?
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, _ dashboard: Dashboard, _ path: String) async throws
    -> Value
  {
    let answer = try await dashboard.answer(path: path, now: 0)
    try #require(answer.status == .ok)
    #expect(answer.fields[.cacheControl] == "no-store")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(answer.body))
  }

  @Test(arguments: Conversation.Form.allCases)
  func eachResultIsShownAsItCameAndAsItWasSent(_ form: Conversation.Form) async throws {
    var conversation = Conversation(form)
    let hostile = String(repeating: "<script>alert(1)</script>\u{2028}é\"\\", count: 9)
    let texts = [Conversation.rows(400), hostile, Conversation.rows(200, seed: 3)]
    // Turn by turn, as an agent sends it.
    let options = Options(ledger: MemoryLedger())
    for text in texts {
      _ = await compress(conversation.body(), options: options)
      conversation.add(text)
    }
    let body = conversation.body()
    let result = await compress(body, options: options)
    let recent = RecentRequests()
    let dashboard = Dashboard(savings: MemorySavings(), recent: recent, mode: "optimize", started: 0, localTime: .utc)
    let id = recent.begin(record(0), body: body, result: result)

    let detail = try await decoded(Detail.self, dashboard, "/dashboard/requests/\(id)")
    #expect(detail.request.detail == id && detail.request.end == nil)
    #expect(detail.blocks.map(\.path) == result.blocks.map(\.path))
    #expect(detail.blocks.map(\.isNew) == [false, false, true])
    #expect(detail.blocks.map(\.tool) == ["fetch", "fetch", "fetch"])
    #expect(detail.blocks.map { $0.encoder != nil } == [true, false, true])
    #expect(detail.blocks.map(\.tokensBefore).reduce(0, +) == result.tokensBefore)
    #expect(detail.blocks.map(\.tokensSent).reduce(0, +) == result.tokensAfter)
    for (index, text) in texts.enumerated() {
      let shown = try await decoded(Text.self, dashboard, "/dashboard/requests/\(id)/blocks/\(index)")
      #expect(shown.before == text)
      let sent = RequestBody(result.body)?.payload(of: index).map { String(decoding: $0, as: UTF8.self) }
      #expect(shown.sent == (index == 1 ? nil : sent))
    }
  }

  @Test func whatIsNotThereIsNotFound() async throws {
    let dashboard = Dashboard(
      savings: MemorySavings(), recent: RecentRequests(), mode: "optimize", started: 0, localTime: .utc)
    _ = add(10, to: dashboard.recent)
    for path in [
      "/dashboard/requests/2", "/dashboard/requests/", "/dashboard/requests/x", "/dashboard/requests/-1",
      "/dashboard/requests/1/blocks/0", "/dashboard/requests/1/blocks/-1", "/dashboard/requests/1/blocks",
      "/dashboard/requests/1/x/0", "/dashboard/requests/1/blocks/0/", "/dashboard/", "/dashboard/x",
      "/dashboard/requests/99999999999999999999",
    ] {
      let answer = try await dashboard.answer(path: path, now: 0)
      #expect(answer.status == .notFound, "\(path)")
    }
  }
}
