import Synchronization

/// Savings records in memory.
public final class MemorySavings: SavingsLog {
  private let state = Mutex<[SavingsRecord]>([])

  public init() {}

  public func append(_ records: [SavingsRecord]) { state.withLock { $0 += records } }

  public func records(since time: Int64, most: Int) -> [SavingsRecord] {
    state.withLock { Array($0.filter { $0.time >= time }.suffix(most)) }
  }

  public func entries(after place: Int64, most: Int) -> [SavingsEntry] {
    state.withLock { state in
      (Int(max(place, 0))..<max(state.count, Int(max(place, 0)))).prefix(most)
        .map { SavingsEntry(place: Int64($0) + 1, record: state[$0]) }
    }
  }
}
