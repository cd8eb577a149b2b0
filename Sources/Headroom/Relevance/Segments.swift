/// The parts of a text that compete for relevance: rows, lines or paragraphs, each one or several byte ranges.
struct Segments: Sendable {
  private(set) var ranges: [Range<Int>]
  /// Where the ranges of each segment end in `ranges`; nil when each segment is one range.
  private var ends: [Int]?

  /// Segments of one range each.
  init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// No segments yet, for `append`.
  init() {
    ranges = []
    ends = []
  }

  var count: Int { ends?.count ?? ranges.count }

  /// Adds a segment of several ranges, such as the cells of a row that lie apart.
  mutating func append(_ segment: some Collection<Range<Int>>) {
    if ends == nil { ends = Array(1...ranges.count) }
    ranges += segment
    ends?.append(ranges.count)
  }

  subscript(index: Int) -> ArraySlice<Range<Int>> {
    guard let ends else { return ranges[index...index] }
    return ranges[(index > 0 ? ends[index - 1] : 0)..<ends[index]]
  }
}
