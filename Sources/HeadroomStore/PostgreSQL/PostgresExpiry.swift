import Synchronization

/// Lets rows of a table go that were not used for as long as ``SessionAge`` says.
final class PostgresExpiry: Sendable {
  private let table: String
  private let last = Mutex(0)

  init(table: String) { self.table = table }

  /// Does so when it was not done for some time.
  func run(_ database: PostgresDatabase, at time: Int) throws {
    let isDue = last.withLock { last in
      guard time - last >= SessionAge.useInterval else { return false }
      last = time
      return true
    }
    guard isDue else { return }
    try database.access {
      _ = try $0.query(
        """
        DELETE FROM \(table) WHERE id IN (
          SELECT id FROM \(table) WHERE used < $1::bigint LIMIT $2::bigint FOR UPDATE SKIP LOCKED
        )
        """, [.integer(time - SessionAge.longest), .integer(SessionAge.batch)])
    }
  }

  /// Notes that rows are in use. Those that another process is at are in use anyway.
  func note(_ ids: [Int], at time: Int, _ connection: PostgresConnection) throws {
    try connection.query(
      """
      UPDATE \(table) SET used = $1::bigint WHERE id IN (
        SELECT id FROM \(table) WHERE id = ANY ($2::bigint[]) FOR UPDATE SKIP LOCKED
      )
      """, [.integer(time), .array(ids.map { .integer($0) })])
  }
}
