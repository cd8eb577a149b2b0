/// `git diff --stat`: a line for each file, and the sum of all. Where the level allows it, the files with the most changes stay, and those
/// that the query names.
///
///     src/bitops.c   | 4101 ++++++++++-----
///     [lines 2-40: 39 files, 212 lines]
///     40 files changed, 4200 insertions(+), 113 deletions(-)
struct DiffStat: TextForms {
  static let name = "git stat"
  static let kind = Segment.Kind.history

  private let lines: TextLines
  private let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.counter = counter
  }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      var runs: [Range<Int>] = []
      var line = 0
      while line < lines.count {
        let start = line
        while line < lines.count, StatLine(bytes, lines[line]) != nil { line += 1 }
        if line - start >= 8 { runs.append(start..<line) }
        line += 1
      }
      return runs
    }
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { bytes in
      let ranges = (0..<lines.count).map { lines[$0] }
      let counts = ranges.map { StatLine(bytes, $0)?.count ?? 0 }
      let costs = ranges.map { counter.count(UnsafeBufferPointer(rebasing: bytes[$0])) + 1 }
      var isKept = Relevance(of: Segments(ranges), in: bytes, to: request.query).relevant
      var left = request.budget - zip(isKept, costs).reduce(0) { $1.0 ? $0 + $1.1 : $0 }
      // A gap costs about as much as a line.
      for line in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) where !isKept[line] {
        left -= costs[line] * 2
        guard left > 0 else { break }
        isKept[line] = true
      }
      var text = CutText(lines)
      var start = 0
      while start < lines.count {
        var end = start + 1
        while end < lines.count, isKept[end] == isKept[start] { end += 1 }
        if isKept[start] || end - start == 1 {
          text.keep(start..<end)
        } else {
          text.gap(start..<end, note: "\(end - start) files, \(counts[start..<end].reduce(0, +)) lines")
        }
        start = end
      }
      return text.candidate("git stat cut")
    }
  }
}
