import CHeadroom

/// One column of a table: the value, or ``ValuePool/missing``, that each row has at one path.
struct TableColumn {
  var path: [Name.Step]
  var ids: [ValuePool.ID]
  /// The node of each value in the document, or -1.
  var nodes: [Int32]

  var name: [UInt8] {
    var out: [UInt8] = []
    Name.write(path, into: &out)
    return out
  }
}

/// Flattens rows into columns. Objects become paths, and arrays of objects that have the same few elements everywhere become indexed
/// paths. A member that is an object in some rows and something else in others has a column for the latter beside those below it.
///
/// Columns stand in the order of their members, merged over all rows.
struct TableFlattener {
  private typealias Node = JSONDocument.Node

  /// A value in a row.
  private struct Cell {
    var row: Int32
    var node: Int32
  }

  /// One path below the rows, with what stands there.
  private struct Place {
    /// The key as JSON, in the document; empty for elements.
    var key = 0..<0
    /// The number of an element, or -1.
    var index = -1
    /// The values, in ``TableFlattener/cells``.
    var cells: Range<Int>
    /// The places below, in the order of members.
    var children: [Int] = []
    /// Whether values here that are not objects (or are empty ones) need a column.
    var isColumn = false
  }

  private let bytes: UnsafePointer<UInt8>
  private let nodes: UnsafePointer<Node>
  private let pool: ValuePool
  private let rowCount: Int
  private var places: [Place]
  private var cells: ContiguousArray<Cell>

  /// More distinct member names than this in one place, with most of them absent, and the objects stay whole.
  private static let manyKeys = 8
  /// With more distinct member names than this the objects stay whole in any case.
  private static let mostKeys = 1_024
  /// The longest arrays that become indexed paths.
  private static let longestTuple = 4

  /// The columns of `rows`, which are nodes of objects. Nil when a row names a member twice, or there are more columns than `limit`.
  static func columns(of rows: [Int], pool: ValuePool, limit: Int = 512) -> [TableColumn]? {
    pool.document.bytes.withUnsafeBufferPointer { bytes in
      pool.document.nodes.withUnsafeBufferPointer { nodes in
        guard let bytes = bytes.baseAddress, let nodes = nodes.baseAddress else { return nil }
        var flattener = TableFlattener(bytes: bytes, nodes: nodes, pool: pool, rows: rows)
        guard flattener.spread(limit: limit) else { return nil }
        var columns: [TableColumn] = []
        var path: [Name.Step] = []
        flattener.collect(0, path: &path, into: &columns)
        return columns
      }
    }
  }

  private init(bytes: UnsafePointer<UInt8>, nodes: UnsafePointer<Node>, pool: ValuePool, rows: [Int]) {
    self.bytes = bytes
    self.nodes = nodes
    self.pool = pool
    rowCount = rows.count
    places = [Place(cells: 0..<rows.count)]
    cells = []
    cells.reserveCapacity(rows.count * 8)
    for (row, node) in rows.enumerated() {
      cells.append(Cell(row: Int32(truncatingIfNeeded: row), node: Int32(truncatingIfNeeded: node)))
    }
  }

  /// Spreads the objects at each place over the places below it. New places are appended, so one loop reaches all.
  private mutating func spread(limit: Int) -> Bool {
    var next = 0
    while next < places.count {
      guard places.count <= limit * 2 else { return false }
      let own = places[next].cells
      var objects = 0
      for cell in own where isNonEmpty(.object, cells[cell].node) { objects += 1 }
      if objects > 0 {
        places[next].isColumn = objects < own.count
        let before = (places: places.count, cells: cells.count)
        guard spreadObjects(next) else { return false }
        if next > 0, isSparse(next, objects: objects) {
          places.removeSubrange(before.places...)
          cells.removeSubrange(before.cells...)
          places[next].children = []
          places[next].isColumn = true
        }
      } else if let length = tupleLength(own) {
        spreadTuples(next, length: length)
      } else {
        places[next].isColumn = true
      }
      next += 1
    }
    return true
  }

  @inline(__always)
  private func isNonEmpty(_ kind: JSONDocument.Kind, _ node: Int32) -> Bool {
    let value = nodes[Int(node)]
    return value.kind == kind && value.next > Int(node) + 1
  }

  // MARK: Objects

  /// A member name that was met in one place.
  private struct Member {
    var key: Int
    var length: Int
    var lastRow: Int32
    var count: Int
  }

