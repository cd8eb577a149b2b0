import Headroom

/// Every change of the tables in PostgreSQL, in the order in which they came. A new one goes to the end; one that was released never
/// changes.
enum PostgresMigrations {
  static let all: [(name: String, statements: String)] = [
    ("originals", PostgresStore.tables),
    ("verdicts", PostgresLedger.tables),
    ("journal", PostgresJournal.tables),
    ("savings", PostgresSavings.tables),
  ]

  /// Keeps others who start at the same moment from doing the same.
  private static let lock: Int32 = 0

  /// Whether there are tables, of whatever version.
  static func isBegun(_ connection: PostgresConnection) throws -> Bool {
    try connection.query("SELECT to_regclass('headroom_migration') IS NOT NULL").integer(0, 0) == 1
  }

  /// Makes the changes that are missing.
  static func run(_ connection: PostgresConnection) throws {
    // Who may only read and write the rows can use tables that are complete.
    if try isBegun(connection), try missing(connection).isEmpty { return }
    try connection.transaction(lock: lock) {
      try connection.run("CREATE TABLE IF NOT EXISTS headroom_migration (name TEXT PRIMARY KEY)")
      for change in try missing(connection) {
        try connection.run(change.statements)
        try connection.query("INSERT INTO headroom_migration VALUES ($1)", [.text(change.name)])
      }
    }
  }

  private static func missing(_ connection: PostgresConnection) throws -> [(name: String, statements: String)] {
    let result = try connection.query("SELECT name FROM headroom_migration")
    let done = Set((0..<result.count).map { result.text($0, 0) })
    guard done.isSubset(of: all.map(\.name)) else {
      throw StoreError(.unavailable, "the store was made by a newer version of Headroom")
    }
    return all.filter { !done.contains($0.name) }
  }
}
