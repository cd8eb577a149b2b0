/// Lists of paths as a tree of folders with the names in each on one line, and names that end alike behind a pattern. Sorted lists are
/// put together folder by folder; others keep their order.
///
///     ./src/acl.c              [listing, 2 lines, 5 paths, sorted]
///     ./src/ae.c         →     ./src/ main.py *.c: acl ae
///     ./src/main.py             unit/ a.tcl b.tcl
///     ./src/unit/a.tcl
///     ./src/unit/b.tcl
struct PathListForms: TextForms {
  static let name = "listing"
  static let kind = Segment.Kind.listing

  let lines: TextLines
  let list: PathList
  /// What the ranges of the list refer to.
  let text: [UInt8]

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    var found = trees(lines)
    if !found.isEmpty { return found }
    found = PathListParser.runs(lines, hint: hint).map(\.lines)
    return found
  }

  private static func trees(_ lines: TextLines) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { text in
      var found: [Range<Int>] = []
      var line = 0
      while line + 2 < lines.count {
        let next = lines[line + 1]
        guard let first = text[next].first, first == 0xe2 || first == UInt8(ascii: "|") || first == UInt8(ascii: "`"),
          let tree = TreeStyle.parse(lines, at: line, text)
        else {
          line += 1
          continue
        }
        found.append(tree.lines)
        line = tree.lines.upperBound
      }
      return found
    }
  }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    let tree = lines.text.withUnsafeBufferPointer { TreeStyle.parse(lines, at: 0, $0) }
    if let tree {
      guard tree.lines == 0..<lines.count else { return nil }
      text = tree.paths
      let entries = tree.ranges.map { PathList.Entry(path: $0, value: 0..<0) }
      list = PathList(layout: .tree(tree.style), entries: entries, lines: tree.lines)
    } else {
      guard let list = PathListParser.whole(lines, hint: hint) else { return nil }
      self.list = list
      text = lines.text
    }
  }

  func complete() -> [Candidate] {
    guard let bytes = form(list) else { return [] }
    return [Candidate(name: PathListForms.name, fidelity: .identical, bytes: bytes)]
  }

  func form(_ list: PathList) -> [UInt8]? {
    let form = text.withUnsafeBufferPointer { PathListWriter(list, in: $0).form() }
    guard let form else { return nil }
    var detail = Array("\(list.entries.count) paths".utf8)
    if form.isSorted { detail += ", sorted".utf8 }
    if form.hasFolders { detail += ", folders included".utf8 }
    return Frame.write(PathListForms.name, detail: detail + list.layout.detail, body: form.body)
  }

  func cut(_ request: CutRequest) -> Candidate? {
    text.withUnsafeBufferPointer { PathListCut(list, lines, in: $0, request).candidate() }
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    guard let header = PathListReader.Header(frame.detail) else { return nil }
    var reader = PathListReader(frame.lines, header)
    return reader.text()
  }
}
