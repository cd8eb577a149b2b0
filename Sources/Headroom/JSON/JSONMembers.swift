/// Look-ups by node index. A ``JSONValue`` holds its document, which costs two reference counts a step; on a whole body that shows.
extension JSONDocument {
  /// The value of the only member of `object` named `key`.
  ///
  /// Nil when there is none, and when there are two: readers differ in which copy they take, so nobody may edit either.
  func member(_ key: StaticString, of object: Int?) -> Int? {
    guard let object, nodes[object].kind == .object else { return nil }
    var found: Int?
    var i = object + 1
    let end = nodes[object].next
    while i < end {
      if isText(i, key) {
        guard found == nil else { return nil }
        found = i + 1
      }
      i = nodes[i + 1].next
    }
    return found
  }

  /// Whether `object` has a member named `key`, or several.
  func hasMember(_ key: StaticString, of object: Int, where condition: (Node) -> Bool = { _ in true }) -> Bool {
    guard nodes[object].kind == .object else { return false }
    var i = object + 1
    let end = nodes[object].next
    while i < end {
      if isText(i, key), condition(nodes[i + 1]) { return true }
      i = nodes[i + 1].next
    }
    return false
  }

  /// Whether `value` is the string `text`.
  func isString(_ value: Int?, _ text: StaticString) -> Bool { value.map { isText($0, text) } ?? false }

  /// As ``isString(_:_:)``, without a call for what differs in length, as most keys do.
  @inline(__always)
  private func isText(_ index: Int, _ text: StaticString) -> Bool {
    let node = nodes[index]
    if node.isEscaped { return isString(index, text) }
    let start = node.range.lowerBound + 1
    let count = text.utf8CodeUnitCount
    guard node.kind == .string, node.range.count == count + 2 else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      var i = 0
      while i < count, bytes[start + i] == text.utf8Start[i] { i += 1 }
      return i == count
    }
  }

  func isString(_ value: Int?, anyOf texts: [StaticString]) -> Bool { texts.contains { isString(value, $0) } }

  /// The elements of an array, as node indexes; none for other kinds.
  func elements(of array: Int?) -> Elements {
    guard let array, nodes[array].kind == .array else { return Elements(nodes: nodes, position: 0, end: 0) }
    return Elements(nodes: nodes, position: array + 1, end: nodes[array].next)
  }

  struct Elements: Sequence, IteratorProtocol {
    fileprivate let nodes: ContiguousArray<Node>
    fileprivate var position: Int
    fileprivate let end: Int

    mutating func next() -> Int? {
      guard position < end else { return nil }
      defer { position = nodes[position].next }
      return position
    }
  }

  /// The text of a string, its escapes resolved. Nil for other kinds and for strings with a lone surrogate.
  func text(of value: Int?) -> [UInt8]? {
    guard let value, nodes[value].kind == .string else { return nil }
    return text(at: nodes[value].range)
  }

  /// The text of the value at `range`: of a string, its escapes resolved (nil with a lone surrogate); of anything else, the lexeme.
  func text(at range: Range<Int>) -> [UInt8]? {
    guard range.count >= 2, range.upperBound <= bytes.count, bytes[range.lowerBound] == UInt8(ascii: "\"") else {
      return range.upperBound <= bytes.count ? Array(bytes[range]) : nil
    }
    return JSONString.unescape(bytes, in: range.lowerBound + 1..<range.upperBound - 1)
  }

  /// The keys and values of an object, as node indexes; none for other kinds.
  func forEachMember(of object: Int, _ body: (_ key: Int, _ value: Int) -> Void) {
    guard nodes[object].kind == .object else { return }
    var key = object + 1
    while key < nodes[object].next {
      body(key, key + 1)
      key = nodes[key + 1].next
    }
  }
}
