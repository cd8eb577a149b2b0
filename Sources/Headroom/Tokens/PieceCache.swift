internal import CHeadroom

/// Remembers the token counts of pieces that had to be merged. Direct-mapped; a newer piece takes the place of an older one.
///
/// Pieces are compared whole, never by a hash alone, so an answer is always right.
final class PieceCache {
  /// For 2...15 bytes: the key of the piece, with the count in the upper half of the byte that holds its length.
  private let short: UnsafeMutablePointer<PieceKey>
  /// For 16...32 bytes.
  private let long: UnsafeMutablePointer<LongPiece>

  private static let shortBits = 14
  private static let longBits = 11
  private static let countMask: UInt64 = 0xF0 << 56

  /// 16 to 32 bytes: the first 16, the last 16, and how many there are.
  private struct LongPiece {
    var first: (UInt64, UInt64)
    var last: (UInt64, UInt64)
    var length: UInt16
    var count: UInt16
  }

  init() {
    // An empty slot is all zero, which is the key of no piece.
    short = headroom_zeroed(MemoryLayout<PieceKey>.stride << PieceCache.shortBits).assumingMemoryBound(
      to: PieceKey.self)
    long = headroom_zeroed(MemoryLayout<LongPiece>.stride << PieceCache.longBits).assumingMemoryBound(
      to: LongPiece.self)
  }

  deinit {
    headroom_free(short)
    headroom_free(long)
  }

  /// The remembered count of a piece of 2...15 bytes, or what `count` gives.
  @inline(__always)
  func count(of key: PieceKey, otherwise count: () -> Int) -> Int {
    let mixed = (key.low ^ key.high) &* Factor.low
    let slot = short + Int(truncatingIfNeeded: mixed &>> (64 - PieceCache.shortBits))
    let found = slot.pointee
    if found.low == key.low && found.high & ~PieceCache.countMask == key.high {
      return Int(truncatingIfNeeded: found.high &>> 60)
    }
    let counted = count()
    slot.pointee = PieceKey(low: key.low, high: key.high | UInt64(truncatingIfNeeded: counted) &<< 60)
    return counted
  }

  /// The remembered count of a piece of 16...32 bytes with this hash, or what `count` gives.
  @inline(__always)
  func count(of piece: UnsafePointer<UInt8>, length: Int, hash: UInt64, otherwise count: () -> Int) -> Int {
    let slot = long + Int(truncatingIfNeeded: (hash &* Factor.low) &>> (64 - PieceCache.longBits))
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
