import CHeadroom

/// The distinct values of one minified document, numbered, so that comparing two cells is comparing two integers.
///
/// Each value is known by its lexeme and, for strings, by its text with the escapes resolved. Token costs are counted once a value.
/// The memory is laid out at the start, so that asking for a value is an address and not a check.
final class ValuePool {
  /// A value's number. `missing` stands for no value.
  typealias ID = Int32
  static let missing: ID = -1

  private struct Entry {
    var kind: JSONDocument.Kind
    /// What the text of a string holds; see ``TextTraits``.
    var traits: TextTraits
    var hash: UInt32
    var lexemeStart: Int32
    var lexemeEnd: Int32
    var textStart: Int32
    var textEnd: Int32
    /// Tokens of the value as a cell, or -1 when not counted yet.
    var cost: Int32 = -1
    /// The part of ``ValuePool/counted(_:)`` between seams, and its tokens; empty when there is none worth it, or it is not known.
    var interiorStart: Int32 = 0
    var interiorEnd: Int32 = 0
    var interiorCost: Int32 = 0
  }

  let document: JSONDocument
  let counter: TokenCounter
  /// The document's bytes, then the texts of escaped strings.
  private let bytes: UnsafeMutablePointer<UInt8>
  private let bytesEnd: UnsafeMutablePointer<Int>
  private let entries: UnsafeMutablePointer<Entry>
  private let entryCount: UnsafeMutablePointer<Int>
  private let slots: UnsafeMutablePointer<ID>
  private let slotMask: Int
  private let idOfNode: UnsafeMutablePointer<ID>

