internal import CHeadroom

/// Text as the splitting rules read it: valid UTF-8 bytes and the class of each scalar. A view; it owns nothing.
///
/// A class is a set of the bits below, from the tables in `vocabulary_classes.c`.
struct ScannedText {
  /// The bits of a class.
  enum Class {
    /// May stand in the upper case part of a word: Lu, Lt, Lm, Lo, M.
    static var upper: UInt8 { 1 }
    /// May stand in the lower case part of a word: Ll, Lm, Lo, M.
    static var lower: UInt8 { 2 }
    static var number: UInt8 { 4 }
    static var space: UInt8 { 8 }
    /// CR and LF, which are spaces as well.
    static var newline: UInt8 { 16 }
    static var letter: UInt8 { 32 }
    /// Only of a byte: it takes decoding to know the class.
    static var nonASCII: UInt8 { 128 }
  }

  let bytes: UnsafePointer<UInt8>
  let count: Int
  private let byteClasses: UnsafePointer<UInt8>
  private let blocks: UnsafePointer<UInt16>
  private let rows: UnsafePointer<UInt8>

  /// `bytes[0..<count]` must be valid UTF-8.
  init(_ bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
    byteClasses = headroom_byte_class_table()
    blocks = headroom_class_block_table()
    rows = headroom_class_row_table()
  }

  @inline(__always)
  subscript(_ place: Int) -> UInt8 { bytes[place] }

  /// The class of a byte that is a scalar of its own, or `nonASCII`.
  @inline(__always)
  func byteClass(_ place: Int) -> UInt8 { byteClasses[Int(bytes[place])] }

  /// The class of the scalar that starts at `place`, and its length in bytes; nothing and 0 at the end of the text.
  @inline(__always)
  func scalarClass(_ place: Int) -> (class: UInt8, length: Int) {
    guard place < count else { return (0, 0) }
    let class0 = byteClass(place)
    return class0 == Class.nonASCII ? longScalarClass(place) : (class0, 1)
  }

  private func longScalarClass(_ place: Int) -> (class: UInt8, length: Int) {
    let lead = bytes[place]
    let block: Int
    let length: Int
    if lead < 0xE0 {
      (block, length) = (Int(lead & 0x1F), 2)
    } else if lead < 0xF0 {
      (block, length) = (Int(lead & 0x0F) << 6 | Int(bytes[place + 1] & 0x3F), 3)
    } else {
      let high = Int(lead & 0x07) << 12 | Int(bytes[place + 1] & 0x3F) << 6
      (block, length) = (high | Int(bytes[place + 2] & 0x3F), 4)
    }
    let low = Int(bytes[place + length - 1] & 0x3F)
    if block >= headroom_class_block_count {
      // Beyond the table there are only the variation selectors U+E0100...U+E01EF, which are marks.
      return (0x3804..<0x3808 ~= block && block << 6 | low < 0xE01F0 ? Class.upper | Class.lower : 0, length)
    }
    return (rows[Int(blocks[block]) << 6 | low] & 0x3F, length)
  }

  // Runs of one class, for the ASCII fast paths.

  @inline(__always)
  func skip(_ mask: UInt8, from start: Int) -> Int {
    var place = start
    while place < count, byteClass(place) & mask != 0 { place += 1 }
    return place
  }
}
