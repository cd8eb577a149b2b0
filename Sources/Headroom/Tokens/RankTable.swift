internal import CHeadroom

/// The merge ranks of a vocabulary: a byte-pair encoding's entries and the order in which they were learned.
///
/// A view of the table that `scripts/make-vocabulary-tables.py` lays out and the C target embeds. Matches are exact: entries of
/// up to 15 bytes are their own keys, longer ones are compared with the stored text. The pointers lead into constant data,
/// so a table may be shared freely.
final class RankTable: @unchecked Sendable {
  /// What stands for "no entry" in the place of a rank. Every rank is smaller.
  static let absent = UInt32.max

  private let shortKeys: UnsafePointer<UInt64>
  private let shortRanks: UnsafePointer<UInt32>
  private let shortHomes: UInt64
  private let mediumKeys: UnsafePointer<UInt64>
  private let mediumRanks: UnsafePointer<UInt32>
  private let mediumHomes: UInt64
  private let longHashes: UnsafePointer<UInt64>
  private let longRanks: UnsafePointer<UInt32>
  private let longPlaces: UnsafePointer<UInt32>
  private let longHomes: UInt64
  private let longText: UnsafePointer<UInt8>
  private let pairRanks: UnsafePointer<UInt32>
  private let filter: UnsafePointer<UInt8>

  /// The number of bytes of the longest entry.
  let longest: Int

  private static let o200k = headroom_o200k_base().flatMap(RankTable.init)
  private static let cl100k = headroom_cl100k_base().flatMap(RankTable.init)

  /// The table built into the program, or nil when it was built without vocabularies.
  static func builtIn(_ vocabulary: Tokenizer.Vocabulary) -> RankTable? {
    switch vocabulary {
    case .o200k: o200k
    case .cl100k: cl100k
    }
  }

  /// Nil for a table that was laid out by another version of the script: better an estimate than a wrong count.
  private init?(_ start: UnsafePointer<UInt8>) {
    let header = UnsafeRawPointer(start).assumingMemoryBound(to: UInt32.self)
    guard header[0] == 0x5652_4448 && header[1] == 3 else { return nil }

    var place = 64
    func section<Element>(_ count: UInt32, of type: Element.Type) -> UnsafePointer<Element> {
      defer { place += (Int(count) * MemoryLayout<Element>.stride + 63) & ~63 }
      return UnsafeRawPointer(start + place).assumingMemoryBound(to: type)
    }
    longest = Int(header[3])
    shortHomes = UInt64(header[4])
    shortKeys = section(header[5], of: UInt64.self)
    shortRanks = section(header[5], of: UInt32.self)
    mediumHomes = UInt64(header[6])
    mediumKeys = section(header[7] * 2, of: UInt64.self)
    mediumRanks = section(header[7], of: UInt32.self)
    longHomes = UInt64(header[8])
    longHashes = section(header[9], of: UInt64.self)
    longRanks = section(header[9], of: UInt32.self)
    longPlaces = section(header[9], of: UInt32.self)
    longText = section(header[10], of: UInt8.self)
    pairRanks = section(65_536, of: UInt32.self)
    filter = section(1 << 17, of: UInt8.self)
  }

  /// The rank of a two-byte entry.
  @inline(__always)
  func rank(_ first: UInt8, _ second: UInt8) -> UInt32 {
    pairRanks[Int(first) << 8 | Int(second)]
  }

  /// The rank of the entry that `bytes[0..<count]` spells, or `absent`. `readable` bytes, at least `count`, may be read there.
  ///
  /// Made for merging, where most look-ups find nothing: a filter that stays in a near cache answers nearly all of those.
  @inline(__always)
  func rank(of bytes: UnsafePointer<UInt8>, count: Int, readable: Int) -> UInt32 {
    if count < 8 {
      let key = PieceKey.short(bytes, count: count, readable: readable)
      let mixed = mix(key)
      guard mayContain(mixed), let slot = slot(short: key, mixed: mixed) else { return RankTable.absent }
      return shortRanks[slot]
    }
    if count < 16 {
      let key = PieceKey.medium(bytes, count: count)
      let mixed = mix(key)
      guard mayContain(mixed), let slot = slot(medium: key, mixed: mixed) else { return RankTable.absent }
      return mediumRanks[slot]
    }
    return rank(long: bytes, count: count)
  }

  private func rank(long bytes: UnsafePointer<UInt8>, count: Int) -> UInt32 {
    guard count <= longest else { return RankTable.absent }
    return slot(long: bytes, count: count, hash: PieceKey.hash(bytes, count: count)).map { longRanks[$0] }
      ?? RankTable.absent
  }

  // Whether a piece is an entry takes no look at the ranks, which are elsewhere in memory.

  @inline(__always)
  func contains(short key: UInt64) -> Bool { slot(short: key, mixed: mix(key)) != nil }

  @inline(__always)
  func contains(medium key: PieceKey) -> Bool { slot(medium: key, mixed: mix(key)) != nil }

  /// `hash` is that of the bytes, of which there are at least 16.
  @inline(__always)
  func contains(long bytes: UnsafePointer<UInt8>, count: Int, hash: UInt64) -> Bool {
    slot(long: bytes, count: count, hash: hash) != nil
  }

  @inline(__always)
  private func slot(short key: UInt64, mixed: UInt64) -> Int? {
    var slot = home(mixed, among: shortHomes)
    while shortKeys[slot] != key {
      if shortKeys[slot] == 0 { return nil }
      slot += 1
    }
    return slot
  }

  @inline(__always)
  private func slot(medium key: PieceKey, mixed: UInt64) -> Int? {
    var slot = home(mixed, among: mediumHomes)
    while mediumKeys[2 * slot] != key.low || mediumKeys[2 * slot + 1] != key.high {
      if mediumKeys[2 * slot + 1] == 0 { return nil }
      slot += 1
    }
    return slot
  }

  @inline(__always)
  private func slot(long bytes: UnsafePointer<UInt8>, count: Int, hash: UInt64) -> Int? {
    var slot = home(mix(hash), among: longHomes)
    while longHashes[slot] != hash {
      if longHashes[slot] == 0 { return nil }
      slot += 1
    }
    // No two entries share a hash; other bytes may.
    let place = longPlaces[slot]
    return place & 255 == count && headroom_equal(longText + Int(place >> 8), bytes, count) ? slot : nil
  }

  @inline(__always)
  private func mix(_ key: UInt64) -> UInt64 { key &* Factor.low }

  @inline(__always)
  private func mix(_ key: PieceKey) -> UInt64 { key.low &* Factor.low &+ key.high &* Factor.high }

  @inline(__always)
  private func mayContain(_ mixed: UInt64) -> Bool {
    filter[Int(truncatingIfNeeded: mixed >> 47)] & 1 << UInt8(truncatingIfNeeded: mixed >> 44 & 7) != 0
  }

  /// Maps a well-mixed number to a slot without dividing: the high word of the product.
  @inline(__always)
  private func home(_ mixed: UInt64, among slots: UInt64) -> Int {
    Int(truncatingIfNeeded: mixed.multipliedFullWidth(by: slots).high)
  }
}

/// The multipliers of the table's hash functions, the same as in `scripts/make-vocabulary-tables.py`.
enum Factor {
  static let low: UInt64 = 0x9E37_79B9_7F4A_7C15
  static let high: UInt64 = 0xD6E8_FEB8_6659_FD93
}
