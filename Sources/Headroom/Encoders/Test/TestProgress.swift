/// What a runner computes for each line: how much of the run is done, and how far the line is filled.
struct TestProgress {
  /// All tests of the run; 0 when percentages are not computed.
  var total = 0
  /// Tests that were reported before the first line.
  var before = 0
  /// Where what fills a line ends, in characters; 0 when it is not computed.
  var column = 0

  private var reported = 0
  private var last: [UInt8] = []

  /// Counts a test. One that is reported twice in a row (its teardown failed too) counts once.
  mutating func report(_ name: some Collection<UInt8>) {
    if name.elementsEqual(last) { return }
    last.removeAll(keepingCapacity: true)
    last += name
    reported += 1
  }

  /// The percentage of the last test reported.
  var percent: Int? { total > 0 ? (before + reported) * 100 / total : nil }

  /// How often a fill character stands behind `line`, so that it ends at the column.
  func fill(behind line: UnsafeBufferPointer<UInt8>) -> Int {
    max(1, column - TestProgress.characters(line))
  }

  static func characters(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in bytes where byte & 0xc0 != 0x80 { count += 1 }
    return count
  }

  /// The header's detail, behind the runner's name.
  var text: [UInt8] {
    var out: [UInt8] = []
    if total > 0 { out += ", \(total) tests".utf8 }
    if before > 0 { out += ", after \(before)".utf8 }
    if column > 0 { out += ", column \(column)".utf8 }
    return out
  }

  init() {}

  /// Reads ``text``.
  init?(_ reader: LineReader, at position: inout Int, end: Int) {
    while position < end {
      guard reader.skip(", ", at: &position, end: end) else { return nil }
      if reader.skip("after ", at: &position, end: end) {
        guard let value = reader.integer(at: &position, end: end) else { return nil }
        before = value
      } else if reader.skip("column ", at: &position, end: end) {
        guard let value = reader.integer(at: &position, end: end), value < 1_000 else { return nil }
        column = value
      } else {
        guard let value = reader.integer(at: &position, end: end), reader.skip(" tests", at: &position, end: end) else {
          return nil
        }
        total = value
      }
    }
  }
}
