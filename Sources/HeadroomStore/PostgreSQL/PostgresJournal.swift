package import Foundation
package import Headroom

/// Entries of journals in PostgreSQL, kept for as long as verdicts are.
package final class PostgresJournal: SessionJournal {
  private let database: PostgresDatabase
  private let now: @Sendable () -> Date
  private let expiry = PostgresExpiry(table: "headroom_journal")

  package init(_ database: PostgresDatabase, now: @escaping @Sendable () -> Date = { Date() }) {
    self.database = database
    self.now = now
  }

  package func entries(_ keys: [JournalKey]) throws -> [[UInt8]?] {
    if keys.isEmpty { return [] }
    let due = seconds - SessionAge.useInterval
    let rows = try database.access {
      try $0.query(
        """
        SELECT asked.number, entry.id, entry.used, entry.entry
        FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS asked (topic, digest, number)
        JOIN headroom_journal AS entry ON entry.topic = asked.topic AND entry.digest = asked.digest
        """, [.array(keys.map { .text($0.topic) }), .array(keys.map { .bytes($0.digest) })])
    }
    var entries = [[UInt8]?](repeating: nil, count: keys.count)
    for row in 0..<rows.count { entries[rows.integer(row, 0) - 1] = rows.bytes(row, 3) }
    let used = (0..<rows.count).filter { rows.integer($0, 2) < due }.map { rows.integer($0, 1) }
    // The entries are at hand; that their use cannot be noted must not withhold them.
    if !used.isEmpty { _ = try? database.access { try expiry.note(used, at: seconds, $0) } }
    return entries
  }

  package func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8] {
    let time = seconds
    try? expiry.run(database, at: time)
    return try database.access { connection in
      for _ in 0..<3 {
        let recorded = try connection.query(
          """
          INSERT INTO headroom_journal (topic, digest, used, entry) VALUES ($1, $2, $3::bigint, $4)
          ON CONFLICT DO NOTHING
          """, [.text(key.topic), .bytes(key.digest), .integer(time), .bytes(entry)])
        if recorded.changes == 1 { return entry }
        let standing = try connection.query(
          "SELECT entry FROM headroom_journal WHERE topic = $1 AND digest = $2",
          [.text(key.topic), .bytes(key.digest)])
        // One that stood in the way may have been let go since.
        if standing.count > 0 { return standing.bytes(0, 0) }
      }
      throw StoreError(.failed, "the store \(database.description) failed: an entry did not stay")
    }
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }

  static let tables = """
    CREATE TABLE headroom_journal (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      topic TEXT NOT NULL,
      digest BYTEA NOT NULL,
      used BIGINT NOT NULL,
      entry BYTEA NOT NULL,
      UNIQUE (topic, digest)
    );
    CREATE INDEX headroom_journal_use ON headroom_journal (used);
    """
}
