import CHeadroom

/// Builds the nodes of a ``JSONDocument``: one pass, no recursion, so that depth is bounded by a number and not by the stack.
struct JSONParser: ~Copyable {
  typealias Node = JSONDocument.Node

  struct Result {
    var nodes: ContiguousArray<Node>
    /// The offset behind the value.
    var end: Int
    /// Whether the value has no white space and no escapes.
    var isMinified: Bool
  }

  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var position: Int
  private var nodes: UnsafeMutablePointer<Node>
  private var count = 0
  private var capacity: Int
  private var isMinified = true

  /// Indexes the value in `range`. With `allowingTrailing`, bytes may follow it.
  static func parse(
    _ bytes: [UInt8], in range: Range<Int>, depth: Int, allowingTrailing: Bool = false
  ) throws(JSONError) -> Result {
    let outcome: Swift.Result<Result, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return .failure(JSONError(reason: .syntax, offset: 0)) }
      var parser = JSONParser(base: base, range: range)
      do throws(JSONError) {
        parser.skipSpace()
        parser.isMinified = true
        try parser.value(depth: depth)
        let result = Result(
          nodes: ContiguousArray(UnsafeBufferPointer(start: parser.nodes, count: parser.count)),
          end: parser.position, isMinified: parser.isMinified)
        if !allowingTrailing {
          parser.skipSpace()
          guard parser.position == range.upperBound else { throw parser.syntaxError }
        }
        return .success(result)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private init(base: UnsafePointer<UInt8>, range: Range<Int>) {
    self.base = base
    position = range.lowerBound
    end = range.upperBound
    capacity = range.count / 12 + 16
    nodes = .allocate(capacity: capacity)
  }

  deinit { nodes.deallocate() }

  private var syntaxError: JSONError { JSONError(reason: .syntax, offset: position) }

  /// The byte at the position, or 0 at the end; 0 fits nowhere in JSON.
  @inline(__always)
  private var current: UInt8 { position < end ? base[position] : 0 }

  @inline(__always)
  private mutating func skipSpace() {
    if position < end, base[position] <= 0x20 { skipSpaces() }
  }

  private mutating func skipSpaces() {
    isMinified = false
    while position < end {
      switch base[position] {
      case 0x0a, 0x0d, 0x09: position += 1
      case 0x20:
        // Indentation, mostly.
        while position + 8 <= end,
          UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self) == 0x2020_2020_2020_2020
        {
          position += 8
        }
        while position < end, base[position] == 0x20 { position += 1 }
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func append(_ node: Node) {
    if count == capacity { grow() }
    nodes[count] = node
    count += 1
  }

  @inline(never)
  private mutating func grow() {
    capacity *= 2
    let larger = UnsafeMutablePointer<Node>.allocate(capacity: capacity)
    larger.update(from: nodes, count: count)
    nodes.deallocate()
    nodes = larger
  }

  private mutating func value(depth limit: Int) throws(JSONError) {
    /// The indexes of the arrays and objects that are open.
    var open: [Int] = []
    while true {
      // A value is due here.
      switch current {
      case UInt8(ascii: "\""): try string()
      case UInt8(ascii: "{"):
        guard open.count < limit else { throw JSONError(reason: .tooDeep, offset: position) }
        append(Node(kind: .object, start: position, end: 0, next: 0))
        position += 1
        skipSpace()
        if current == UInt8(ascii: "}") {
          close(count - 1)
        } else {
          open.append(count - 1)
          try key()
          continue
        }
      case UInt8(ascii: "["):
        guard open.count < limit else { throw JSONError(reason: .tooDeep, offset: position) }
        append(Node(kind: .array, start: position, end: 0, next: 0))
        position += 1
        skipSpace()
        if current == UInt8(ascii: "]") {
          close(count - 1)
        } else {
          open.append(count - 1)
          continue
        }
      case UInt8(ascii: "t"): try literal("true", .true)
      case UInt8(ascii: "f"): try literal("false", .false)
      case UInt8(ascii: "n"): try literal("null", .null)
      default: try number()
      }
      // A value is complete: close what it completes, or step to the next one.
      while true {
        guard let container = open.last else { return }
        skipSpace()
        let isObject = nodes[container].kind == .object
        let byte = current
        if byte == UInt8(ascii: ",") {
          position += 1
          skipSpace()
          if isObject { try key() }
          break
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw syntaxError }
        close(container)
        open.removeLast()
      }
    }
  }

  @inline(__always)
  private mutating func close(_ container: Int) {
    position += 1
    nodes[container].end = UInt32(truncatingIfNeeded: position)
    nodes[container].next = count
  }

  @inline(__always)
  private mutating func key() throws(JSONError) {
    guard current == UInt8(ascii: "\"") else { throw syntaxError }
    try string()
    skipSpace()
    guard current == UInt8(ascii: ":") else { throw syntaxError }
    position += 1
    skipSpace()
  }

  private mutating func literal(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONError) {
    let length = text.utf8CodeUnitCount
    guard position + length <= end else { throw syntaxError }
    for i in 0..<length where base[position + i] != text.utf8Start[i] { throw syntaxError }
    append(Node(kind: kind, start: position, end: position + length, next: count + 1))
    position += length
  }

  @inline(__always)
  private mutating func number() throws(JSONError) {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if current | 0x20 == UInt8(ascii: "e") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    append(Node(kind: .number, start: start, end: position, next: count + 1))
  }

  @inline(__always)
  private mutating func digits() throws(JSONError) {
    let start = position
    while current &- 0x30 < 10 { position += 1 }
    guard position > start else { throw syntaxError }
  }

  @inline(__always)
  private mutating func string() throws(JSONError) {
    let start = position
    var isASCII = true
    let content = start + 1
    let stop = content + headroom_json_string_scan(base + content, end - content, &isASCII)
    if isASCII, stop < end, base[stop] == UInt8(ascii: "\"") {
      position = stop + 1
      append(Node(kind: .string, start: start, end: position, next: count + 1))
    } else {
      try longString()
    }
  }

  /// A string with escapes or with more than ASCII.
  @inline(never)
  private mutating func longString() throws(JSONError) {
    let start = position
    var isEscaped = false
    position += 1
    while true {
      var isASCII = true
      let stop = position + headroom_json_string_scan(base + position, end - position, &isASCII)
      if !isASCII, let bad = UTF8Coding.firstInvalid(base, in: position..<stop) {
        throw JSONError(reason: .syntax, offset: bad)
      }
      position = stop
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        var node = Node(kind: .string, start: start, end: position, next: count + 1)
        node.isEscaped = isEscaped
        append(node)
        return
      case UInt8(ascii: "\\"):
        isEscaped = true
        isMinified = false
        position += 1
        try escape()
      default: throw syntaxError
      }
    }
  }

  private mutating func escape() throws(JSONError) {
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      guard position + 4 < end else { throw syntaxError }
      for i in 1...4 where JSONString.hexadecimal(base[position + i]) == nil { throw syntaxError }
      position += 5
    default: throw syntaxError
    }
  }
}
