import Synchronization

/// Savings records in memory.
public final class MemorySavings: SavingsLog {
  private let state = Mutex<[SavingsRecord]>([])

  public init() {}

  public func append(_ records: [SavingsRecord]) { state.withLock { $0 += records } }

  public func records(since time: Int64, most: Int) -> [SavingsRecord] {
    state.withLock { Array($0.filter { $0.time >= time }.suffix(most)) }
  }
}
