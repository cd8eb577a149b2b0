import CHeadroom

/// Builds the nodes of a ``JSONDocument``: one pass, no recursion, so that depth is bounded by a number and not by the stack.
struct JSONParser {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var position: Int
  private var nodes = ContiguousArray<JSONDocument.Node>()

  /// The nodes of the value in `range`, and the offset behind it. With `allowingTrailing`, bytes may follow the value.
  static func parse(
    _ bytes: [UInt8], in range: Range<Int>, depth: Int, allowingTrailing: Bool = false
  ) throws(JSONError) -> (nodes: ContiguousArray<JSONDocument.Node>, end: Int) {
    let outcome: Result<(ContiguousArray<JSONDocument.Node>, Int), JSONError> = bytes.withUnsafeBufferPointer {
      buffer in
      guard let base = buffer.baseAddress else { return .failure(JSONError(reason: .syntax, offset: 0)) }
      var parser = JSONParser(base: base, range: range)
      do throws(JSONError) {
        try parser.document(depth: depth)
        let end = parser.position
        if !allowingTrailing {
          parser.skipSpace()
          guard parser.position == range.upperBound else { throw parser.syntaxError }
        }
        return .success((parser.nodes, end))
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
    nodes.reserveCapacity(range.count / 12 + 4)
  }

  private var syntaxError: JSONError { JSONError(reason: .syntax, offset: position) }

  @inline(__always)
  private mutating func skipSpace() {
    while position < end {
      let byte = base[position]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      position += 1
    }
  }

  /// The byte at the position, or 0 at the end; 0 fits nowhere in JSON.
  @inline(__always)
  private var current: UInt8 { position < end ? base[position] : 0 }

  private mutating func document(depth limit: Int) throws(JSONError) {
    /// The indexes of the arrays and objects that are open.
    var open: [Int] = []
    skipSpace()
    while true {
      // A value is due here.
      switch current {
      case UInt8(ascii: "{"):
        guard open.count < limit else { throw JSONError(reason: .tooDeep, offset: position) }
        nodes.append(.init(kind: .object, start: position, end: 0, next: 0))
        position += 1
        skipSpace()
        if current == UInt8(ascii: "}") {
          close(nodes.count - 1)
        } else {
          open.append(nodes.count - 1)
          try key()
          continue
        }
      case UInt8(ascii: "["):
        guard open.count < limit else { throw JSONError(reason: .tooDeep, offset: position) }
        nodes.append(.init(kind: .array, start: position, end: 0, next: 0))
        position += 1
        skipSpace()
        if current == UInt8(ascii: "]") {
          close(nodes.count - 1)
        } else {
          open.append(nodes.count - 1)
          continue
        }
      case UInt8(ascii: "\""): try string()
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
        if current == UInt8(ascii: ",") {
          position += 1
          skipSpace()
          if isObject { try key() }
          break
        }
        guard current == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw syntaxError }
        close(container)
        open.removeLast()
      }
    }
  }

  private mutating func close(_ container: Int) {
    position += 1
    nodes[container].end = UInt32(truncatingIfNeeded: position)
    nodes[container].next = nodes.count
  }

  private mutating func key() throws(JSONError) {
    guard current == UInt8(ascii: "\"") else { throw syntaxError }
    try string()
    skipSpace()
    guard current == UInt8(ascii: ":") else { throw syntaxError }
    position += 1
    skipSpace()
  }

  private mutating func literal(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONError) {
    let count = text.utf8CodeUnitCount
    guard position + count <= end else { throw syntaxError }
    for i in 0..<count where base[position + i] != text.utf8Start[i] { throw syntaxError }
    nodes.append(.init(kind: kind, start: position, end: position + count, next: nodes.count + 1))
    position += count
  }

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
    nodes.append(.init(kind: .number, start: start, end: position, next: nodes.count + 1))
  }

  @inline(__always)
  private mutating func digits() throws(JSONError) {
    let start = position
    while current &- 0x30 < 10 { position += 1 }
    guard position > start else { throw syntaxError }
  }

  private mutating func string() throws(JSONError) {
    let start = position
    var isEscaped = false
    position += 1
    while true {
      let stop = position + headroom_json_string_stop(base + position, end - position)
      if headroom_ascii_prefix(base + position, stop - position) < stop - position {
        if let bad = UTF8Coding.firstInvalid(base, in: position..<stop) {
          throw JSONError(reason: .syntax, offset: bad)
        }
      }
      position = stop
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        var node = JSONDocument.Node(kind: .string, start: start, end: position, next: nodes.count + 1)
        node.isEscaped = isEscaped
        nodes.append(node)
        return
      case UInt8(ascii: "\\"):
        isEscaped = true
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
