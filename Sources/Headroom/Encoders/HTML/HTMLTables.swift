extension HTMLMarkdown {
  private static let mostColumns = 64

  /// A table of data as a table of markdown; one that only lays out a page as its cells, one after another.
  mutating func table(_ i: Int) {
    let rows = self.rows(i)
    guard isData(i, rows) else { return layout(i) }
    if !folded.isEmpty { writeFolds() }
    for caption in tree.children(i) where tree.nodes[caption].tag == .caption && !tree.nodes[caption].isHidden {
      node(caption)
      out.lineBreak()
    }
    var isFirst = true
    // How many more rows each column's cell reaches into.
    var spans = [Int](repeating: 0, count: HTMLMarkdown.mostColumns)
    for row in rows {
      let cells = self.cells(row)
      guard !cells.isEmpty else { continue }
      out.lineBreak()
      out.write([UInt8(ascii: "|")])
      var column = 0
      func skipSpanned(_ markdown: inout HTMLMarkdown) {
        while column < HTMLMarkdown.mostColumns, spans[column] > 0 {
          spans[column] -= 1
          markdown.out.attach(Array(" |".utf8))
          column += 1
        }
      }
      for cell in cells where column < HTMLMarkdown.mostColumns {
        skipSpanned(&self)
        self.cell(cell)
        let width = max(1, tree.value(cell, .colspan).map { HTMLMarkdown.integer(source, $0) } ?? 1)
        let height = tree.value(cell, .rowspan).map { HTMLMarkdown.integer(source, $0) } ?? 1
        for place in 0..<width where column < HTMLMarkdown.mostColumns {
          if place > 0 { out.attach(Array(" |".utf8)) }
          spans[column] = min(max(height - 1, 0), rows.count)
          column += 1
        }
      }
      skipSpanned(&self)
      out.lineBreak()
      if isFirst {
        out.write([UInt8(ascii: "|")] + [[UInt8]](repeating: Array("---|".utf8), count: column).joined())
        out.lineBreak()
        isFirst = false
      }
    }
  }

  private mutating func cell(_ cell: Int) {
    out.space()
    out.inline += 1
    children(cell)
    out.inline -= 1
    out.dropOpeners()
    out.write([])
    out.space()
    out.write([UInt8(ascii: "|")])
  }

  private func rows(_ table: Int) -> [Int] {
    var rows: [Int] = []
    for child in tree.children(table) where !tree.nodes[child].isHidden {
      switch tree.nodes[child].tag {
      case .tr: rows.append(child)
      case .thead, .tbody, .tfoot:
        for row in tree.children(child) where tree.nodes[row].tag == .tr && !tree.nodes[row].isHidden {
          rows.append(row)
        }
      default: break
      }
    }
    return rows
  }

  private func cells(_ row: Int) -> [Int] {
    tree.children(row).filter { tree.nodes[$0].tag.isCell && !tree.nodes[$0].isHidden }
  }

  /// Whether a table holds data: at least two rows and columns of short cells without tables or blocks of text in them.
  private func isData(_ table: Int, _ rows: [Int]) -> Bool {
    if let role = tree.value(table, .role), source.isWord("presentation", in: role) { return false }
    guard rows.count >= 2, out.inline == 0 else { return false }
    var most = 0
    var headers = 0
    // How many rows have as many cells as the row before, and how many cells there are, and have text.
    var alike = 1
    var last = 0
    var count = 0
    var filled = 0
    for row in rows {
      let cells = self.cells(row)
      most = max(most, cells.count)
      if cells.count == last { alike += 1 }
      last = cells.count
      count += cells.count
      filled += cells.count { content.measures[$0].words > 0 }
      for cell in cells {
        if tree.nodes[cell].tag == .th { headers += 1 }
        if content.measures[cell].words > 150 { return false }
      }
    }
    guard most >= 2, headers > 0 || alike * 10 >= rows.count * 7 && filled * 2 >= count else { return false }
    for node in tree.content(table) {
      switch tree.nodes[node].tag {
      case .table, .pre, .h1, .h2, .form: return false
      case .p, .div, .ul, .ol: if headers == 0, content.measures[node].words > 30 { return false }
      default: break
      }
    }
    return true
  }

  /// The cells of a row one after another; those of short text on one line.
  private mutating func layout(_ table: Int) {
    for child in tree.children(table) where !tree.nodes[child].isHidden {
      switch tree.nodes[child].tag {
      case .thead, .tbody, .tfoot: layout(child)
      case .tr:
        if !content.folds[child].isEmpty {
          node(child)
          continue
        }
        out.lineBreak()
        for cell in tree.children(child) where !tree.nodes[cell].isHidden {
          let isEmpty = content.measures[cell].words == 0
          if isEmpty, !tree.content(cell).contains(where: { tree.nodes[$0].tag == .img }) { continue }
          let isText = !tree.content(cell).contains {
            tree.nodes[$0].tag.traits.contains(.block) || tree.nodes[$0].tag == .br
          }
          if isText { out.space() } else { out.lineBreak() }
          if content.folds[cell].isEmpty { children(cell) } else { node(cell) }
          if isText { out.space() } else { out.lineBreak() }
        }
        out.lineBreak()
      default: node(child)
      }
    }
  }
}
