/// A 64-bit hash of a word that is the same in every process: `Hasher` is seeded anew in each.
enum TermHash {
  @inline(__always)
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let count = bytes.count
    guard count > 0, let base = bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return 0 }
    let seed = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
    if count < 4 {
      let word = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
      return mix(seed ^ word)
    }
    if count <= 8 {
      let first = UInt32(littleEndian: base.loadUnaligned(as: UInt32.self))
      let last = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
      return mix(seed ^ (UInt64(first) << 32 | UInt64(last)))
    }
    var hash = seed
    var offset = 0
    while offset + 8 < count {
      hash = mix(hash ^ UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    // The last eight bytes, some of them for the second time.
    return mix(hash ^ UInt64(littleEndian: base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)))
  }

  /// The finalizer of MurmurHash3 (Appleby), shortened by a step.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
  }
}

/// A small open-addressing table from hashes to numbers.
struct TermTable: Sendable {
  private var keys: [UInt64]
  private var values: [Int32]
  private var count = 0
  private var mask: Int

  /// - Parameter capacity: how many keys it will hold; it grows beyond.
  init(capacity: Int = 16) {
    var size = 64
    while size < capacity * 4 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    values = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  /// The number stored for `hash`, or nil.
  @inline(__always)
  subscript(hash: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash >> 20) & mask
    while values[slot] >= 0 {
      if keys[slot] == hash { return Int(values[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Stores `value` for `hash` where nothing is stored yet.
  /// - Returns: the number that now stands there.
  @discardableResult
  mutating func insert(_ hash: UInt64, _ value: Int) -> Int {
    if (count + 1) * 4 > keys.count { grow() }
    var slot = Int(truncatingIfNeeded: hash >> 20) & mask
    while values[slot] >= 0 {
      if keys[slot] == hash { return Int(values[slot]) }
      slot = (slot + 1) & mask
    }
    keys[slot] = hash
    values[slot] = Int32(value)
    count += 1
    return value
  }

  private mutating func grow() {
    var larger = TermTable(capacity: keys.count / 2)
    for slot in keys.indices where values[slot] >= 0 { larger.insert(keys[slot], Int(values[slot])) }
    self = larger
  }
}
