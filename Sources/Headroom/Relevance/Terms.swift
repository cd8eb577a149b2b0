/// What a scan of text finds, word by word.
protocol TermVisitor {
  /// A word, folded to lower case, in UTF-8. The bytes are valid during the call only.
  mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind)
}

/// Cuts text into the words that search compares.
///
///     getUserById(user_id: 4711) in src/db-pool/UserStore.swift
///
///     parts        get user by id user id 4711 in src db pool user store swift
///     identifiers  getuserbyid userid userstore
///     compounds    dbpool userstore.swift
///
/// Parts end at anything that is no letter or digit, at a change from lower to upper case (`userId`), before the last
/// capital of several (`HTTPServer`), and between letters and digits. An identifier is also given whole, without its
/// underscores, so that `userId`, `user_id` and `userid` meet; a compound is words joined by single dots and hyphens,
/// without the hyphens. Chinese, Japanese and Korean text, which has no spaces, is cut into pairs of characters.
enum Terms {
  enum Kind: Sendable {
    case part
    /// Digits alone.
    case number
    /// Several parts in one identifier.
    case identifier
    /// Several identifiers joined by dots or hyphens: file names, versions, UUIDs, addresses.
    case compound
  }

  /// Calls `visitor` for every word in `range`.
  static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ visitor: inout some TermVisitor
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: TermScanner.capacity) { buffer in
      var scanner = TermScanner(buffer: buffer)
      scanner.scan(bytes, in: range, &visitor)
    }
  }
}

/// The state of a scan: the current compound, folded, and where its identifier and part began.
private struct TermScanner {
  static let capacity = 256
  /// A compound this long is cut; what follows a run fits behind it: a dot and a scalar.
  private static let fullCount = capacity - 8
  /// The most bytes taken at once.
  private static let longestRun = 64
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var count = 0
  private var partStart = 0
  private var identifierStart = 0
  private var partsInIdentifier = 0
  private var identifiersInCompound = 0
  private var last = TermClass.separator
  /// How many capitals in a row end the current part.
  private var capitals = 0
  /// How many ideographs in a row were read, and the bytes of the last.
  private var ideographs = 0
  private var ideographLength = 0

