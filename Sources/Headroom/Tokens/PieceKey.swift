/// 8 to 15 bytes as two words: the bytes themselves, zero-padded, with their number in the top byte of `high`.
///
/// 1 to 7 bytes make a single word in the same way. Distinct byte strings have distinct keys.
struct PieceKey: Equatable {
  var low: UInt64
  var high: UInt64

  /// A short key in the form of the longer ones.
  @inline(__always)
  init(short key: UInt64) {
    low = key & ~0 >> 8
    high = key & 0xFF << 56
  }

  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The key of 1 to 7 bytes. `readable` bytes, at least `count`, may be read.
  @inline(__always)
  static func short(_ bytes: UnsafePointer<UInt8>, count: Int, readable: Int) -> UInt64 {
    let length = UInt64(truncatingIfNeeded: count) &<< 56
    if readable >= 8 {
      return word(bytes) & ~(~0 &<< UInt64(truncatingIfNeeded: count &* 8)) | length
    }
    // Near the end of the memory: loads that overlap, each shifted to its place.
    if count >= 4 {
      let last = UInt64(halfWord(bytes + (count - 4))) &<< UInt64(truncatingIfNeeded: 8 &* (count &- 4))
      return UInt64(halfWord(bytes)) | last | length
    }
    let middle = UInt64(bytes[count / 2]) &<< UInt64(truncatingIfNeeded: 8 &* (count / 2))
    let last = UInt64(bytes[count - 1]) &<< UInt64(truncatingIfNeeded: 8 &* (count &- 1))
    return UInt64(bytes[0]) | middle | last | length
  }

  /// The key of 8 to 15 bytes.
  @inline(__always)
  static func medium(_ bytes: UnsafePointer<UInt8>, count: Int) -> PieceKey {
    // The last eight bytes overlap the first eight; what is already in `low` is shifted out. 15 at most leave a byte free.
    let rest = count == 8 ? 0 : word(bytes + (count - 8)) &>> UInt64(truncatingIfNeeded: 8 &* (16 &- count))
    return PieceKey(low: word(bytes), high: rest | UInt64(truncatingIfNeeded: count) &<< 56)
  }

  /// A hash of 16 bytes or more, eight at a time; the last word overlaps the one before.
  @inline(__always)
  static func hash(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: count) &* Factor.low
    var place = 0
    while place < count - 8 {
      state = (state ^ word(bytes + place)) &* Factor.high
      state ^= state >> 29
      place += 8
    }
    state = (state ^ word(bytes + (count - 8))) &* Factor.high
    state ^= state >> 29
    return state | 1
  }

  @inline(__always)
  static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func halfWord(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
  }
}
