/// Writes the lines of a run of tests with those of one shape in one line; ``TestUnfolding`` reads it.
///
/// Every line of the result is one of: a ``FoldedLine``; a line without what can be computed (padding, percentages) or a pair shown as one;
/// a reference to ``RepeatedLines``; and a line as it was, behind a `\` where it could be taken for one of the others.
struct TestFolding {
  let report: TestReport
  let runner: TestRunner
  let lines: TextLines
  private(set) var progress = TestProgress()
  /// Whether what a line says of the progress is what is computed for it.
  private(set) var isComputed: [Bool] = []

  init(_ report: TestReport) {
    self.report = report
    runner = TestRunner.all[report.runner]
    lines = report.lines
    lines.text.withUnsafeBufferPointer { bytes in
      if runner.shapes.contains(where: { $0.isCounted }) { settleProgress(bytes) }
    }
  }

  var frame: [UInt8] {
    let body = lines.text.withUnsafeBufferPointer { bytes in
      var writer = Writer(folding: self, bytes: bytes)
      return writer.body()
    }
    return Frame.write(TestForms.name, detail: Array(runner.name.utf8) + progress.text, body: body)
  }

  // MARK: Progress

  /// The test of a line that says how much of the run is done.
  static func counted(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, of runner: Int) -> Range<Int>? {
    let shapes = TestRunner.all[runner].shapes
    var name: Range<Int>?
    TestRunner.lineLookups[runner].candidates(bytes, line) { entry in
      guard let m = entry.pointee.pattern.match(bytes, line) else { return false }
      if shapes[entry.pointee.key].isCounted { name = m.name }
      return true
    }
    return name
  }

  /// One line that says how much is done.
  private struct Counted {
    var line: Int
    var shape: TestRunner.Shape
    var match: LinePattern.Match
  }

  /// Finds how many tests the run has and how wide its lines are, and which lines agree.
  private mutating func settleProgress(_ bytes: UnsafeBufferPointer<UInt8>) {
    isComputed = Array(repeating: false, count: lines.count)
    var counted: [Counted] = []
    for i in 0..<lines.count {
      guard let shape = report.shape(of: i), shape.isCounted, let m = shape.line.match(bytes, lines[i]) else {
        continue
      }
      counted.append(Counted(line: i, shape: shape, match: m))
    }
    guard let first = counted.first else { return }
    progress.column = column(counted, bytes)
    if first.shape.line.has(.percent) {
      let candidates = totals(counted, bytes)
      var best = 0
      for (total, before) in candidates where total > 0 && before >= 0 {
        var tried = TestProgress()
        tried.total = total
        tried.before = before
        let agreeing = agree(counted, bytes, tried).count { $0 }
        if agreeing > best {
          best = agreeing
          progress.total = total
          progress.before = before
        }
      }
      // Where the numbers make no sense, the lines stay as they are.
      guard best * 10 >= counted.count * 9 else {
        progress = TestProgress()
        return
      }
    }
    for (k, isSame) in agree(counted, bytes, progress).enumerated() where isSame {
      isComputed[counted[k].line] = progress.column == 0 || isFilled(counted[k], bytes)
    }
    if !counted.contains(where: { $0.shape.line.has(.pad) || $0.shape.line.has(.dots) }) { progress.column = 0 }
  }

  private func agree(_ counted: [Counted], _ bytes: UnsafeBufferPointer<UInt8>, _ progress: TestProgress) -> [Bool] {
    var progress = progress
    return counted.map { item in
      progress.report(bytes[item.match.name])
      guard item.shape.line.has(.percent) else { return true }
      let range = item.match.percent
      guard let value = progress.percent,
        let shown = FoldedLine.integer(bytes, range.lowerBound + 1..<range.lowerBound + 4)
      else { return false }
      return value == shown
    }
  }

  private func isFilled(_ item: Counted, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let fill = item.match.fill
    guard !fill.isEmpty else { return true }
    let before = UnsafeBufferPointer(rebasing: bytes[lines[item.line].lowerBound..<fill.lowerBound])
    return fill.count == progress.fill(behind: before)
  }

  /// Where most of the fills end that are longer than one character.
  private func column(_ counted: [Counted], _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var counts = [Int](repeating: 0, count: 1_000)
    for item in counted where item.match.fill.count > 1 {
      let before = UnsafeBufferPointer(rebasing: bytes[lines[item.line].lowerBound..<item.match.fill.upperBound])
      let column = TestProgress.characters(before)
      if column < counts.count { counts[column] += 1 }
    }
    let most = counts.max() ?? 0
    return most == 0 ? 1 : counts.firstIndex(of: most) ?? 1
  }

  /// How many tests the run may have, and how many were reported before the first line: as the text says, or as the lines do.
  private func totals(_ counted: [Counted], _ bytes: UnsafeBufferPointer<UInt8>) -> [(Int, Int)] {
    var result: [(Int, Int)] = []
    for i in 0..<min(counted[0].line, 40) {
      if let collected = number(before: " selected", lines[i], bytes) ?? number(before: " items", lines[i], bytes)
        ?? number(before: " item", lines[i], bytes)
      {
        result.append((collected, 0))
      }
    }
    var names: [UInt8] = []
    var count = 0
    for item in counted where !bytes[item.match.name].elementsEqual(names) {
      names = Array(bytes[item.match.name])
      count += 1
    }
    result.append((count, 0))
    var sum = 0
    for word in [" passed", " failed", " skipped", " xfailed", " xpassed"] as [StaticString] {
      sum += number(before: word, lines[lines.count - 1], bytes) ?? 0
    }
    if sum > count { result.append((sum, sum - count)) }
    return result
  }

  private func number(before word: StaticString, _ line: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let count = word.utf8CodeUnitCount
    guard line.count > count, line.count < 400 else { return nil }
    for p in line.lowerBound + 1...line.upperBound - count {
      guard bytes[p] == word.utf8Start[0], bytes[p - 1] &- 0x30 < 10 else { continue }
      guard (0..<count).allSatisfy({ bytes[p + $0] == word.utf8Start[$0] }) else { continue }
      var start = p
      while start > line.lowerBound, bytes[start - 1] &- 0x30 < 10 { start -= 1 }
      return FoldedLine.integer(bytes, start..<p)
    }
    return nil
  }
}
