import Testing

@testable import Headroom

/// Whether text with lines out of view is made of the source's lines, in order, and of gaps that account for all others.
enum CutChecks {
  static func expectCover(_ cut: [UInt8], of source: [UInt8], _ comment: Comment? = nil) {
    let lines = TextLines(source)
    var next = 0
    for part in cut.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if next < lines.count, part.elementsEqual(source[lines[next]]) {
        next += 1
        continue
      }
      guard let gap = gap(part), gap.lowerBound == next + 1, gap.upperBound <= lines.count else {
        Issue.record("line \(next + 1) is neither kept nor in a gap: \(String(decoding: part, as: UTF8.self))")
        return
      }
      next = gap.upperBound
    }
    #expect(next == lines.count, comment)
  }

  /// The line numbers of `[lines 3-9]` or `[lines 3-9: note]`.
  private static func gap(_ line: ArraySlice<UInt8>) -> ClosedRange<Int>? {
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("[lines "), text.hasSuffix("]") else { return nil }
    let numbers = text.dropFirst(7).prefix { $0.isNumber || $0 == "-" }.split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] <= numbers[1] else { return nil }
    return numbers[0]...numbers[1]
  }

  static func request(budget: Int, query: String = "", for text: [UInt8]) -> CutRequest {
    CutRequest(
      budget: budget, query: query.isEmpty ? Query() : Query(Array(query.utf8)), handle: Handle(of: text),
      retrieval: .none, level: .balanced)
  }
}
