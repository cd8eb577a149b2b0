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
  private let document: JSONDocument
  private let pool: ValuePool
  private let rowCount: Int
  private var places: [Place]

  /// One path below the rows, with what stands there.
  private struct Place {
    var step: Name.Step
    var rows: [Int32]
    var nodes: [Int32]
    /// The places below, in the order of members.
    var children: [Int] = []
    /// Whether values here that are not objects (or are empty ones) need a column.
    var isColumn = false
  }

  /// More distinct member names than this in one place, with most of them absent, and the objects stay whole.
  private static let manyKeys = 8
  /// The longest arrays that become indexed paths.
  private static let longestTuple = 4

  /// The columns of `rows`, which are nodes of objects. Nil when a row names a member twice, or there are more columns than `limit`.
  static func columns(of rows: [Int], pool: ValuePool, limit: Int = 512) -> [TableColumn]? {
    var flattener = TableFlattener(
      document: pool.document, pool: pool, rowCount: rows.count,
      places: [Place(step: .index(0), rows: rows.indices.map { Int32($0) }, nodes: rows.map { Int32($0) })])
    guard flattener.spread(limit: limit) else { return nil }
    var columns: [TableColumn] = []
    flattener.collect(0, path: [], into: &columns)
    return columns
  }

  /// Spreads the objects at each place over the places below it. New places are appended, so one loop reaches all.
  private mutating func spread(limit: Int) -> Bool {
    var next = 0
    while next < places.count {
      guard places.count <= limit * 2 else { return false }
      var objects = 0
      for node in places[next].nodes where isNonEmpty(.object, Int(node)) { objects += 1 }
      if objects > 0 {
        places[next].isColumn = objects < places[next].nodes.count
        let before = places.count
        guard spreadObjects(next) else { return false }
        if next > 0, isSparse(next, objects: objects) {
          places.removeSubrange(before...)
          places[next].children = []
          places[next].isColumn = true
        }
      } else if let length = tupleLength(next) {
        spreadTuples(next, length: length)
      } else {
        places[next].isColumn = true
      }
      next += 1
    }
    return true
  }

  private func isNonEmpty(_ kind: JSONDocument.Kind, _ node: Int) -> Bool {
    document.nodes[node].kind == kind && document.nodes[node].next > node + 1
  }

  private mutating func spreadObjects(_ place: Int) -> Bool {
    let rows = places[place].rows
    let nodes = places[place].nodes
    var order: [Int] = []
    for (row, node) in zip(rows, nodes) where isNonEmpty(.object, Int(node)) {
      var expected = 0
      var member = Int(node) + 1
      let end = document.nodes[Int(node)].next
      while member < end {
        let key = document.bytes[document.nodes[member].range]
        var position = expected
        if position >= order.count || !isNamed(order[position], key) {
          if let known = order.firstIndex(where: { isNamed($0, key) }) {
            position = known
          } else {
            // A new member comes behind the one it follows in its row.
            order.insert(places.count, at: position)
            places.append(Place(step: .key(Array(key)), rows: [], nodes: []))
          }
        }
        let child = order[position]
        if places[child].rows.last == row { return false }
        places[child].rows.append(row)
        places[child].nodes.append(Int32(member + 1))
        expected = position + 1
        member = document.nodes[member + 1].next
        // Looking for a member by name costs the number of names; a map of thousands must not become a table this way.
        guard order.count <= 1_024 else { return false }
      }
    }
    places[place].children = order
    return true
  }

  @inline(__always)
  private func isNamed(_ place: Int, _ key: ArraySlice<UInt8>) -> Bool {
    guard case .key(let name) = places[place].step else { return false }
    return name.count == key.count && name.elementsEqual(key)
  }

  /// Whether the members of the objects at a place differ so much that a column for each would be mostly empty.
  private func isSparse(_ place: Int, objects: Int) -> Bool {
    let children = places[place].children
    guard children.count > TableFlattener.manyKeys else { return false }
    let present = children.reduce(0) { $0 + places[$1].rows.count }
    return present * 10 < children.count * objects * 3
  }

  /// The number of elements, when all values at a place are arrays of so many non-empty objects.
  private func tupleLength(_ place: Int) -> Int? {
    var length: Int?
    for node in places[place].nodes {
      guard isNonEmpty(.array, Int(node)) else { return nil }
      var count = 0
      var element = Int(node) + 1
      while element < document.nodes[Int(node)].next {
        guard isNonEmpty(.object, element), count < TableFlattener.longestTuple else { return nil }
        count += 1
        element = document.nodes[element].next
      }
      guard length == nil || length == count else { return nil }
      length = count
    }
    return length
  }

  private mutating func spreadTuples(_ place: Int, length: Int) {
    let first = places.count
    for index in 0..<length {
      places.append(Place(step: .index(index), rows: places[place].rows, nodes: []))
    }
    for node in places[place].nodes {
      var element = Int(node) + 1
      for index in 0..<length {
        places[first + index].nodes.append(Int32(element))
        element = document.nodes[element].next
      }
    }
    places[place].children = Array(first..<first + length)
  }

  private func collect(_ place: Int, path: [Name.Step], into columns: inout [TableColumn]) {
    if places[place].isColumn {
      var column = TableColumn(
        path: path, ids: Array(repeating: ValuePool.missing, count: rowCount),
        nodes: Array(repeating: -1, count: rowCount))
      let hasChildren = !places[place].children.isEmpty
      for (row, node) in zip(places[place].rows, places[place].nodes)
      where !(hasChildren && isNonEmpty(.object, Int(node))) {
        column.ids[Int(row)] = pool.id(ofNode: Int(node))
        column.nodes[Int(row)] = node
      }
      columns.append(column)
    }
    for child in places[place].children { collect(child, path: path + [places[child].step], into: &columns) }
  }
}
