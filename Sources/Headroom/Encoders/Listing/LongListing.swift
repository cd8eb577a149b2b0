/// What `ls -l` prints, read: folders with rows of columns.
struct LongListing {
  struct Row {
    /// Mode, number of links, owner and group, as ranges of the text.
    var mode: Range<Int>
    var links: Range<Int>
    var owner: Range<Int>
    var group: Range<Int>
    var size: Range<Int>
    var date: Range<Int>
    /// The name, with the target of a link.
    var name: Range<Int>
  }

  /// Where columns stand, counted from the start of a row: numbers end there, words start there.
  struct Columns: Equatable {
    var linksEnd = 0
    var groupStart = 0
    /// From the start of the group to the end of the size.
    var sizeEnd = 0
  }

  struct Block {
    /// The name of the folder, without the colon; nil when none stands above the rows.
    var folder: Range<Int>?
    /// What stands behind `total `; nil when there is no such line.
    var total: Range<Int>?
    var rows: Range<Int>
    /// Where columns stand, when that does not follow from what is in them.
    var columns: Columns?
  }

  var blocks: [Block] = []
  var rows: [Row] = []
  var lines: Range<Int>
}

/// Finds and reads the output of `ls -l`.
struct LongListingParser {
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>

  static func runs(_ lines: TextLines) -> [LongListing] {
    lines.text.withUnsafeBufferPointer { text in
      let parser = LongListingParser(lines: lines, text: text)
      var runs: [LongListing] = []
      var line = 0
      while line < lines.count {
        let run = parser.run(at: line)
        if let run, run.rows.count >= 3 { runs.append(run) }
        line = max(line + 1, run?.lines.upperBound ?? 0)
      }
      return runs
    }
  }

  /// The listing that all the lines are, nil when they are not one.
  static func whole(_ lines: TextLines) -> LongListing? {
    guard !lines.isEmpty else { return nil }
    return lines.text.withUnsafeBufferPointer { text in
      guard let run = LongListingParser(lines: lines, text: text).run(at: 0), run.rows.count >= 3,
        run.lines == 0..<lines.count
      else { return nil }
      return run
    }
  }

  private func run(at first: Int) -> LongListing? {
    var run = LongListing(lines: first..<first)
    var line = first
    while line < lines.count, let end = block(at: line, &run) {
      line = end
      run.lines = first..<end
      // A blank line and the name of the next folder.
      guard end + 1 < lines.count, lines[end].isEmpty, folder(end + 1) != nil else { break }
      line = end + 1
    }
    return run.lines.isEmpty ? nil : run
  }

  /// Reads a folder; returns the line behind it.
  private func block(at first: Int, _ run: inout LongListing) -> Int? {
    var line = first
    var block = LongListing.Block(rows: run.rows.count..<run.rows.count)
    if let folder = folder(line) {
      guard line + 1 < lines.count, total(line + 1) != nil || row(line + 1) != nil else { return nil }
      block.folder = folder
      line += 1
    }
    if let total = total(line) {
      block.total = total
      line += 1
    }
    var columns: LongListing.Columns?
    while line < lines.count, let (row, own) = row(line) {
      if let columns, own != columns { break }
      columns = own
      run.rows.append(row)
      line += 1
    }
    block.rows = block.rows.lowerBound..<run.rows.count
    guard line > first, !block.rows.isEmpty || block.folder != nil && block.total != nil else { return nil }
    if let columns, columns != usual(run.rows[block.rows]) { block.columns = columns }
    run.blocks.append(block)
    return line
  }

  /// Where columns stand that are as wide as the longest in them.
  private func usual(_ rows: ArraySlice<LongListing.Row>) -> LongListing.Columns {
    var sizes = LongListing.ColumnWidths()
    for row in rows { sizes.add(row.mode.count, row.links.count, row.owner.count, row.group.count, row.size.count) }
    return sizes.columns
  }

  private func folder(_ line: Int) -> Range<Int>? {
    guard line < lines.count else { return nil }
    let range = lines[line]
    guard range.count > 1, text[range.upperBound - 1] == UInt8(ascii: ":"), range.count < 1000 else { return nil }
    for i in range where text[i] < 0x20 { return nil }
    return range.lowerBound..<range.upperBound - 1
  }

  private func total(_ line: Int) -> Range<Int>? {
    guard line < lines.count else { return nil }
    let range = lines[line]
    let word: StaticString = "total "
    guard range.count > 6, range.count < 30,
      text.has(UnsafeBufferPointer(start: word.utf8Start, count: 6), at: range.lowerBound),
      !text[range.lowerBound + 6..<range.upperBound].contains(where: { $0 <= 0x20 })
    else { return nil }
    return range.lowerBound + 6..<range.upperBound
  }

