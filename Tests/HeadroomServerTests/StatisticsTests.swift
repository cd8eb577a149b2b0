import Foundation
import HTTPTypes
import Headroom
import TestSupport
import Testing

@testable import HeadroomServer

/// `/stats`: every total is a sum of rows.
@Suite struct StatisticsTests {
  /// 10 March 2026, 14:00 UTC.
  private static let now: Int64 = 1_773_151_200_000
  private static let hour: Int64 = 3_600_000

  private static func records(_ count: Int, seed: UInt64) -> [SavingsRecord] {
    var generator = SavingsRecordGenerator(seed: seed)
    generator.times = now - 20 * 24 * hour..<now
    return generator.records(count)
  }

  private static func dashboard(_ log: MemorySavings, _ recent: RecentRequests = RecentRequests()) -> Dashboard {
    Dashboard(savings: log, recent: recent, mode: "optimize", started: now - 5000, localTime: .utc)
  }

  private static func statistics(_ dashboard: Dashboard, most: Int = 1000) async throws -> Report {
    let answer = try await dashboard.answer(path: "/stats", mostRequests: most, now: now)
    #expect(answer.status == .ok)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Report.self, from: Data(answer.body))
  }

  /// The part of the report that is checked, read back from its JSON.
  struct Report: Decodable {
    struct Usage: Decodable { var input, cacheRead, cacheWrite, cacheWriteLong, output: Int }
    struct Row: Decodable {
      var place: Int?, detail: Int?, end: String?
      var time, agent, model, provider: String
      var audit: Bool
      var bytesBefore, bytesSent, tokensBefore, tokensSent, tokensSaved, tokensAudited, newTokensBefore: Int
      var newTokensSent, blocks, shortened: Int
      var usage: Usage?
      var cost, directCost, difference: Int?
    }
    struct Totals: Decodable, Equatable {
      var requests, failed, truncated, cancelled, audited, bytesBefore, bytesSent, tokensBefore, tokensSent: Int
      var tokensSaved, tokensAudited, newTokensBefore, newTokensSent, blocks, shortened, billed, cost: Int
      var directCost, difference, priced: Int
      var usage: [String: Int]
      var cacheHitRate: Double?
    }
    struct Group: Decodable { var name: String, totals: Totals }
    struct Kind: Decodable { var name: String, newTokensSaved: Int }
    struct Period: Decodable {
      var since: String?
      var totals: Totals
      var agents, models, providers: [Group]
      var kinds: [Kind]
    }
    struct Bar: Decodable { var start: String, requests, tokensBefore, tokensSent, cost, directCost, priced: Int }
    var today, sevenDays, all: Period
    var hours, days: [Bar]
    var requests, running: [Row]
    var now, mode: String
  }

  /// The totals of rows, added up one by one.
  private func sums(_ rows: [Report.Row]) -> Report.Totals {
    func sum(_ value: (Report.Row) -> Int?) -> Int { rows.compactMap(value).reduce(0, +) }
    let usage = [
      "input": sum(\.usage?.input), "cache_read": sum(\.usage?.cacheRead), "cache_write": sum(\.usage?.cacheWrite),
      "cache_write_long": sum(\.usage?.cacheWriteLong), "output": sum(\.usage?.output),
    ]
    let prompt = usage.filter { $0.key != "output" }.values.reduce(0, +)
    return Report.Totals(
      requests: rows.count, failed: rows.count { $0.end == "failed" }, truncated: rows.count { $0.end == "truncated" },
      cancelled: rows.count { $0.end == "cancelled" }, audited: rows.count(where: \.audit),
      bytesBefore: sum(\.bytesBefore), bytesSent: sum(\.bytesSent), tokensBefore: sum(\.tokensBefore),
      tokensSent: sum(\.tokensSent), tokensSaved: sum(\.tokensSaved), tokensAudited: sum(\.tokensAudited),
      newTokensBefore: sum(\.newTokensBefore), newTokensSent: sum(\.newTokensSent), blocks: sum(\.blocks),
      shortened: sum(\.shortened), billed: rows.count { $0.usage != nil }, cost: sum(\.cost),
      directCost: sum(\.directCost), difference: sum(\.difference), priced: rows.count { $0.difference != nil },
      usage: usage, cacheHitRate: prompt > 0 ? Double(usage["cache_read"] ?? 0) / Double(prompt) : nil)
  }

