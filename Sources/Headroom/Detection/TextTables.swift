/// The rows of the largest table in a text that is not JSON, so that "rows 3-40" means the same for a reader as in the shortened view.
enum TextTables {
  /// The bytes of each row, in order; nil when there is no table.
  static func rows(_ text: [UInt8]) -> [Range<Int>]? {
    let lines = TextLines(text)
    var best: [Range<Int>] = []
    var size = 0
    func consider(_ run: Range<Int>, _ rows: @autoclosure () -> [Range<Int>]) {
      let bytes = lines[run].range.count
      guard bytes > size else { return }
      size = bytes
      best = rows()
    }
    for run in CSVGrammar.runs(in: lines, hint: Hint()) {
      consider(run.lines, CSVGrammar.rows(of: run, in: lines))
    }
    for run in RuledGrammar.runs(in: lines) { consider(run.lines, run.rows.map { lines[$0] }) }
    for run in AlignedGrammar.runs(in: lines) {
      consider(run.lines, run.lines.dropFirst(run.hasRule ? 2 : 1).map { lines[$0] })
    }
    for list in lists(lines) { consider(list.lines, list.items.map { lines[$0].range }) }
    let siblings = siblings(lines)
    if let first = siblings.first, let last = siblings.last, last.upperBound - first.lowerBound > size {
      best = siblings
    }
    return best.isEmpty ? nil : best
  }

  /// The elements of one name that stand together and take the most bytes, in XML that begins at the start of a line.
  private static func siblings(_ lines: TextLines) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      let starts = (0..<lines.count).lazy.map { lines[$0] }.filter {
        $0.count > 2 && bytes[$0.lowerBound] == UInt8(ascii: "<")
          && (bytes[$0.lowerBound + 1] | 0x20) &- UInt8(ascii: "a") < 26
      }
      guard let start = starts.first, let tree = XMLElements(bytes, at: start.lowerBound) else { return [] }
      var best = (parent: 0, children: 0..<0)
      var size = 0
      for (parent, element) in tree.elements.enumerated() {
        var first = 0
        for (position, child) in element.children.enumerated() {
          let start = element.children[first]
          if !bytes[tree.elements[child].name].elementsEqual(bytes[tree.elements[start].name]) { first = position }
          let length = tree.elements[child].range.upperBound - tree.elements[element.children[first]].range.lowerBound
          if position - first >= 2, length > size {
            size = length
            best = (parent, first..<position + 1)
          }
        }
      }
      return best.children.map { tree.elements[tree.elements[best.parent].children[$0]].range }
    }
  }

  /// The lists of block YAML, with the lines of each and of its items.
  private static func lists(_ lines: TextLines) -> [(lines: Range<Int>, items: [Range<Int>])] {
    var found: [(lines: Range<Int>, items: [Range<Int>])] = []
    /// Lists that are open: the column of their dashes and the first lines of their items.
    var open: [(column: Int, items: [Int])] = []
    func close(_ end: Int) {
      guard let list = open.popLast(), let first = list.items.first, list.items.count >= 3 else { return }
      let ends = list.items.dropFirst() + [end]
      found.append((first..<end, zip(list.items, ends).map { $0..<$1 }))
    }
    for line in 0..<lines.count {
      let range = lines[line]
      guard let indent = range.first(where: { lines.text[$0] != UInt8(ascii: " ") }).map({ $0 - range.lowerBound })
      else { continue }
      let rest = lines.text[range.lowerBound + indent..<range.upperBound]
      let isDash =
        rest.first == UInt8(ascii: "-") && (rest.count == 1 || rest[rest.startIndex + 1] == UInt8(ascii: " "))
      while let list = open.last, indent < list.column || (indent == list.column && !isDash) { close(line) }
      guard isDash else { continue }
      if open.last?.column == indent {
        open[open.count - 1].items.append(line)
      } else if open.count < 64 {
        open.append((indent, [line]))
      }
    }
    while !open.isEmpty { close(lines.count) }
    return found
  }
}
