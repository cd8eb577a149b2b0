package import Foundation
import GRDB
package import Headroom

/// Entries of journals in a SQLite file, kept for as long as verdicts are.
package final class SQLiteJournal: SessionJournal {
  private let file: DatabaseFile
  private let now: @Sendable () -> Date

  package init(_ file: DatabaseFile, now: @escaping @Sendable () -> Date = { Date() }) {
    self.file = file
    self.now = now
  }

  package func entries(_ keys: [JournalKey]) throws -> [[UInt8]?] {
    let due = seconds - SessionAge.useInterval
    var used: [Int] = []
    let entries = try file.read { database in
      let statement = try database.cachedStatement(sql: Self.selection)
      return try keys.map { key -> [UInt8]? in
        guard let row = try Row.fetchOne(statement, arguments: [key.topic, Data(key.digest)]) else { return nil }
        if row["used"] < due { used.append(row["id"]) }
        return [UInt8](row["entry"] as Data)
      }
    }
    try? note(used)
    return entries ?? keys.map { _ in nil }
  }

  package func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8] {
    let time = seconds
    return try file.write { database in
      try database.execute(
        sql: "DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE used < ? LIMIT ?)",
        arguments: [time - SessionAge.longest, SessionAge.batch])
      let arguments: StatementArguments = [key.topic, Data(key.digest)]
      if let row = try Row.fetchOne(database, sql: Self.selection, arguments: arguments) {
        return [UInt8](row["entry"] as Data)
      }
      try database.execute(
        sql: "INSERT INTO journal (topic, digest, used, entry) VALUES (?, ?, ?, ?)",
        arguments: arguments + [time, Data(entry)])
      return entry
    }
  }

  /// Notes that entries are in use. They are at hand: that it cannot be noted must not withhold them.
  private func note(_ ids: [Int]) throws {
    guard !ids.isEmpty else { return }
    let time = seconds
    try file.write(isDurable: false) { database in
      let statement = try database.cachedStatement(sql: "UPDATE journal SET used = ? WHERE id = ?")
      for id in ids { try statement.execute(arguments: [time, id]) }
    }
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }

  private static let selection = "SELECT id, used, entry FROM journal WHERE topic = ? AND digest = ?"

  @Sendable static func createTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE journal (
          id INTEGER PRIMARY KEY,
          topic TEXT NOT NULL,
          digest BLOB NOT NULL,
          used INTEGER NOT NULL,
          entry BLOB NOT NULL,
          UNIQUE (topic, digest)
        );
        CREATE INDEX journalUse ON journal (used);
        """)
  }
}
