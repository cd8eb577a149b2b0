package import Foundation
package import Headroom
import Synchronization

/// Savings records in PostgreSQL, of all proxies that share it.
package final class PostgresSavings: SavingsLog {
  private let database: PostgresDatabase
  private let now: @Sendable () -> Date

  package init(_ database: PostgresDatabase, now: @escaping @Sendable () -> Date = { Date() }) {
    self.database = database
    self.now = now
  }

  package func append(_ records: [SavingsRecord]) throws {
    if records.isEmpty { return }
    let rows = try records.map { try SavingsColumns.values(of: $0).map(PostgresValue.init) }
    // A batch is written once, whether or not its writing was confirmed before a connection was lost.
    let batch = withUnsafeBytes(of: UUID().uuid) { Array($0) }
    let columns = SavingsColumns.columns.indices.map { column in PostgresValue.array(rows.map { $0[column] }) }
    let oldest = Int((now().timeIntervalSince1970 - Double(SavingsColumns.age)) * 1000)
    try database.access { connection in
      try connection.transaction {
        // One at a time, so that places become visible in their order and a reader misses none.
        try connection.run("LOCK TABLE headroom_savings IN SHARE ROW EXCLUSIVE MODE")
        try connection.query(Self.insertion, [.bytes(batch)] + columns)
        _ = try connection.query(
          """
          DELETE FROM headroom_savings WHERE id IN (
            SELECT id FROM headroom_savings WHERE time < $1::bigint LIMIT $2::bigint
          )
          """, [.integer(oldest), .integer(SavingsColumns.batch)])
      }
    }
  }

  package func entries(after place: Int64, most: Int) throws -> [SavingsEntry] {
    let rows = try database.access {
      try $0.query(
        """
        SELECT id, \(SavingsColumns.names) FROM headroom_savings WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint
        """, [.integer(Int(place)), .integer(max(0, most))])
    }
    let kinds = [.integer] + SavingsColumns.columns.map(\.kind)
    return try (0..<rows.count).map { row in
      let values = rows.values(row, kinds)
      guard case .integer(let place) = values[0] else { throw SavingsColumns.damaged }
      return SavingsEntry(place: Int64(place), record: try SavingsColumns.record(Array(values.dropFirst())))
    }
  }

  package func records(since time: Int64, most: Int) throws -> [SavingsRecord] {
    let rows = try database.access {
      try $0.query(
        """
        SELECT \(SavingsColumns.names) FROM headroom_savings
        WHERE time >= $1::bigint ORDER BY time DESC, id DESC LIMIT $2::bigint
        """, [.integer(Int(time)), .integer(max(0, most))])
    }
    let kinds = SavingsColumns.columns.map(\.kind)
    return try (0..<rows.count).reversed().map { try SavingsColumns.record(rows.values($0, kinds)) }
  }

  package func sums(since time: Int64, every interval: Int64?) throws -> [SavingsSum] {
    let parameters: [PostgresValue] = [.integer(Int(time)), .integer(Int(interval ?? 0))]
    let (since, every) = ("$1::bigint", "$2::bigint")
    let sums = SavingsColumns.sums(table: "headroom_savings", time: since, interval: every)
    let kinds = SavingsColumns.kinds(
      table: "headroom_savings", time: since, interval: every, each: "jsonb_each_text(savedByKind::jsonb)")
    return try database.access { connection in
      // Both see the same rows.
      try connection.transaction {
        try connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        let (first, second) = (
          try connection.query(sums.query, parameters), try connection.query(kinds.query, parameters)
        )
        return try SavingsColumns.sums(
          (0..<first.count).map { first.values($0, sums.kinds) },
          kinds: (0..<second.count).map { second.values($0, kinds.kinds) })
      }
    }
  }

  private static let insertion = """
    INSERT INTO headroom_savings (batch, number, \(SavingsColumns.names))
    SELECT $1, new.number, \(SavingsColumns.columns.map { "new.\($0.name)" }.joined(separator: ", "))
    FROM unnest(
      \(SavingsColumns.columns.enumerated().map { "$\($0 + 2)::\($1.kind == .text ? "text" : "bigint")[]" }
        .joined(separator: ", "))
    ) WITH ORDINALITY AS new (\(SavingsColumns.names), number)
    ORDER BY new.number
    ON CONFLICT DO NOTHING
    """

  /// The times are in milliseconds; `savedByKind` is an object in JSON.
  static let tables = """
    CREATE TABLE headroom_savings (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      batch BYTEA NOT NULL,
      number BIGINT NOT NULL,
      time BIGINT NOT NULL,
      provider TEXT NOT NULL,
      format TEXT NOT NULL,
      agent TEXT NOT NULL,
      model TEXT NOT NULL,
      session TEXT NOT NULL,
      status BIGINT NOT NULL,
      ending TEXT NOT NULL,
      isAudit BIGINT NOT NULL,
      bytesBefore BIGINT NOT NULL,
      bytesSent BIGINT NOT NULL,
      tokensBefore BIGINT NOT NULL,
      tokensSent BIGINT NOT NULL,
      newTokensBefore BIGINT NOT NULL,
      newTokensSent BIGINT NOT NULL,
      blocks BIGINT NOT NULL,
      shortened BIGINT NOT NULL,
      input BIGINT,
      cacheRead BIGINT,
      cacheWrite BIGINT,
      cacheWriteLong BIGINT,
      output BIGINT,
      cost BIGINT,
      directCost BIGINT,
      addedMicroseconds BIGINT NOT NULL,
      firstByteMilliseconds BIGINT NOT NULL,
      savedByKind TEXT NOT NULL,
      UNIQUE (batch, number)
    );
    CREATE INDEX headroom_savings_time ON headroom_savings (time);
    """
}

extension PostgresValue {
  fileprivate init(_ value: SavingsColumns.Value) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .text(let text): self = .text(text)
    case .null: self = .null
    }
  }
}

extension PostgresResult {
  fileprivate func values(_ row: Int, _ kinds: [SavingsColumns.Kind]) -> [SavingsColumns.Value] {
    kinds.enumerated().map { column, kind in
      if isNull(row, column) { return .null }
      return kind == .text ? .text(text(row, column)) : .integer(integer(row, column))
    }
  }
}