  // MARK: Rows

  private func row(_ line: Int) -> (LongListing.Row, LongListing.Columns)? {
    guard line < lines.count else { return nil }
    let range = lines[line]
    guard range.count > 30, isMode(range.lowerBound) else { return nil }
    var p = range.lowerBound + 10
    if text[p] == UInt8(ascii: ".") || text[p] == UInt8(ascii: "+") || text[p] == UInt8(ascii: "@") { p += 1 }
    let mode = range.lowerBound..<p
    guard let links = word(&p, range.upperBound), let owner = word(&p, range.upperBound),
      let group = word(&p, range.upperBound), let size = word(&p, range.upperBound), p + 1 < range.upperBound,
      text[links.lowerBound] &- 0x30 < 10, text[size.lowerBound] &- 0x30 < 10,
      owner.lowerBound == links.upperBound + 1
    else { return nil }
    p += 1
    guard let end = dateEnd(p, range.upperBound), end + 1 < range.upperBound, text[end] == 0x20 else { return nil }
    let row = LongListing.Row(
      mode: mode, links: links, owner: owner, group: group, size: size, date: p..<end,
      name: end + 1..<range.upperBound)
    let columns = LongListing.Columns(
      linksEnd: links.upperBound - range.lowerBound, groupStart: group.lowerBound - owner.lowerBound,
      sizeEnd: size.upperBound - group.lowerBound)
    return (row, columns)
  }

  private func isMode(_ start: Int) -> Bool {
    switch text[start] {
    case UInt8(ascii: "-"), UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "c"), UInt8(ascii: "b"),
      UInt8(ascii: "p"),
      UInt8(ascii: "s"):
      break
    default: return false
    }
    for i in start + 1..<start + 10 {
      switch text[i] {
      case UInt8(ascii: "-"), UInt8(ascii: "r"), UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "s"),
        UInt8(ascii: "S"), UInt8(ascii: "t"), UInt8(ascii: "T"):
        continue
      default: return false
      }
    }
    return true
  }

  /// The next word behind spaces; moves behind it.
  private func word(_ p: inout Int, _ end: Int) -> Range<Int>? {
    guard p < end, text[p] == 0x20 else { return nil }
    while p < end, text[p] == 0x20 { p += 1 }
    let start = p
    while p < end, text[p] > 0x20 { p += 1 }
    return p > start && p < end && p - start < 64 ? start..<p : nil
  }

  /// The end of `Aug 15  2019`, `Jan 13 17:29`, `2024-10-18 01:11` or `2024-10-18 01:11:02.123456789 +0000`.
  private func dateEnd(_ start: Int, _ end: Int) -> Int? {
    guard start + 12 < end else { return nil }
    if text[start] | 0x20 &- 0x61 < 26 {
      guard text[start + 3] == 0x20, text[start + 6] == 0x20, text[start + 5] &- 0x30 < 10,
        text[start + 11] &- 0x30 < 10,
        text[start + 12] == 0x20
      else { return nil }
      return start + 12
    }
    guard start + 17 < end, text[start + 4] == UInt8(ascii: "-"), text[start + 7] == UInt8(ascii: "-"),
      text[start + 10] == 0x20, text[start + 13] == UInt8(ascii: ":")
    else { return nil }
    var p = start + 16
    guard text[p] == UInt8(ascii: ":") else { return p }
    while p < end, text[p] != 0x20 { p += 1 }
    if p + 6 < end, text[p + 1] == UInt8(ascii: "+") || text[p + 1] == UInt8(ascii: "-"), text[p + 6] == 0x20,
      (p + 2..<p + 6).allSatisfy({ text[$0] &- 0x30 < 10 })
    {
      p += 6
    }
    return p
  }
}

extension LongListing {
  /// How long the longest entry of each column is.
  struct ColumnWidths {
    private var mode = 0
    private var links = 0
    private var owner = 0
    private var group = 0
    private var size = 0

    mutating func add(_ mode: Int, _ links: Int, _ owner: Int, _ group: Int, _ size: Int) {
      self.mode = max(self.mode, mode)
      self.links = max(self.links, links)
      self.owner = max(self.owner, owner)
      self.group = max(self.group, group)
      self.size = max(self.size, size)
    }

    var columns: Columns {
      Columns(linksEnd: mode + 1 + links, groupStart: owner + 1, sizeEnd: group + 1 + size)
    }
  }
}
