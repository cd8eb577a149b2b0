import Foundation
import Headroom

/// The table of savings records, the same in every database: one row for each request.
enum SavingsColumns {
  /// How long a record is kept, in seconds: somewhat more than a year, so that years can be compared.
  static let age = 400 * 24 * 3600
  /// How many are let go at once.
  static let batch = 500

  /// A value of a column.
  enum Value { case integer(Int), text(String), null }

  enum Kind { case text, integer }

  /// In the order of ``values(of:)``.
  static let columns: [(name: String, kind: Kind)] = [
    ("time", .integer), ("provider", .text), ("format", .text), ("agent", .text), ("model", .text), ("session", .text),
    ("status", .integer), ("ending", .text), ("isAudit", .integer),
    ("bytesBefore", .integer), ("bytesSent", .integer), ("tokensBefore", .integer), ("tokensSent", .integer),
    ("newTokensBefore", .integer), ("newTokensSent", .integer), ("blocks", .integer), ("shortened", .integer),
    ("input", .integer), ("cacheRead", .integer), ("cacheWrite", .integer),
    ("cacheWriteLong", .integer), ("output", .integer),
    ("cost", .integer), ("directCost", .integer),
    ("addedMicroseconds", .integer), ("firstByteMilliseconds", .integer), ("savedByKind", .text),
  ]

  static var names: String { columns.map(\.name).joined(separator: ", ") }

  static func values(of record: SavingsRecord) throws -> [Value] {
    let usage = record.usage
    return [
      .integer(Int(record.time)), .text(record.provider), .text(record.format), .text(record.agent),
      .text(record.model), .text(record.session), .integer(record.status), .text(record.end.rawValue),
      .integer(record.isAudit ? 1 : 0),
      .integer(record.bytesBefore), .integer(record.bytesSent), .integer(record.tokensBefore),
      .integer(record.tokensSent), .integer(record.newTokensBefore), .integer(record.newTokensSent),
      .integer(record.blocks), .integer(record.shortened),
      .init(usage?.input), .init(usage?.cacheRead), .init(usage?.cacheWrite), .init(usage?.cacheWriteLong),
      .init(usage?.output), .init(record.cost), .init(record.directCost),
      .integer(record.addedMicroseconds), .integer(record.firstByteMilliseconds),
      .text(try json(record.savedByKind)),
    ]
  }

  /// The record of a row of ``columns``.
  static func record(_ values: [Value]) throws -> SavingsRecord {
    var row = Reader(values)
    var record = SavingsRecord(
      time: Int64(try row.integer()), provider: try row.text(), format: try row.text(), agent: try row.text(),
      model: try row.text(), session: try row.text())
    record.status = try row.integer()
    guard let end = SavingsRecord.End(rawValue: try row.text()) else { throw damaged }
    record.end = end
    record.isAudit = try row.integer() != 0
    record.bytesBefore = try row.integer()
    record.bytesSent = try row.integer()
    record.tokensBefore = try row.integer()
    record.tokensSent = try row.integer()
    record.newTokensBefore = try row.integer()
    record.newTokensSent = try row.integer()
    record.blocks = try row.integer()
    record.shortened = try row.integer()
    record.usage = try row.usage()
    record.cost = try row.optionalInteger()
    record.directCost = try row.optionalInteger()
    record.addedMicroseconds = try row.integer()
    record.firstByteMilliseconds = try row.integer()
    record.savedByKind = try counts(try row.text())
    return record
  }

  private static func json(_ counts: [String: Int]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(counts), as: UTF8.self)
  }

  private static func counts(_ json: String) throws -> [String: Int] {
    if json == "{}" { return [:] }
    guard let counts = try? JSONDecoder().decode([String: Int].self, from: Data(json.utf8)) else { throw damaged }
    return counts
  }

  static let damaged = StoreError(.damaged, "a savings record is damaged")
}

// MARK: - Sums

extension SavingsColumns {
  /// What the rows of one sum have in common.
  private static let group = "1, provider, agent, model, isAudit"

  private static func start(_ interval: String) -> String {
    "CASE WHEN \(interval) = 0 THEN 0 ELSE time / \(interval) * \(interval) END, provider, agent, model, isAudit"
  }

