import CTreeSitter

/// Makes the outline of a syntax tree.
struct OutlineBuilder {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let lines: TextLines
  private let language: SourceLanguage
  private let roles: SyntaxRoles
  private var outline: Outline

  /// Declarations below this many others are not looked at; nobody writes them, and the stack is finite.
  private static let deepest = 24
  /// Fields of one type, lines of one constant and of one signature that are shown.
  private static let mostMembers = 60
  private static let mostValueLines = 4
  private static let mostSignatureLines = 24
  /// How far inside a value its function is looked for: `const x = memo(function () { … })`.
  private static let deepestBody = 6

  /// Nil when the source cannot be parsed.
  static func outline(
    _ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, _ language: SourceLanguage
  ) -> Outline? {
    guard let tree = SyntaxTree(bytes, language) else { return nil }
    var builder = OutlineBuilder(bytes, lines, language)
    builder.visit(tree.children(tree.root), tree, depth: 0)
    return builder.outline
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines, _ language: SourceLanguage) {
    self.bytes = bytes
    self.lines = lines
    self.language = language
    roles = SyntaxRoles.of(language)
    outline = Outline(lines: lines.count)
  }

  // MARK: Walking

  private mutating func visit(_ children: [SyntaxTree.Node], _ tree: borrowing SyntaxTree, depth: Int) {
    guard depth < OutlineBuilder.deepest else { return }
    var comment: Range<Int>?
    /// The first line of the attributes before a declaration.
    var start: Int?
    for (index, node) in children.enumerated() where node.is_named {
      switch roles[node] {
      case .comment:
        // One that stands behind something belongs to that.
        if index > 0, children[index - 1].endLine == node.startLine { continue }
        if let before = comment, before.upperBound == node.startLine {
          comment = before.lowerBound..<node.endLine + 1
        } else {
          comment = node.startLine..<node.endLine + 1
        }
        if language == .rust, node.startLine == 0, bytes.has("//!", at: Int(node.start)) { outline.keep(0..<1) }
      case .attribute:
        start = start ?? node.startLine
      case let role:
        let first = start ?? node.startLine
        let shown = show(node, role, from: first, tree, depth: depth)
        if shown, let comment, comment.upperBound == first { keepFirstWords(comment) }
        if index == 0, isString(node) { keepDocstring(node) }
        comment = nil
        start = nil
      }
    }
  }

  /// Shows a declaration; false when it is none.
  private mutating func show(
    _ node: SyntaxTree.Node, _ role: SyntaxRole, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) -> Bool {
    switch role {
    case .none, .comment, .attribute:
      return false
    case .imports:
      addImport(node)
    case .signature:
      outline.keep(first..<min(node.endLine + 1, first + OutlineBuilder.mostSignatureLines))
    case .list:
      visit(tree.children(node), tree, depth: depth + 1)
    case .wrapper:
      return showWrapped(node, from: first, tree, depth: depth)
    case .type:
      showType(node, from: first, tree, depth: depth)
    case .function:
      showFunction(node, from: first, tree, depth: depth)
    case .members:
      showLines(node, .type, from: first, most: OutlineBuilder.mostMembers, tree, depth: depth)
    case .value:
      showValue(node, from: first, tree, depth: depth)
    case .statement:
      return showStatement(node, from: first, tree, depth: depth)
    case .compound:
      outline.keep(first..<first + 1)
      showCompound(node, tree, depth: depth)
    }
    return true
  }

  // MARK: Kinds of declarations

  private mutating func showWrapped(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) -> Bool {
    let children = tree.children(node)
    let inner = children.last {
      let role = roles[$0]
      return $0.is_named && role != .none && role != .comment && role != .attribute && role != .signature
    }
    if let inner {
      if roles[inner] == .list || node.endLine > inner.endLine { outline.keep(first..<first + 1) }
      return show(inner, roles[inner], from: first, tree, depth: depth)
    }
    // `export default memo(function () { … })`, or a list of names.
    return showBody(node, from: first, tree, depth: depth)
      || {
        outline.keep(first..<min(node.endLine + 1, first + OutlineBuilder.mostValueLines))
        return true
      }()
  }

