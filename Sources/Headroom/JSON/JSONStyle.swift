/// How a JSON text is laid out. Most machines print in one of these ways, and then the exact bytes come back from the values alone.
enum JSONStyle: Hashable, Sendable {
  /// `{"a":1,"b":[2]}`
  case compact
  /// `{"a": 1, "b": [2]}`, as Python prints.
  case spaced
  /// One member or element a line, so many spaces (or one tab when negative) a level; `{}` and `[]` when empty.
  case indented(Int)

  /// The style that `document` might be in, judged by its first gap. Whether it is, only a comparison of ``render(_:)`` tells.
  init(guessing document: JSONDocument) {
    self = .compact
    for (index, node) in document.nodes.enumerated() where node.next > index + 1 {
      let bytes = document.bytes
      let first = Int(document.nodes[index + 1].start)
      let gap = bytes[Int(node.start) + 1..<first]
      if gap.first == UInt8(ascii: "\n") {
        // The indentation of the first child is one level more than that of its container.
        let depth = document.depth(of: index) + 1
        self = gap.last == UInt8(ascii: "\t") ? .indented(-1) : .indented(max(1, (gap.count - 1) / depth))
        return
      }
      if node.kind == .object {
        let colon = document.nodes[index + 1].range.upperBound
        self = colon + 1 < bytes.count && bytes[colon + 1] == UInt8(ascii: " ") ? .spaced : .compact
        return
      }
      // An array of scalars shows its style behind its first comma; an array of containers in what it holds.
      let second = document.nodes[index + 1].next
      if second < node.next, document.nodes[index + 1].next == index + 2 {
        self = Int(document.nodes[second].start) - document.nodes[index + 1].range.upperBound > 1 ? .spaced : .compact
      }
    }
  }

  /// `document`, laid out in this style.
  func render(_ document: JSONDocument) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(document.bytes.count * 3 / 2)
    var level = 0
    var open: [(end: Int, isObject: Bool, nextIsKey: Bool)] = []
    var index = 0
    while index < document.nodes.count {
      let node = document.nodes[index]
      var isValueOfKey = false
      if var container = open.popLast() {
        if container.isObject, !container.nextIsKey {
          out += self == .compact ? [UInt8(ascii: ":")] : [UInt8(ascii: ":"), UInt8(ascii: " ")]
          isValueOfKey = true
        }
        if container.isObject { container.nextIsKey.toggle() }
        open.append(container)
      }
      if !isValueOfKey, !open.isEmpty {
        separate(isFirst: document.isFirstChild(index), level: level, &out)
      }
      switch node.kind {
      case .object, .array:
        out.append(node.kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        if node.next == index + 1 {
          out.append(node.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        } else {
          level += 1
          open.append((node.next, node.kind == .object, true))
        }
      default: out += document.bytes[node.range]
      }
      index += 1
      while let container = open.last, container.end == index {
        open.removeLast()
        level -= 1
        if case .indented = self { newLine(level, &out) }
        out.append(container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
      }
    }
    return out
  }

  private func separate(isFirst: Bool, level: Int, _ out: inout [UInt8]) {
    if !isFirst { out.append(UInt8(ascii: ",")) }
    switch self {
    case .compact: break
    case .spaced: if !isFirst { out.append(UInt8(ascii: " ")) }
    case .indented: newLine(level, &out)
    }
  }

  private func newLine(_ level: Int, _ out: inout [UInt8]) {
    guard case .indented(let width) = self else { return }
    out.append(UInt8(ascii: "\n"))
    if width < 0 {
      out.append(contentsOf: repeatElement(UInt8(ascii: "\t"), count: level))
    } else {
      out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * width))
    }
  }
}

extension JSONDocument {
  /// How many containers the node at `index` is inside of.
  fileprivate func depth(of index: Int) -> Int {
    var depth = 0
    for other in 0..<index where nodes[other].next > index { depth += 1 }
    return depth
  }

  /// Whether the node at `index` directly follows the start of the container it is in.
  fileprivate func isFirstChild(_ index: Int) -> Bool {
    index > 0 && nodes[index - 1].next > index
  }
}
