extension JSONDocument {
  /// The same values without white space between them and with every string escaped as little as JSON allows, so that equal strings have
  /// equal lexemes. Numbers keep theirs. Strings with a lone surrogate keep theirs, as no other spelling exists for them in UTF-8.
  func minified() -> JSONDocument {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var result = nodes
    var open: [(index: Int, end: Int)] = []
    var isKey = false
    for index in nodes.indices {
      let node = nodes[index]
      if let container = open.last {
        if nodes[container.index].kind == .array {
          if index > container.index + 1 { out.append(UInt8(ascii: ",")) }
        } else {
          isKey.toggle()
          if !isKey {
            out.append(UInt8(ascii: ":"))
          } else if index > container.index + 1 {
            out.append(UInt8(ascii: ","))
          }
        }
      }
      let start = out.count
      var isEscaped = node.isEscaped
      switch node.kind {
      case .object, .array:
        out.append(node.kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        open.append((index, node.next))
        isKey = false
      case .string where node.isEscaped:
        out.append(UInt8(ascii: "\""))
        let content = node.range.lowerBound + 1..<node.range.upperBound - 1
        if let text = JSONString.unescape(bytes, in: content) {
          out += JSONString.quoted(text).dropFirst().dropLast()
        } else {
          out += bytes[content]
        }
        out.append(UInt8(ascii: "\""))
        isEscaped = out[start...].contains(UInt8(ascii: "\\"))
      default: out += bytes[node.range]
      }
      result[index].start = UInt32(truncatingIfNeeded: start)
      result[index].end = UInt32(truncatingIfNeeded: out.count)
      if node.kind == .string { result[index].isEscaped = isEscaped }
      while let container = open.last, container.end == index + 1 {
        open.removeLast()
        out.append(nodes[container.index].kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        result[container.index].end = UInt32(truncatingIfNeeded: out.count)
        // Back in the container around it, where this was a value or an element.
        isKey = false
      }
    }
    return JSONDocument(bytes: out, nodes: result)
  }

  /// Whether both hold the same values: objects by their members in any order, numbers by their lexemes (`1.0` is not `1`), strings by
  /// their text. Both must be ``minified()``. An object that names a key twice equals none but an identical one.
  func isEqual(to other: JSONDocument) -> Bool {
    bytes == other.bytes || isEqual(0, to: other, 0)
  }

  private func isEqual(_ a: Int, to other: JSONDocument, _ b: Int) -> Bool {
    let x = nodes[a]
    let y = other.nodes[b]
    if x.range.count == y.range.count, bytes[x.range].elementsEqual(other.bytes[y.range]) { return true }
    guard x.kind == y.kind else { return false }
    switch x.kind {
    case .array:
      var i = a + 1
      var j = b + 1
      while i < x.next, j < y.next {
        guard isEqual(i, to: other, j) else { return false }
        i = nodes[i].next
        j = other.nodes[j].next
      }
      return i == x.next && j == y.next
    case .object:
      guard let left = memberIndex(a), let right = other.memberIndex(b), left.count == right.count else { return false }
      return left.allSatisfy { key, value in right[key].map { isEqual(value, to: other, $0) } ?? false }
    default: return false
    }
  }

  /// The values of an object by the lexemes of their keys; nil when a key occurs twice.
  private func memberIndex(_ object: Int) -> [ArraySlice<UInt8>: Int]? {
    var result: [ArraySlice<UInt8>: Int] = [:]
    var i = object + 1
    while i < nodes[object].next {
      guard result.updateValue(i + 1, forKey: bytes[nodes[i].range]) == nil else { return nil }
      i = nodes[i + 1].next
    }
    return result
  }
}
