import CHeadroom

/// Numbers distinct byte strings in the order they are added. The strings stand in a buffer that the caller passes with each call.
struct ByteIndex {
  /// The string of each number, as a range of the buffer.
  private(set) var ranges: [Range<Int>] = []
  private var hashes: [UInt32] = []
  private var slots: [Int32]

  init(capacity: Int = 8) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: -1, count: size)
    ranges.reserveCapacity(capacity)
    hashes.reserveCapacity(capacity)
  }

  var count: Int { ranges.count }

  /// The number of a string equal to `key`, or nil.
  func number(of key: UnsafeBufferPointer<UInt8>, in buffer: UnsafePointer<UInt8>) -> Int? {
    let number = slots[slot(of: key, ByteHash.hash(key), in: buffer)]
    return number < 0 ? nil : Int(number)
  }

  /// The number of the string at `range`, which is given the next one when it is new.
  mutating func add(_ range: Range<Int>, in buffer: UnsafePointer<UInt8>) -> (number: Int, isNew: Bool) {
    let key = UnsafeBufferPointer(start: buffer + range.lowerBound, count: range.count)
    let hash = ByteHash.hash(key)
    let slot = slot(of: key, hash, in: buffer)
    if slots[slot] >= 0 { return (Int(slots[slot]), false) }
    slots[slot] = Int32(truncatingIfNeeded: ranges.count)
    ranges.append(range)
    hashes.append(UInt32(truncatingIfNeeded: hash))
    if ranges.count * 2 > slots.count { grow() }
    return (ranges.count - 1, true)
  }

  private func slot(of key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, in buffer: UnsafePointer<UInt8>) -> Int {
    let short = UInt32(truncatingIfNeeded: hash)
    var slot = Int(short) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == short, ranges[number].count == key.count, let start = key.baseAddress,
        headroom_equal_bytes(buffer + ranges[number].lowerBound, start, key.count)
      {
        break
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: number)
    }
  }
}
