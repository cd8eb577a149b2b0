/// A flat index over JSON text (RFC 8259): what kind each value is and where its bytes are.
///
/// Nothing is copied, decoded or re-serialized. Values keep their lexemes, their order and their spans, so whoever edits the text splices
/// the original bytes and everything else stays as it was.
///
///     {"a": [1, 2.0]}      nodes: object, string "a", array, number 1, number 2.0
///
/// Nodes stand in document order. The children of an object are key, value, key, value…; `next` leads past a value and all inside it.
public struct JSONDocument: Sendable {
  /// The text the spans refer to.
  public let bytes: [UInt8]
  var nodes: ContiguousArray<Node>
  /// Whether the value is known to have no white space and no escapes.
  private(set) var isMinified = false

  public enum Kind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null

    var isContainer: Bool { rawValue <= Kind.array.rawValue }
  }

  /// Twelve bytes a value: small entries are half the speed of a tape.
  struct Node: Sendable {
    var start: UInt32
    var end: UInt32
    private var packed: UInt32

    init(kind: Kind, start: Int, end: Int, next: Int) {
      self.start = UInt32(truncatingIfNeeded: start)
      self.end = UInt32(truncatingIfNeeded: end)
      packed = UInt32(truncatingIfNeeded: next) << 4 | UInt32(kind.rawValue)
    }

    var kind: Kind { Kind(rawValue: UInt8(packed & 7)).unsafelyUnwrapped }
    /// A string with at least one backslash.
    var isEscaped: Bool {
      get { packed & 8 != 0 }
      set { packed = newValue ? packed | 8 : packed & ~8 }
    }
    /// The index of the node after this value.
    var next: Int {
      get { Int(packed >> 4) }
      set { packed = UInt32(truncatingIfNeeded: newValue) << 4 | packed & 15 }
    }
    var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// The bounds of what is accepted; beyond them the text counts as not JSON.
  public struct Limits: Sendable {
    /// The deepest nesting of arrays and objects.
    public var depth: Int
    /// The most bytes. The index holds offsets of 32 bits and at most 2^28 values.
    public var size: Int

    public init(depth: Int = 512, size: Int = 256 << 20) {
      self.depth = depth
      self.size = min(size, 256 << 20)
    }
  }

  /// Indexes `bytes`, which must be one JSON value with nothing but white space around it.
  public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) {
    try self.init(bytes, in: bytes.indices, limits: limits)
  }

  /// Indexes the one JSON value in `range` of `bytes`; spans are offsets into `bytes`.
  public init(_ bytes: [UInt8], in range: Range<Int>, limits: Limits = Limits()) throws(JSONError) {
    guard range.count <= limits.size, bytes.count <= Int(UInt32.max) else {
      throw JSONError(reason: .tooLarge, offset: range.lowerBound)
    }
    let parsed = try JSONParser.parse(bytes, in: range, depth: limits.depth)
    self.bytes = bytes
    nodes = parsed.nodes
    isMinified = parsed.isMinified
  }

  /// Indexes the JSON value that starts at `offset`, whatever follows it, and returns where it ends.
  public static func prefix(of bytes: [UInt8], at offset: Int, limits: Limits = Limits()) throws(JSONError) -> (
    document: JSONDocument, end: Int
  ) {
    let end = min(bytes.count, offset + limits.size)
    let parsed = try JSONParser.parse(bytes, in: offset..<end, depth: limits.depth, allowingTrailing: true)
    return (JSONDocument(bytes: bytes, nodes: parsed.nodes), parsed.end)
  }

  init(bytes: [UInt8], nodes: ContiguousArray<Node>) {
    self.bytes = bytes
    self.nodes = nodes
  }

  /// Where the elements of the outermost array start; empty when it is not an array.
  var elementStarts: [Int] {
    guard let root = nodes.first, root.kind == .array else { return [] }
    var starts: [Int] = []
    var i = 1
    while i < root.next {
      starts.append(Int(nodes[i].start))
      i = nodes[i].next
    }
    return starts
  }

  /// The outermost value.
  public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// Why a text is not JSON, or not within the limits, and at which byte.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  enum Reason: String { case syntax = "not JSON", tooDeep = "nested too deeply", tooLarge = "too large" }
  let reason: Reason
  /// The offset of the first byte that does not fit.
  public let offset: Int

  public var description: String { "\(reason.rawValue) at byte \(offset)" }
}

/// One value of a document. A view: it holds the document and an index.
public struct JSONValue: Sendable {
  public let document: JSONDocument
  let index: Int

  var node: JSONDocument.Node { document.nodes[index] }
  public var kind: JSONDocument.Kind { node.kind }
  /// The bytes of the value, quotes and brackets included, as offsets into the document.
  public var range: Range<Int> { node.range }
  /// The value as it stands in the text.
  public var lexeme: ArraySlice<UInt8> { document.bytes[range] }

  /// The members of an object in document order; empty for other kinds. A key may occur twice.
  public var members: [(key: JSONValue, value: JSONValue)] {
    guard kind == .object else { return [] }
    var result: [(key: JSONValue, value: JSONValue)] = []
    var i = index + 1
    while i < node.next {
      result.append((JSONValue(document: document, index: i), JSONValue(document: document, index: i + 1)))
      i = document.nodes[i + 1].next
    }
    return result
  }

  /// The elements of an array; empty for other kinds.
  public var elements: [JSONValue] {
    guard kind == .array else { return [] }
    var result: [JSONValue] = []
    var i = index + 1
    while i < node.next {
      result.append(JSONValue(document: document, index: i))
      i = document.nodes[i].next
    }
    return result
  }

  /// The value of the last member named `key` (the one most readers take), or nil.
  public subscript(key: StaticString) -> JSONValue? {
    guard kind == .object else { return nil }
    var found: JSONValue?
    var i = index + 1
    while i < node.next {
      if document.isString(i, key) { found = JSONValue(document: document, index: i + 1) }
      i = document.nodes[i + 1].next
    }
    return found
  }

  /// The text of a string with its escapes resolved, as UTF-8. Nil for other kinds and for strings with a lone surrogate.
  public var text: [UInt8]? {
    guard kind == .string else { return nil }
    let content = range.lowerBound + 1..<range.upperBound - 1
    return node.isEscaped ? JSONString.unescape(document.bytes, in: content) : Array(document.bytes[content])
  }

  /// Whether this is the string `text`, spelled in any way.
  public func isString(_ text: StaticString) -> Bool { document.isString(index, text) }
}

extension JSONDocument {
  func isString(_ index: Int, _ text: StaticString) -> Bool {
    let node = nodes[index]
    guard node.kind == .string else { return false }
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    if node.isEscaped {
      return JSONString.unescape(bytes, in: node.range.lowerBound + 1..<node.range.upperBound - 1)?.elementsEqual(
        expected)
        ?? false
    }
    guard node.range.count == expected.count + 2 else { return false }
    return bytes[node.range.lowerBound + 1..<node.range.upperBound - 1].elementsEqual(expected)
  }
}
