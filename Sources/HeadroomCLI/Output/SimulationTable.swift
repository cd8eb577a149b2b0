import Headroom

/// What conversations cost directly and shortened, as a table for people: each of them, the totals, and what is usual and what is worst.
struct SimulationTable {
  let simulations: [Simulation]

  func text(on terminal: Terminal) -> String {
    var table = Table(columns: [
      .init(title: "conversation"), .init(title: "turns", isNumber: true), .init(title: "tokens", isNumber: true),
      .init(title: "now", isNumber: true), .init(title: "cost", isNumber: true), .init(title: "now", isNumber: true),
      .init(title: "saved", isNumber: true),
    ])
    table.rows = simulations.map { row($0.name, $0.turns.count, $0.direct, $0.shortened, $0.unit) }
    guard simulations.count > 1 else { return table.text(on: terminal) }
    for unit in [Simulation.Unit.dollars, .tokens] {
      let same = simulations.filter { $0.unit == unit }
      guard same.count > 1 else { continue }
      let (direct, shortened) = (sum(same, \.direct), sum(same, \.shortened))
      table.rows.append(
        Table.Row(
          cells: cells(
            "all \(same.count)", same.reduce(0) { $0 + $1.turns.count }, direct, shortened, unit), style: .strong))
    }
    let saved = simulations.map { SimulationTable.permille($0.direct.cost, $0.shortened.cost) }
    let worst = saved.indices.min { saved[$0] < saved[$1] } ?? 0
    let note =
      "saved: median \(SimulationTable.percent(saved.sorted()[saved.count / 2])), "
      + "worst \(SimulationTable.percent(saved[worst])) (\(simulations[worst].name))"
    return table.text(on: terminal) + terminal.styled(note, .faint) + "\n"
  }

  private typealias Sum = (tokens: Int, cost: Int)

  private func sum(_ simulations: [Simulation], _ side: KeyPath<Simulation, PromptBill>) -> Sum {
    simulations.reduce((0, 0)) { ($0.tokens + $1[keyPath: side].tokens, $0.cost + $1[keyPath: side].cost) }
  }

  private func row(
    _ name: String, _ turns: Int, _ direct: PromptBill, _ shortened: PromptBill, _ unit: Simulation.Unit
  ) -> Table.Row {
    Table.Row(
      cells: cells(name, turns, (direct.tokens, direct.cost), (shortened.tokens, shortened.cost), unit))
  }

  private func cells(
    _ name: String, _ turns: Int, _ direct: Sum, _ shortened: Sum, _ unit: Simulation.Unit
  ) -> [String] {
    [
      name, "\(turns)", direct.tokens.grouped, shortened.tokens.grouped, amount(direct.cost, unit),
      amount(shortened.cost, unit), SimulationTable.percent(SimulationTable.permille(direct.cost, shortened.cost)),
    ]
  }

  private func amount(_ cost: Int, _ unit: Simulation.Unit) -> String {
    guard unit == .dollars else { return cost.grouped }
    // Two figures behind the point, or as many as a small amount needs.
    let (scale, figures) = cost >= 1_000_000 ? (10_000, 2) : (100, 4)
    let rounded = String((cost + scale / 2) / scale)
    let digits = String(repeating: "0", count: max(0, figures + 1 - rounded.count)) + rounded
    return "$\(digits.dropLast(figures)).\(digits.suffix(figures))"
  }

  /// The part saved, in thousandths, rounded down.
  static func permille(_ direct: Int, _ shortened: Int) -> Int {
    let saved = (direct - shortened) * 1_000
    return saved >= 0 ? saved / max(1, direct) : -((-saved + direct - 1) / max(1, direct))
  }

  private static func percent(_ permille: Int) -> String {
    "\(permille < 0 ? "-" : "")\(permille.magnitude / 10).\(permille.magnitude % 10) %"
  }
}
