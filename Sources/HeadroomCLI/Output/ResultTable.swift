import Headroom

/// What became of tool results, as a table for people: those that got shorter, the others in one line, and the totals.
struct ResultTable {
  let result: CompressionResult
  /// What results are called; by default their paths.
  var names: [String]?

  func text(on terminal: Terminal) -> String {
    var table = Table(columns: [
      .init(title: "result"), .init(title: "form"), .init(title: "fidelity"), .init(title: "tokens", isNumber: true),
      .init(title: "now", isNumber: true), .init(title: "saved", isNumber: true),
    ])
    for (index, block) in result.blocks.enumerated() where block.encoder != nil {
      let fidelity = block.handle.map { "\(block.fidelity) \($0)" } ?? "\(block.fidelity)"
      table.rows.append(
        row(names?[index] ?? block.path, block.encoder ?? "", fidelity, block.tokensBefore, block.tokensAfter))
    }
    let others = result.blocks.enumerated().filter { $0.element.encoder == nil }
    if let other = others.first {
      let tokens = others.reduce(0) { $0 + $1.element.tokensBefore }
      let name = others.count > 1 ? "\(others.count) others" : names?[other.offset] ?? other.element.path
      table.rows.append(row(name, "as it was", "", tokens, tokens, .faint))
    }
    if result.blocks.count > 1 {
      table.rows.append(row("all results", "", "", result.tokensBefore, result.tokensAfter, .strong))
    }
    return table.text(on: terminal)
  }

  private func row(
    _ name: String, _ form: String, _ fidelity: String, _ before: Int, _ after: Int, _ style: Terminal.Style = .plain
  ) -> Table.Row {
    Table.Row(
      cells: [name, form, fidelity, before.grouped, after.grouped, ResultTable.percent(before, after)], style: style)
  }

  /// The share that was saved, rounded down; nothing when it is nothing.
  static func percent(_ before: Int, _ after: Int) -> String {
    before > after ? "\((before - after) * 100 / before) %" : ""
  }
}
