/// What a value costs at the least in its different forms, found without counting: so that forms that cannot win are not priced.
///
/// Built in vocabularies only promise it; where counts are estimates, these are estimates too.
struct LeastCost {
  let pool: ValuePool
  let document: JSONDocument

  /// Of the elements or values of a container on lines of their own. Looks no further than `limit`.
  func ofLines(_ node: Int, limit: Int) -> Int {
    let value = document.nodes[node]
    let isObject = value.kind == .object
    var cost = 1
    var child = node + 1
    while child < value.next, cost < limit {
      cost += isObject ? 3 + ofValue(child + 1, limit: limit) : 2 + ofValue(child, limit: limit)
      child = document.nodes[isObject ? child + 1 : child].next
    }
    return cost
  }

  /// Of a value in whatever form.
  private func ofValue(_ node: Int, limit: Int) -> Int {
    let value = document.nodes[node]
    guard value.kind == .object, value.next > node + 1, !mayBeMap(node) else { return ofScalar(node) }
    var cost = 1
    var key = node + 1
    while key < value.next {
      cost += 3 + ofScalar(key + 1)
      key = document.nodes[key + 1].next
    }
    return min(cost, ofJSON(node, limit: cost))
  }

  private func mayBeMap(_ node: Int) -> Bool {
    var members = 0
    var key = node + 1
    while key < document.nodes[node].next {
      guard document.nodes[key + 1].kind == .object else { return false }
      members += 1
      key = document.nodes[key + 1].next
    }
    return members >= OutlinePlan.fewestMapMembers
  }

  /// Of a number or string as a cell; of anything else and of what may stand in other forms, one.
  private func ofScalar(_ node: Int) -> Int {
    guard let id = pool.known(node), document.nodes[node].kind.rawValue >= JSONDocument.Kind.string.rawValue else {
      return 1
    }
    let text = pool.text(id)
    let mayBeOther =
      pool.traits(id).contains(.newline) || text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[")
    return mayBeOther ? 1 : pool.knownCost(id) ?? 1
  }

  /// Of a value as minified JSON. Looks no further than `limit`.
  ///
  /// The letters or digits that a key, string or number begins with are in a piece of their own; and so are signs before them, of which
  /// there are two and more, as at most one goes with the letters behind it. A comma between numbers is one as well.
  func ofJSON(_ node: Int, limit: Int = .max) -> Int {
    var cost = 0
    document.bytes.withUnsafeBufferPointer { bytes in
      for index in node..<document.nodes[node].next where cost <= limit {
        let value = document.nodes[index]
        let start = Int(value.start)
        switch value.kind {
        case .object, .array: break
        case .string:
          if value.end - value.start > 2, TokenSeam.isAlphanumeric(bytes[start + 1]) { cost += 2 }
          if let id = pool.known(index) { cost += pool.knownInteriorCost(id) }
        // Digits go by threes.
        case .number: cost += 1 + (digits(bytes, value.range) + 2) / 3
        case .true, .false, .null: cost += start > 0 && bytes[start - 1] == UInt8(ascii: ",") ? 1 : 2
        }
      }
    }
    // Before the first there may be nothing.
    return max(1, cost - 1)
  }

  private func digits(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var count = 0
    for place in range where bytes[place] &- UInt8(ascii: "0") < 10 { count += 1 }
    return count
  }
}
