import Headroom
import TestSupport
import Testing

@Suite struct SavingsTotalsTests {
  private let records: [SavingsRecord] = {
    var generator = SavingsRecordGenerator(seed: 44)
    return generator.records(600)
  }()

  @Test func totalsAreSumsOfRows() {
    let totals = SavingsTotals(records)
    func sum(_ value: (SavingsRecord) -> Int) -> Int { records.map(value).reduce(0, +) }
    #expect(totals.requests == records.count)
    #expect(totals.failed == records.count { $0.end == .failed })
    #expect(totals.truncated == records.count { $0.end == .truncated })
    #expect(totals.cancelled == records.count { $0.end == .cancelled })
    #expect(totals.audited == records.count { $0.isAudit })
    #expect(totals.bytesBefore == sum(\.bytesBefore))
    #expect(totals.bytesSent == sum { $0.isAudit ? $0.bytesBefore : $0.bytesSent })
    #expect(totals.tokensBefore == sum(\.tokensBefore))
    #expect(totals.tokensSent == sum { $0.isAudit ? $0.tokensBefore : $0.tokensSent })
    #expect(totals.newTokensBefore == sum(\.newTokensBefore))
    #expect(totals.newTokensSent == sum { $0.isAudit ? $0.newTokensBefore : $0.newTokensSent })
    #expect(totals.tokensAudited == sum { $0.isAudit ? $0.tokensBefore - $0.tokensSent : 0 })
    #expect(totals.blocks == sum(\.blocks))
    #expect(totals.shortened == sum { $0.isAudit ? 0 : $0.shortened })
    #expect(totals.billed == records.count { $0.usage != nil })
    #expect(totals.usage.input == sum { $0.usage?.input ?? 0 })
    #expect(totals.usage.cacheRead == sum { $0.usage?.cacheRead ?? 0 })
    #expect(totals.usage.cacheWrite == sum { $0.usage?.cacheWrite ?? 0 })
    #expect(totals.usage.cacheWriteLong == sum { $0.usage?.cacheWriteLong ?? 0 })
    #expect(totals.usage.output == sum { $0.usage?.output ?? 0 })
    #expect(totals.addedMicroseconds.sum == sum(\.addedMicroseconds))
    #expect(totals.addedMicroseconds.count == records.count)
    #expect(totals.firstByteMilliseconds.count == records.count { $0.status != 0 })
    for kind in ["json", "log", "search", "diff"] {
      #expect(totals.savedByKind[kind] == sum { $0.isAudit ? 0 : $0.savedByKind[kind] ?? 0 })
    }
  }

  @Test func theDifferenceIsOfRequestsWhosePricesAreKnownOnBothSides() {
    let priced = records.compactMap { record in record.cost.flatMap { cost in record.directCost.map { (cost, $0) } } }
    let totals = SavingsTotals(records)
    #expect(totals.priced == priced.count && priced.count < totals.billed)
    #expect(totals.difference == priced.map { $0.1 - $0.0 }.reduce(0, +))
  }

  @Test func aLossIsShownAsALoss() {
    var record = SavingsRecord(time: 0, provider: "anthropic", format: "anthropic-messages", model: "m")
    (record.cost, record.directCost) = (900, 400)
    (record.tokensBefore, record.tokensSent) = (10, 30)
    let totals = SavingsTotals([record])
    #expect(totals.difference == -500)
    #expect(totals.tokensSaved == -20)
  }

  @Test func theTotalsOfPartsAddUpInAnyOrder() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      var parts: [[SavingsRecord]] = Array(repeating: [], count: .random(in: 1...9, using: &generator))
      for record in records.shuffled(using: &generator) {
        parts[.random(in: parts.indices, using: &generator)].append(record)
      }
      var whole = SavingsTotals()
      for part in parts { whole += SavingsTotals(part) }
      #expect(whole == SavingsTotals(records))
    }
  }

  @Test func theCacheHitRateIsTheReadPartOfThePrompt() {
    #expect(SavingsTotals().cacheHitRate == nil)
    var record = SavingsRecord(time: 0, provider: "anthropic", format: "anthropic-messages", model: "m")
    record.usage = TokenUsage(input: 10, cacheRead: 750, cacheWrite: 200, cacheWriteLong: 40, output: 9_000)
    #expect(SavingsTotals([record]).cacheHitRate == 0.75)
  }
}
