/// The lines or rows that numbers count in a text, in order.
struct Units {
  enum Kind: Sendable { case line, row }

  let kind: Kind
  /// The bytes of each, without the end of the line.
  let ranges: [Range<Int>]

  /// The lines of a text. A newline at the very end begins no further line.
  static func lines(of bytes: [UInt8]) -> Units {
    var ranges: [Range<Int>] = []
    var start = 0
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") {
        let hasReturn = offset > start && bytes[offset - 1] == UInt8(ascii: "\r")
        ranges.append(start..<(hasReturn ? offset - 1 : offset))
        start = offset + 1
      }
    }
    if start < bytes.count { ranges.append(start..<bytes.count) }
    return Units(kind: .line, ranges: ranges)
  }

  /// The rows of a JSON document: the elements of its array, or of the largest array of objects among its members and
  /// theirs. Nil when it has neither.
  static func rows(of document: JSONDocument) -> Units? {
    let array = document.root.kind == .array ? document.root : largestArray(of: document)
    return array.map { Units(kind: .row, ranges: $0.elements.map(\.range)) }
  }

  /// The array of objects that takes the most bytes of those reached through objects alone; the first of several.
  private static func largestArray(of document: JSONDocument) -> JSONValue? {
    guard document.root.kind == .object else { return nil }
    var largest: JSONValue?
    // Nodes are in document order: an object's members are looked into, everything else is stepped over.
    var index = 1
    while index < document.nodes.count {
      let node = document.nodes[index]
      if node.kind == .array, node.range.count > largest?.range.count ?? 0 {
        let array = JSONValue(document: document, index: index)
        let elements = array.elements
        if !elements.isEmpty, elements.allSatisfy({ $0.kind == .object }) { largest = array }
      }
      index = node.kind == .object ? index + 1 : node.next
    }
    return largest
  }
}