  /// A query of all sums since a time. Its parameters are that time and the length of an interval, 0 for all of the time.
  static func sums(table: String, time: String, interval: String) -> (query: String, kinds: [Kind]) {
    func sum(_ value: String) -> String { "CAST(coalesce(sum(\(value)), 0) AS BIGINT)" }
    let both = "cost IS NOT NULL AND directCost IS NOT NULL"
    let sums = [
      "count(*)", sum("CASE WHEN ending = 'complete' THEN 1 ELSE 0 END"), sum("bytesBefore"), sum("bytesSent"),
      sum("tokensBefore"), sum("tokensSent"), sum("newTokensBefore"), sum("newTokensSent"), sum("blocks"),
      sum("shortened"), sum("addedMicroseconds"), sum("input"), sum("cacheRead"), sum("cacheWrite"),
      sum("cacheWriteLong"), sum("output"), "count(input)", sum("CASE WHEN \(both) THEN cost END"),
      sum("CASE WHEN \(both) THEN directCost END"), sum("CASE WHEN \(both) THEN 1 ELSE 0 END"),
    ]
    return (
      "SELECT \(start(interval)), \(sums.joined(separator: ", ")) FROM \(table) WHERE time >= \(time) GROUP BY \(group)",
      groupKinds + sums.map { _ in .integer }
    )
  }

  /// A query of the tokens saved by kind of content, with the same parameters.
  /// - Parameter each: a table of the members of `savedByKind`, with the columns `key` and `value`.
  static func kinds(table: String, time: String, interval: String, each: String) -> (query: String, kinds: [Kind]) {
    (
      """
      SELECT \(start(interval)), part.key, CAST(sum(CAST(part.value AS BIGINT)) AS BIGINT) FROM \(table), \(each) AS part
      WHERE time >= \(time) AND savedByKind <> '{}' GROUP BY \(group), part.key
      """, groupKinds + [.text, .integer]
    )
  }

  private static let groupKinds: [Kind] = [.integer, .text, .text, .text, .integer]

  /// The sums that the rows of both queries tell.
  static func sums(_ rows: [[Value]], kinds: [[Value]]) throws -> [SavingsSum] {
    var sums: [SavingsSum.Group: SavingsSum] = [:]
    for values in rows {
      var row = Reader(values)
      var sum = SavingsSum(try row.group())
      sum.requests = try row.integer()
      sum.complete = try row.integer()
      sum.bytesBefore = try row.integer()
      sum.bytesSent = try row.integer()
      sum.tokensBefore = try row.integer()
      sum.tokensSent = try row.integer()
      sum.newTokensBefore = try row.integer()
      sum.newTokensSent = try row.integer()
      sum.blocks = try row.integer()
      sum.shortened = try row.integer()
      sum.addedMicroseconds = try row.integer()
      sum.usage = try row.usage() ?? TokenUsage()
      sum.billed = try row.integer()
      sum.cost = try row.integer()
      sum.directCost = try row.integer()
      sum.priced = try row.integer()
      sums[sum.group] = sum
    }
    for values in kinds {
      var row = Reader(values)
      let group = try row.group()
      sums[group]?.savedByKind[try row.text()] = try row.integer()
    }
    return sums.values.sorted { $0.group < $1.group }
  }
}

extension SavingsColumns.Value {
  fileprivate init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }
}

/// Takes the values of a row one after the other.
private struct Reader {
  private var values: ArraySlice<SavingsColumns.Value>

  init(_ values: [SavingsColumns.Value]) { self.values = values[...] }

  mutating func text() throws -> String {
    guard case .text(let text) = values.popFirst() else { throw SavingsColumns.damaged }
    return text
  }

  mutating func integer() throws -> Int {
    guard let number = try optionalInteger() else { throw SavingsColumns.damaged }
    return number
  }

  mutating func optionalInteger() throws -> Int? {
    switch values.popFirst() {
    case .integer(let number): number
    case .null: nil
    default: throw SavingsColumns.damaged
    }
  }

  mutating func usage() throws -> TokenUsage? {
    let counts = [
      try optionalInteger(), try optionalInteger(), try optionalInteger(), try optionalInteger(),
      try optionalInteger(),
    ]
    guard let input = counts[0] else { return nil }
    return TokenUsage(
      input: input, cacheRead: counts[1] ?? 0, cacheWrite: counts[2] ?? 0, cacheWriteLong: counts[3] ?? 0,
      output: counts[4] ?? 0)
  }

  mutating func group() throws -> SavingsSum.Group {
    SavingsSum.Group(
      start: Int64(try integer()), provider: try text(), agent: try text(), model: try text(),
      isAudit: try integer() != 0)
  }
}
