internal import CHeadroom

/// Remembers the token counts of pieces. A newer piece takes the place of an older one.
///
/// Pieces are compared whole, never by a hash alone, so an answer is always right. What is asked for most lies close together here, other
/// than in the table of a whole vocabulary, of which each entry is on a cache line of its own.
final class PieceCache {
  /// For 2...7 bytes: the key of the piece, with the count above its length. Two places for each hash, the newer first.
  private let short: UnsafeMutablePointer<UInt64>
  /// For 8...15 bytes: the key of the piece, with the count in the upper half of the byte that holds its length.
  private let medium: UnsafeMutablePointer<PieceKey>
  /// For 16...32 bytes.
  private let long: UnsafeMutablePointer<LongPiece>

  private static let shortBits = 15
  private static let mediumBits = 14
  private static let longBits = 11
  private static let shortCount: UInt64 = 0x38 << 56
  private static let mediumCount: UInt64 = 0xF0 << 56

  /// 16 to 32 bytes: the first 16, the last 16, and how many there are.
  private struct LongPiece {
    var first: (UInt64, UInt64)
    var last: (UInt64, UInt64)
    var length: UInt16
    var count: UInt16
  }

  init() {
    // An empty slot is all zero, which is the key of no piece.
    short = PieceCache.zeroed(2 << PieceCache.shortBits)
    medium = PieceCache.zeroed(1 << PieceCache.mediumBits)
    long = PieceCache.zeroed(1 << PieceCache.longBits)
  }

  private static func zeroed<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
    headroom_zeroed(MemoryLayout<Element>.stride * count).assumingMemoryBound(to: Element.self)
  }

  deinit {
    headroom_free(short)
    headroom_free(medium)
    headroom_free(long)
  }

  /// The remembered count of a piece of 2...7 bytes, or 0. Without a branch, as callers ask for many in a row.
  @inline(__always)
  func count(ofShort key: UInt64) -> Int {
    let slot = shortSlot(key)
    let first = slot[0]
    let second = slot[1]
    let isFirst = (first ^ key) & ~PieceCache.shortCount == 0
    let isSecond = (second ^ key) & ~PieceCache.shortCount == 0
    let found = isFirst ? first : isSecond ? second : 0
    return Int(truncatingIfNeeded: (found & PieceCache.shortCount) &>> 59)
  }

  func remember(short key: UInt64, count: Int) {
    let slot = shortSlot(key)
    slot[1] = slot[0]
    slot[0] = key | UInt64(truncatingIfNeeded: count) &<< 59
  }

  @inline(__always)
  private func shortSlot(_ key: UInt64) -> UnsafeMutablePointer<UInt64> {
    short + 2 * Int(truncatingIfNeeded: (key &* Factor.low) &>> (64 - UInt64(PieceCache.shortBits)))
  }

  /// The remembered count of a piece of 8...15 bytes, or what `count` gives.
  @inline(__always)
  func count(of key: PieceKey, otherwise count: () -> Int) -> Int {
    let mixed = (key.low ^ key.high) &* Factor.low
    let slot = medium + Int(truncatingIfNeeded: mixed &>> (64 - UInt64(PieceCache.mediumBits)))
    let found = slot.pointee
    if found.low == key.low && found.high & ~PieceCache.mediumCount == key.high {
      return Int(truncatingIfNeeded: found.high &>> 60)
    }
    let counted = count()
    slot.pointee = PieceKey(low: key.low, high: key.high | UInt64(truncatingIfNeeded: counted) &<< 60)
    return counted
  }

  /// The remembered count of a piece of 16...32 bytes with this hash, or what `count` gives.
  @inline(__always)
  func count(of piece: UnsafePointer<UInt8>, length: Int, hash: UInt64, otherwise count: () -> Int) -> Int {
    let slot = long + Int(truncatingIfNeeded: (hash &* Factor.low) &>> (64 - UInt64(PieceCache.longBits)))
    let first = (PieceKey.word(piece), PieceKey.word(piece + 8))
    let last = (PieceKey.word(piece + (length - 16)), PieceKey.word(piece + (length - 8)))
    if Int(slot.pointee.length) == length && slot.pointee.first == first && slot.pointee.last == last {
      return Int(slot.pointee.count)
    }
    let counted = count()
    slot.pointee = LongPiece(
      first: first, last: last, length: UInt16(truncatingIfNeeded: length), count: UInt16(truncatingIfNeeded: counted))
    return counted
  }
}
