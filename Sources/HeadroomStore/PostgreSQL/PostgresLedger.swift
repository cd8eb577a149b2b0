package import Foundation
package import Headroom
import Synchronization

/// Verdicts in PostgreSQL, shared by several proxies: they send the same whichever of them a request goes through.
package final class PostgresLedger: VerdictLedger {
  private let database: PostgresDatabase
  private let now: @Sendable () -> Date
  private let expiry = PostgresExpiry(table: "headroom_verdict")

  package init(_ database: PostgresDatabase, now: @escaping @Sendable () -> Date = { Date() }) {
    self.database = database
    self.now = now
  }

  package func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
    let due = seconds - SessionAge.useInterval
    var used: [Int] = []
    let verdicts = try database.access { connection in
      used = []
      return try self.verdicts(identities, orLatest, connection) { id, time in if time < due { used.append(id) } }
    }
    // The verdicts are at hand; that their use cannot be noted must not withhold them.
    if !used.isEmpty { _ = try? database.access { try expiry.note(used, at: seconds, $0) } }
    return verdicts
  }

  package func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
    if verdicts.isEmpty { return [] }
    let time = seconds
    try? expiry.run(database, at: time)
    // In one order, so that no two who record the same wait for each other.
    let keyed = verdicts.enumerated().map { (key: Self.key($1.identity), number: $0, verdict: $1.verdict) }
      .sorted { ($0.key.digest, $0.key.callID, $0.number) < ($1.key.digest, $1.key.callID, $1.number) }
    let rows: [PostgresValue] = [
      .array(keyed.map { .bytes($0.key.digest) }), .array(keyed.map { .bytes($0.key.callID) }), .integer(time),
      .array(keyed.map { .init($0.verdict.form) }), .array(keyed.map { .text($0.verdict.kind) }),
      .array(keyed.map { .init($0.verdict.encoder) }), .array(keyed.map { .text($0.verdict.fidelity.rawValue) }),
      .array(keyed.map { .integer($0.verdict.tokensBefore) }), .array(keyed.map { .integer($0.verdict.tokensAfter) }),
      .array(keyed.map { .init($0.verdict.handle?.name) }),
      .array(keyed.map { .bytes(VerdictTargets.bytes($0.verdict.targets)) }),
    ]
    return try database.access { connection in
      for _ in 0..<3 {
        let recorded = try connection.query(Self.insertion, rows).changes
        if recorded == verdicts.count { return verdicts.map(\.verdict) }
        let identities = verdicts.map(\.identity)
        let standing = try self.verdicts(identities, identities.map { _ in false }, connection).compactMap { $0 }
        // One that stood in the way may have been let go since.
        if standing.count == verdicts.count { return standing }
      }
      throw StoreError(.failed, "the store \(database.description) failed: verdicts did not stay")
    }
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }
}

// MARK: - Tables

extension PostgresLedger {
  /// `form` is null where the payload itself is sent. `targets` has 40 bytes for each result referred to: its number and its digest.
  static let tables = """
    CREATE TABLE headroom_verdict (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      digest BYTEA NOT NULL,
      call_id BYTEA NOT NULL,
      used BIGINT NOT NULL,
      form BYTEA,
      kind TEXT NOT NULL,
      encoder TEXT,
      fidelity TEXT NOT NULL,
      tokens_before BIGINT NOT NULL,
      tokens_after BIGINT NOT NULL,
      handle TEXT,
      targets BYTEA NOT NULL,
      UNIQUE (digest, call_id)
    );
    CREATE INDEX headroom_verdict_latest ON headroom_verdict (digest, id);
    CREATE INDEX headroom_verdict_use ON headroom_verdict (used);
    """

  private static let insertion = """
    INSERT INTO headroom_verdict
      (digest, call_id, used, form, kind, encoder, fidelity, tokens_before, tokens_after, handle, targets)
    SELECT digest, call_id, $3::bigint, form, kind, encoder, fidelity, tokens_before, tokens_after, handle, targets
    FROM unnest(
      $1::bytea[], $2::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
      $10::text[], $11::bytea[]
    ) WITH ORDINALITY AS new
      (digest, call_id, form, kind, encoder, fidelity, tokens_before, tokens_after, handle, targets, number)
    ORDER BY number
    ON CONFLICT DO NOTHING
    """

  private static let selection = """
    SELECT asked.number, found.id, found.used, found.form, found.kind, found.encoder, found.fidelity,
      found.tokens_before, found.tokens_after, found.handle, found.targets
    FROM unnest($1::bytea[], $2::bytea[], $3::boolean[]) WITH ORDINALITY AS asked (digest, call_id, or_latest, number)
    CROSS JOIN LATERAL (
      SELECT * FROM (
        (SELECT 0 AS rank, * FROM headroom_verdict AS verdict
          WHERE verdict.digest = asked.digest AND verdict.call_id = asked.call_id)
        UNION ALL
        (SELECT 1 AS rank, * FROM headroom_verdict AS verdict
          WHERE asked.or_latest AND verdict.digest = asked.digest ORDER BY id DESC LIMIT 1)
      ) AS candidate ORDER BY rank LIMIT 1
    ) AS found
    """

  /// An index holds keys of limited length, and call ids are the client's.
  private static func key(_ identity: BlockIdentity) -> BlockIdentity {
    guard identity.callID.count > 256 else { return identity }
    let name = Handle(of: identity.callID, length: Handle.longest).name
    return BlockIdentity(callID: Array(name.utf8), digest: identity.digest)
  }

  private func verdicts(
    _ identities: [BlockIdentity], _ orLatest: [Bool], _ connection: PostgresConnection,
    found: (_ id: Int, _ used: Int) -> Void = { _, _ in }
  ) throws -> [Verdict?] {
    var verdicts = [Verdict?](repeating: nil, count: identities.count)
    if identities.isEmpty { return verdicts }
    let keys = identities.map(Self.key)
    let rows = try connection.query(
      Self.selection,
      [
        .array(keys.map { .bytes($0.digest) }), .array(keys.map { .bytes($0.callID) }),
        .array(orLatest.map { .text($0 ? "t" : "f") }),
      ])
    for row in 0..<rows.count {
      guard let fidelity = Fidelity(rawValue: rows.text(row, 6)),
        let targets = VerdictTargets.targets(rows.bytes(row, 10)),
        verdicts.indices.contains(rows.integer(row, 0) - 1)
      else { throw StoreError(.damaged, "a verdict in \(database.description) is damaged") }
      verdicts[rows.integer(row, 0) - 1] = Verdict(
        form: rows.isNull(row, 3) ? nil : rows.bytes(row, 3), kind: rows.text(row, 4),
        encoder: rows.isNull(row, 5) ? nil : rows.text(row, 5), fidelity: fidelity,
        tokensBefore: rows.integer(row, 7), tokensAfter: rows.integer(row, 8), handle: Handle(rows.text(row, 9)),
        targets: targets)
      found(rows.integer(row, 1), rows.integer(row, 2))
    }
    return verdicts
  }
}

private func < (one: ([UInt8], [UInt8], Int), other: ([UInt8], [UInt8], Int)) -> Bool {
  if one.0 != other.0 { return one.0.lexicographicallyPrecedes(other.0) }
  if one.1 != other.1 { return one.1.lexicographicallyPrecedes(other.1) }
  return one.2 < other.2
}
