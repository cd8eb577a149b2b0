public import Foundation
import GRDB
public import Headroom

/// Verdicts in a SQLite file, shared by all processes of a user, and usually the file of the originals.
///
/// A verdict stays for as long as its conversation goes on: it is let go when it was not asked for within ``age``, which is far longer than
/// any provider keeps a prompt cache.
public final class SQLiteLedger: VerdictLedger {
  private let file: DatabaseFile
  private let now: @Sendable () -> Date

  /// How long a verdict stays after it was last asked for, in seconds.
  public static let age = 30 * 24 * 3600
  /// A use within this many seconds after another one is not written down.
  private static let useInterval = 3600
  private static let batch = 500

  /// Opens the ledger at `path`, and makes the file and its folders where they are missing.
  /// - Parameter now: the time; tests set it.
  /// - Throws: `StoreError`.
  public convenience init(path: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
    try self.init(DatabaseFile(path: path), now: now)
  }

  package init(_ file: DatabaseFile, now: @escaping @Sendable () -> Date = { Date() }) throws {
    self.file = file
    self.now = now
  }

  public func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
    let time = seconds
    var used: [Int] = []
    let verdicts = try file.access { pool in
      try pool.read { database in
        try zip(identities, orLatest).map { identity, orLatest -> Verdict? in
          guard let row = try Self.row(identity, orLatest: orLatest, database) else { return nil }
          if row["used"] < time - Self.useInterval { used.append(row["id"]) }
          return try Self.verdict(row, file.path)
        }
      }
    }
    if !used.isEmpty {
      // The verdicts are at hand; that their use cannot be noted must not withhold them.
      let used = used
      try? file.access { pool in
        try pool.write { database in
          for id in used {
            try database.execute(sql: "UPDATE verdict SET used = ? WHERE id = ?", arguments: [time, id])
          }
        }
      }
    }
    return verdicts
  }

  public func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
    let time = seconds
    return try file.access { pool in
      try pool.write { database in
        try database.execute(
          sql: "DELETE FROM verdict WHERE id IN (SELECT id FROM verdict WHERE used < ? LIMIT ?)",
          arguments: [time - Self.age, Self.batch])
        return try verdicts.map { identity, verdict in
          if let row = try Self.row(identity, orLatest: false, database) { return try Self.verdict(row, file.path) }
          try Self.insert(identity, verdict, time, database)
          return verdict
        }
      }
    }
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }
}

// MARK: - Tables

extension SQLiteLedger {
  /// `form` is null where the payload itself is sent. `targets` has 40 bytes for each result referred to: its number and its digest.
  @Sendable static func createTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE verdict (
          id INTEGER PRIMARY KEY,
          digest BLOB NOT NULL,
          callID BLOB NOT NULL,
          used INTEGER NOT NULL,
          form BLOB,
          kind TEXT NOT NULL,
          encoder TEXT,
          fidelity TEXT NOT NULL,
          tokensBefore INTEGER NOT NULL,
          tokensAfter INTEGER NOT NULL,
          handle TEXT,
          targets BLOB NOT NULL,
          UNIQUE (digest, callID)
        );
        CREATE INDEX verdictUse ON verdict (used);
        """)
  }

  private static func row(_ identity: BlockIdentity, orLatest: Bool, _ database: Database) throws -> Row? {
    let digest = Data(identity.digest)
    let exact = try Row.fetchOne(
      database, sql: "SELECT * FROM verdict WHERE digest = ? AND callID = ?",
      arguments: [digest, Data(identity.callID)])
    guard exact == nil, orLatest else { return exact }
    return try Row.fetchOne(
      database, sql: "SELECT * FROM verdict WHERE digest = ? ORDER BY id DESC LIMIT 1", arguments: [digest])
  }

  private static func insert(
    _ identity: BlockIdentity, _ verdict: Verdict, _ time: Int, _ database: Database
  ) throws {
    let targets = verdict.targets.flatMap { target in
      withUnsafeBytes(of: UInt64(target.number).littleEndian, Array.init) + target.digest
    }
    try database.execute(
      sql: """
        INSERT INTO verdict
          (digest, callID, used, form, kind, encoder, fidelity, tokensBefore, tokensAfter, handle, targets)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        Data(identity.digest), Data(identity.callID), time, verdict.form.map { Data($0) }, verdict.kind,
        verdict.encoder, verdict.fidelity.rawValue, verdict.tokensBefore, verdict.tokensAfter, verdict.handle?.name,
        Data(targets),
      ])
  }

  private static func verdict(_ row: Row, _ path: String) throws -> Verdict {
    let targets = [UInt8](row["targets"] as Data)
    guard let fidelity = Fidelity(rawValue: row["fidelity"]), targets.count % 40 == 0 else {
      throw StoreError(.damaged, "a verdict in \(path) is damaged")
    }
    return Verdict(
      form: (row["form"] as Data?).map { [UInt8]($0) }, kind: row["kind"], encoder: row["encoder"], fidelity: fidelity,
      tokensBefore: row["tokensBefore"], tokensAfter: row["tokensAfter"],
      handle: (row["handle"] as String?).flatMap { Handle($0) },
      targets: stride(from: 0, to: targets.count, by: 40).map { start in
        let number = targets[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        return Verdict.Target(number: number, digest: Array(targets[start + 8..<start + 40]))
      })
  }
}
