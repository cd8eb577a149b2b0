import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

/// What holds for every log of savings.
@Suite struct SavingsLogTests {
  /// A record with another value in each place.
  private func record<Generator: RandomNumberGenerator>(at time: Int64, _ generator: inout Generator) -> SavingsRecord {
    func number() -> Int { Int.random(in: 0...1_000_000, using: &generator) }
    func oneOf<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
    var record = SavingsRecord(
      time: time, provider: oneOf(["anthropic", "openai"]), format: "anthropic-messages",
      agent: oneOf(["", "claude-cli", "o'neil \"x\""]), model: oneOf(["gpt-4o", "claude-opus-4"]), session: "00ff")
    record.status = oneOf([0, 200, 529])
    record.end = oneOf(SavingsRecord.End.allCases)
    record.isAudit = oneOf([true, false])
    (record.bytesBefore, record.bytesSent) = (number(), number())
    (record.tokensBefore, record.tokensSent) = (number(), number())
    (record.newTokensBefore, record.newTokensSent) = (number(), number())
    (record.blocks, record.shortened) = (number(), number())
    record.usage = oneOf([
      nil,
      TokenUsage(
        input: number(), cacheRead: number(), cacheWrite: number(), cacheWriteLong: number(), output: number()),
    ])
    record.cost = oneOf([nil, number()])
    record.directCost = oneOf([nil, number() - 500_000])
    (record.addedMicroseconds, record.firstByteMilliseconds) = (number(), number())
    record.savedByKind = oneOf([[:], ["log": number(), "json": -3], ["log": number()], ["stack trace": 1]])
    return record
  }

  private func records(_ count: Int) -> [SavingsRecord] {
    var generator = SeededGenerator(seed: 7)
    return (0..<count).map { record(at: 1_800_000_000_000 + Int64($0 / 2) * 1_000_003, &generator) }
  }

  @Test(arguments: StorageKind.allCases)
  func recordsComeBackAsTheyWere(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let records = records(100)
    try fixture.open().savings.append(Array(records[..<40]))
    try fixture.open().savings.append([])
    try fixture.open().savings.append(Array(records[40...]))
    let savings = try fixture.open().savings
    #expect(try savings.records(since: 0, most: .max) == records)
    #expect(try savings.records(since: records[50].time, most: 1_000) == Array(records[50...]))
    #expect(try savings.records(since: records[50].time, most: 3) == records.suffix(3))
    #expect(try savings.records(since: records[99].time + 1, most: 3) == [])
    #expect(try savings.records(since: 0, most: 0) == [])
  }

  @Test(arguments: StorageKind.allCases)
  func whoRemembersAPlaceReadsEachRecordOnce(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let (writer, reader) = (try fixture.open().savings, try fixture.open().savings)
    let records = records(50)
    var read: [SavingsRecord] = []
    var place: Int64 = 0
    // Appended late, although it came early.
    for part in [records[10..<40], records[..<10], records[40...]] {
      try writer.append(Array(part))
      while case let page = try reader.entries(after: place, most: 7), let last = page.last {
        #expect(page.map(\.place) == page.map(\.place).sorted() && page[0].place > place)
        read += page.map(\.record)
        place = last.place
      }
    }
    #expect(read == Array(records[10..<40]) + Array(records[..<10]) + Array(records[40...]))
    #expect(try reader.entries(after: 0, most: 0) == [])
  }

  @Test(arguments: StorageKind.allCases, [nil, 10_000_000])
  func sumsAreTheSumsOfTheRecords(kind: StorageKind, interval: Int64?) throws {
    let savings = try StorageFixture(kind).open().savings
    #expect(try savings.sums(since: 0, every: interval) == [])
    let records = records(300)
    try savings.append(records)
    let since = records[100].time
    let sums = try savings.sums(since: since, every: interval)
    #expect(sums == SavingsSum.sums(of: Array(records[100...]), every: interval))
    #expect(Set(sums.map(\.group)).count == sums.count)
    var total = SavingsSum(sums[0].group)
    for sum in sums { total.add(sum) }
    #expect(total.requests == 200)
    #expect(total.tokensBefore - total.tokensSent == records[100...].reduce(0) { $0 + $1.tokensBefore - $1.tokensSent })
    #expect(total.savedByKind["log"] == records[100...].reduce(0) { $0 + ($1.savedByKind["log"] ?? 0) })
    #expect(total.directCost == records[100...].reduce(0) { $0 + ($1.cost == nil ? 0 : $1.directCost ?? 0) })
  }

  @Test(arguments: StorageKind.lasting)
  func aRecordIsKeptForAYear(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let savings = try fixture.open().savings
    var generator = SeededGenerator(seed: 1)
    func append() throws -> SavingsRecord {
      let record = record(at: Int64(fixture.clock.now().timeIntervalSince1970 * 1000), &generator)
      try savings.append([record])
      return record
    }
    let first = try append()
    fixture.clock.advance(by: 366 * 24 * 3600)
    let second = try append()
    #expect(try savings.records(since: 0, most: 9) == [first, second])
    fixture.clock.advance(by: 60 * 24 * 3600)
    let third = try append()
    #expect(try savings.records(since: 0, most: 9) == [second, third])
  }
}
