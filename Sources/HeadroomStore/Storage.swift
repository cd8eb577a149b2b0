package import Foundation
public import Headroom

/// Everything that is kept between requests, in one place: originals, verdicts, journals and savings.
public struct Storage: Sendable {
  public let originals: any OriginalStore
  /// The same originals, for a use that records a verdict or an entry of a journal which names an original before anything is sent.
  ///
  /// What is put here survives the end of the process at once, and a power failure from that record on. So the disk is waited for once per
  /// request and not once per original.
  public let stagedOriginals: any OriginalStore
  public let verdicts: any VerdictLedger
  public let journal: any SessionJournal
  public let savings: any SavingsLog
  /// Its address for people, with no credentials.
  public let description: String
  private let opening: @Sendable () throws -> Void

  /// - Parameters:
  ///   - stagedOriginals: `originals` where that makes no difference.
  ///   - opening: what ``prepare()`` does.
  public init(
    originals: any OriginalStore, stagedOriginals: (any OriginalStore)? = nil, verdicts: any VerdictLedger,
    journal: any SessionJournal, savings: any SavingsLog, description: String,
    opening: @escaping @Sendable () throws -> Void = {}
  ) {
    self.originals = originals
    self.stagedOriginals = stagedOriginals ?? originals
    self.verdicts = verdicts
    self.journal = journal
    self.savings = savings
    self.description = description
    self.opening = opening
  }

  /// Opens now what is otherwise opened at the first use, and makes it where it is missing: for those who want to know at the start whether
  /// that works.
  /// - Throws: `StoreError`.
  public func prepare() throws { try opening() }

  /// A storage that ends with the process.
  public static func memory() -> Storage {
    Storage(
      originals: MemoryStore(), verdicts: MemoryLedger(), journal: MemoryJournal(), savings: MemorySavings(),
      description: "memory:")
  }

  /// The storage in a SQLite file.
  package static func sqlite(_ file: DatabaseFile, now: @escaping @Sendable () -> Date = { Date() }) -> Storage {
    let originals = SQLiteStore(file, now: now)
    return Storage(
      originals: originals, stagedOriginals: SQLiteStore(file, isDurable: false, now: now),
      verdicts: CachedLedger(SQLiteLedger(file, now: now)), journal: SQLiteJournal(file, now: now),
      savings: SQLiteSavings(file, now: now), description: "sqlite:" + file.path
    ) {
      try file.prepare()
      try originals.expire()
    }
  }

  /// The storage in a database of PostgreSQL.
  package static func postgres(
    _ database: PostgresDatabase, now: @escaping @Sendable () -> Date = { Date() }
  ) -> Storage {
    let originals = PostgresStore(database, now: now)
    return Storage(
      originals: originals, stagedOriginals: PostgresStore(database, isDurable: false, now: now),
      verdicts: CachedLedger(PostgresLedger(database, now: now)), journal: PostgresJournal(database, now: now),
      savings: PostgresSavings(database, now: now), description: database.description
    ) {
      try database.prepare()
      try originals.expire()
    }
  }
}
