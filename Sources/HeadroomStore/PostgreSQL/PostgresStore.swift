package import Foundation
package import Headroom
import Synchronization

/// Originals in PostgreSQL, shared by several proxies. What `SQLiteStore` says of expiry and of handles holds here too.
package final class PostgresStore: OriginalStore {
  private let database: PostgresDatabase
  private let limits: OriginalLimits
  private let shortestHandle: Int
  private let isDurable: Bool
  private let now: @Sendable () -> Date
  /// When originals were last let go, and how many bytes were put since.
  private let expiry = Mutex((time: 0, bytes: 0))

  /// - Parameter isDurable: whether a put waits for the server's disk, or leaves that to the next durable write to the database.
  package init(
    _ database: PostgresDatabase, limits: OriginalLimits = OriginalLimits(), shortestHandle: Int = Handle.shortest,
    isDurable: Bool = true, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.database = database
    self.limits = limits
    self.shortestHandle = shortestHandle
    self.isDurable = isDurable
    self.now = now
  }

  package func put(_ original: [UInt8]) throws -> Handle {
    let full = Handle(of: original, length: Handle.longest)
    let time = seconds
    let length = try database.access { connection in
      let fresh = try connection.query(
        "SELECT handle_length FROM headroom_original WHERE name = $1 AND used >= $2 AND bytes IS NOT NULL",
        [.text(full.name), .integer(time - OriginalLimits.useInterval)])
      if fresh.count > 0 { return fresh.integer(0, 0) }
      // Only originals whose handles could be the same have to come one after the other.
      return try connection.transaction(isDurable: isDurable, lock: Self.lock(full.name.prefix(shortestHandle))) {
        try put(original, name: full.name, at: time, connection)
      }
    }
    if isExpiryDue(original.count, time) { _ = try? expireOnce() }
    return full.prefix(length)
  }

  package func original(_ handle: Handle) throws -> [UInt8] {
    let (id, name, used, bytes) = try database.access { try Self.find(handle, $0) }
    guard Handle(of: bytes, length: Handle.longest).name == name else {
      throw StoreError(.damaged, "the original \(handle) in \(database.description) is damaged")
    }
    let time = seconds
    if used < time - OriginalLimits.useInterval {
      // The original is at hand; that its use cannot be noted must not withhold it.
      _ = try? database.access {
        try $0.query(
          "UPDATE headroom_original SET used = greatest(used, $1::bigint) WHERE id = $2",
          [.integer(time), .integer(id)])
      }
    }
    return bytes
  }

  /// How many originals are here, and their bytes.
  package func size() throws -> (originals: Int, bytes: Int) {
    let result = try database.access {
      try $0.query(
        "SELECT count(*), coalesce(sum(size), 0)::bigint FROM headroom_original WHERE bytes IS NOT NULL")
    }
    return (result.integer(0, 0), result.integer(0, 1))
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }

  /// The number of a lock for all names that begin alike.
  private static func lock(_ prefix: some StringProtocol) -> Int32 {
    Int32(bitPattern: prefix.utf8.reduce(17) { $0 &* 31 &+ UInt32($1) } | 1)
  }
}

// MARK: - Tables

extension PostgresStore {
  /// `name` is the digest in the alphabet of handles, sorted by its bytes; `bytes` is null once expired.
  static let tables = """
    CREATE TABLE headroom_original (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name TEXT COLLATE "C" NOT NULL UNIQUE,
      handle_length INTEGER NOT NULL,
      size BIGINT NOT NULL,
      created BIGINT NOT NULL,
      used BIGINT NOT NULL,
      bytes BYTEA
    );
    CREATE INDEX headroom_original_use ON headroom_original (used, size) WHERE bytes IS NOT NULL;
    CREATE INDEX headroom_original_name_use ON headroom_original (used) WHERE bytes IS NULL;
    """
}

// MARK: - Finding and storing

