/// Which lines of a search result stay in view: every file gets its best line before any gets a second one, as far as the budget goes.
struct SearchChoice {
  private(set) var isKept: [Bool]

  private let run: SearchRun
  private let text: UnsafeBufferPointer<UInt8>

  /// How many lines of context before and behind a match stay with it.
  private static let context = 2

  init(_ run: SearchRun, in text: UnsafeBufferPointer<UInt8>, _ request: CutRequest) {
    self.run = run
    self.text = text
    isKept = run.records.map { $0.kind == .other }
    let scores = scores(request.query)
    // What any form says: the paths and the numbers that are left out. A token is about three bytes.
    var left = request.budget - locationCost(request.budget)
    for i in scores.relevant { keep(i, &left) }
    fill(scores.values, &left)
    closeSmallGaps()
  }

  // MARK: What matters

  private func scores(_ query: Query) -> (values: [Int], relevant: [Int]) {
    var segments = Segments()
    var matches: [Int] = []
    var penalties: [Int] = []
    for group in run.groups {
      let penalty = SearchChoice.isAside(UnsafeBufferPointer(rebasing: text[group.path])) ? 300 : 0
      for i in group.records where run.records[i].kind == .match {
        segments.append(run.layout.hasPath ? [group.path, run.records[i].text] : [run.records[i].text])
        matches.append(i)
        penalties.append(penalty)
      }
    }
    let relevance = Relevance(of: segments, in: text, to: query)
    var values = [Int](repeating: 0, count: run.records.count)
    for (n, i) in matches.enumerated() {
      values[i] = 1000 + relevance.scores[n] - penalties[n]
      if isDefinition(run.records[i].text) { values[i] += 400 }
    }
    let relevant = zip(relevance.relevant, matches).filter { $0.0 }.map { $0.1 }
    return (values, relevant)
  }

  /// Tests, and what others wrote or programs did, matter less.
  private static func isAside(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    for word in [
      "test", "vendor/", "node_modules/", "generated", ".min.", ".lock", "dist/", "third_party/", "fixtures/",
    ] as [StaticString]
    where path.contains(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) {
      return true
    }
    return false
  }

  /// Whether a line looks like the place where something is defined: a keyword at its start, or no indentation and an opening brace.
  private func isDefinition(_ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    let line = UnsafeBufferPointer(rebasing: text[start..<range.upperBound])
    for word in [
      "def ", "async def ", "func ", "fn ", "pub ", "class ", "struct ", "interface ", "type ", "export ", "enum ",
      "impl ",
      "trait ", "protocol ", "extension ", "#define ", "typedef ", "module ", "public ", "function ", "const ",
    ] as [StaticString] where line.has(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount), at: 0)
    {
      return true
    }
    return start == range.lowerBound && line.last == UInt8(ascii: "{")
  }

  // MARK: What it costs

  private func cost(_ i: Int) -> Int { min(run.records[i].text.count, 300) / 3 + 3 }

  /// The tokens of the paths, and of the numbers of the lines that will be left out: all but some of them.
  private func locationCost(_ budget: Int) -> Int {
    let paths = run.layout.hasPath ? run.groups.reduce(0) { $0 + $1.path.count / 4 + 6 } : 0
    return min(paths + run.matches * 2, budget * 6 / 10)
  }

  private mutating func keep(_ i: Int, _ left: inout Int) {
    guard !isKept[i] else { return }
    isKept[i] = true
    left -= cost(i)
    for step in [-1, 1] {
      var other = i + step
      var count = 0
      while count < SearchChoice.context, run.records.indices.contains(other), !isKept[other] {
        let kind = run.records[other].kind
        guard kind == .context || kind == .function else { break }
        isKept[other] = true
        left -= cost(other)
        other += step
        count += 1
      }
    }
  }

  /// Round after round, each file's next best line; in a round the best files first.
  private mutating func fill(_ values: [Int], _ left: inout Int) {
    var queues: [[Int]] = run.groups.map { group in
      group.records.filter { run.records[$0].kind == .match }.sorted { (values[$1], $0) < (values[$0], $1) }
    }
    let order = queues.indices.filter { !queues[$0].isEmpty }
      .sorted { (values[queues[$1][0]], $0) < (values[queues[$0][0]], $1) }
    for i in queues.indices { queues[i].reverse() }
    var rest = order
    while left > 0, !rest.isEmpty {
      for i in rest {
        guard left > 0, let best = queues[i].popLast() else { break }
        keep(best, &left)
      }
      rest.removeAll { queues[$0].isEmpty }
    }
  }

  /// A gap costs about as much as a line, so that one line left out is none saved.
  private mutating func closeSmallGaps() {
    for group in run.groups {
      for i in group.records where !isKept[i] {
        let before = i > group.records.lowerBound && isKept[i - 1]
        let behind = i + 1 < group.records.upperBound && isKept[i + 1]
        if before, behind, cost(i) < 24 { isKept[i] = true }
      }
    }
  }
}
