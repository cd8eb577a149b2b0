/// A run of tests with content out of view: what failed, why, and the verdict as they were.
///
///     [lines 9-23: tests/test_appctx.py 15 passed]
///     tests/test_async.py::test_error FAILED      [  4%]
///     …
///     [lines 812-930: same failure as test_error: test_make_response, test_jsonify]
///
/// Left out first are tests that passed, library frames, source that is in view already, and failures that are the same as two before them;
/// then, while the budget is exceeded, what else is not a message of a failure or a verdict.
struct TestCut {
  /// Why a line is left out of view.
  enum Reason: Equatable {
    case passed, skipped, frames, repeated, source, output
    /// The block that is the same.
    case same(Int)
  }

  /// How much is left out.
  enum Stage: Int, CaseIterable {
    case gentle, tight, tightest
  }

  private static let lastLines = 40
  private static let mostLastBytes = 8_192
  private static let fewestSkips = 20

  private let report: TestReport
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>
  private let failures: TestFailures
  private let isWanted: [Bool]
  private var reasons: [Reason?] = []
  /// Lines whose words are in view by now.
  private var inView = ByteIndex(capacity: 256)

  init(_ report: TestReport, _ bytes: UnsafeBufferPointer<UInt8>, _ query: Query) {
    self.report = report
    lines = report.lines
    self.bytes = bytes
    failures = TestFailures(report, bytes)
    var isWanted = Relevance(of: Segments((0..<lines.count).map { [lines] in lines[$0] }), in: bytes, to: query)
      .relevant
    if failures.blocks.count + (0..<lines.count).count(where: { report.role(of: $0) == .fail }) > 0 {
      var size = 0
      for i in (0..<lines.count).reversed().prefix(TestCut.lastLines) {
        size += lines[i].count + 1
        guard size <= TestCut.mostLastBytes else { break }
        isWanted[i] = true
      }
    }
    self.isWanted = isWanted
  }

  /// The text that is in view at a stage.
  mutating func text(_ stage: Stage) -> CutText {
    reasons = Array(repeating: nil, count: lines.count)
    inView = ByteIndex(capacity: 256)
    leaveOutPassed()
    leaveOutSkipped(stage)
    for b in failures.blocks.indices { leaveOut(block: b, stage) }
    if stage != .gentle { leaveOutOutput(stage) }
    return written()
  }

  // MARK: Tests that passed

  private mutating func leaveOutPassed() {
    var i = 0
    while i < lines.count {
      guard isPassed(i) else {
        i += 1
        continue
      }
      var end = i + 1
      var p = end
      // What stands between them, such as titles of groups: short, and not about anything that failed.
      while p < lines.count {
        if isPassed(p) {
          p += 1
          end = p
        } else if p - end < 4, report.role(of: p) == .other, lines[p].count < 120,
          !report.isError(p, bytes)
        {
          p += 1
        } else {
          break
        }
      }
      if end - i >= 3 || lines[i..<end].bytes.count >= 120 {
        for line in i..<end { reasons[line] = .passed }
      }
      i = end
    }
  }

  private func isPassed(_ i: Int) -> Bool {
    switch report.role(of: i) {
    case .pass, .start, .suite: true
    case .progress: !bytes[marks(i)].contains { $0 == UInt8(ascii: "F") || $0 == UInt8(ascii: "E") }
    default: false
    }
  }

  private func marks(_ i: Int) -> Range<Int> { report.shape(of: i)?.line.match(bytes, lines[i])?.marks ?? 0..<0 }

  private mutating func leaveOutSkipped(_ stage: Stage) {
    let skipped = (0..<lines.count).filter { report.role(of: $0) == .skip }
    guard skipped.count > (stage == .gentle ? TestCut.fewestSkips : TestCut.fewestSkips / 4) else { return }
    for i in skipped { reasons[i] = .skipped }
  }

  // MARK: Failures

  private mutating func leaveOut(block b: Int, _ stage: Stage) {
    let block = failures.blocks[b]
    let isShown = block.rank < (stage == .gentle ? 2 : 1)
    if !isShown {
      for i in block.lines { reasons[i] = .same(block.first) }
    } else {
      leaveOutFrames(block.lines)
      if stage != .gentle { leaveOutSource(block.lines, stage) }
      leaveOutRepeated(block.lines)
    }
    for i in block.lines where report.isError(i, bytes) && i > block.lines.lowerBound {
      // A message is left out only where the same words are in view.
      if reasons[i] != nil, isNew(lines[i]) { reasons[i] = nil }
    }
    if isShown {
      for i in block.lines where reasons[i] == nil { _ = isNew(lines[i]) }
    }
  }

  /// Whether a line has not been in view; it counts as being from now on.
  private mutating func isNew(_ line: Range<Int>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    return inView.add(line, in: base).isNew
  }

  private func isKnown(_ line: Range<Int>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    return inView.number(of: UnsafeBufferPointer(rebasing: bytes[line]), in: base) != nil
  }

