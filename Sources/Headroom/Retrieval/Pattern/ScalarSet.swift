/// A set of Unicode scalars: a bitmap for ASCII, a short list for the rest.
struct ScalarSet: Sendable, Equatable {
  /// A part of the set beyond ASCII.
  enum Part: Sendable, Equatable {
    case range(ClosedRange<UInt32>)
    /// Letters, marks and digits of any script.
    case word
    case notWord
  }

  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var parts: [Part] = []
  private var isNegated = false
  private var ignoresCase = false

  /// The last value a scalar reader can give: an invalid byte's.
  static let last = UTF8Coding.invalidBase + 0xFF

  init() {}

  init(_ scalar: UInt32) { insert(scalar...scalar) }

  /// Whether a scalar beyond ASCII can be in the set.
  var reachesBeyondASCII: Bool { isNegated || !parts.isEmpty }

  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool {
    if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
    if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
    return containsBeyondASCII(scalar)
  }

  private func containsBeyondASCII(_ scalar: UInt32) -> Bool {
    if parts.isEmpty { return isNegated }
    let folded = ignoresCase ? CaseFolding.fold(scalar) : scalar
    return parts.contains { $0.contains(scalar) || $0.contains(folded) } != isNegated
  }

  private func asciiContains(_ scalar: UInt32) -> Bool {
    scalar < 64 ? low >> UInt64(scalar) & 1 == 1 : high >> UInt64(scalar - 64) & 1 == 1
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    if range.lowerBound < 128 {
      for scalar in range.lowerBound...min(range.upperBound, 127) { insertASCII(scalar) }
    }
    if range.upperBound >= 128 { parts.append(.range(max(range.lowerBound, 128)...range.upperBound)) }
  }

  mutating func insert(_ other: ScalarSet) {
    low |= other.low
    high |= other.high
    parts += other.parts
  }

  mutating func insert(beyondASCII part: Part) { parts.append(part) }

  private mutating func insertASCII(_ scalar: UInt32) {
    if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
  }

  /// The set of both cases of every member.
  mutating func foldCase() {
    ignoresCase = true
    for scalar: UInt32 in 0x41...0x5A where asciiContains(scalar) || asciiContains(scalar + 32) {
      insertASCII(scalar)
      insertASCII(scalar + 32)
    }
    for case .range(let range) in parts where range.count <= 4096 {
      for scalar in range where CaseFolding.fold(scalar) != scalar {
        let folded = CaseFolding.fold(scalar)
        insert(folded...folded)
      }
    }
  }

  /// The set of all others.
  mutating func negate() {
    low = ~low
    high = ~high
    isNegated.toggle()
  }
}

extension ScalarSet.Part {
  fileprivate func contains(_ scalar: UInt32) -> Bool {
    switch self {
    case .range(let range): range.contains(scalar)
    case .word: ScalarSet.isWord(scalar)
    case .notWord: !ScalarSet.isWord(scalar)
    }
  }
}

extension ScalarSet {
  /// Whether `scalar` is part of a word: a letter, mark or digit of any script, or an underscore.
  static func isWord(_ scalar: UInt32) -> Bool {
    if scalar < 128 { return word.contains(scalar) }
    guard let scalar = Unicode.Scalar(scalar) else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
      || scalar.properties.generalCategory == .nonspacingMark
  }

  static let digit = ScalarSet(ranges: [0x30...0x39])
  static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A], .word)
  static let space = ScalarSet(ranges: [
    0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
    0x202F...0x202F,
    0x205F...0x205F, 0x3000...0x3000,
  ])
  static let notDigit = ScalarSet(ranges: [0x00...0x2F, 0x3A...last])
  static let notWord = ScalarSet(ranges: [0x00...0x2F, 0x3A...0x40, 0x5B...0x5E, 0x60...0x60, 0x7B...0x7F], .notWord)
  static let notSpace = ScalarSet(ranges: [
    0x00...0x08, 0x0E...0x1F, 0x21...0x84, 0x86...0x9F, 0xA1...0x167F, 0x1681...0x1FFF, 0x200B...0x2027,
    0x202A...0x202E,
    0x2030...0x205E, 0x2060...0x2FFF, 0x3001...last,
  ])
  static let anyButNewline = ScalarSet(ranges: [0x00...0x09, 0x0B...last])
  static let any = ScalarSet(ranges: [0x00...last])

  /// The POSIX classes, as in `[[:alpha:]]`, for ASCII.
  static func posix(_ name: String) -> ScalarSet? {
    switch name {
    case "alpha": ScalarSet(ranges: [0x41...0x5A, 0x61...0x7A])
    case "digit": digit
    case "alnum": ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x61...0x7A])
    case "upper": ScalarSet(ranges: [0x41...0x5A])
    case "lower": ScalarSet(ranges: [0x61...0x7A])
    case "space": space
    case "blank": ScalarSet(ranges: [0x09...0x09, 0x20...0x20])
    case "punct": ScalarSet(ranges: [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
    case "xdigit": ScalarSet(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66])
    case "word": word
    default: nil
    }
  }

  init(ranges: [ClosedRange<UInt32>], _ beyond: Part? = nil) {
    for range in ranges { insert(range) }
    if let beyond { insert(beyondASCII: beyond) }
  }
}