  private mutating func showType(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) {
    let children = tree.children(node)
    guard let place = bodyPlace(children) else {
      outline.keep(first..<min(node.endLine + 1, first + OutlineBuilder.mostSignatureLines))
      add(.type, node, children, from: first, body: 0..<0, tree, depth: depth)
      return
    }
    let header = headerEnd(node, children, place)
    outline.keep(first..<header)
    add(.type, node, children, from: first, body: 0..<0, tree, depth: depth)
    let members = tree.children(children[place])
    if let docstring = members.first(where: \.is_named), isString(docstring) { keepDocstring(docstring) }
    visit(members, tree, depth: depth + 1)
  }

  private mutating func showFunction(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) {
    let children = tree.children(node)
    guard let place = bodyPlace(children) else {
      outline.keep(first..<min(node.endLine + 1, first + OutlineBuilder.mostSignatureLines))
      add(.function, node, children, from: first, body: 0..<0, tree, depth: depth)
      return
    }
    let header = headerEnd(node, children, place)
    outline.keep(first..<header)
    add(.function, node, children, from: first, body: header..<node.endLine + 1, tree, depth: depth)
    if language == .python, let docstring = tree.children(children[place]).first(where: \.is_named),
      isString(docstring)
    {
      keepDocstring(docstring)
    }
  }

  private mutating func showValue(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) {
    if node.endLine - first >= OutlineBuilder.mostValueLines - 1, showBody(node, from: first, tree, depth: depth) {
      return
    }
    showLines(node, .value, from: first, most: OutlineBuilder.mostValueLines, tree, depth: depth)
  }

  /// All lines, or the first of them.
  private mutating func showLines(
    _ node: SyntaxTree.Node, _ kind: Outline.Kind, from first: Int, most: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) {
    let end = node.endLine + 1
    let shown = end - first <= most ? end : first + max(1, most / 3)
    outline.keep(first..<shown)
    add(kind, node, tree.children(node), from: first, body: shown..<end, tree, depth: depth)
  }

  /// Statements are shown where they hold a function: `describe("x", () => { … })`.
  private mutating func showStatement(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) -> Bool {
    if let inner = tree.children(node).first(where: { roles[$0] == .type || roles[$0] == .value }) {
      return show(inner, roles[inner], from: first, tree, depth: depth)
    }
    return node.endLine > first && showBody(node, from: first, tree, depth: depth)
  }

  /// Shows a declaration by the function or class that its value is; false when there is none.
  private mutating func showBody(
    _ node: SyntaxTree.Node, from first: Int, _ tree: borrowing SyntaxTree, depth: Int
  ) -> Bool {
    var inner = node
    for _ in 0..<OutlineBuilder.deepestBody {
      let children = tree.children(inner)
      if let place = bodyPlace(children) {
        let header = headerEnd(inner, children, place)
        outline.keep(first..<max(header, first + 1))
        let isClass = roles[inner] == .type
        let names = tree.children(node)
        add(
          isClass ? .type : .function, node, names, from: first, body: isClass ? 0..<0 : header..<node.endLine + 1,
          tree,
          depth: depth)
        // What a call is given may hold declarations or further calls, as tests do.
        if isClass {
          visit(tree.children(children[place]), tree, depth: depth + 1)
        } else if roles[node] == .statement {
          visit(tree.children(children[place]).filter { roles[$0] != .value }, tree, depth: depth + 1)
        }
        return true
      }
      guard let last = children.last(where: { $0.is_named && roles[$0] != .comment }), last.endLine > first else {
        return false
      }
      inner = last
    }
    return false
  }

  private mutating func showCompound(_ node: SyntaxTree.Node, _ tree: borrowing SyntaxTree, depth: Int) {
    guard depth < OutlineBuilder.deepest else { return }
    let children = tree.children(node)
    if language != .python {
      visit(children, tree, depth: depth + 1)
      return
    }
    for child in children where child.is_named && child.endLine > child.startLine || child.startLine > node.startLine {
      // A block, or a clause with one.
      let inner = tree.children(child)
      let block = bodyPlace(inner).map { tree.children(inner[$0]) } ?? inner
      visit(block, tree, depth: depth + 1)
    }
  }

