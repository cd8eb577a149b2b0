/// Lines of cells in aligned columns, for people.
struct Table {
  struct Column {
    var title: String
    var isNumber = false
  }

  struct Row {
    var cells: [String]
    var style = Terminal.Style.plain
  }

  var columns: [Column]
  var rows: [Row] = []

  private static let gap = 2
  /// The first column gives way when the terminal is narrow, but not below this.
  private static let narrowest = 12

  /// The lines, each with its end.
  func text(on terminal: Terminal) -> String {
    let cells = [columns.map(\.title)] + rows.map(\.cells)
    var widths = columns.indices.map { column in cells.map { Table.width($0[column]) }.max() ?? 0 }
    let excess = widths.reduce(0, +) + Table.gap * (columns.count - 1) - terminal.columns
    if excess > 0 { widths[0] = max(min(widths[0], Table.narrowest), widths[0] - excess) }
    let head = line(columns.map(\.title), widths, .strong, terminal)
    return head + rows.map { line($0.cells, widths, $0.style, terminal) }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int], _ style: Terminal.Style, _ terminal: Terminal) -> String {
    let aligned = columns.indices.map { column in
      let cell = column == 0 ? Table.clipped(cells[0], to: widths[0]) : cells[column]
      let space = String(repeating: " ", count: max(0, widths[column] - Table.width(cell)))
      return columns[column].isNumber ? space + cell : cell + space
    }
    var line = aligned.joined(separator: String(repeating: " ", count: Table.gap))
    while line.last == " " { line.removeLast() }
    return terminal.styled(line, style) + "\n"
  }

  private static func width(_ text: String) -> Int { text.count }

  private static func clipped(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}

extension Int {
  /// `60,649`
  var grouped: String {
    let digits = String(magnitude)
    let first = digits.count % 3
    var groups = first == 0 ? [] : [String(digits.prefix(first))]
    var rest = digits.dropFirst(first)
    while !rest.isEmpty {
      groups.append(String(rest.prefix(3)))
      rest = rest.dropFirst(3)
    }
    return (self < 0 ? "-" : "") + groups.joined(separator: ",")
  }
}
