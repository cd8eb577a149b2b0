/// Finds the parts of a text that a query is about.
struct SegmentSearch {
  let units: Units
  let bytes: [UInt8]

  /// A paragraph longer than this many lines is cut.
  private static let longestParagraph = 12
  /// How many lines before and after a line come with it.
  private static let neighbors = 2
  /// A result has at least this part of the best one's score.
  private static let worstShare = 8

  /// What competes: rows; or paragraphs, where blank lines make them short; or single lines. As ranges of units.
  func segments(in range: Range<Int>) -> [Range<Int>] {
    guard units.kind == .line else { return range.map { $0..<$0 + 1 } }
    var paragraphs: [Range<Int>] = []
    var start = range.lowerBound
    for line in range.lowerBound...range.upperBound where line == range.upperBound || isBlank(line) {
      if line > start { paragraphs.append(start..<line) }
      start = line + 1
    }
    let lines = paragraphs.reduce(0) { $0 + $1.count }
    if lines > paragraphs.count * SegmentSearch.longestParagraph || lines == paragraphs.count || paragraphs.count < 2 {
      return paragraphs.flatMap { $0.map { $0..<$0 + 1 } }
    }
    return paragraphs.flatMap { paragraph in
      stride(from: paragraph.lowerBound, to: paragraph.upperBound, by: SegmentSearch.longestParagraph).map {
        $0..<min($0 + SegmentSearch.longestParagraph, paragraph.upperBound)
      }
    }
  }

  /// The best `most` of `segments`, the best first. Nothing that has next to nothing of the query.
  func best(of segments: [Range<Int>], _ query: Query, most: Int) -> [Range<Int>] {
    let ranges = Segments(
      segments.map { units.ranges[$0.lowerBound].lowerBound..<units.ranges[$0.upperBound - 1].upperBound })
    let scores = bytes.withUnsafeBufferPointer {
      Relevance(of: ranges, in: $0, to: query, keepsCommonTerms: true).scores
    }
    let least = max((scores.max() ?? 0) / SegmentSearch.worstShare, 1)
    let ranked = scores.indices.filter { scores[$0] >= least }.sorted { (scores[$1], $0) < (scores[$0], $1) }
    return ranked.prefix(max(most, 0)).map { segments[$0] }
  }

  /// The best `most` parts of `range`, single lines with their neighbors.
  func best(in range: Range<Int>, _ query: Query, most: Int) -> [Range<Int>] {
    let segments = segments(in: range)
    let found = best(of: segments, query, most: most)
    guard units.kind == .line, segments.allSatisfy({ $0.count == 1 }) else { return found }
    return found.map {
      max(
        $0.lowerBound - SegmentSearch.neighbors, range.lowerBound)..<min(
          $0.upperBound + SegmentSearch.neighbors, range.upperBound)
    }
  }

  private func isBlank(_ line: Int) -> Bool {
    bytes[units.ranges[line]].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }
}
