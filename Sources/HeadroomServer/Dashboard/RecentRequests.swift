import Headroom
import Synchronization

/// The bodies of the newest requests, so that a person can see what was sent instead of what.
///
/// They are in memory only, so many and so many bytes at most, and gone when the process ends.
final class RecentRequests: Sendable {
  /// A request, as its client sent it and as it was sent on.
  struct Entry: Sendable {
    var id: Int
    var record: SavingsRecord
    /// Whether the answer is at its end, and the record complete.
    var isFinished: Bool
    var body: [UInt8]
    var result: CompressionResult

    /// What was not changed is one buffer.
    fileprivate var bytes: Int {
      let isShared = result.passedThrough == .nothingSaved || result.passedThrough == .noBlocks
      return body.count + (isShared ? 0 : result.body.count)
    }
  }

  /// The requests without their bodies, the oldest first.
  struct Listing: Sendable {
    struct Item: Sendable {
      var id: Int
      var record: SavingsRecord
      var isFinished: Bool
    }

    var entries: [Item] = []
  }

  private struct State {
    var entries: [Entry] = []
    var bytes = 0
    var last = 0
    var running: Set<Int> = []
    var version = 0
  }

  private let state = Mutex(State())
  private let mostRequests: Int
  private let mostBytes: Int

  /// - Parameters:
  ///   - mostRequests: how many requests are kept; 0 for none.
  ///   - mostBytes: how many bytes of bodies; a request that has more by itself is not kept.
  init(mostRequests: Int = 50, mostBytes: Int = 64 << 20) {
    self.mostRequests = mostRequests
    self.mostBytes = mostBytes
  }

  /// Takes a request that is about to be sent on. Each must be finished.
  /// - Returns: its number.
  func begin(_ record: SavingsRecord, body: [UInt8], result: CompressionResult) -> Int {
    state.withLock { state in
      state.last += 1
      state.version += 1
      state.running.insert(state.last)
      let entry = Entry(id: state.last, record: record, isFinished: false, body: body, result: result)
      guard mostRequests > 0, entry.bytes <= mostBytes else { return state.last }
      state.entries.append(entry)
      state.bytes += entry.bytes
      while state.entries.count > mostRequests || state.bytes > mostBytes {
        state.bytes -= state.entries.removeFirst().bytes
      }
      return state.last
    }
  }

  /// Completes the record of a request whose answer is at its end.
  func finish(_ id: Int, _ record: SavingsRecord) {
    state.withLock { state in
      state.version += 1
      state.running.remove(id)
      guard let place = state.entries.firstIndex(where: { $0.id == id }) else { return }
      state.entries[place].record = record
      state.entries[place].isFinished = true
    }
  }

  /// The request of a number; nil when it is not kept any more.
  func entry(_ id: Int) -> Entry? { state.withLock { state in state.entries.first { $0.id == id } } }

  var listing: Listing {
    state.withLock { state in
      Listing(entries: state.entries.map { Listing.Item(id: $0.id, record: $0.record, isFinished: $0.isFinished) })
    }
  }

  /// How many requests have begun and not finished, kept or not.
  var running: Int { state.withLock { $0.running.count } }

  /// Another number whenever something changes.
  var version: Int { state.withLock { $0.version } }
}