extension PostgresStore {
  private func put(_ original: [UInt8], name: String, at time: Int, _ connection: PostgresConnection) throws -> Int {
    let touched = try connection.query(
      """
      UPDATE headroom_original SET used = greatest(used, $2::bigint) WHERE name = $1 AND bytes IS NOT NULL
      RETURNING handle_length
      """, [.text(name), .integer(time)])
    if touched.count > 0 { return touched.integer(0, 0) }
    let neighbors = try connection.query(
      """
      (SELECT name FROM headroom_original WHERE name < $1 ORDER BY name DESC LIMIT 1)
      UNION ALL (SELECT name FROM headroom_original WHERE name > $1 ORDER BY name LIMIT 1)
      """, [.text(name)])
    let length = HandleRule.length(
      of: name, among: (0..<neighbors.count).map { neighbors.text($0, 0) }, shortest: shortestHandle)
    // One that expired keeps the handle that it was given.
    return try connection.query(
      """
      INSERT INTO headroom_original (name, handle_length, size, created, used, bytes)
      VALUES ($1, $2::integer, $3::bigint, $4::bigint, $4::bigint, $5)
      ON CONFLICT (name) DO UPDATE SET
        size = excluded.size, created = excluded.created, used = excluded.used, bytes = excluded.bytes
      RETURNING handle_length
      """,
      [.text(name), .integer(length), .integer(original.count), .integer(time), .bytes(original)]
    ).integer(0, 0)
  }

  private static func find(
    _ handle: Handle, _ connection: PostgresConnection
  ) throws -> (id: Int, name: String, used: Int, bytes: [UInt8]) {
    // "{" follows the last sign of the alphabet. The shortest handles come first: the one that fits is among them.
    let rows = try connection.query(
      """
      SELECT id, name, handle_length FROM headroom_original WHERE name >= $1 AND name < $2
      ORDER BY handle_length, name LIMIT 8
      """, [.text(handle.name), .text(handle.name + "{")])
    let index = try HandleRule.choice(
      of: handle, among: (0..<rows.count).map { (name: rows.text($0, 1), length: rows.integer($0, 2)) })
    let id = rows.integer(index, 0)
    let row = try connection.query("SELECT used, bytes FROM headroom_original WHERE id = $1", [.integer(id)])
    guard row.count > 0, !row.isNull(0, 1) else { throw HandleRule.expired(handle) }
    return (id, rows.text(index, 1), row.integer(0, 0), row.bytes(0, 1))
  }
}

// MARK: - Expiry

extension PostgresStore {
  /// Lets originals go that are too old or too many now. Opening the store and some of the puts do the same.
  package func expire() throws {
    while try expireOnce() > 0 {}
  }

  /// Looking for what is due reads an index through, so not every put does it.
  private func isExpiryDue(_ bytes: Int, _ time: Int) -> Bool {
    expiry.withLock { expiry in
      expiry.bytes += bytes
      guard time - expiry.time >= OriginalLimits.useInterval || expiry.bytes >= min(limits.bytes / 16, 64 << 20) else {
        return false
      }
      expiry = (time, 0)
      return true
    }
  }

  /// Lets go a batch of what is due: what is too old, and what was unused for longest while there is too much.
  /// - Returns: how many.
  private func expireOnce() throws -> Int {
    let time = seconds
    let stay = time - OriginalLimits.shortestStay
    return try database.access { connection in
      // What is used meanwhile, and what another process lets go, is left alone.
      let expired = try connection.query(
        """
        UPDATE headroom_original SET bytes = NULL, size = 0 WHERE used < $1::bigint AND bytes IS NOT NULL AND id IN (
          SELECT id FROM (
            SELECT id, used, sum(size) OVER (ORDER BY used DESC, id DESC) AS total
            FROM headroom_original WHERE bytes IS NOT NULL
          ) AS kept WHERE used < $2::bigint OR used < $1::bigint AND total > $3::bigint ORDER BY used, id LIMIT $4::bigint
        )
        """,
        [
          .integer(stay), .integer(min(stay, time - limits.age)), .integer(limits.bytes),
          .integer(OriginalLimits.batch),
        ])
      let forgotten = try connection.query(
        "DELETE FROM headroom_original WHERE bytes IS NULL AND used < $1::bigint",
        [.integer(time - OriginalLimits.nameAge)])
      return expired.changes + forgotten.changes
    }
  }
}
