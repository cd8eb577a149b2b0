/// What the header of a table says: its columns, and how a row becomes an object.
///
/// Bytes that the columns refer to stand in one buffer, ``text``; everything else is numbers. So reading a row allocates nothing.
struct TableHeader: ~Copyable {
  struct Column {
    enum Form: UInt8 {
      case cells, constant, series, times, computed, mostly, codes, affix, nested, lookup

      /// Whether rows have a cell for the column.
      var isVisible: Bool {
        switch self {
        case .cells, .codes, .affix, .nested: true
        default: false
        }
      }
    }

    var form: Form
    /// The steps of its path, in ``TableHeader/steps``.
    var steps: Range<Int>
    /// Its place among the cells of a row, or -1.
    var cell = -1
    /// The value of a constant or default as JSON; the prefix of an affix column. In ``TableHeader/text``.
    var value = 0..<0
    /// The suffix of an affix column, in ``TableHeader/text``.
    var suffix = 0..<0
    /// The parts, exceptions or codes that belong to the column, in their lists.
    var list = 0..<0
    /// The first number or second of a series; the number of a nested table or of a lookup.
    var first = 0
    /// The step of a series; the column of a lookup's table.
    var step = 0
    /// Whether the times of a series end in `Z`.
    var isUTC = false
  }

  /// A member of an object, or an element of an array where `index` is not negative.
  struct Step {
    /// The key as JSON, in ``TableHeader/text``.
    var key: Range<Int>
    var index: Int
  }

  /// A part of a computed text: what stands at `text`, or, where there is a source, a column's value.
  struct Part {
    var text: Range<Int>
    var source: TablePlan.Template.Source?
    /// Known when all columns are.
    var column = -1
  }

  struct Exception {
    var rows: Range<Int>
    var value: Range<Int>
  }

  /// A table of pairs: what the values of a key column determine.
  struct Lookup {
    /// The path of the key, in ``TableHeader/text``.
    var key: Range<Int>
    /// The column of that path, known when all columns are.
    var column = -1
    var rows = ByteIndex()
    /// The values of each row, as JSON in ``TableHeader/text``; empty where missing.
    var values: [Range<Int>] = []
    /// The number of values in a row.
    var width = 0
  }

  var text = ByteWriter(capacity: 512)
  var columns: [Column] = []
  var steps: [Step] = []
  var parts: [Part] = []
  var exceptions: [Exception] = []
  var codes: [Range<Int>] = []
  var lookups: [Lookup] = []
  var nested: [NestedTable] = []
  var members: [RowTemplate.Member] = []
  /// The columns that have cells, in the order of their cells.
  var visible: [Int] = []
  var delimiter = UInt8(ascii: ",")
  /// Whether rows begin with the key of a map.
  var isKeyed = false
  var rowCount = 0

  /// The columns by their paths; the numbers are those of ``columns``.
  private var paths = ByteIndex()
  /// The places of the columns that the header names before the line of columns; empty when they just come first.
  private var order: [Int] = []

  /// No row has more steps to a value: what JSON may nest.
  private static let longestPath = 512

  func column(at path: Range<Int>) -> Int? { column(at: bytes(path)) }

  /// The column of a path that stands in another header's text.
  func column(at path: UnsafeBufferPointer<UInt8>) -> Int? { paths.number(of: path, in: text.base) }

  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: text.base + range.lowerBound, count: range.count)
  }

  /// How many cells a row has at most.
  var cellCount: Int { visible.count + (isKeyed ? 1 : 0) }

  // MARK: Building

  /// Reads a path at `position` and moves behind it: the path in ``text``, each key as JSON, and its steps. Nil when there is none.
  mutating func readPath(_ reader: LineReader, _ position: inout Int, _ end: Int) -> (
    path: Range<Int>, steps: Range<Int>
  )? {
    let start = text.count
    let firstStep = steps.count
    while position < end, steps.count - firstStep < TableHeader.longestPath {
      let isFirst = steps.count == firstStep
      switch reader.bytes[position] {
      case UInt8(ascii: "["):
        position += 1
        guard !isFirst, let index = reader.integer(at: &position, end: end, digits: 4),
          reader.skip("]", at: &position, end: end)
        else { return nil }
        let from = text.count
        text.append(UInt8(ascii: "["))
        text.append(decimal: index)
        steps.append(Step(key: from..<text.count, index: index))
        continue
      case UInt8(ascii: ".") where !isFirst: position += 1
      default: guard isFirst else { return (start..<text.count, firstStep..<steps.count) }
      }
      let from = text.count
      guard Name.readKey(reader.bytes, at: &position, end: end, into: &text) else { return nil }
      steps.append(Step(key: from..<text.count, index: -1))
    }
    guard position == end, steps.count > firstStep else { return nil }
    return (start..<text.count, firstStep..<steps.count)
  }

  /// Adds a column; false when there is one of that path.
  mutating func add(_ path: Range<Int>, _ column: Column) -> Bool {
    guard paths.add(path, in: text.base).isNew else { return false }
    columns.append(column)
    return true
  }

  /// Takes the places of the columns named so far. False when they cannot be that.
  mutating func setOrder(_ places: [Int]) -> Bool {
    guard order.isEmpty, places.count == columns.count, Set(places).count == places.count else { return false }
    order = places
    return true
  }

  /// The columns in the order of the source: those with a given place there, the others around them. Nil where a place does not exist.
  func orderedColumns() -> [Int]? {
    var result = [Int](repeating: -1, count: columns.count)
    for (column, place) in order.enumerated() {
      guard place < result.count else { return nil }
      result[place] = column
    }
    var next = order.count
    for place in result.indices where result[place] < 0 {
      result[place] = next
      next += 1
    }
    return result
  }
}

/// A table whose rows stand below those of another.
final class NestedTable {
  var table: TableReader
  /// The rows below the row that is being read, as objects.
  var rows = ByteWriter()

  init(_ table: consuming TableReader) { self.table = table }
}
