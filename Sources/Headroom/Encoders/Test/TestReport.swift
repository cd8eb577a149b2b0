/// The lines of one run of tests, each with the shape it has.
struct TestReport {
  let lines: TextLines
  /// The number of the runner in ``TestRunner/all``.
  let runner: Int
  /// The shape of each line, of the runner's; -1 for none.
  private(set) var shapes: [Int16]
  private var roles: [TestRunner.Role]
  let marksMessages: Bool

  /// Nil when no runner explains the lines.
  init?(_ lines: TextLines) {
    // What the first lines say is what they all say, but for short runs.
    let few = lines[0..<min(lines.count, 200)]
    guard let found = TestFinder(few).best ?? TestFinder(lines).best else { return nil }
    self.init(lines, runner: found)
  }

  init(_ lines: TextLines, runner: Int) {
    self.lines = lines
    self.runner = runner
    marksMessages = TestRunner.all[runner].marksMessages
    var shapes = [Int16](repeating: -1, count: lines.count)
    var roles = [TestRunner.Role](repeating: .other, count: lines.count)
    let known = TestRunner.all[runner].shapes
    let lookup = TestRunner.lineLookups[runner]
    lines.text.withUnsafeBufferPointer { bytes in
      for i in 0..<lines.count {
        let line = lines[i]
        lookup.candidates(bytes, line) { entry in
          guard entry.pointee.pattern.matches(bytes, line) else { return false }
          shapes[i] = Int16(entry.pointee.key)
          roles[i] = known[entry.pointee.key].role
          return true
        }
      }
    }
    self.shapes = shapes
    self.roles = roles
  }

  func shape(of line: Int) -> TestRunner.Shape? {
    shapes[line] < 0 ? nil : TestRunner.all[runner].shapes[Int(shapes[line])]
  }

  func role(of line: Int) -> TestRunner.Role { roles[line] }

  /// Whether a line says what went wrong. pytest marks the lines of messages; what is indented there is source.
  func isError(_ line: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let range = lines[line]
    guard let first = bytes[range].first else { return false }
    if marksMessages, first == UInt8(ascii: " ") || first == UInt8(ascii: ">") { return false }
    return FailureLines.isError(bytes, range)
  }
}

/// Finds runs of tests in a text: where they are, and of which runner.
struct TestFinder {
  private struct Hit {
    var line: Int32
    var runner: UInt8
    var role: TestRunner.Role
    var isWeak: Bool
  }

  /// What speaks for a runner.
  private struct Evidence {
    /// Lines that hardly anything else prints.
    var tests = 0
    /// Lines that a list or a note may look like: of tests that were skipped, titles of failures.
    var others = 0
    var verdicts = 0

    mutating func add(_ role: TestRunner.Role, isWeak: Bool) {
      switch role {
      case .pass, .fail, .start, .suite: if isWeak { others += 1 } else { tests += 1 }
      case .verdict: verdicts += 1
      case .skip, .failure, .section, .progress, .capture: others += 1
      case .other: break
      }
    }

    /// Three lines about tests, or a verdict with what leads to it.
    var suffices: Bool { tests + (tests > 0 ? others : 0) >= 3 || verdicts >= 1 && tests + others >= 2 }
    var weight: Int { tests * 2 + verdicts + others }
  }

  /// So many lines that are none of the runner's, outside of a failure, end a run.
  private static let longestGap = 40

  private let lines: TextLines
  private var hits: [Hit] = []

  init(_ lines: TextLines) {
    self.lines = lines
    let facts = TestRunner.all.map { $0.shapes.map { (role: $0.role, isWeak: $0.isWeak) } }
    var last = [Int](repeating: -1, count: facts.count)
    let lookup = TestRunner.lookup
    var hits: [Hit] = []
    lines.text.withUnsafeBufferPointer { bytes in
      for i in 0..<lines.count {
        let line = lines[i]
        lookup.candidates(bytes, line) { entry in
          let runner = entry.pointee.key >> 8
          guard last[runner] != i, entry.pointee.pattern.matches(bytes, line) else { return false }
          last[runner] = i
          let fact = facts[runner][entry.pointee.key & 255]
          hits.append(
            Hit(
              line: Int32(truncatingIfNeeded: i), runner: UInt8(runner), role: fact.role,
              isWeak: fact.isWeak))
          return false
        }
      }
    }
    self.hits = hits
  }

  /// The runner that explains most of the lines.
  var best: Int? { best(of: hits) }

  private func best(of hits: [Hit]) -> Int? {
    var evidence = [Evidence](repeating: Evidence(), count: TestRunner.all.count)
    for hit in hits { evidence[Int(hit.runner)].add(hit.role, isWeak: hit.isWeak) }
    var best: Int?
    for (runner, value) in evidence.enumerated() where value.suffices {
      if let other = best, evidence[other].weight >= value.weight { continue }
      best = runner
    }
    return best
  }

  /// The runs of lines that are of test runners, in order.
  var runs: [Range<Int>] {
    var result: [Range<Int>] = []
    var hits = hits
    // Several runners may stand in one text; each takes its lines away from the others.
    for _ in 0..<4 {
      guard let runner = best(of: hits) else { break }
      let found = runs(of: hits.filter { Int($0.runner) == runner }, taken: result)
      if found.isEmpty {
        hits.removeAll { Int($0.runner) == runner }
        continue
      }
      result += found
      var k = 0
      let sorted = found
      hits.removeAll { hit in
        if Int(hit.runner) == runner { return true }
        while k < sorted.count, sorted[k].upperBound <= Int(hit.line) { k += 1 }
        return k < sorted.count && sorted[k].contains(Int(hit.line))
      }
    }
    return result.sorted { $0.lowerBound < $1.lowerBound }
  }

  private func runs(of hits: [Hit], taken: [Range<Int>]) -> [Range<Int>] {
    let taken = taken.sorted { $0.lowerBound < $1.lowerBound }
    // The first of the taken that is not above the line looked at.
    var next = 0
    var result: [Range<Int>] = []
    var first = 0
    var evidence = Evidence()
    var isFailure = false
    func close(_ end: Int) {
      guard evidence.suffices else { return }
      let start = Int(hits[first].line)
      var stop = Int(hits[end - 1].line) + 1
      // A report that breaks off inside a failure.
      if hits[end - 1].role == .failure, end == hits.count { stop = lines.count }
      if next < taken.count { stop = min(stop, max(start, taken[next].lowerBound)) }
      if stop - start >= 3 || lines[start..<stop].bytes.count >= 400 { result.append(start..<stop) }
    }
    for k in hits.indices {
      if k > first {
        let gap = Int(hits[k - 1].line) + 1..<Int(hits[k].line)
        let isBroken = !isFailure && gap.count > TestFinder.longestGap
        let isTaken = next < taken.count && taken[next].lowerBound < gap.upperBound
        if isBroken || isTaken {
          close(k)
          first = k
          evidence = Evidence()
        }
      }
      while next < taken.count, taken[next].upperBound <= Int(hits[k].line) { next += 1 }
      evidence.add(hits[k].role, isWeak: hits[k].isWeak)
      switch hits[k].role {
      case .failure, .section, .capture, .fail: isFailure = true
      case .other: break
      default: isFailure = false
      }
    }
    if !hits.isEmpty { close(hits.count) }
    return result
  }
}
