package import Foundation
package import GRDB
import GRDBSQLite
import Headroom
import Synchronization

/// The SQLite file that all of Headroom's tables live in: opened safely, private to its user, brought up to date.
///
/// It is opened when it is first needed, and made when something is first written. Several processes may have the same file open at once.
/// A process may be killed at any moment: what it had not committed is gone, and nothing else.
package final class DatabaseFile: Sendable {
  package let path: String

  /// How long to wait for another process that is writing, and, when one does not come to its end, how long not to wait again, in seconds.
  private let patience: TimeInterval
  private static let rest = Duration.seconds(5)
  /// "Head": the mark of our files among other SQLite files.
  private static let applicationID = 0x4865_6164

  private let opened = Mutex<OpenFile?>(nil)
  /// Until when nobody waits for the process that holds the file.
  private let held = Mutex<ContinuousClock.Instant?>(nil)

  /// The file at `path`, which need not be there yet.
  package init(path: String, patience: TimeInterval = 2) {
    self.path = path
    self.patience = patience
  }

  /// Opens the file, and makes it and its folders where they are missing.
  /// - Throws: `StoreError`.
  package func prepare() throws { _ = try access { try open() } }

  /// Whether there is a file.
  package var exists: Bool { FileIdentity(path) != nil }

  package var pool: DatabasePool {
    get throws { try access { try open().pool } }
  }

  /// Reads from the file; nil when there is none.
  /// - Throws: `StoreError`.
  package func read<Result>(_ body: (Database) throws -> Result) throws -> Result? {
    guard exists else { return nil }
    return try access { try open().pool.read(body) }
  }

  /// Writes, all or nothing.
  /// - Parameter isDurable: whether what is written survives a power failure from the moment this returns, with all that was written
  ///   before. Otherwise the next durable write sees to it. The end of a process loses nothing either way.
  /// - Throws: `StoreError`.
  package func write<Result>(isDurable: Bool = true, _ body: (Database) throws -> Result) throws -> Result {
    try access {
      let file = try open()
      return try file.pool.writeWithoutTransaction { database in
        // Others may have been waiting in line behind the one that found the file held.
        try refuseWhileHeld()
        try file.setDurability(isDurable, database)
        var result: Result?
        do {
          try database.inTransaction(.immediate) {
            result = try body(database)
            return .commit
          }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
          held.withLock { $0 = .now + Self.rest }
          throw error
        }
        guard let result else { throw StoreError(.failed, "the store \(path) was interrupted") }
        return result
      }
    }
  }

  private func refuseWhileHeld() throws {
    if let end = held.withLock({ $0 }), .now < end { throw DatabaseError(resultCode: .SQLITE_BUSY) }
  }

  private func access<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(path: path, error)
    }
  }
}

// MARK: - Opening

extension DatabaseFile {
  private func open() throws -> OpenFile {
    try opened.withLock { opened in
      // Whoever removed or replaced the file meant it: what is written from now on must be where others look for it.
      if let file = opened, file.identity == FileIdentity(path) { return file }
      opened?.abandon()
      opened = nil
      try refuseWhileHeld()
      try PrivateFile.prepare(path)
      let pool = try connect()
      try migrate(pool)
      pool.writeWithoutTransaction { Checkpoints.schedule(for: $0) }
      let file = OpenFile(pool: pool, identity: FileIdentity(path))
      opened = file
      return file
    }
  }

  /// A process that opens a new file, or the first after a crash, holds it for a moment in ways that SQLite does not
  /// wait for.
  private func connect() throws -> DatabasePool {
    let deadline = Date().addingTimeInterval(patience)
    while true {
      do {
        return try DatabasePool(path: path, configuration: configuration)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        if Date() >= deadline {
          held.withLock { $0 = .now + Self.rest }
          throw error
        }
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  private var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "headroom"
    configuration.busyMode = .timeout(patience)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // Before anything is written: another program's database must stay as it is.
      try Self.refuseForeign(database)
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

  private func migrate(_ pool: DatabasePool) throws {
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

// MARK: - One file for all of a process

extension DatabaseFile {
  private final class Weak {
    weak let file: DatabaseFile?
    init(_ file: DatabaseFile) { self.file = file }
  }

  private static let files = Mutex<[String: Weak]>([:])

  /// The file at `path`, the same one for everybody in this process.
  package static func shared(path: String) -> DatabaseFile {
    let place = URL(fileURLWithPath: path).standardizedFileURL.path
    return files.withLock { files in
      if let file = files[place]?.file { return file }
      let file = DatabaseFile(path: path)
      files = files.filter { $0.value.file != nil }
      files[place] = Weak(file)
      return file
    }
  }
}

/// A file that is open.
private final class OpenFile: Sendable {
  let pool: DatabasePool
  let identity: FileIdentity?
  private let isDurable = Mutex<Bool?>(nil)

  init(pool: DatabasePool, identity: FileIdentity?) {
    self.pool = pool
    self.identity = identity
  }

  /// To be called when the file is not at its place any more. Otherwise SQLite, as it closes it, would remove the log of the one that is.
  func abandon() {
    var keepsLog: CInt = 1
    pool.writeWithoutTransaction { database in
      _ = sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keepsLog)
    }
    pool.invalidateReadOnlyConnections()
  }

  /// Says whether the next commit waits for the disk. In WAL mode, one that does takes all before it along.
  func setDurability(_ isDurable: Bool, _ database: Database) throws {
    try self.isDurable.withLock { current in
      if current == isDurable { return }
      current = nil
      try database.execute(sql: "PRAGMA synchronous = \(isDurable ? "FULL" : "NORMAL")")
      current = isDurable
    }
  }
}

/// Which file a path leads to.
private struct FileIdentity: Equatable {
  let device: UInt64
  let number: UInt64

  /// Nil when there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }
}