  // MARK: Parts of a declaration

  private func bodyPlace(_ children: [SyntaxTree.Node]) -> Int? {
    children.firstIndex {
      $0.field != 0 && ($0.field == roles.body || $0.field == roles.computedValue) && $0.is_named
    }
  }

  /// The line behind the header of a declaration: behind the line of its brace or colon, or of what stands before a brace on its own line.
  private func headerEnd(_ node: SyntaxTree.Node, _ children: [SyntaxTree.Node], _ place: Int) -> Int {
    place > 0 ? children[place - 1].endLine + 1 : node.startLine + 1
  }

  private mutating func add(
    _ kind: Outline.Kind, _ node: SyntaxTree.Node, _ children: [SyntaxTree.Node], from first: Int, body: Range<Int>,
    _ tree: borrowing SyntaxTree, depth: Int
  ) {
    outline.items.append(
      Outline.Item(
        kind: kind, name: name(kind, children, tree), lines: first + 1...node.endLine + 1, depth: depth,
        range: node.range,
        body: body))
  }

  private func name(
    _ kind: Outline.Kind, _ children: [SyntaxTree.Node], _ tree: borrowing SyntaxTree
  ) -> [UInt8] {
    var children = children
    // An implementation of a type has its name.
    if language == .rust, kind == .type, SyntaxTree.child(children, in: roles.name) == nil,
      let type = SyntaxTree.child(children, in: roles.type)
    {
      return Array(bytes[type.range].prefix(200))
    }
    for _ in 0..<OutlineBuilder.deepestBody {
      let name = SyntaxTree.child(children, in: roles.name)
      if let name, name.end - name.start < 200 { return Array(bytes[name.range]) }
      guard let declarator = SyntaxTree.child(children, in: roles.declarator) ?? children.first(where: \.is_named)
      else {
        return []
      }
      let inner = tree.children(declarator)
      if inner.isEmpty, declarator.end - declarator.start < 200 { return Array(bytes[declarator.range]) }
      children = inner
    }
    return []
  }

  // MARK: Comments and imports

  private func isString(_ node: SyntaxTree.Node) -> Bool {
    language == .python && Int(node.kind) < roles.isString.count && roles.isString[Int(node.kind)]
  }

  private func hasWords(_ line: Int) -> Bool {
    line < lines.count && lines[line].contains { bytes[$0] | 0x20 &- 0x61 < 26 || bytes[$0] >= 0x80 }
  }

  /// The first line of a comment that says something; all of a short one.
  private mutating func keepFirstWords(_ comment: Range<Int>) {
    if comment.count <= 2 {
      outline.keep(comment)
    } else if let line = comment.first(where: { hasWords($0) }) {
      outline.keep(line..<line + 1)
    }
  }

  private mutating func keepDocstring(_ node: SyntaxTree.Node) {
    let all = node.startLine..<node.endLine + 1
    guard all.count > 3 else { return outline.keep(all) }
    outline.keep(all.lowerBound..<all.lowerBound + (hasWords(all.lowerBound) ? 1 : 2))
  }

  private mutating func addImport(_ node: SyntaxTree.Node) {
    let names = ImportNames.of(node.range, in: bytes, language)
    let added = node.startLine..<node.endLine + 1
    outline.keep(added)
    if let last = outline.imports.last, isBlank(last.lines.upperBound..<added.lowerBound) {
      outline.imports[outline.imports.count - 1].lines =
        last.lines.lowerBound..<max(last.lines.upperBound, added.upperBound)
      outline.imports[outline.imports.count - 1].names += names
    } else {
      outline.imports.append((added, names))
    }
  }

  private func isBlank(_ part: Range<Int>) -> Bool {
    part.lowerBound <= part.upperBound
      && part.allSatisfy { lines[$0].allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 || bytes[$0] == 0x0d } }
  }
}
