import CTreeSitter

/// The syntax tree of a source text, for as long as it is looked at.
struct SyntaxTree: ~Copyable {
  typealias Node = headroom_syntax_node

  private let tree: OpaquePointer

  /// Source beyond this is hardly written by hand, and nothing that a reader wants an outline of.
  static let mostBytes = 2 << 20

  /// A tree in which more than this share of the bytes, in percent, could not be read says too little.
  private static let mostErrors = 20

  /// Of source text the parser reads 80 to 300 bytes in a hundred steps; of garbage 30 to 60, and each step takes far longer. The most that
  /// may be done is what a megabyte of source takes, or some seconds of the worst garbage.
  private static let effort = headroom_syntax_effort(allowance: 96, stride: 60, most: 6_000)

  /// Parses `bytes`, which must outlive the tree. Nil when there is no grammar, when it is too much, or when the text is something else.
  ///
  /// The work is bounded in steps of the parser, not in time: the same text is read, or not, on every machine.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, _ language: SourceLanguage) {
    guard let base = bytes.baseAddress, bytes.count <= SyntaxTree.mostBytes, language.hasGrammar else { return nil }
    let tree = headroom_syntax_parse(language.grammar, base, UInt32(bytes.count), SyntaxTree.effort)
    guard let tree else { return nil }
    guard Int(headroom_syntax_error_bytes(tree)) * 100 <= bytes.count * SyntaxTree.mostErrors else {
      headroom_syntax_free(tree)
      return nil
    }
    self.tree = tree
  }

  deinit { headroom_syntax_free(tree) }

  var root: Node { headroom_syntax_root(tree) }

  func children(_ node: Node) -> [Node] {
    var node = node
    let count = Int(headroom_syntax_child_count(&node))
    return [Node](unsafeUninitializedCapacity: count) { buffer, written in
      written = Int(headroom_syntax_children(&node, buffer.baseAddress, UInt32(count)))
    }
  }

  /// The child that stands in a field of `node`.
  static func child(_ children: [Node], in field: UInt16) -> Node? {
    field == 0 ? nil : children.first { $0.field == field }
  }
}

extension headroom_syntax_node {
  var range: Range<Int> { Int(start)..<Int(end) }
  var startLine: Int { Int(start_row) }
  var endLine: Int { Int(end_row) }
}
