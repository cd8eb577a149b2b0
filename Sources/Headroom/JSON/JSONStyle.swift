import CHeadroom

/// How a JSON text is laid out. Most machines print in one of these ways, and then the exact bytes come back from the values alone.
enum JSONStyle: Hashable, Sendable {
  /// `{"a":1,"b":[2]}`
  case compact
  /// `{"a": 1, "b": [2]}`, as Python prints.
  case spaced
  /// One member or element a line, so many spaces (or one tab when negative) a level; `{}` and `[]` when empty.
  case indented(Int)

  /// The style that the value at node `start` of `document` might be in, judged by its first gap. Whether it is, only
  /// ``describes(_:in:_:isLines:)`` tells.
  init(guessing document: JSONDocument, from start: Int = 0) {
    self = .compact
    let bytes = document.bytes
    let nodes = document.nodes
    guard start < nodes.count else { return }
    for index in start..<nodes[start].next where nodes[index].next > index + 1 {
      let node = nodes[index]
      let first = nodes[index + 1]
      let gap = Int(node.start) + 1..<Int(first.start)
      if !gap.isEmpty, bytes[gap.lowerBound] == UInt8(ascii: "\n") {
        // The indentation of the first child is one level more than that of its container.
        var depth = 1
        for other in start..<index where nodes[other].next > index { depth += 1 }
        self =
          bytes[gap.upperBound - 1] == UInt8(ascii: "\t") ? .indented(-1) : .indented(max(1, (gap.count - 1) / depth))
        return
      }
      if node.kind == .object {
        let colon = first.range.upperBound
        self = colon + 1 < bytes.count && bytes[colon + 1] == UInt8(ascii: " ") ? .spaced : .compact
        return
      }
      // An array of scalars shows its style behind its first comma; an array of containers in what it holds.
      let second = first.next
      if second < node.next, second == index + 2 {
        self = Int(nodes[second].start) - first.range.upperBound > 1 ? .spaced : .compact
      }
    }
  }

  /// `document`, which must be minified, laid out in this style; with `isLines` the elements of an array, each on a line.
  func render(_ document: JSONDocument, isLines: Bool = false) -> [UInt8] {
    if self == .compact, !isLines { return document.bytes }
    return document.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return [] }
      var writer = LayoutWriter(bytes: base, out: ByteWriter(capacity: bytes.count * 3 / 2))
      _ = layOut(document, isLines: isLines, &writer)
      return writer.out.bytes
    }
  }

  /// Whether the bytes in `range` of `text` are what ``render(_:isLines:)`` gives.
  func describes(_ text: [UInt8], in range: Range<Int>, _ document: JSONDocument, isLines: Bool = false) -> Bool {
    document.bytes.withUnsafeBufferPointer { bytes in
      text.withUnsafeBufferPointer { text in
        guard let base = bytes.baseAddress, let source = text.baseAddress else { return false }
        var comparer = LayoutComparer(bytes: base, text: source, place: range.lowerBound, end: range.upperBound)
        return layOut(document, isLines: isLines, &comparer) && comparer.place == range.upperBound
      }
    }
  }

  private func layOut<Sink: LayoutSink & ~Copyable>(_ document: JSONDocument, isLines: Bool, _ sink: inout Sink) -> Bool
  {
    guard isLines else { return layOut(document, 0, &sink) }
    let nodes = document.nodes
    guard let root = nodes.first, root.kind == .array else { return false }
    var element = 1
    while element < root.next {
      if element > 1 {
        guard sink.put(UInt8(ascii: "\n")) else { return false }
      }
      guard layOut(document, element, &sink) else { return false }
      element = nodes[element].next
    }
    return true
  }

  /// Gives the value at node `start` to `sink`, part by part, until that says no.
  private func layOut<Sink: LayoutSink & ~Copyable>(_ document: JSONDocument, _ start: Int, _ sink: inout Sink) -> Bool
  {
    let nodes = document.nodes
    let isSpaced = self != .compact
    var indentation: Int?
    if case .indented(let width) = self { indentation = width }
    var open: [(end: Int, isObject: Bool)] = []
    var isKeyDue = false
    var isFirst = true
    for index in start..<nodes[start].next {
      let node = nodes[index]
      let isMember = open.last?.isObject ?? false
      if isMember, !isKeyDue {
        guard sink.put(UInt8(ascii: ":")), !isSpaced || sink.put(UInt8(ascii: " ")) else { return false }
      } else if index > start {
        guard isFirst || sink.put(UInt8(ascii: ",")) else { return false }
        if let indentation {
          guard sink.newLine(indentation, level: open.count) else { return false }
        } else if isSpaced, !isFirst {
          guard sink.put(UInt8(ascii: " ")) else { return false }
        }
      }
      isFirst = false
      switch node.kind {
      case .object, .array:
        let isObject = node.kind == .object
        guard sink.put(isObject ? UInt8(ascii: "{") : UInt8(ascii: "[")) else { return false }
        if node.next > index + 1 {
          open.append((node.next, isObject))
          isKeyDue = isObject
          isFirst = true
          continue
        }
        guard sink.put(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
      default:
        guard sink.put(node.range) else { return false }
        if isMember, isKeyDue {
          isKeyDue = false
          continue
        }
      }
      while let container = open.last, container.end == index + 1 {
        open.removeLast()
        if let indentation {
          guard sink.newLine(indentation, level: open.count) else { return false }
        }
        guard sink.put(container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
      }
      isKeyDue = open.last?.isObject ?? false
    }
    return true
  }
}

/// What takes a document laid out part by part; false ends it.
private protocol LayoutSink: ~Copyable {
  mutating func put(_ byte: UInt8) -> Bool
  /// A value or key, by its place in the minified document.
  mutating func put(_ token: Range<Int>) -> Bool
  /// A line end and an indentation: so many spaces a level, or a tab when negative.
  mutating func newLine(_ width: Int, level: Int) -> Bool
}

private struct LayoutWriter: LayoutSink, ~Copyable {
  let bytes: UnsafePointer<UInt8>
  var out: ByteWriter

  @inline(__always)
  mutating func put(_ byte: UInt8) -> Bool {
    out.append(byte)
    return true
  }

  @inline(__always)
  mutating func put(_ token: Range<Int>) -> Bool {
    out.append(bytes + token.lowerBound, token.count)
    return true
  }

  mutating func newLine(_ width: Int, level: Int) -> Bool {
    out.append(UInt8(ascii: "\n"))
    out.append(repeating: width < 0 ? UInt8(ascii: "\t") : UInt8(ascii: " "), count: level * max(width, 1))
    return true
  }
}

private struct LayoutComparer: LayoutSink {
  let bytes: UnsafePointer<UInt8>
  let text: UnsafePointer<UInt8>
  var place: Int
  let end: Int

  @inline(__always)
  mutating func put(_ byte: UInt8) -> Bool {
    guard place < end, text[place] == byte else { return false }
    place += 1
    return true
  }

  @inline(__always)
  mutating func put(_ token: Range<Int>) -> Bool {
    guard end - place >= token.count,
      headroom_equal_bytes(text + place, bytes + token.lowerBound, token.count)
    else { return false }
    place += token.count
    return true
  }

  mutating func newLine(_ width: Int, level: Int) -> Bool {
    let count = level * max(width, 1)
    let indent = width < 0 ? UInt8(ascii: "\t") : UInt8(ascii: " ")
    guard end - place > count, text[place] == UInt8(ascii: "\n") else { return false }
    for i in 1..<count + 1 where text[place + i] != indent { return false }
    place += count + 1
    return true
  }
}
