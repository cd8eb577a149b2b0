struct RowSelection {
  var kept: [Int]
  var summary: [[UInt8]]
  struct Request {
    var columns: [TableColumn]; var rowNodes: [Int]; var rowCosts: [Int]; var budget: Int; var query: Query?
  }
  static func select(_ request: Request, pool: ValuePool) -> RowSelection? {
    var kept: [Int] = [], cost = 0
    for (i, c) in request.rowCosts.enumerated() where cost + c < request.budget && i % 3 == 0 {
      kept.append(i); cost += c
    }
    return RowSelection(kept: kept, summary: [])
  }
}