  /// Runs of frames in libraries, each with the source below it.
  private mutating func leaveOutFrames(_ part: Range<Int>) {
    var i = part.lowerBound
    while i < part.upperBound {
      guard FailureLines.frame(bytes, lines[i]) == .library else {
        i += 1
        continue
      }
      var end = i
      var p = i
      while p < part.upperBound, FailureLines.frame(bytes, lines[p]) == .library {
        let indentation = FailureLines.indentation(bytes, lines[p])
        p += 1
        while p < part.upperBound, FailureLines.frame(bytes, lines[p]) == nil, !lines[p].isEmpty,
          FailureLines.indentation(bytes, lines[p]) > indentation, !report.isError(p, bytes)
        {
          p += 1
        }
        end = p
      }
      if end - i >= 2, lines[i..<end].bytes.count >= 120 {
        for line in i..<end { reasons[line] = .frames }
      }
      i = end
    }
  }

  /// Blocks of lines that are in view above.
  private mutating func leaveOutRepeated(_ part: Range<Int>) {
    var i = part.lowerBound + 1
    while i < part.upperBound {
      var end = i
      while end < part.upperBound, reasons[end] == nil, !report.isError(end, bytes),
        lines[end].isEmpty || isKnown(lines[end])
      {
        end += 1
      }
      if end - i >= RepeatedLines.fewestLines, lines[i..<end].bytes.count >= RepeatedLines.fewestBytes {
        for line in i..<end { reasons[line] = .repeated }
      }
      i = max(end, i + 1)
    }
  }

  /// Source and printed text, but for what is near a message.
  private mutating func leaveOutSource(_ part: Range<Int>, _ stage: Stage) {
    let reach = stage == .tight ? 3 : 1
    var lastKept = part.lowerBound
    for i in part.dropFirst() where isTelling(i) {
      let before = max(lastKept + 1, i - reach)
      if before - lastKept > 4 {
        for line in lastKept + 1..<before where reasons[line] == nil { reasons[line] = .source }
      }
      lastKept = i
    }
    let after = lastKept + 3
    if part.upperBound - after > 4 {
      for line in after..<part.upperBound where reasons[line] == nil { reasons[line] = .source }
    }
  }

  /// Whether a line of a failure is one that others are only the context of.
  private func isTelling(_ i: Int) -> Bool {
    guard let first = bytes[lines[i]].first else { return false }
    return first == UInt8(ascii: ">") || report.role(of: i) == .capture || report.isError(i, bytes)
      || FailureLines.frame(bytes, lines[i]) == .project || FailureLines.isPlace(bytes, lines[i])
  }

  // MARK: What else is printed

  /// Long runs of lines that are of no kind: their first and last ones, and those about errors, stay.
  private mutating func leaveOutOutput(_ stage: Stage) {
    let ends = stage == .tight ? 8 : 3
    var i = 0
    while i < lines.count {
      guard isOutput(i) else {
        i += 1
        continue
      }
      var end = i + 1
      while end < lines.count, isOutput(end) { end += 1 }
      if end - i > 2 * ends + 4 {
        for line in i + ends..<end - ends where !report.isError(line, bytes) { reasons[line] = .output }
      }
      i = end
    }
  }

  private func isOutput(_ i: Int) -> Bool {
    guard reasons[i] == nil, report.role(of: i) == .other else { return false }
    let next = failures.blocks(before: i)
    return next == 0 || failures.blocks[next - 1].lines.upperBound <= i
  }

  // MARK: Writing

  private func written() -> CutText {
    var text = CutText(lines)
    var i = 0
    while i < lines.count {
      guard let reason = reasons[i], !isWanted[i] else {
        var end = i + 1
        while end < lines.count, reasons[end] == nil || isWanted[end] { end += 1 }
        text.keep(i..<end)
        i = end
        continue
      }
      var end = i + 1
      while end < lines.count, reasons[end] == reason, !isWanted[end] { end += 1 }
      if end - i == 1, lines[i].count < 60 {
        text.keep(i..<end)
      } else {
        leaveOut(i..<end, reason, &text)
      }
      i = end
    }
    return text
  }

  private func leaveOut(_ part: Range<Int>, _ reason: Reason, _ text: inout CutText) {
    switch reason {
    case .passed: TestCounts(report, bytes).leaveOut(part, &text)
    case .skipped: text.gap(part, note: "\(part.count) skipped: \(names(part))")
    case .frames: text.gap(part, note: "library frames")
    case .repeated: text.gap(part, note: "as above")
    case .source: text.gap(part)
    case .output: text.gap(part, note: "output")
    case .same(let first):
      let blocks = failures.blocks[failures.blocks(before: part.lowerBound)...].prefix {
        part.contains($0.lines.lowerBound)
      }
      let others = blocks.map { string($0.name) }
      let note = "same failure as \(string(failures.blocks[first].name))"
      text.gap(part, note: others.isEmpty ? note : note + ": " + others.joined(separator: ", "))
    }
  }

  private func names(_ part: Range<Int>) -> String {
    part.compactMap { i -> String? in
      guard let m = report.shape(of: i)?.line.match(bytes, lines[i]) else { return nil }
      let name = m.name.isEmpty ? m.rest : m.name
      let start = bytes[name].lastIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }.map { $0 + 1 }
      return string((start ?? name.lowerBound)..<name.upperBound)
    }.joined(separator: ", ")
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
