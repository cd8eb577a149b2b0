import Foundation
package import GRDB
package import Headroom

/// The SQLite file that all of Headroom's tables live in: opened safely, private to its user, brought up to date.
///
/// Several processes may open the same file at once. A process may be killed at any moment: what it had not committed
/// is gone, and nothing else.
package final class DatabaseFile: Sendable {
  package let path: String
  package let pool: DatabasePool

  /// How long to wait for another process that is writing, in seconds.
  private static let patience: TimeInterval = 10
  /// "Head": the mark of our files among other SQLite files.
  private static let applicationID = 0x4865_6164

  /// Opens the file at `path`, and makes it and its folder where they are missing.
  /// - Throws: `StoreError`.
  package init(path: String) throws(StoreError) {
    self.path = path
    try PrivateFile.prepare(path)
    do {
      pool = try DatabaseFile.open(path)
      try migrate()
    } catch {
      throw StoreError(path: path, error)
    }
  }

  /// Runs a database access, with its errors told as `StoreError`.
  package func access<Result>(_ body: (DatabasePool) throws -> Result) throws -> Result {
    do {
      return try body(pool)
    } catch {
      throw StoreError(path: path, error)
    }
  }

  /// A process that opens a new file, or the first after a crash, holds it for a moment in ways that SQLite does not
  /// wait for.
  private static func open(_ path: String) throws -> DatabasePool {
    let deadline = Date().addingTimeInterval(patience)
    while true {
      do {
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB chooses NORMAL, which can lose the last commits when the power fails; what `put` promised must stay.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && Date() < deadline {
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "headroom"
    configuration.busyMode = .timeout(patience)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // Before anything is written: another program's database must stay as it is.
      try refuseForeign(database)
      // What was evicted must not linger in free pages or in files for temporary data.
      try database.execute(
        sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 16777216")
    }
    return configuration
  }

  private static func refuseForeign(_ database: Database) throws {
    // The tables before the mark: another process may be making both, in one transaction, at this moment.
    // GRDB's own tables come before that.
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%'"
    let count = try Int.fetchOne(database, sql: tables) ?? 0
    let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if mark == applicationID || mark == 0 && count == 0 { return }
    throw StoreError(.unavailable, "not a Headroom store, but another program's database")
  }

  private func migrate() throws {
    let migrator = Migrations.migrator
    // Two processes may find the same migration missing. The second fails, and then finds it done.
    for attempt in 0... {
      if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
        throw StoreError(.unavailable, "made by a newer version of Headroom")
      }
      if try pool.read({ try migrator.hasCompletedMigrations($0) }) { return }
      do {
        try migrator.migrate(pool)
      } catch  where attempt < Migrations.all.count {
        continue
      }
    }
  }

  /// Marks a new file as ours, inside its first migration.
  static func mark(_ database: Database) throws {
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
  }
}