  private mutating func spreadObjects(_ place: Int) -> Bool {
    var members: ContiguousArray<Member> = []
    /// The numbers of the members, in the order in which they stand.
    var order: ContiguousArray<Int> = []
    var index = ByteIndex()
    /// The values met, and their members.
    var met: ContiguousArray<(member: Int32, cell: Cell)> = []
    met.reserveCapacity(places[place].cells.count * 8)
    for cell in places[place].cells {
      let (row, node) = (cells[cell].row, cells[cell].node)
      guard isNonEmpty(.object, node) else { continue }
      var expected = 0
      var member = Int(node) + 1
      let end = nodes[Int(node)].next
      while member < end {
        let key = Int(nodes[member].start)
        let length = Int(nodes[member].end) - key
        let number: Int
        if expected < order.count, members[order[expected]].length == length,
          headroom_equal_bytes(bytes + members[order[expected]].key, bytes + key, length)
        {
          number = order[expected]
          expected += 1
        } else {
          let (known, isNew) = index.add(key..<key + length, in: bytes)
          number = known
          if isNew {
            // A new member comes behind the one it follows in its row.
            members.append(Member(key: key, length: length, lastRow: -1, count: 0))
            order.insert(number, at: expected)
            guard order.count <= TableFlattener.mostKeys else { return false }
          }
          expected = (order.firstIndex(of: number) ?? expected) + 1
        }
        if members[number].lastRow == row { return false }
        members[number].lastRow = row
        members[number].count += 1
        met.append(
          (Int32(truncatingIfNeeded: number), Cell(row: row, node: Int32(truncatingIfNeeded: member + 1))))
        member = nodes[member + 1].next
      }
    }
    append(members, met)
    places[place].children = order.map { places.count - members.count + $0 }
    return true
  }

  /// Makes a place of each member and puts its values together.
  private mutating func append(
    _ members: ContiguousArray<Member>, _ met: ContiguousArray<(member: Int32, cell: Cell)>
  ) {
    var start = cells.count
    cells.append(contentsOf: repeatElement(Cell(row: 0, node: 0), count: met.count))
    var ends: ContiguousArray<Int> = []
    ends.reserveCapacity(members.count)
    for member in members {
      places.append(Place(key: member.key..<member.key + member.length, cells: start..<start + member.count))
      ends.append(start)
      start += member.count
    }
    for (member, cell) in met {
      cells[ends[Int(member)]] = cell
      ends[Int(member)] += 1
    }
  }

  /// Whether the members of the objects at a place differ so much that a column for each would be mostly empty.
  private func isSparse(_ place: Int, objects: Int) -> Bool {
    let children = places[place].children
    guard children.count > TableFlattener.manyKeys else { return false }
    let present = children.reduce(0) { $0 + places[$1].cells.count }
    return present * 10 < children.count * objects * 3
  }

  // MARK: Tuples

  /// The number of elements, when all values at a place are arrays of so many non-empty objects.
  private func tupleLength(_ own: Range<Int>) -> Int? {
    var length: Int?
    for cell in own {
      let node = cells[cell].node
      guard isNonEmpty(.array, node) else { return nil }
      var count = 0
      var element = Int(node) + 1
      while element < nodes[Int(node)].next {
        guard isNonEmpty(.object, Int32(truncatingIfNeeded: element)), count < TableFlattener.longestTuple else {
          return nil
        }
        count += 1
        element = nodes[element].next
      }
      guard length == nil || length == count else { return nil }
      length = count
    }
    return length
  }

  private mutating func spreadTuples(_ place: Int, length: Int) {
    let first = places.count
    let own = places[place].cells
    for index in 0..<length {
      let start = cells.count
      for cell in own {
        var element = Int(cells[cell].node) + 1
        for _ in 0..<index { element = nodes[element].next }
        cells.append(Cell(row: cells[cell].row, node: Int32(truncatingIfNeeded: element)))
      }
      places.append(Place(index: index, cells: start..<cells.count))
    }
    places[place].children = Array(first..<first + length)
  }

  // MARK: Columns

  private func collect(_ number: Int, path: inout [Name.Step], into columns: inout [TableColumn]) {
    let place = places[number]
    if place.isColumn {
      var column = TableColumn(
        path: path, ids: Array(repeating: ValuePool.missing, count: rowCount),
        nodes: Array(repeating: -1, count: rowCount))
      let hasChildren = !place.children.isEmpty
      for cell in place.cells {
        let (row, node) = (Int(cells[cell].row), cells[cell].node)
        if hasChildren, isNonEmpty(.object, node) { continue }
        column.ids[row] = pool.id(ofNode: Int(node))
        column.nodes[row] = node
      }
      columns.append(column)
    }
    for child in place.children {
      path.append(step(to: places[child]))
      collect(child, path: &path, into: &columns)
      path.removeLast()
    }
  }

  private func step(to place: Place) -> Name.Step {
    if place.index >= 0 { return .index(place.index) }
    return .key(Array(UnsafeBufferPointer(start: bytes + place.key.lowerBound, count: place.key.count)))
  }
}