  init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ visitor: inout some TermVisitor) {
    termClasses.withUnsafeBufferPointer { classes in
      var offset = range.lowerBound
      while offset < range.upperBound {
        let kind = classes[Int(bytes[offset])]
        switch kind {
        case .beyondASCII:
          offset += scanLong(bytes, at: offset, &visitor)
          continue
        case .separator:
          if count > 0 { endCompound(&visitor) }
        case .joiner:
          let next = offset + 1 < range.upperBound ? classes[Int(bytes[offset + 1])] : .separator
          join(bytes[offset], isFollowedByWord: next.isWord, &visitor)
        case .underscore:
          if ideographs > 0 { endCompound(&visitor) }
          endPart(at: count, &visitor)
          last = .underscore
        case .lower, .upper, .digit:
          if ideographs > 0 || count > TermScanner.fullCount - TermScanner.longestRun { endCompound(&visitor) }
          begin(kind, &visitor)
          offset = copyRun(of: kind, bytes, from: offset, to: range.upperBound, classes)
          continue
        }
        offset += 1
      }
      endCompound(&visitor)
    }
  }

  /// Ends the part before a run of `kind` where its case or the change between letters and digits asks for it.
  @inline(__always)
  private mutating func begin(_ kind: TermClass, _ visitor: inout some TermVisitor) {
    switch kind {
    case .lower: beginLower(&visitor)
    case .upper: if last != .upper { endPart(at: count, &visitor) }
    default: if last != .digit { endPart(at: count, &visitor) }
    }
    last = kind
  }

  /// Copies the bytes of one kind, folded, and returns where they end.
  @inline(__always)
  private mutating func copyRun(
    of kind: TermClass, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int,
    _ classes: UnsafeBufferPointer<TermClass>
  ) -> Int {
    let end = min(end, start + TermScanner.longestRun)
    let fold: UInt8 = kind == .upper ? 0x20 : 0
    var offset = start
    var target = count
    repeat {
      buffer[target] = bytes[offset] | fold
      target += 1
      offset += 1
    } while offset < end && classes[Int(bytes[offset])] == kind
    count = target
    capitals = kind == .upper ? offset - start : 0
    return offset
  }

  private mutating func beginLower(_ visitor: inout some TermVisitor) {
    if last == .digit { endPart(at: count, &visitor) }
    if last == .upper, capitals > 1 { endPart(at: count - 1, &visitor) }
  }

  private mutating func put(_ byte: UInt8) {
    buffer[count] = byte
    count += 1
  }

  private mutating func join(_ byte: UInt8, isFollowedByWord: Bool, _ visitor: inout some TermVisitor) {
    guard count > 0, isFollowedByWord, ideographs == 0 else { return endCompound(&visitor) }
    endIdentifier(&visitor)
    if byte == UInt8(ascii: ".") { put(byte) }
    partStart = count
    identifierStart = count
    last = .separator
  }

  /// One scalar beyond ASCII. Returns how many bytes it takes.
  private mutating func scanLong(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, _ visitor: inout some TermVisitor
  ) -> Int {
    let (scalar, length) = UTF8Coding.scalar(in: bytes, at: offset)
    if TermClass.isIdeograph(scalar) {
      if ideographs == 0 { endCompound(&visitor) }
      if ideographs > 1 { dropFirstIdeograph() }
      put(scalar)
      ideographs += 1
      if ideographs > 1 { visitor.visit(UnsafeBufferPointer(rebasing: buffer[..<count]), .part) }
      ideographLength = length
      return length
    }
    if ideographs > 0 || !TermClass.isLetter(scalar) { endCompound(&visitor) }
    if TermClass.isLetter(scalar) {
      let folded = CaseFolding.fold(scalar)
      if folded != scalar {
        if last != .upper {
          endPart(at: count, &visitor)
          capitals = 0
        }
        // A capital of several bytes cannot be split off alone, so it never counts as one of several.
        capitals = 1
      } else {
        beginLower(&visitor)
      }
      put(folded)
      last = folded != scalar ? .upper : .lower
      if count > TermScanner.fullCount { endCompound(&visitor) }
    }
    return length
  }

  /// Leaves the last ideograph alone in the buffer.
  private mutating func dropFirstIdeograph() {
    for i in 0..<ideographLength { buffer[i] = buffer[count - ideographLength + i] }
    count = ideographLength
  }

  private mutating func put(_ scalar: UInt32) {
    if scalar < 0x80 {
      put(UInt8(scalar))
    } else if scalar < 0x800 {
      put(UInt8(0xC0 | scalar >> 6))
      put(UInt8(0x80 | scalar & 0x3F))
    } else {
      if scalar < 0x1_0000 {
        put(UInt8(0xE0 | scalar >> 12))
      } else {
        put(UInt8(0xF0 | scalar >> 18))
        put(UInt8(0x80 | scalar >> 12 & 0x3F))
      }
      put(UInt8(0x80 | scalar >> 6 & 0x3F))
      put(UInt8(0x80 | scalar & 0x3F))
    }
  }

  @inline(__always)
  private mutating func endPart(at end: Int, _ visitor: inout some TermVisitor) {
    guard end > partStart else { return }
    let isNumber = buffer[partStart] &- 0x30 < 10
    visitor.visit(UnsafeBufferPointer(rebasing: buffer[partStart..<end]), isNumber ? .number : .part)
    partsInIdentifier += 1
    partStart = end
  }

  private mutating func endIdentifier(_ visitor: inout some TermVisitor) {
    endPart(at: count, &visitor)
    if partsInIdentifier > 1 {
      visitor.visit(UnsafeBufferPointer(rebasing: buffer[identifierStart..<count]), .identifier)
    }
    if partsInIdentifier > 0 { identifiersInCompound += 1 }
    partsInIdentifier = 0
  }

  private mutating func endCompound(_ visitor: inout some TermVisitor) {
    if ideographs == 0 {
      endIdentifier(&visitor)
      if identifiersInCompound > 1 { visitor.visit(UnsafeBufferPointer(rebasing: buffer[..<count]), .compound) }
    } else if ideographs == 1 {
      visitor.visit(UnsafeBufferPointer(rebasing: buffer[..<count]), .part)
    }
    count = 0
    partStart = 0
    identifierStart = 0
    partsInIdentifier = 0
    identifiersInCompound = 0
    ideographs = 0
    last = .separator
  }
}

/// What a byte is to a scan.
private enum TermClass: UInt8 {
  case separator, lower, upper, digit, underscore, joiner, beyondASCII

  var isWord: Bool { self != .separator && self != .joiner && self != .beyondASCII }

  /// Scripts written without spaces: kana, Han, Hangul.
  static func isIdeograph(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3041...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x2_0000...0x3_FFFF: true
    default: false
    }
  }

  /// Whether a scalar beyond ASCII belongs to words: not punctuation, symbols, arrows, box drawing, emoji or invalid
  /// bytes.
  static func isLetter(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xAA, 0xB5, 0xBA: true
    case 0x80...0xBF, 0xD7, 0xF7, 0x2000...0x2BFF, 0x2E00...0x2E7F, 0x3000...0x3040, 0xD800...0xF8FF, 0xFE00...0xFE6F,
      0xFF00...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65, 0xFFE0...0xFFFF, 0x1_F000...:
      false
    default: true
    }
  }
}

private let termClasses: [TermClass] = (0..<256).map { byte in
  switch UInt8(byte) {
  case UInt8(ascii: "a")...UInt8(ascii: "z"): .lower
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
  case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
  case UInt8(ascii: "_"): .underscore
  case UInt8(ascii: "."), UInt8(ascii: "-"): .joiner
  case 0x80...: .beyondASCII
  default: .separator
  }
}
