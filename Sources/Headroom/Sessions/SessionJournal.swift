import Synchronization

/// What a conversation has to remember besides verdicts: how its model gets at what was cut, exchanges that its client never saw, plans of a
/// compaction. Entries are small and never change: what was sent once is sent the same for ever.
public protocol SessionJournal: Sendable {
  /// The entries under these keys; nil where there is none.
  /// - Throws: `StoreError`.
  func entries(_ keys: [JournalKey]) throws -> [[UInt8]?]

  /// Writes an entry down before anything that depends on it is sent. Whoever comes first decides.
  /// - Returns: the entry that stands.
  /// - Throws: `StoreError`.
  func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8]
}

/// What an entry of a journal is about.
public struct JournalKey: Sendable, Hashable {
  /// Which part of the product the entry belongs to: `retrieval`, `exchange`, `epoch`.
  public var topic: String
  /// A SHA-256 of that in the conversation which the entry is about.
  public var digest: [UInt8]

  public init(topic: String, digest: [UInt8]) {
    self.topic = topic
    self.digest = digest
  }
}

/// A journal in memory. Entries unused for longest are forgotten when they become too many.
public final class MemoryJournal: SessionJournal {
  private let state: Mutex<RecentValues<JournalKey, [UInt8]>>

  /// - Parameter byteLimit: the most bytes to keep.
  public init(byteLimit: Int = 64 << 20) { state = Mutex(RecentValues(limit: byteLimit)) }

  public func entries(_ keys: [JournalKey]) -> [[UInt8]?] {
    state.withLock { state in keys.map { state.value(of: $0) } }
  }

  public func record(_ entry: [UInt8], for key: JournalKey) -> [UInt8] {
    state.withLock { state in
      if let standing = state.value(of: key) { return standing }
      state.set(entry, of: key, size: 256 + entry.count)
      return entry
    }
  }
}
