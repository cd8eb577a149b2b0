public import Headroom

/// Everything that is kept, opened from one address.
public struct Storage: Sendable {
  public let originals: any OriginalStore
  public let verdicts: any VerdictLedger
  public let journal: any SessionJournal
  public let savings: any SavingsLog

  public init(
    originals: any OriginalStore, verdicts: any VerdictLedger, journal: any SessionJournal, savings: any SavingsLog
  ) {
    self.originals = originals
    self.verdicts = verdicts
    self.journal = journal
    self.savings = savings
  }

  /// What is kept in memory, and gone with the process.
  public static func memory() -> Storage {
    Storage(
      originals: MemoryStore(), verdicts: MemoryLedger(), journal: MemoryJournal(), savings: MemorySavings())
  }
}

extension Stores {
  public static func storage(_ url: String?) throws -> Storage {
    if url == "memory:" { return .memory() }
    let file = try DatabaseFile(path: url.map { String($0.dropFirst("sqlite:".count)) } ?? defaultPath())
    return Storage(
      originals: try SQLiteStore(file), verdicts: try SQLiteLedger(file), journal: MemoryJournal(),
      savings: MemorySavings())
  }
}
