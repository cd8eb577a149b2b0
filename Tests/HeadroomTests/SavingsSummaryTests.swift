import TestSupport
import Testing

@testable import Headroom

@Suite struct SavingsSummaryTests {
  private let records: [SavingsRecord] = {
    var generator = SavingsRecordGenerator(seed: 45)
    return generator.records(800)
  }()

  private func summary(_ records: [SavingsRecord], utcOffset: Int = 0) -> SavingsSummary {
    var summary = SavingsSummary()
    for record in records { summary.add(record, utcOffset: utcOffset) }
    return summary
  }

  private func sum(_ parts: some Sequence<SavingsTotals>) -> SavingsTotals {
    parts.reduce(into: SavingsTotals()) { $0 += $1 }
  }

  @Test func everyGroupingAddsUpToTheWhole() {
    let summary = summary(records)
    let whole = SavingsTotals(records)
    #expect(summary.totals() == whole)
    #expect(sum(summary.days.map { summary.totals(on: $0) }) == whole)
    for dimension in SavingsSummary.Dimension.allCases {
      #expect(sum(summary.groups(by: dimension).map(\.totals)) == whole)
    }
    #expect(sum(summary.byOrigin.map(\.totals)) == whole)
  }

  @Test func aGroupIsTheSumOfItsRows() {
    let summary = summary(records)
    for group in summary.groups(by: .agent) {
      #expect(group.totals == SavingsTotals(records.filter { $0.agent == group.name }))
    }
    for group in summary.groups(by: .model) {
      #expect(group.totals == SavingsTotals(records.filter { $0.model == group.name }))
    }
    for group in summary.groups(by: .provider) {
      #expect(group.totals == SavingsTotals(records.filter { $0.provider == group.name }))
    }
  }

  @Test func theOrderOfRecordsDoesNotMatter() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<5 { #expect(summary(records.shuffled(using: &generator)) == summary(records)) }
  }

  /// The day of 1970 that a time falls on at a place, worked out by stepping.
  private func day(of time: Int64, utcOffset: Int) -> Int {
    let local = time + Int64(utcOffset) * 1000
    var day = Int(local / 86_400_000)
    while Int64(day) * 86_400_000 > local { day -= 1 }
    return day
  }

  @Test func daysAreLocalDays() {
    for offset in [0, 3600, -8 * 3600, 20_700] {
      let summary = summary(records, utcOffset: offset)
      for start in summary.days {
        #expect(
          summary.totals(since: start)
            == SavingsTotals(records.filter { day(of: $0.time, utcOffset: offset) >= start }))
        #expect(
          summary.totals(on: start)
            == SavingsTotals(records.filter { day(of: $0.time, utcOffset: offset) == start }))
      }
    }
  }

  @Test func timesBeforeTheEpochHaveDaysToo() {
    let records = [-1, -86_400_000, -86_400_001, 0, 86_399_999].map {
      SavingsRecord(time: $0, provider: "openai", format: "openai-chat", model: "m")
    }
    #expect(summary(records).days == [-2, -1, 0])
    #expect(summary(records).totals(on: -1).requests == 2)
  }

  @Test func theLastTwoDaysAreKnownByTheHour() throws {
    let summary = summary(records)
    let newest = try #require(records.map(\.time).max())
    let last = SavingsSummary.hour(of: newest, utcOffset: 0)
    for hour in last - SavingsSummary.mostHours + 1...last {
      let own = records.filter { $0.time / 3_600_000 == Int64(hour) }
      #expect(summary.totals(inHour: hour) == SavingsTotals(own))
    }
    #expect(summary.totals(inHour: last - SavingsSummary.mostHours) == SavingsTotals())
  }

  @Test func aFloodOfNamesIsBoundedAndStillAddsUp() {
    var generator = SavingsRecordGenerator(seed: 46)
    generator.agents = (0..<500).map { "agent-\($0)" + String(repeating: "é", count: 90) }
    let records = generator.records(3000)
    let summary = summary(records)
    #expect(summary.byOrigin.count == SavingsSummary.mostOrigins + 1)
    #expect(summary.groups(by: .agent).contains { $0.name == SavingsSummary.other })
    #expect(summary.groups(by: .agent).allSatisfy { $0.name.utf8.count <= SavingsSummary.longestName + 3 })
    #expect(summary.totals() == SavingsTotals(records))
  }
}
