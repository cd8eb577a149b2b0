import Synchronization

/// Savings records in memory, the newest of them.
public final class MemorySavings: SavingsLog {
  private let state = Mutex<[SavingsRecord]>([])
  private let limit: Int

  /// - Parameter limit: the most records to keep.
  public init(limit: Int = 100_000) { self.limit = limit }

  public func append(_ records: [SavingsRecord]) {
    state.withLock { state in
      state += records
      // Not one by one: moving all the others is dear.
      if state.count > limit + limit / 8 { state.removeFirst(state.count - limit) }
    }
  }

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
