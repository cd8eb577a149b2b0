/// Tables with bars between their cells and a rule below the names: of Markdown, `psql` and `mysql`.
enum RuledGrammar {
  enum Style: String, CaseIterable { case markdown, psql, mysql }

  struct Run {
    var lines: Range<Int>
    var style: Style
    /// The line with the names, and the lines with the rows.
    var names: Int
    var rows: Range<Int>
    var columns: Int
  }

  private static let fewestRows = 2

  static func runs(in lines: TextLines) -> [Run] {
    var runs: [Run] = []
    lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var line = 0
      while line + 2 + fewestRows <= lines.count {
        if let run = run(at: line, lines, base), run.rows.count >= fewestRows {
          runs.append(run)
          line = run.lines.upperBound
        } else {
          line += 1
        }
      }
    }
    return runs
  }

  private static func run(at line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Run? {
    let first = lines[line]
    guard first.count >= 3 else { return nil }
    switch base[first.lowerBound] {
    case UInt8(ascii: "+"):
      guard let columns = rule(base, first), columns.isOpen == false else { return nil }
      let own = UnsafeBufferPointer(start: base + first.lowerBound, count: first.count)
      func isSame(_ other: Range<Int>) -> Bool {
        UnsafeBufferPointer(start: base + other.lowerBound, count: other.count).isEqual(to: own)
      }
      guard isSame(lines[line + 2]) else { return nil }
      var end = line + 3
      while end < lines.count, bars(base, lines[end], .mysql) == columns.count { end += 1 }
      guard end < lines.count, isSame(lines[end]), bars(base, lines[line + 1], .mysql) == columns.count else {
        return nil
      }
      return Run(
        lines: line..<end + 1, style: .mysql, names: line + 1, rows: line + 3..<end, columns: columns.count)
    case UInt8(ascii: "|"):
      guard let count = bars(base, first, .markdown), isDelimiterRow(base, lines[line + 1]),
        bars(base, lines[line + 1], .markdown) == count
      else { return nil }
      var end = line + 2
      while end < lines.count, bars(base, lines[end], .markdown) == count { end += 1 }
      return Run(lines: line..<end, style: .markdown, names: line, rows: line + 2..<end, columns: count)
    case UInt8(ascii: " "):
      guard base[lines[line + 1].lowerBound] == UInt8(ascii: "-"), let columns = rule(base, lines[line + 1]),
        columns.isOpen, columns.count > 1, bars(base, first, .psql) == columns.count
      else { return nil }
      var end = line + 2
      while end < lines.count, bars(base, lines[end], .psql) == columns.count { end += 1 }
      return Run(lines: line..<end, style: .psql, names: line, rows: line + 2..<end, columns: columns.count)
    default: return nil
    }
  }

  /// The columns of a line of dashes and crosses, and whether it begins and ends with dashes.
  private static func rule(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> (count: Int, isOpen: Bool)? {
    guard line.count >= 3 else { return nil }
    var crosses = 0
    for place in line {
      switch base[place] {
      case UInt8(ascii: "+"): crosses += 1
      case UInt8(ascii: "-"): break
      default: return nil
      }
    }
    let isOpen = base[line.lowerBound] == UInt8(ascii: "-")
    guard isOpen == (base[line.upperBound - 1] == UInt8(ascii: "-")), isOpen || crosses > 1 else { return nil }
    return (isOpen ? crosses + 1 : crosses - 1, isOpen)
  }

  private static func isDelimiterRow(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    var dashes = 0
    for place in line {
      switch base[place] {
      case UInt8(ascii: "-"): dashes += 1
      case UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: " "): break
      default: return false
      }
    }
    return dashes >= 2
  }

  /// How many cells stand in a row; nil when it is none.
  private static func bars(_ base: UnsafePointer<UInt8>, _ line: Range<Int>, _ style: Style) -> Int? {
    var count = 0
    var cell = line
    guard content(of: line, base, style, &cell) else { return nil }
    RuledGrammar.forEachCell(base, cell, style) { _ in count += 1 }
    return count
  }

  /// The part of a line between its outer bars.
  static func content(
    of line: Range<Int>, _ base: UnsafePointer<UInt8>, _ style: Style, _ content: inout Range<Int>
  ) -> Bool {
    guard line.count >= 3, base[line.upperBound - 1] != UInt8(ascii: "\r") else { return false }
    if style == .psql {
      content = line
      return base[line.lowerBound] == UInt8(ascii: " ")
    }
    guard base[line.lowerBound] == UInt8(ascii: "|"), base[line.upperBound - 1] == UInt8(ascii: "|") else {
      return false
    }
    content = line.lowerBound + 1..<line.upperBound - 1
    return true
  }

  /// Calls `body` with each cell of a row, the blanks around it included.
  static func forEachCell(
    _ base: UnsafePointer<UInt8>, _ content: Range<Int>, _ style: Style, _ body: (Range<Int>) -> Void
  ) {
    var start = content.lowerBound
    for place in content where base[place] == UInt8(ascii: "|") {
      // In Markdown a bar may be part of a cell.
      if style == .markdown, place > content.lowerBound, base[place - 1] == UInt8(ascii: "\\") { continue }
      body(start..<place)
      start = place + 1
    }
    body(start..<content.upperBound)
  }
}
