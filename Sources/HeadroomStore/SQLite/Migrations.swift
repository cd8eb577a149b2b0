import GRDB

/// Every change of the tables, in the order in which they came. A new one goes to the end; one that was released never
/// changes.
enum Migrations {
  static let all: [(name: String, change: @Sendable (Database) throws -> Void)] = [
    ("originals", SQLiteStore.createTables),
    ("verdicts", SQLiteLedger.createTables),
    ("journal", SQLiteJournal.createTables),
    ("savings", SQLiteSavings.createTables),
  ]

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (name, change) in all { migrator.registerMigration(name, migrate: change) }
    return migrator
  }
}
