import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Brings what is in the log of a database over to the database itself, beside the requests and not in the middle of one.
///
/// By itself SQLite does so in the commit that makes the log 1000 pages long, which then waits for the disk several times.
enum Checkpoints {
  private static let due: CInt = 1000
  /// When the one beside has not kept up.
  private static let overdue: CInt = 16_000

  private static let queue = DispatchQueue(label: "headroom.checkpoints", qos: .utility)
  private static let pending = Mutex<Set<String>>([])

  /// To be called for the connection that writes.
  static func schedule(for database: Database) {
    // Takes the place of the hook that SQLite does this by itself with.
    sqlite3_wal_hook(
      database.sqliteConnection,
      { _, connection, name, pages in
        if pages >= Checkpoints.overdue { return Checkpoints.run(connection, name) }
        if pages >= Checkpoints.due, let path = sqlite3_db_filename(connection, name) {
          Checkpoints.schedule(String(cString: path))
        }
        return SQLITE_OK
      }, nil)
  }

  private static func schedule(_ path: String) {
    guard pending.withLock({ $0.insert(path).inserted }) else { return }
    queue.async {
      pending.withLock { _ = $0.remove(path) }
      var connection: OpaquePointer?
      // What fails here is done again after the next commit.
      if sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
        // Only who has read something knows of the log.
        sqlite3_exec(connection, "PRAGMA schema_version", nil, nil, nil) == SQLITE_OK
      {
        _ = run(connection, "main")
      }
      sqlite3_close(connection)
    }
  }

  /// Neither waits for readers and writers nor makes them wait.
  private static func run(_ connection: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> CInt {
    _ = sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    return SQLITE_OK
  }
}
