import Synchronization

/// Originals in memory, for a library user or a process that must leave nothing on disk.
///
/// When `byteLimit` is reached, those unused for longest are forgotten. The newest stays even when it is larger than
/// the limit.
public final class MemoryStore: OriginalStore {
  private let originals = Mutex(Originals())
  private let byteLimit: Int
  private let shortestHandle: Int

  /// - Parameter byteLimit: the most bytes of originals to keep.
  public convenience init(byteLimit: Int = 256 << 20) {
    self.init(byteLimit: byteLimit, shortestHandle: Handle.shortest)
  }

  package init(byteLimit: Int = 256 << 20, shortestHandle: Int) {
    self.byteLimit = byteLimit
    self.shortestHandle = shortestHandle
  }

  public func put(_ original: [UInt8]) -> Handle {
    let full = Handle(of: original, length: Handle.longest)
    let length = originals.withLock { originals in
      let length = originals.put(original, name: full.name, shortest: shortestHandle)
      if originals.size > byteLimit { originals.evict(to: byteLimit / 8 * 7) }
      return length
    }
    return full.prefix(length)
  }

  public func original(_ handle: Handle) throws -> [UInt8] {
    try originals.withLock { originals throws(StoreError) in try originals.original(handle) }
  }
}

private struct Originals {
  private struct Entry {
    let name: String
    let handleLength: Int
    /// Nil once forgotten; the name stays taken, so that an old handle never comes to mean something else.
    var bytes: [UInt8]?
    var lastUse: Int
  }

  /// Sorted by name.
  private var entries: [Entry] = []
  private var uses = 0
  private(set) var size = 0

  /// Stores `original` and returns the length of its handle.
  mutating func put(_ original: [UInt8], name: String, shortest: Int) -> Int {
    let index = position(of: name)
    if index == entries.count || entries[index].name != name {
      let neighbors = [index - 1, index].filter(entries.indices.contains).map { entries[$0].name }
      let length = HandleRule.length(of: name, among: neighbors, shortest: shortest)
      entries.insert(Entry(name: name, handleLength: length, bytes: nil, lastUse: 0), at: index)
    }
    if entries[index].bytes == nil {
      entries[index].bytes = original
      size += original.count
    }
    touch(index)
    return entries[index].handleLength
  }

  mutating func original(_ handle: Handle) throws(StoreError) -> [UInt8] {
    let start = position(of: handle.name)
    let candidates = entries[start...].prefix { $0.name.hasPrefix(handle.name) }.map {
      (name: $0.name, length: $0.handleLength)
    }
    let index = start + (try HandleRule.choice(of: handle, among: candidates))
    guard let bytes = entries[index].bytes else { throw HandleRule.expired(handle) }
    touch(index)
    return bytes
  }

  /// Forgets the bytes of those unused for longest until at most `limit` remain, but not the last used.
  mutating func evict(to limit: Int) {
    let oldestFirst = entries.indices.filter { entries[$0].bytes != nil && entries[$0].lastUse != uses }
      .sorted { entries[$0].lastUse < entries[$1].lastUse }
    for index in oldestFirst where size > limit {
      size -= entries[index].bytes?.count ?? 0
      entries[index].bytes = nil
    }
  }

  private mutating func touch(_ index: Int) {
    uses += 1
    entries[index].lastUse = uses
  }

  /// The index of the first name that is not before `name`.
  private func position(of name: String) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
