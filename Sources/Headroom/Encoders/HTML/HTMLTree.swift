/// An element or a run of text of a page. Nodes stand in document order, so the content of a node is the nodes up to its `end`.
struct HTMLNode {
  var tag: HTMLTag
  /// The text of a script or a style, which has no character references.
  var isRaw = false
  /// The element is not shown: by its kind, or by what its attributes say.
  var isHidden = false
  var attributeCount: UInt8 = 0
  /// The element around it; itself for the root.
  var parent: Int32
  /// The number of the first node behind its content.
  var end: Int32
  /// The text, or the start tag.
  var start: Int32
  var stop: Int32
  var attributes: Int32 = 0
}

/// What a tag says that matters to its reader.
enum HTMLAttribute: UInt8 {
  case id, `class`, href, src, alt, role, name, type, rel, start, style, value, hidden, colspan, rowspan, content,
    property
  case title, alttext, placeholder, ariaHidden, ariaLabel, itemprop, xmlns
}

/// A page as a tree of nodes in document order over its bytes. The first node is a root that is no element.
struct HTMLTree {
  struct Attribute {
    var name: HTMLAttribute
    var start: Int32
    var stop: Int32
  }

  var nodes: [HTMLNode] = []
  var attributes: [Attribute] = []

  /// The bytes of an attribute's value.
  func value(_ node: Int, _ name: HTMLAttribute) -> Range<Int>? {
    let first = Int(nodes[node].attributes)
    for i in first..<first + Int(nodes[node].attributeCount) where attributes[i].name == name {
      return Int(attributes[i].start)..<Int(attributes[i].stop)
    }
    return nil
  }

  @inline(__always)
  func content(_ node: Int) -> Range<Int> { node + 1..<Int(nodes[node].end) }

  @inline(__always)
  func range(_ node: Int) -> Range<Int> { Int(nodes[node].start)..<Int(nodes[node].stop) }

  /// The elements and texts directly in a node.
  func children(_ node: Int) -> HTMLChildren { HTMLChildren(tree: self, position: node + 1, end: Int(nodes[node].end)) }
}

struct HTMLChildren: Sequence, IteratorProtocol {
  let tree: HTMLTree
  var position: Int
  let end: Int

  mutating func next() -> Int? {
    guard position < end else { return nil }
    defer { position = Int(tree.nodes[position].end) }
    return position
  }
}
