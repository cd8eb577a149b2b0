/// The output of test runners: lines of the same kind stand together by what differs, and quoted source that repeats stands once.
///
///     tests/test_a.py::test_one PASSED          [ 33%]      [tests, 2 lines, pytest, 3 tests, column 44]
///     tests/test_a.py::test_two PASSED          [ 66%]  →   tests/test_a.py::test_* PASSED: one two
///     tests/test_b.py::test_one FAILED          [100%]      tests/test_b.py::test_one FAILED
///
/// Where content may be left out of view, tests that passed are counted by file or class, and failures that are the same as others are
/// named; what failed, why, and the verdict stay as they were. See ``TestCut``.
struct TestForms: TextForms {
  static let name = "tests"
  static let kind = Segment.Kind.test

  private let report: TestReport
  private let counter: TokenCounter

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { TestFinder(lines).runs }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard let report = TestReport(lines) else { return nil }
    self.report = report
    self.counter = counter
  }

  func complete() -> [Candidate] {
    [Candidate(name: Self.name, fidelity: .identical, bytes: TestFolding(report).frame)]
  }

  func cut(_ request: CutRequest) -> Candidate? {
    report.lines.text.withUnsafeBufferPointer { bytes in
      var cut = TestCut(report, bytes, request.query)
      var best: Candidate?
      for stage in TestCut.Stage.allCases {
        guard var candidate = cut.text(stage).candidate("tests cut") else { return nil }
        let tokens = counter.count(candidate.bytes)
        candidate.tokens = tokens
        if let known = best?.tokens, known <= tokens { continue }
        best = candidate
        if tokens <= request.budget { break }
      }
      return best
    }
  }

  static func decode(_ frame: Frame) -> [UInt8]? { TestUnfolding.decode(frame) }
}
