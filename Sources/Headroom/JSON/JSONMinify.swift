import CHeadroom

extension JSONDocument {
  /// The same values without white space between them and with every string escaped as little as JSON allows, so that equal strings have
  /// equal lexemes. Numbers keep theirs. Strings with a lone surrogate keep theirs, as no other spelling exists for them in UTF-8.
  func minified() -> JSONDocument {
    guard let root = nodes.first else { return self }
    var nodes = nodes
    if isMinified {
      if root.range == bytes.indices { return self }
      for index in nodes.indices {
        nodes[index].start -= root.start
        nodes[index].end -= root.start
      }
      return JSONDocument(bytes: Array(bytes[root.range]), nodes: nodes)
    }
    var out = ByteWriter(capacity: root.range.count)
    bytes.withUnsafeBufferPointer { source in
      nodes.withUnsafeMutableBufferPointer { nodes in
        if let base = source.baseAddress { JSONDocument.minify(base, nodes, into: &out) }
      }
    }
    return JSONDocument(bytes: out.bytes, nodes: nodes)
  }

  /// Appends the minified value and moves its nodes there.
  private static func minify(
    _ source: UnsafePointer<UInt8>, _ nodes: UnsafeMutableBufferPointer<Node>, into out: inout ByteWriter
  ) {
    /// The containers that are open.
    var open: [Int] = []
    var text = ByteWriter(capacity: 64)
    for index in nodes.indices {
      let node = nodes[index]
      let start = out.count
      // Between this token and the next one stand brackets, a comma or colon, and white space.
      var place = Int(node.end)
      switch node.kind {
      case .object, .array:
        out.append(source[Int(node.start)])
        open.append(index)
        place = Int(node.start) + 1
      case .string where node.isEscaped:
        nodes[index].isEscaped = appendString(source, node.range, &text, into: &out)
      default: out.append(source + Int(node.start), Int(node.end &- node.start))
      }
      nodes[index].start = UInt32(truncatingIfNeeded: start)
      nodes[index].end = UInt32(truncatingIfNeeded: out.count)
      let end = index + 1 < nodes.count ? Int(nodes[index + 1].start) : Int.max
      while place < end, !open.isEmpty {
        let byte = source[place]
        place += 1
        guard byte > 0x20 else { continue }
        out.append(byte)
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"), let container = open.popLast() {
          nodes[container].end = UInt32(truncatingIfNeeded: out.count)
        }
      }
    }
  }

  /// Appends a string escaped as little as possible; whether it still has escapes.
  private static func appendString(
    _ source: UnsafePointer<UInt8>, _ range: Range<Int>, _ text: inout ByteWriter, into out: inout ByteWriter
  ) -> Bool {
    let content = UnsafeBufferPointer(start: source + range.lowerBound + 1, count: range.count - 2)
    text.truncate(to: 0)
    guard !JSONString.isMinimal(content), text.append(most: content.count, { JSONString.unescape(content, to: $0) })
    else {
      out.append(source + range.lowerBound, range.count)
      return true
    }
    JSONString.quote(text.view, into: &out)
    return headroom_json_string_stop(text.base, text.count) < text.count
  }
}

// MARK: Comparing

extension JSONDocument {
  /// Whether both hold the same values: objects by their members in any order, numbers by their lexemes (`1.0` is not `1`), strings by
  /// their text. Both must be ``minified()``. An object that names a key twice equals none but an identical one.
  func isEqual(to other: JSONDocument) -> Bool {
    bytes.withUnsafeBufferPointer { left in
      other.bytes.withUnsafeBufferPointer { right in
        guard let a = left.baseAddress, let b = right.baseAddress else { return left.count == right.count }
        return Comparison(a: a, b: b, left: nodes, right: other.nodes).isEqual(0, 0)
      }
    }
  }
}

private struct Comparison {
  let a: UnsafePointer<UInt8>
  let b: UnsafePointer<UInt8>
  let left: ContiguousArray<JSONDocument.Node>
  let right: ContiguousArray<JSONDocument.Node>

  /// Objects of so many members and more are compared by way of an index.
  private static let manyMembers = 32

  func isEqual(_ i: Int, _ j: Int) -> Bool {
    let x = left[i]
    let y = right[j]
    guard x.kind == y.kind, x.end - x.start == y.end - y.start else { return false }
    if headroom_equal_bytes(a + Int(x.start), b + Int(y.start), Int(x.end - x.start)) { return true }
    switch x.kind {
    case .array: return isEqualArray(i, j)
    case .object: return isEqualObject(i, j)
    default: return false
    }
  }

  private func isEqualArray(_ i: Int, _ j: Int) -> Bool {
    let (end, otherEnd) = (left[i].next, right[j].next)
    var (i, j) = (i + 1, j + 1)
    while i < end, j < otherEnd {
      guard isEqual(i, j) else { return false }
      (i, j) = (left[i].next, right[j].next)
    }
    return i == end && j == otherEnd
  }

  private func isEqualObject(_ i: Int, _ j: Int) -> Bool {
    let keys = members(of: i, in: left)
    let others = members(of: j, in: right)
    guard keys.count == others.count else { return false }
    let isIndexed = keys.count >= Comparison.manyMembers
    var index = ByteIndex(capacity: isIndexed ? others.count : 0)
    if isIndexed {
      for key in others { guard index.add(right[key].range, in: b).isNew else { return false } }
    }
    /// The members that were found. As each key is looked for from the first one on, a key that stands twice is found twice.
    var found = [Bool](repeating: false, count: others.count)
    for key in keys {
      let name = UnsafeBufferPointer(start: a + left[key].range.lowerBound, count: left[key].range.count)
      let place =
        isIndexed ? index.number(of: name, in: b) : others.firstIndex { isName(name, $0) }
      guard let place, !found[place], isEqual(key + 1, others[place] + 1) else { return false }
      found[place] = true
    }
    return true
  }

  @inline(__always)
  private func isName(_ name: UnsafeBufferPointer<UInt8>, _ key: Int) -> Bool {
    guard let start = name.baseAddress, right[key].range.count == name.count else { return false }
    return headroom_equal_bytes(start, b + right[key].range.lowerBound, name.count)
  }

  private func members(of object: Int, in nodes: ContiguousArray<JSONDocument.Node>) -> [Int] {
    var result: [Int] = []
    var i = object + 1
    while i < nodes[object].next {
      result.append(i)
      i = nodes[i + 1].next
    }
    return result
  }
}
