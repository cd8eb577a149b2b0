package import Foundation
import GRDB
package import Headroom

/// Savings records in a SQLite file.
///
/// A failure of the power may lose the last of them; nothing depends on them but totals.
package final class SQLiteSavings: SavingsLog {
  private let file: DatabaseFile
  private let now: @Sendable () -> Date

  package init(_ file: DatabaseFile, now: @escaping @Sendable () -> Date = { Date() }) {
    self.file = file
    self.now = now
  }

  package func append(_ records: [SavingsRecord]) throws {
    guard !records.isEmpty else { return }
    let rows = try records.map { StatementArguments(try SavingsColumns.values(of: $0).map(\.databaseValue)) }
    let oldest = Int((now().timeIntervalSince1970 - Double(SavingsColumns.age)) * 1000)
    try file.write(isDurable: false) { database in
      let statement = try database.cachedStatement(sql: Self.insertion)
      for row in rows { try statement.execute(arguments: row) }
      try database.execute(
        sql: "DELETE FROM savings WHERE id IN (SELECT id FROM savings WHERE time < ? LIMIT ?)",
        arguments: [oldest, SavingsColumns.batch])
    }
  }

  package func records(since time: Int64, most: Int) throws -> [SavingsRecord] {
    let rows = try file.read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT \(SavingsColumns.names) FROM savings WHERE time >= ? ORDER BY time DESC, id DESC LIMIT ?",
        arguments: [time, max(0, most)])
    }
    return try (rows ?? []).reversed().map { try SavingsColumns.record(try $0.values()) }
  }

  package func entries(after place: Int64, most: Int) throws -> [SavingsEntry] {
    let rows = try file.read { database in
      try Row.fetchAll(
        database, sql: "SELECT id, \(SavingsColumns.names) FROM savings WHERE id > ? ORDER BY id LIMIT ?",
        arguments: [place, max(0, most)])
    }
    return try (rows ?? []).map {
      SavingsEntry(place: $0["id"], record: try SavingsColumns.record(Array(try $0.values().dropFirst())))
    }
  }

  package func sums(since time: Int64, every interval: Int64?) throws -> [SavingsSum] {
    let arguments: StatementArguments = [time, interval ?? 0]
    let rows = try file.read { database in
      let (sums, _) = SavingsColumns.sums(table: "savings", time: "?1", interval: "?2")
      let (kinds, _) = SavingsColumns.kinds(
        table: "savings", time: "?1", interval: "?2", each: "json_each(savings.savedByKind)")
      return (
        sums: try Row.fetchAll(database, sql: sums, arguments: arguments).map { try $0.values() },
        kinds: try Row.fetchAll(database, sql: kinds, arguments: arguments).map { try $0.values() }
      )
    }
    return try rows.map { try SavingsColumns.sums($0.sums, kinds: $0.kinds) } ?? []
  }

  private static let insertion = """
    INSERT INTO savings (\(SavingsColumns.names))
    VALUES (\(SavingsColumns.columns.map { _ in "?" }.joined(separator: ", ")))
    """

  /// The times are in milliseconds; `savedByKind` is an object in JSON.
  @Sendable static func createTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE savings (
          id INTEGER PRIMARY KEY,
          time INTEGER NOT NULL,
          provider TEXT NOT NULL,
          format TEXT NOT NULL,
          agent TEXT NOT NULL,
          model TEXT NOT NULL,
          session TEXT NOT NULL,
          status INTEGER NOT NULL,
          ending TEXT NOT NULL,
          isAudit INTEGER NOT NULL,
          bytesBefore INTEGER NOT NULL,
          bytesSent INTEGER NOT NULL,
          tokensBefore INTEGER NOT NULL,
          tokensSent INTEGER NOT NULL,
          newTokensBefore INTEGER NOT NULL,
          newTokensSent INTEGER NOT NULL,
          blocks INTEGER NOT NULL,
          shortened INTEGER NOT NULL,
          input INTEGER,
          cacheRead INTEGER,
          cacheWrite INTEGER,
          cacheWriteLong INTEGER,
          output INTEGER,
          cost INTEGER,
          directCost INTEGER,
          addedMicroseconds INTEGER NOT NULL,
          firstByteMilliseconds INTEGER NOT NULL,
          savedByKind TEXT NOT NULL
        );
        CREATE INDEX savingsTime ON savings (time);
        """)
  }
}

extension SavingsColumns.Value {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .integer(let number): number.databaseValue
    case .text(let text): text.databaseValue
    case .null: .null
    }
  }
}

extension Row {
  fileprivate func values() throws -> [SavingsColumns.Value] {
    try databaseValues.map { value in
      switch value.storage {
      case .int64(let number): .integer(Int(number))
      case .string(let text): .text(text)
      case .null: .null
      case .double, .blob: throw SavingsColumns.damaged
      }
    }
  }
}
