/// A 64-bit hash of bytes that is the same in every process: what is written must never depend on a random seed.
///
/// Multiply-and-fold over eight bytes at a time. Not for adversaries: whoever compares hashes compares the bytes as well.
enum ByteHash {
  @inline(__always)
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0x9e37_79b9_7f4a_7c15 }
    let count = bytes.count
    var state = UInt64(count) &* 0x9e37_79b9_7f4a_7c15 ^ 0xa076_1d64_78bd_642f
    var offset = 0
    while offset + 8 < count {
      state = fold(base.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ 0xe703_7ed1_a0b4_28db, state)
      offset += 8
    }
    var last: UInt64 = 0
    if count >= 8 {
      last = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    } else {
      for i in 0..<count { last = last << 8 | UInt64(base.load(fromByteOffset: i, as: UInt8.self)) }
    }
    state = fold(last ^ 0x5899_65cc_7537_4cc3, state ^ 0x8ebc_6af0_9c88_c6e3)
    return state ^ state >> 29
  }

  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