  init(_ document: JSONDocument, counter: TokenCounter) {
    self.document = document
    self.counter = counter
    let count = document.bytes.count
    // Resolving escapes only shortens, so twice the document is room enough.
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count * 2 + 1)
    document.bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { bytes.initialize(from: base, count: count) }
    }
    self.bytes = bytes
    bytesEnd = .allocate(capacity: 1)
    bytesEnd.initialize(to: count)
    var capacity = 64
    while capacity < document.nodes.count * 2 { capacity *= 2 }
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: ValuePool.missing, count: capacity)
    slotMask = capacity - 1
    idOfNode = .allocate(capacity: document.nodes.count)
    idOfNode.initialize(repeating: ValuePool.missing, count: document.nodes.count)
    entries = .allocate(capacity: document.nodes.count)
    entryCount = .allocate(capacity: 1)
    entryCount.initialize(to: 0)
  }

  deinit {
    bytes.deallocate()
    bytesEnd.deallocate()
    entries.deallocate()
    entryCount.deallocate()
    slots.deallocate()
    idOfNode.deallocate()
  }

  /// The number of distinct values so far.
  var count: Int { entryCount.pointee }

  // MARK: Numbering

  /// The number of the value at a node.
  @inline(__always)
  func id(ofNode index: Int) -> ID {
    let known = idOfNode[index]
    return known >= 0 ? known : add(index)
  }

  /// The number of the value at a node, if it was asked for before.
  @inline(__always)
  func known(_ node: Int) -> ID? { idOfNode[node] >= 0 ? idOfNode[node] : nil }

  private func add(_ index: Int) -> ID {
    let node = document.nodes[index]
    let length = Int(node.end) - Int(node.start)
    let start = bytes + Int(node.start)
    let hash = ByteHash.hash(UnsafeBufferPointer(start: start, count: length))
    let check = UInt32(truncatingIfNeeded: hash >> 32)
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while slots[slot] >= 0 {
      let entry = entries + Int(slots[slot])
      if entry.pointee.hash == check, Int(entry.pointee.lexemeEnd - entry.pointee.lexemeStart) == length,
        headroom_equal_bytes(bytes + Int(entry.pointee.lexemeStart), start, length)
      {
        idOfNode[index] = slots[slot]
        return slots[slot]
      }
      slot = (slot + 1) & slotMask
    }
    let id = ID(truncatingIfNeeded: count)
    (entries + count).initialize(to: entry(of: node, hash: check))
    entryCount.pointee += 1
    slots[slot] = id
    idOfNode[index] = id
    return id
  }

  private func entry(of node: JSONDocument.Node, hash: UInt32) -> Entry {
    let start = Int32(truncatingIfNeeded: node.start)
    let end = Int32(truncatingIfNeeded: node.end)
    var entry = Entry(
      kind: node.kind, traits: [], hash: hash, lexemeStart: start, lexemeEnd: end, textStart: start, textEnd: end)
    guard node.kind == .string else { return entry }
    let content = UnsafeBufferPointer(start: bytes + Int(start) + 1, count: Int(end - start) - 2)
    if node.isEscaped {
      guard let length = JSONString.unescape(content, to: bytes + bytesEnd.pointee) else {
        // A lone surrogate: no text says it, only the lexeme does.
        entry.traits = .lexemeOnly
        return entry
      }
      entry.textStart = Int32(truncatingIfNeeded: bytesEnd.pointee)
      bytesEnd.pointee += length
      entry.textEnd = Int32(truncatingIfNeeded: bytesEnd.pointee)
    } else {
      entry.textStart = start + 1
      entry.textEnd = end - 1
    }
    entry.traits = TextTraits(
      UnsafeBufferPointer(start: bytes + Int(entry.textStart), count: Int(entry.textEnd - entry.textStart)))
    return entry
  }

  // MARK: Values

  @inline(__always)
  func kind(_ id: ID) -> JSONDocument.Kind { entries[Int(id)].kind }

  @inline(__always)
  func traits(_ id: ID) -> TextTraits { entries[Int(id)].traits }

  /// The value as JSON.
  @inline(__always)
  func lexeme(_ id: ID) -> UnsafeBufferPointer<UInt8> {
    let entry = entries + Int(id)
    return UnsafeBufferPointer(
      start: bytes + Int(entry.pointee.lexemeStart), count: Int(entry.pointee.lexemeEnd - entry.pointee.lexemeStart))
  }

  /// The text of a string; the lexeme of anything else.
  @inline(__always)
  func text(_ id: ID) -> UnsafeBufferPointer<UInt8> {
    let entry = entries + Int(id)
    return UnsafeBufferPointer(
      start: bytes + Int(entry.pointee.textStart), count: Int(entry.pointee.textEnd - entry.pointee.textStart))
  }

  /// Whether the value is a string that a text says in full.
  @inline(__always)
  func isText(_ id: ID) -> Bool {
    entries[Int(id)].kind == .string && !entries[Int(id)].traits.contains(.lexemeOnly)
  }

  /// Whether the value is a string that its lexeme says without escapes.
  func isPlain(_ id: ID) -> Bool { isPlain(entries + Int(id)) }

  private func isPlain(_ entry: UnsafePointer<Entry>) -> Bool {
    entry.pointee.kind == .string && entry.pointee.textStart == entry.pointee.lexemeStart + 1
  }

  /// The integer a number's lexeme says plainly: no fraction, no exponent, no `-0`, within 62 bits.
  func integer(_ id: ID) -> Int? {
    guard kind(id) == .number else { return nil }
    let lexeme = lexeme(id)
    guard lexeme.count < 19 else { return nil }
    let isNegative = lexeme[0] == UInt8(ascii: "-")
    var value = 0
    for place in (isNegative ? 1 : 0)..<lexeme.count {
      let digit = lexeme[place] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    if isNegative { return value == 0 ? nil : -value }
    return value
  }

  // MARK: Costs

  /// The tokens of the value as a cell, counted by itself.
  @inline(__always)
  func cost(_ id: ID) -> Int {
    let known = entries[Int(id)].cost
    return known >= 0 ? Int(known) : count(id)
  }

  /// ``cost(_:)``, if it was asked for before.
  @inline(__always)
  func knownCost(_ id: ID) -> Int? { entries[Int(id)].cost >= 0 ? Int(entries[Int(id)].cost) : nil }

  /// The tokens between the seams of a value, as far as they are known.
  @inline(__always)
  func knownInteriorCost(_ id: ID) -> Int { isPlain(entries + Int(id)) ? Int(entries[Int(id)].interiorCost) : 0 }

  @inline(never)
  private func count(_ id: ID) -> Int {
    let entry = entries + Int(id)
    let isBare = entry.pointee.kind == .string && entry.pointee.traits.isDisjoint(with: .quotedEverywhere)
    let bytes = isBare ? text(id) : lexeme(id)
    var cost = 0
    if let interior = TokenSeam.interior(of: bytes) {
      let inside = counter.count(UnsafeBufferPointer(rebasing: bytes[interior]))
      cost =
        counter.count(UnsafeBufferPointer(rebasing: bytes[..<interior.lowerBound])) + inside
        + counter.count(UnsafeBufferPointer(rebasing: bytes[interior.upperBound...]))
      entry.pointee.interiorStart = Int32(truncatingIfNeeded: interior.lowerBound)
      entry.pointee.interiorEnd = Int32(truncatingIfNeeded: interior.upperBound)
      entry.pointee.interiorCost = Int32(truncatingIfNeeded: inside)
    } else {
      cost = max(1, counter.count(bytes))
    }
    entry.pointee.cost = Int32(truncatingIfNeeded: cost)
    return cost
  }

  /// The part of a value between seams and its tokens, where `form`, which is its text or its lexeme, has the same part.
  @inline(__always)
  func interior(of id: ID, in form: UnsafeBufferPointer<UInt8>) -> (range: Range<Int>, cost: Int)? {
    let entry = entries + Int(id)
    guard entry.pointee.interiorEnd > 0 else { return nil }
    return longInterior(of: entry, in: form)
  }

  private func longInterior(
    of entry: UnsafePointer<Entry>, in form: UnsafeBufferPointer<UInt8>
  ) -> (range: Range<Int>, cost: Int)? {
    let isBare = entry.pointee.traits.isDisjoint(with: .quotedEverywhere)
    let counted = bytes + Int(isBare ? entry.pointee.textStart : entry.pointee.lexemeStart)
    guard let start = form.baseAddress, isPlain(entry) || UnsafePointer(counted) == start else { return nil }
    // An unescaped lexeme is the text and two quotes.
    let shift = isPlain(entry) ? UnsafePointer(counted) - start : 0
    let interior = Int(entry.pointee.interiorStart) + shift..<Int(entry.pointee.interiorEnd) + shift
    return (interior, Int(entry.pointee.interiorCost))
  }
}

/// What a string's text holds, as far as it matters to how a cell is written.
struct TextTraits: OptionSet {
  let rawValue: UInt16

  // As in traits.h.
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
    guard let base = text.baseAddress, text.count > 0 else {
      self = .empty
      return
    }
    self.init(rawValue: UInt16(truncatingIfNeeded: headroom_text_traits(base, text.count)))
    let first = text[0]
    if first <= 0x20 || text[text.count - 1] <= 0x20 || Cell.isSign(first)
      || (Cell.mayBeLiteral(first) && Cell.isLiteral(text))
    {
      insert(.ambiguous)
    }
  }
}
