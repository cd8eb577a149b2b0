/// Values by key, of which those unused for longest are forgotten when there are too many bytes of them.
package struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    let key: Key
    var value: Value
    var size: Int
    /// The entries used before and after this one; -1 where there is none.
    var older: Int
    var newer: Int
  }

  private let limit: Int
  private var places: [Key: Int] = [:]
  private var entries: [Entry] = []
  private var oldest = -1
  private var newest = -1
  /// The bytes of all values.
  package private(set) var size = 0

  /// - Parameter limit: the most bytes. A value that is larger by itself is not kept.
  package init(limit: Int) { self.limit = limit }

  package var count: Int { places.count }

  /// The value of a key, which counts as a use.
  package mutating func value(of key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    if place != newest {
      detach(place)
      append(place)
    }
    return entries[place].value
  }

  /// Sets the value of a key, which counts as a use.
  /// - Parameter size: its bytes, with the key's.
  package mutating func set(_ value: Value, of key: Key, size: Int) {
    remove(key)
    guard size <= limit else { return }
    while self.size + size > limit { remove(entries[oldest].key) }
    let place = entries.count
    entries.append(Entry(key: key, value: value, size: size, older: -1, newer: -1))
    places[key] = place
    self.size += size
    append(place)
  }

  package mutating func remove(_ key: Key) {
    guard let place = places.removeValue(forKey: key) else { return }
    detach(place)
    size -= entries[place].size
    // The last entry takes the free place.
    let last = entries.removeLast()
    guard place < entries.count else { return }
    entries[place] = last
    places[last.key] = place
    if last.older >= 0 { entries[last.older].newer = place } else { oldest = place }
    if last.newer >= 0 { entries[last.newer].older = place } else { newest = place }
  }

  private mutating func append(_ place: Int) {
    entries[place].older = newest
    entries[place].newer = -1
    if newest >= 0 { entries[newest].newer = place } else { oldest = place }
    newest = place
  }

  private mutating func detach(_ place: Int) {
    let (older, newer) = (entries[place].older, entries[place].newer)
    if older >= 0 { entries[older].newer = newer } else { oldest = newer }
    if newer >= 0 { entries[newer].older = older } else { newest = older }
  }
}
