extension RowSelection {
  /// The distinct values of a column, numbered in the order they first stand.
  struct Values {
    let path: [Name.Step]
    private(set) var distinct: [ValuePool.ID] = []
    /// How many rows have each.
    private(set) var counts: [Int] = []
    /// The first row of each.
    private(set) var firstRows: [Int] = []
    /// The number of each row's value, or -1 where it is missing.
    private(set) var numbers: [Int32]
    private(set) var missing = 0
    private(set) var firstMissing = -1
    /// The nodes of the first rows.
    private(set) var nodes: [Int32] = []

    /// `seen` is scratch: as many entries as the pool has values, all -1, and left so.
    init(_ column: TableColumn, _ pool: ValuePool, seen: inout [Int32]) {
      path = column.path
      numbers = Array(repeating: -1, count: column.ids.count)
      for (row, id) in column.ids.enumerated() {
        guard id >= 0 else {
          if missing == 0 { firstMissing = row }
          missing += 1
          continue
        }
        var number = seen[Int(id)]
        if number >= 0 {
          counts[Int(number)] += 1
        } else {
          number = Int32(distinct.count)
          seen[Int(id)] = number
          distinct.append(id)
          counts.append(1)
          firstRows.append(row)
          nodes.append(column.nodes[row])
        }
        numbers[row] = number
      }
      for id in distinct { seen[Int(id)] = -1 }
    }

    var rowCount: Int { numbers.count }
    var isConstant: Bool { distinct.count + (missing > 0 ? 1 : 0) <= 1 }

    /// The name of the member that the column is of, as it stands between its quotes.
    var key: ArraySlice<UInt8> {
      for case .key(let lexeme) in path.reversed() { return lexeme.dropFirst().dropLast() }
      return []
    }
  }

  /// A partition of a column's rows: by value, by the template of a text, or by size.
  struct Groups {
    /// The group of each row; -1 where the row is in none.
    var numbers: [Int32]
    var counts: [Int]
    var firstRows: [Int]

    /// Rows with the same value; those without one are a group of their own.
    init(_ values: Values) {
      numbers = values.numbers
      counts = values.counts
      firstRows = values.firstRows
      guard values.missing > 0 else { return }
      let group = Int32(counts.count)
      for row in numbers.indices where numbers[row] < 0 { numbers[row] = group }
      counts.append(values.missing)
      firstRows.append(values.firstMissing)
    }

    /// Rows whose values are in the same class; `classes` has one for each distinct value, numbered from 0.
    init(_ values: Values, classes: [Int32], count: Int) {
      let isPartial = values.missing > 0
      let missing = Int32(count)
      numbers = values.numbers.map { $0 >= 0 ? classes[Int($0)] : isPartial ? missing : -1 }
      counts = Array(repeating: 0, count: count + (isPartial ? 1 : 0))
      firstRows = Array(repeating: 0, count: counts.count)
      for (row, group) in numbers.enumerated() where group >= 0 {
        if counts[Int(group)] == 0 { firstRows[Int(group)] = row }
        counts[Int(group)] += 1
      }
    }

    init(numbers: [Int32], counts: [Int], firstRows: [Int]) {
      self.numbers = numbers
      self.counts = counts
      self.firstRows = firstRows
    }
  }
}
