/// Finds columns that determine others, so that each pair can be said once: who has the login `octocat` has the id 1.
struct LookupFinder {
  private let pool: ValuePool
  private let columns: [TableColumn]
  private let summaries: [ColumnSummary]
  private let rowCount: Int
  /// Columns that may be keys: the costliest first, when there are too many.
  private let keys: [Int]
  /// What was found out about each column and key: 0 nothing yet, 1 determined, 2 not.
  private var known: [UInt8]

  /// Every key is tried with every column, so their number is bounded.
  private static let mostKeys = 64

  init(pool: ValuePool, columns: [TableColumn], summaries: [ColumnSummary], rowCount: Int, open: [Int]) {
    self.pool = pool
    self.columns = columns
    self.summaries = summaries
    self.rowCount = rowCount
    var keys = open.filter { column in
      let distinct = summaries[column].distinct
      return distinct.count > 1 && distinct.count * 5 <= rowCount * 3 && LookupFinder.areKeys(distinct, pool)
    }
    if keys.count > LookupFinder.mostKeys {
      keys.sort { (summaries[$1].cost, $0) < (summaries[$0].cost, $1) }
      keys = keys.prefix(LookupFinder.mostKeys).sorted()
    }
    self.keys = keys
    known = Array(repeating: 0, count: keys.count * columns.count)
  }

  /// Keys are plain values: a reader looks them up by eye.
  private static func areKeys(_ values: [ValuePool.ID], _ pool: ValuePool) -> Bool {
    values.allSatisfy { id in
      switch pool.kind(id) {
      case .string, .number: pool.traits(id).isDisjoint(with: [.newline, .lexemeOnly])
      default: false
      }
    }
  }

  /// The column of `open` that, listed once with what it determines, saves most. `shortest` says what the cells of each cost otherwise.
  mutating func best(_ open: [Int], shortest: [Int]) -> TablePlan.Lookup? {
    var isOpen = [Bool](repeating: false, count: columns.count)
    for column in open { isOpen[column] = true }
    var best: (saving: Int, lookup: TablePlan.Lookup)?
    for (number, key) in keys.enumerated() where isOpen[key] {
      let summary = summaries[key]
      var saving = -2 * summary.distinct.count - 8 - summary.distinct.reduce(0) { $0 + pool.cost($1) }
      var determined: [Int] = []
      for column in open where column != key && summaries[column].distinct.count <= summary.distinct.count {
        guard isDetermined(column, by: key, number) else { continue }
        let listed = summary.firstRows.reduce(0) { total, row in
          let id = columns[column].ids[row]
          return total + (id >= 0 ? pool.cost(id) : 1) + 1
        }
        let own = shortest[column] + rowCount - listed
        guard own > 2 else { continue }
        saving += own
        determined.append(column)
      }
      guard !determined.isEmpty, saving >= TablePlanner.leastSaving, saving > best?.saving ?? 0 else { continue }
      best = (saving, TablePlan.Lookup(key: key, columns: determined, rows: summary.firstRows))
    }
    return best?.lookup
  }

  /// Whether rows with one value of `key` have one value of `column`, and rows without a key have none.
  private mutating func isDetermined(_ column: Int, by key: Int, _ number: Int) -> Bool {
    let place = number * columns.count + column
    if known[place] == 0 { known[place] = isDetermined(column, by: key) ? 1 : 2 }
    return known[place] == 1
  }

  private func isDetermined(_ column: Int, by key: Int) -> Bool {
    let firstRows = summaries[key].firstRows
    return summaries[key].numbers.withUnsafeBufferPointer { keys in
      columns[column].ids.withUnsafeBufferPointer { values in
        for row in keys.indices {
          let expected = keys[row] < 0 ? ValuePool.missing : values[firstRows[Int(keys[row])]]
          if values[row] != expected { return false }
        }
        return true
      }
    }
  }
}
