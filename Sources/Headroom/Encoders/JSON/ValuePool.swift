/// The distinct values of one minified document, numbered, so that comparing two cells is comparing two integers.
///
/// Each value is known by its lexeme and, for strings, by its text with the escapes resolved. Token costs are counted once a value.
final class ValuePool {
  /// A value's number. `missing` stands for no value.
  typealias ID = Int32
  static let missing: ID = -1

  struct Entry {
    var kind: JSONDocument.Kind
    /// What the text of a string holds; see ``TextTraits``.
    var traits: TextTraits
    var lexemeStart: Int32
    var lexemeEnd: Int32
    var textStart: Int32
    var textEnd: Int32
    var hash: UInt32
    /// Tokens of the value as a cell, or -1 when not counted yet.
    var cost: Int32 = -1
  }

  let document: JSONDocument
  let counter: TokenCounter
  /// The document's bytes, then the texts of escaped strings.
  private let bytes: UnsafeMutablePointer<UInt8>
  private var bytesEnd: Int
  private var entries = ContiguousArray<Entry>()
  private let slots: UnsafeMutableBufferPointer<ID>
  private let idOfNode: UnsafeMutableBufferPointer<ID>

  init(_ document: JSONDocument, counter: TokenCounter) {
    self.document = document
    self.counter = counter
    let count = document.bytes.count
    // Resolving escapes only shortens, and nested strings are not resolved twice: twice the document is room enough.
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count * 2 + 1)
    document.bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { bytes.initialize(from: base, count: count) }
    }
    self.bytes = bytes
    bytesEnd = count
    var capacity = 64
    while capacity < document.nodes.count * 2 { capacity *= 2 }
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: ValuePool.missing)
    idOfNode = .allocate(capacity: document.nodes.count)
    idOfNode.initialize(repeating: ValuePool.missing)
    entries.reserveCapacity(document.nodes.count / 2)
  }

  deinit {
    bytes.deallocate()
    slots.deallocate()
    idOfNode.deallocate()
  }

  /// The number of the value at a node.
  func id(ofNode index: Int) -> ID {
    if idOfNode[index] >= 0 { return idOfNode[index] }
    let node = document.nodes[index]
    let lexeme = UnsafeBufferPointer(start: bytes + Int(node.start), count: Int(node.end - node.start))
    let hash = ByteHash.hash(lexeme)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == UInt32(truncatingIfNeeded: hash >> 32), self.lexeme(slots[slot]).elementsEqual(lexeme) {
        idOfNode[index] = slots[slot]
        return slots[slot]
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let id = ID(entries.count)
    entries.append(entry(of: node, hash: UInt32(truncatingIfNeeded: hash >> 32)))
    slots[slot] = id
    idOfNode[index] = id
    return id
  }

  private func entry(of node: JSONDocument.Node, hash: UInt32) -> Entry {
    var entry = Entry(
      kind: node.kind, traits: [], lexemeStart: Int32(node.start), lexemeEnd: Int32(node.end),
      textStart: Int32(node.start),
      textEnd: Int32(node.end), hash: hash)
    guard node.kind == .string else { return entry }
    let content = node.range.lowerBound + 1..<node.range.upperBound - 1
    if node.isEscaped {
      guard let text = JSONString.unescape(document.bytes, in: content) else {
        // A lone surrogate: no text says it, only the lexeme does.
        entry.traits = .lexemeOnly
        return entry
      }
      entry.textStart = Int32(bytesEnd)
      text.withUnsafeBufferPointer {
        (bytes + bytesEnd).update(from: $0.baseAddress ?? UnsafePointer(bytes), count: $0.count)
      }
      bytesEnd += text.count
      entry.textEnd = Int32(bytesEnd)
    } else {
      entry.textStart = Int32(content.lowerBound)
      entry.textEnd = Int32(content.upperBound)
    }
    entry.traits = TextTraits(
      UnsafeBufferPointer(start: bytes + Int(entry.textStart), count: Int(entry.textEnd - entry.textStart)))
    return entry
  }

  func kind(_ id: ID) -> JSONDocument.Kind { entries[Int(id)].kind }
  func traits(_ id: ID) -> TextTraits { entries[Int(id)].traits }

  /// The value as JSON.
  func lexeme(_ id: ID) -> UnsafeBufferPointer<UInt8> {
    let entry = entries[Int(id)]
    return UnsafeBufferPointer(start: bytes + Int(entry.lexemeStart), count: Int(entry.lexemeEnd - entry.lexemeStart))
  }

  /// The text of a string; the lexeme of anything else.
  func text(_ id: ID) -> UnsafeBufferPointer<UInt8> {
    let entry = entries[Int(id)]
    return UnsafeBufferPointer(start: bytes + Int(entry.textStart), count: Int(entry.textEnd - entry.textStart))
  }

  /// Whether the value is a string that a text says in full.
  func isText(_ id: ID) -> Bool { entries[Int(id)].kind == .string && !entries[Int(id)].traits.contains(.lexemeOnly) }

  /// The tokens of the value as a cell, counted by itself.
  func cost(_ id: ID) -> Int {
    let known = entries[Int(id)].cost
    if known >= 0 { return Int(known) }
    let entry = entries[Int(id)]
    let isBare = entry.kind == .string && entry.traits.isDisjoint(with: .quotedEverywhere)
    let cost = max(1, counter.count(isBare ? text(id) : lexeme(id)))
    entries[Int(id)].cost = Int32(cost)
    return cost
  }

  /// The number of distinct values so far.
  var count: Int { entries.count }

  /// The integer a number's lexeme says plainly: no fraction, no exponent, no `-0`, within 62 bits.
  func integer(_ id: ID) -> Int? {
    guard kind(id) == .number else { return nil }
    let lexeme = lexeme(id)
    guard lexeme.count < 19 else { return nil }
    let isNegative = lexeme[0] == UInt8(ascii: "-")
    var value = 0
    for byte in lexeme[(isNegative ? 1 : 0)...] {
      guard byte &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    if isNegative { return value == 0 ? nil : -value }
    return value
  }
}

/// What a string's text holds, as far as it matters to how a cell is written.
struct TextTraits: OptionSet {
  let rawValue: UInt16

  static let comma = TextTraits(rawValue: 1)
  static let tab = TextTraits(rawValue: 2)
  static let space = TextTraits(rawValue: 4)
  static let semicolon = TextTraits(rawValue: 8)
  static let newline = TextTraits(rawValue: 16)
  /// Control characters other than tab and newline.
  static let control = TextTraits(rawValue: 32)
  static let empty = TextTraits(rawValue: 64)
  /// Reads as something else when bare: a number, a literal, a sign of the notation, or has white space at an end.
  static let ambiguous = TextTraits(rawValue: 128)
  /// Has a lone surrogate: no text at all.
  static let lexemeOnly = TextTraits(rawValue: 256)

  /// With any of these a cell is a JSON string, whatever the delimiter.
  static let quotedEverywhere: TextTraits = [.newline, .control, .ambiguous, .lexemeOnly]

  init(rawValue: UInt16) { self.rawValue = rawValue }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    guard let first = text.first, let last = text.last else {
      self = .empty
      return
    }
    var traits: UInt16 = 0
    for byte in text { traits |= traitsOfByte[Int(byte)] }
    self.init(rawValue: traits)
    if first <= 0x20 || last <= 0x20 || Cell.isSign(first) || Cell.isLiteral(text) { insert(.ambiguous) }
  }
}

private let traitsOfByte: [UInt16] = (0..<256).map { byte in
  switch UInt8(byte) {
  case UInt8(ascii: ","): TextTraits.comma.rawValue
  case UInt8(ascii: "\t"): TextTraits.tab.rawValue
  case UInt8(ascii: " "): TextTraits.space.rawValue
  case UInt8(ascii: ";"): TextTraits.semicolon.rawValue
  case UInt8(ascii: "\n"): TextTraits.newline.rawValue
  case 0..<0x20, 0x7f: TextTraits.control.rawValue
  default: 0
  }
}
