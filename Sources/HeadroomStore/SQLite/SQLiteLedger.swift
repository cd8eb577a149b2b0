public import Foundation
import GRDB
public import Headroom

/// Verdicts in a SQLite file, shared by all processes of a user, and usually the file of the originals.
///
/// A verdict stays for as long as its conversation goes on: it is let go when it was not asked for within ``age``, which is far longer than
/// any provider keeps a prompt cache.
///
/// The end of a process loses nothing. A verdict by which content is cut is on the disk, and its original before it, when ``record(_:)``
/// returns. Of the others a failure of the power may lose those of the last seconds: their blocks are then sent as the client sends them,
/// which is complete and costs one reading of the prompt without its cache.
public final class SQLiteLedger: VerdictLedger {
  private let file: DatabaseFile
  private let now: @Sendable () -> Date

  /// How long a verdict stays after it was last asked for, in seconds.
  public static let age = SessionAge.longest

  /// Opens the ledger at `path`, and makes the file and its folders where they are missing.
  /// - Parameter now: the time; tests set it.
  /// - Throws: `StoreError`.
  public convenience init(path: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
    self.init(DatabaseFile(path: path), now: now)
    try file.prepare()
  }

  package init(_ file: DatabaseFile, now: @escaping @Sendable () -> Date = { Date() }) {
    self.file = file
    self.now = now
  }

  public func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
    let due = seconds - SessionAge.useInterval
    var used: [Int] = []
    let verdicts = try file.read { database in
      try zip(identities, orLatest).map { identity, orLatest -> Verdict? in
        guard let row = try Self.row(identity, orLatest: orLatest, database) else { return nil }
        if row["used"] < due { used.append(row["id"]) }
        return try Self.verdict(row, file.path)
      }
    }
    try? note(used)
    return verdicts ?? identities.map { _ in nil }
  }

  public func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
    let time = seconds
    return try file.write(isDurable: verdicts.contains { $0.verdict.handle != nil }) { database in
      try database.cachedStatement(
        sql: "DELETE FROM verdict WHERE id IN (SELECT id FROM verdict WHERE used < ? LIMIT ?)"
      )
      .execute(arguments: [time - Self.age, SessionAge.batch])
      return try verdicts.map { identity, verdict in
        if let row = try Self.row(identity, orLatest: false, database) { return try Self.verdict(row, file.path) }
        try Self.insert(identity, verdict, time, database)
        return verdict
      }
    }
  }

  /// Notes that verdicts are in use. They are at hand: that it cannot be noted must not withhold them.
  private func note(_ ids: [Int]) throws {
    guard !ids.isEmpty else { return }
    let time = seconds
    try file.write(isDurable: false) { database in
      let statement = try database.cachedStatement(sql: "UPDATE verdict SET used = ? WHERE id = ?")
      for id in ids { try statement.execute(arguments: [time, id]) }
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
      database.cachedStatement(sql: "SELECT * FROM verdict WHERE digest = ? AND callID = ?"),
      arguments: [digest, Data(identity.callID)])
    guard exact == nil, orLatest else { return exact }
    return try Row.fetchOne(
      database.cachedStatement(sql: "SELECT * FROM verdict WHERE digest = ? ORDER BY id DESC LIMIT 1"),
      arguments: [digest])
  }

  private static func insert(
    _ identity: BlockIdentity, _ verdict: Verdict, _ time: Int, _ database: Database
  ) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO verdict
          (digest, callID, used, form, kind, encoder, fidelity, tokensBefore, tokensAfter, handle, targets)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      Data(identity.digest), Data(identity.callID), time, verdict.form.map { Data($0) }, verdict.kind,
      verdict.encoder, verdict.fidelity.rawValue, verdict.tokensBefore, verdict.tokensAfter, verdict.handle?.name,
      Data(VerdictTargets.bytes(verdict.targets)),
    ])
  }

  private static func verdict(_ row: Row, _ path: String) throws -> Verdict {
    guard let fidelity = Fidelity(rawValue: row["fidelity"]),
      let targets = VerdictTargets.targets([UInt8](row["targets"] as Data))
    else { throw StoreError(.damaged, "a verdict in \(path) is damaged") }
    return Verdict(
      form: (row["form"] as Data?).map { [UInt8]($0) }, kind: row["kind"], encoder: row["encoder"], fidelity: fidelity,
      tokensBefore: row["tokensBefore"], tokensAfter: row["tokensAfter"],
      handle: (row["handle"] as String?).flatMap { Handle($0) }, targets: targets)
  }
}
