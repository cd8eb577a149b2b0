/// The rows of a table that stay in view when not all may. All others are stored.
///
/// What stays, in the order of claims:
///
/// 1. every row that reports an error, whatever it costs;
/// 2. rows that answer the query, and the largest and smallest numbers of the columns that it names;
/// 3. the numbers of each column that are far from all others;
/// 4. the two rows where the level of a column changes;
/// 5. the first row of each rare value, and of each distinct message;
/// 6. the first two rows and the last;
/// 7. the rows that show most of what others do not, for their cost, until the budget is spent or little is new.
///
/// A pure function in integers: the same table, query and budget give the same rows on every machine.
struct RowSelection {
  /// The rows that stay, ascending, counted from 0.
  var kept: [Int]
  /// A few lines about all rows, those cut included, joined by newlines: `latency_ms: 3-9120, median 41`,
  /// `status: ok 930, failed 12`. Empty when there is nothing useful to say.
  var summary: [UInt8]

  struct Request {
    /// All that the rows hold. The keys of a map are a column with an empty path.
    var columns: [TableColumn]
    var rowCount: Int
    /// The tokens of each row as rendered.
    var rowCosts: [Int]
    /// Tokens for the rows that stay.
    var budget: Int
    /// What the rows are wanted for; nil when that is not known.
    var query: Query?

    /// Whether the parts fit together and the numbers stay within what the integers here can hold.
    fileprivate var isSound: Bool {
      rowCosts.count == rowCount && rowCount < RowSelection.mostRows && budget >= 0
        && columns.allSatisfy { $0.ids.count == rowCount && $0.nodes.count == rowCount }
    }
  }

  /// Tables of fewer rows are shown whole.
  static let fewestRows = 10
  /// Tables of more rows than this cannot be in a document of the size that is read.
  static let mostRows = 1 << 25
  /// The kept rows may cost at most seven tenths of all.
  private static let mostKept = (of: 10, share: 7)

  /// Chooses rows. Nil when cutting is not safe or not worth it: there are too few rows, too many report errors, or
  /// what must stay is nearly all.
  static func select(_ request: Request, pool: ValuePool) -> RowSelection? {
    guard request.rowCount >= fewestRows, request.isSound else { return nil }
    var basket = Basket(costs: request.rowCosts, budget: request.budget)
    guard basket.totalCost > request.budget else { return nil }

    var seen = [Int32](repeating: -1, count: pool.count)
    let columns = request.columns.map { Values($0, pool, seen: &seen) }
    let signals = Signals(columns, rowCount: request.rowCount, pool)
    guard signals.errors.count * 2 <= request.rowCount else { return nil }
    for row in signals.errors { basket.keep(row) }
    guard basket.isWorthwhile(mostKept) else { return nil }

    let matches = QueryMatches(request.query, request.columns, columns, in: pool.document)
    let findings = Findings(columns, signals, request.query, rowCount: request.rowCount, pool)
    let ends = [0, request.rowCount - 1, 1]
    let claims = [
      matches?.relevant ?? [], findings.named, matches?.answers ?? [], findings.extremes, findings.changes,
      matches?.furtherAnswers ?? [], findings.rare, findings.messages, ends,
    ]
    for row in claims.joined() { basket.keepIfAffordable(row) }
    var features = findings.features
    if let matches { features.add(matches.words) }
    Coverage.fill(&basket, features, scores: matches?.scores, favoured: signals.isWarning)
    guard basket.isWorthwhile(mostKept) else { return nil }
    return RowSelection(kept: basket.rows, summary: Summary.text(findings.lines, pool.counter))
  }
}

extension RowSelection {
  /// The rows kept so far and what they cost.
  struct Basket {
    let costs: [Int]
    let totalCost: Int
    private(set) var isKept: [Bool]
    private var left: Int

    init(costs: [Int], budget: Int) {
      // A row costs at least its line break, and no more than lets a sum of all fit.
      self.costs = costs.map { min(max($0, 1), 1 << 30) }
      totalCost = self.costs.reduce(0, +)
      isKept = Array(repeating: false, count: costs.count)
      left = budget
    }

    /// What is left of the budget; below 0 when errors took more.
    var budgetLeft: Int { left }
    var rows: [Int] { isKept.indices.filter { isKept[$0] } }

    mutating func keep(_ row: Int) {
      guard !isKept[row] else { return }
      isKept[row] = true
      left -= costs[row]
    }

    mutating func keepIfAffordable(_ row: Int) {
      if costs[row] <= left { keep(row) }
    }

    /// Whether the kept rows cost at most `share` parts in `of` of all.
    func isWorthwhile(_ most: (of: Int, share: Int)) -> Bool {
      let cost = costs.indices.reduce(0) { $0 + (isKept[$1] ? costs[$1] : 0) }
      return cost * most.of <= totalCost * most.share
    }
  }
}