  @Test func totalsAreTheSumsOfTheRowsBesideThem() async throws {
    let log = MemorySavings()
    log.append(Self.records(700, seed: 1))
    let report = try await Self.statistics(Self.dashboard(log))
    #expect(report.requests.count == 700)
    #expect(report.all.totals == sums(report.requests))
    #expect(report.today.totals == sums(report.requests.filter { $0.time >= "2026-03-10" }))
    #expect(report.sevenDays.totals == sums(report.requests.filter { $0.time >= "2026-03-04" }))
    #expect(report.today.since == "2026-03-10" && report.sevenDays.since == "2026-03-04")
    for period in [report.today, report.sevenDays, report.all] {
      let rows = report.requests.filter { $0.time >= period.since ?? "" }
      for group in period.agents { #expect(group.totals == sums(rows.filter { $0.agent == group.name })) }
      for group in period.models { #expect(group.totals == sums(rows.filter { $0.model == group.name })) }
      for group in period.providers { #expect(group.totals == sums(rows.filter { $0.provider == group.name })) }
      #expect(period.agents.map(\.totals.requests).reduce(0, +) == rows.count)
    }
  }

  @Test func barsAddUpToThePeriodsTheyStandFor() async throws {
    let log = MemorySavings()
    log.append(Self.records(700, seed: 2))
    let report = try await Self.statistics(Self.dashboard(log))
    func check(_ bars: some Collection<Report.Bar>, _ totals: Report.Totals) {
      #expect(bars.map(\.requests).reduce(0, +) == totals.requests)
      #expect(bars.map(\.tokensBefore).reduce(0, +) == totals.tokensBefore)
      #expect(bars.map(\.tokensSent).reduce(0, +) == totals.tokensSent)
      #expect(bars.map { $0.directCost - $0.cost }.reduce(0, +) == totals.difference)
    }
    check(report.days, report.all.totals)
    check(report.days.suffix(7), report.sevenDays.totals)
    check(report.hours.filter { $0.start.hasPrefix("2026-03-10") }, report.today.totals)
    #expect(report.hours.count == 48 && report.hours.last?.start == "2026-03-10T14:00")
    #expect(report.days.map(\.start) == report.days.map(\.start).sorted())
  }

  @Test func aBeginningHasAWeekOfEmptyDays() async throws {
    let report = try await Self.statistics(Self.dashboard(MemorySavings()))
    #expect(report.days.map(\.start).first == "2026-03-04" && report.days.count == 7)
    #expect(report.all.totals == sums([]))
    #expect(report.all.totals.cacheHitRate == nil && report.all.since == nil)
  }

  @Test func recordsOfAnotherProcessAreReadOnceAndWhole() async throws {
    let log = MemorySavings()
    let dashboard = Self.dashboard(log)
    var all: [SavingsRecord] = []
    for part in 0..<6 as Range<UInt64> {
      // Times lie before those of parts that came earlier too.
      let records = Self.records(part == 3 ? 9000 : 40, seed: 10 + part)
      all += records
      log.append(records)
      let report = try await Self.statistics(dashboard)
      #expect(report.all.totals.requests == all.count)
      #expect(report.all.totals.tokensBefore == SavingsTotals(all).tokensBefore)
    }
  }

  @Test func theNewestRequestsComeFirstAndAreNoMoreThanAskedFor() async throws {
    let log = MemorySavings()
    // They are appended as they end.
    let records = Self.records(50, seed: 3)
    log.append(records)
    let report = try await Self.statistics(Self.dashboard(log), most: 20)
    let newest = records.indices.sorted { records[$0].time > records[$1].time }.prefix(20)
    #expect(report.requests.compactMap(\.place) == newest.map { $0 + 1 })
  }

  @Test func aRequestOnTheWayIsListedAndInNoSum() async throws {
    let log = MemorySavings()
    let recent = RecentRequests()
    let dashboard = Self.dashboard(log, recent)
    let body = Array(#"{"model":"gpt-4o","messages":[]}"#.utf8)
    var record = Self.records(1, seed: 4)[0]
    let id = recent.begin(record, body: body, result: await compress(body))
    var report = try await Self.statistics(dashboard)
    #expect(report.running.map(\.detail) == [id] && report.running.map(\.end) == [nil])
    #expect(report.all.totals.requests == 0)
    // Its end is known before the log has it.
    record.end = .complete
    recent.finish(id, record)
    report = try await Self.statistics(dashboard)
    #expect(report.running.map(\.end) == ["complete"] && report.all.totals.requests == 0)
    log.append([record])
    report = try await Self.statistics(dashboard)
    #expect(report.running.isEmpty && report.all.totals.requests == 1)
    #expect(report.requests.map(\.detail) == [id])
  }

  @Test func requestsThatAreAlikeHaveDetailsOfTheirOwn() async throws {
    let log = MemorySavings()
    let recent = RecentRequests()
    let body = Array(#"{"model":"gpt-4o","messages":[]}"#.utf8)
    let record = Self.records(1, seed: 4)[0]
    for _ in 0..<2 {
      recent.finish(recent.begin(record, body: body, result: await compress(body)), record)
      log.append([record])
    }
    let report = try await Self.statistics(Self.dashboard(log, recent))
    #expect(report.requests.map(\.detail) == [2, 1])
  }

  @Test func aClientThatKnowsTheVersionIsToldSo() async throws {
    let log = MemorySavings()
    let dashboard = Self.dashboard(log)
    func ask(_ known: String?) async throws -> Dashboard.Answer {
      try await dashboard.answer(path: "/stats", known: known, now: Self.now)
    }
    let first = try await ask(nil)
    let tag = first.fields[.eTag]
    let second = try await ask(tag)
    #expect(second.status == .notModified && second.body.isEmpty)
    log.append(Self.records(1, seed: 5))
    let third = try await ask(tag)
    #expect(third.status == .ok && third.fields[.eTag] != tag)
  }

  @Test func namesOfClientsStayText() async throws {
    var record = Self.records(1, seed: 6)[0]
    record.agent = "</script><img src=x>\u{0}\n\"\\"
    record.model = "é\u{2028}"
    let log = MemorySavings()
    log.append([record])
    let report = try await Self.statistics(Self.dashboard(log))
    #expect(report.requests.map(\.agent) == [record.agent] && report.requests.map(\.model) == [record.model])
  }

  @Test func timesAreLocalAndSayWhatTheyAreAheadOfUTC() {
    #expect(LocalTime.utc.text(1_773_151_202_007) == "2026-03-10T14:00:02.007+00:00")
    #expect(LocalTime { _ in 20_700 }.text(Self.now) == "2026-03-10T19:45:00.000+05:45")
    #expect(LocalTime { _ in -8 * 3600 }.text(Self.now) == "2026-03-10T06:00:00.000-08:00")
    #expect(LocalTime.utc.text(-1) == "1969-12-31T23:59:59.999+00:00")
  }
}
