import Foundation
import TestSupport
import Testing

@testable import Headroom

/// The output of test runners comes back byte for byte, and what failed stays in view.
@Suite struct TestFormsTests {
  /// The lines of a run of tests, with the forms it has.
  private struct Run {
    var range: Range<Int>
    var lines: TextLines
    var report: TestReport
    var frame: [UInt8]
  }

  private func runs(in text: [UInt8]) -> [Run] {
    let lines = TextLines(text)
    return TestFinder(lines).runs.compactMap { range in
      let part = lines[range]
      guard let report = TestReport(part) else { return nil }
      return Run(range: range, lines: part, report: report, frame: TestFolding(report).frame)
    }
  }

  private func cut(_ run: Run, _ stage: TestCut.Stage, query: String = "") -> CutText {
    run.lines.text.withUnsafeBufferPointer { bytes in
      var cut = TestCut(run.report, bytes, Query(Array(query.utf8)))
      return cut.text(stage)
    }
  }

  private func check(_ run: Run, _ name: String) throws {
    let frame = try #require(Frame(run.frame, at: 0), "\(name)")
    #expect(frame.end == run.frame.count, "\(name)")
    let decoded = try #require(TestForms.decode(frame), "\(name)")
    #expect(decoded == Array(run.lines.bytes), "\(name)")
  }

  // MARK: The notation

  @Test func linesOfOneShapeStandInOne() throws {
    let text = """
      tests/test_a.py::test_one PASSED             [ 16%]
      tests/test_a.py::test_two[1] PASSED          [ 33%]
      tests/test_a.py::test_two[2] PASSED          [ 50%]
      tests/test_a.py::test_three FAILED           [ 66%]
      tests/test_b.py::TestB::test_four PASSED     [ 83%]
      tests/test_b.py::TestB::test_five PASSED     [100%]
      """
    let run = try #require(runs(in: Array(text.utf8)).first)
    #expect(
      String(decoding: run.frame, as: UTF8.self) == """
        [tests, 3 lines, pytest, 6 tests, column 45]
        tests/test_a.py::test_* PASSED: one two[1] [2]
        tests/test_a.py::test_three FAILED
        tests/test_b.py::TestB::test_* PASSED: four five
        """)
    try check(run, "pytest")
  }

  @Test func pairsStandInOneAndTimesBehindNames() throws {
    let text = """
      Test Case '-[AppTests.BasketTests testAdds]' started.
      Test Case '-[AppTests.BasketTests testAdds]' passed (0.001 seconds).
      Test Case '-[AppTests.BasketTests testCopies]' started.
      Test Case '-[AppTests.BasketTests testCopies]' passed (0.020 seconds).
      Test Case '-[AppTests.BasketTests testDrops]' started.
      Test Case '-[AppTests.BasketTests testDrops]' passed (0.001 seconds).
      Test Case '-[AppTests.BasketTests testEnds]' started.
      Test Case '-[AppTests.BasketTests testEnds]' failed (0.001 seconds).
      """
    let run = try #require(runs(in: Array(text.utf8)).first)
    #expect(
      String(decoding: run.frame, as: UTF8.self) == """
        [tests, 3 lines, swift test]
        Test Case '-[AppTests.BasketTests test*]' started, passed (0.001 seconds).: Adds Copies 0.020 Drops
        Test Case '-[AppTests.BasketTests testEnds]' started.
        Test Case '-[AppTests.BasketTests testEnds]' failed (0.001 seconds).
        """)
    try check(run, "XCTest")
  }

  @Test func namesWithSpacesStandBetweenBars() throws {
    let text =
      "PASS src/a.test.js\n  ✓ adds two (1 ms)\n  ✓ adds\n  ✓ takes 2\n  ✕ fails (3 ms)\nTests: 1 failed, 3 passed"
    let run = try #require(runs(in: Array(text.utf8)).first)
    #expect(
      String(decoding: run.frame, as: UTF8.self) == """
        [tests, 4 lines, jest]
        PASS src/a.test.js
          ✓ *: adds two (1 ms) | adds | takes 2
          ✕ fails (3 ms)
        Tests: 1 failed, 3 passed
        """)
    try check(run, "jest")
  }

  @Test func repeatedSourceStandsOnce() throws {
    let source = (1...8).map { "    statement number \($0) of the function under test" }.joined(separator: "\n")
    let text = """
      =================================== FAILURES ===================================
      ___________________________________ test_one ___________________________________
      \(source)
      E   ValueError: one
      ___________________________________ test_two ___________________________________
      \(source)
      E   ValueError: two
      =========================== short test summary info ============================
      FAILED tests/test_a.py::test_one
      FAILED tests/test_a.py::test_two
      2 failed in 0.10s
      """
    let run = try #require(runs(in: Array(text.utf8)).first)
    let shown = String(decoding: run.frame, as: UTF8.self)
    #expect(
      shown.contains("\n[8 lines again, from \"statement number 1 of the function under test\"]\nE   ValueError: two\n")
    )
    try check(run, "pytest")
  }

  @Test func cutsSayWhatPassed() throws {
    let run = try #require(runs(in: Array(TestRunOutput.pytestVerbose.text.utf8)).first)
    let shown = String(decoding: cut(run, .gentle).bytes, as: UTF8.self)
    #expect(shown.contains("\n[lines 6-45: tests/test_basket.py 40 passed]\n"))
    #expect(shown.contains("\n[lines 47-64: tests/test_store.py 18 passed]\n"))
    #expect(shown.contains("test_save SKIPPED (needs a disk)"))
  }

  @Test func sameFailuresAreNamed() throws {
    let blocks = (1...5).map { i in
      """
      ____________________________________ test_\(i) ____________________________________

          def test_\(i)():
      >       load(\(i))

      tests/test_a.py:\(i):
      E   KeyError: \(i)

      app/store.py:9: KeyError
      """
    }
    let text =
      "=================================== FAILURES ===================================\n"
      + blocks.joined(separator: "\n") + "\n"
      + (1...60).map { "FAILED tests/test_a.py::test_\($0) - KeyError: \($0)" }.joined(separator: "\n")
      + "\n5 failed in 0.10s"
    let run = try #require(runs(in: Array(text.utf8)).first)
    let shown = String(decoding: cut(run, .gentle).bytes, as: UTF8.self)
    #expect(shown.contains(": same failure as test_1: test_3]"))
    for i in 1...5 { #expect(shown.contains("E   KeyError: \(i)\n")) }
  }

  // MARK: All runners

  @Test func everyRunnerIsFoundAndComesBack() throws {
    for sample in TestRunOutput.all {
      let text = Array(sample.text.utf8)
      let found = runs(in: text)
      #expect(found.count == 1, "\(sample.runner)")
      let run = try #require(found.first, "\(sample.runner)")
      #expect(TestRunner.all[run.report.runner].name == sample.runner)
      try check(run, sample.runner)
      for line in sample.telling {
        let isThere = sample.text.split(separator: "\n", omittingEmptySubsequences: false).contains { $0 == line }
        #expect(isThere, "\(sample.runner): \(line)")
      }
    }
  }

  @Test func whatFailedStaysInView() throws {
    for sample in TestRunOutput.all {
      let run = try #require(runs(in: Array(sample.text.utf8)).first)
      for stage in TestCut.Stage.allCases {
        let shown = String(decoding: cut(run, stage).bytes, as: UTF8.self).split(separator: "\n")
        for line in sample.telling {
          #expect(shown.contains { $0 == line }, "\(sample.runner), \(stage): \(line)")
        }
        // Whatever reads as an error is in view, if only once.
        for i in 0..<run.lines.count {
          guard
            run.lines.text.withUnsafeBufferPointer({ run.report.isError(i, $0) }) || run.report.role(of: i) == .verdict
              || run.report.role(of: i) == .fail
          else { continue }
          let line = String(decoding: run.lines.text[run.lines[i]], as: UTF8.self)
          #expect(shown.contains { $0 == line }, "\(sample.runner), \(stage): \(line)")
        }
      }
    }
  }

  @Test func keptLinesAndGapsMakeUpTheRun() throws {
    for sample in TestRunOutput.all {
      let run = try #require(runs(in: Array(sample.text.utf8)).first)
      for stage in TestCut.Stage.allCases { try checkCover(cut(run, stage), run.lines) }
    }
  }

  /// Each line in view is the next of the source, or a gap that begins there.
  private func checkCover(_ text: CutText, _ source: TextLines) throws {
    let shown = TextLines(text.bytes)
    var next = 0
    var cut = 0
    for i in 0..<shown.count {
      let line = Array(shown.text[shown[i]])
      if line.starts(with: Array("[lines ".utf8)) {
        let numbers = line.dropFirst(7).prefix { $0 == 0x2d || 0x30...0x39 ~= $0 }.split(separator: 0x2d)
          .compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        #expect(numbers.count == 2 && numbers[0] == source.number(of: next))
        guard numbers.count == 2 else { return }
        cut += numbers[1] - numbers[0] + 1
        next += numbers[1] - numbers[0] + 1
      } else {
        guard next < source.count else {
          Issue.record("more lines in view than there are")
          return
        }
        #expect(line == Array(source.text[source[next]]))
        next += 1
      }
    }
    // An empty line at the end of what is in view is none of `TextLines`.
    while next < source.count, source[next].isEmpty { next += 1 }
    #expect(next == source.count)
    #expect(cut == text.cutLines)
  }

  @Test func whatIsAskedForStaysInView() throws {
    let run = try #require(runs(in: Array(TestRunOutput.cargo.text.utf8)).first)
    let shown = String(decoding: cut(run, .tightest, query: "why does quotes_13 take so long?").bytes, as: UTF8.self)
    #expect(shown.contains("\ntest basket::tests::quotes_13 ... ok\n"))
  }

  @Test func shapesAreLookedUpByTheirFirstOrLastByte() {
    for runner in TestRunner.all {
      for shape in runner.shapes where shape.second == nil {
        #expect(shape.line.firstBytes != nil || shape.line.lastByte != nil, "\(runner.name)")
      }
    }
  }

  // MARK: What is none

  @Test func otherTextIsNoRunOfTests() {
    let others = [
      "# Title\n\nSome prose about tests that PASSED.\nAnd more: ok 1 - not really\n- a list\n- of things\n- here\n",
      "2024-01-01 10:00:00 INFO Test run started\n2024-01-01 10:00:01 ERROR failed\n2024-01-01 10:00:02 INFO ok\n",
      "src/a.rs:12: test foo ... ok\nsrc/b.rs:13: test bar ... ok\nsrc/c.rs:14: test baz ... ok\n",
      "a.txt\nb.txt\nPASS\nok\n...\n",
      "[ERROR] cannot open file\n[ERROR] giving up\n[INFO] done\n[INFO] bye\n",
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-    ✓ one\n+    ✓ two\n",
      "\n\n\n", "", "...\n", "E\n",
    ]
    for text in others { #expect(TestFinder(TextLines(Array(text.utf8))).runs.isEmpty, "\(text)") }
  }

  @Test func smallRunsStayAsTheyAre() throws {
    let text = Array("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\nok  \texample.com/a\t0.002s\n".utf8)
    #expect(compress(text, model: "gpt-4o").body == text)
  }

  // MARK: Hostile input

  @Test func changedRunsComeBackOrAreNotShown() throws {
    var generator = SeededGenerator(seed: 4)
    let pieces = [
      "*", ": ", " | ", "\\", "\n", "\r\n", "\n\n", "[12 lines again, from \"", "[line above 3 times more]", " PASSED",
      "::",
      "[", "]", " 0.5", "é", "\0", "\u{ff}", "    ", "... ok", " ... ",
    ]
    for sample in TestRunOutput.all {
      let original = Array(sample.text.utf8)
      for _ in 0..<12 {
        var text = original
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
          let place = Int.random(in: 0..<text.count, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0:
            text.insert(contentsOf: Array(pieces[Int.random(in: 0..<pieces.count, using: &generator)].utf8), at: place)
          case 1: text[place] = UInt8.random(in: 0...255, using: &generator)
          case 2: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...80, using: &generator)))
          default:
            let end = min(text.count, place + Int.random(in: 1...300, using: &generator))
            text.insert(contentsOf: Array(text[place..<end]), at: Int.random(in: 0..<text.count, using: &generator))
          }
        }
        for run in runs(in: text) {
          try check(run, sample.runner)
          try checkCover(cut(run, .tight), run.lines)
        }
      }
    }
  }

  @Test func damagedFramesDoNotCrash() throws {
    var generator = SeededGenerator(seed: 5)
    for sample in TestRunOutput.all {
      let run = try #require(runs(in: Array(sample.text.utf8)).first)
      for _ in 0..<12 {
        var frame = run.frame
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<frame.count, using: &generator)
          if Bool.random(using: &generator) {
            frame[place] = UInt8.random(in: 0...255, using: &generator)
          } else {
            frame.remove(at: place)
          }
        }
        if let damaged = Frame(frame, at: 0) { _ = TestForms.decode(damaged) }
      }
    }
    for header in ["[tests, 1 lines, pytest]", "[tests, 1 lines, pytest, 0 tests, column 0]", "[tests, 1 lines, none]"]
    {
      for line in [
        "* PASSED: a", "[999999999 lines again, from \"aaaaaaaaaaaaaaaa\"]", "[line above 9 times more]", "*: ", "\\",
      ] {
        if let frame = Frame(Array("\(header)\n\(line)".utf8), at: 0) { _ = TestForms.decode(frame) }
      }
    }
  }

  @Test func generatedRunsComeBack() throws {
    var generator = SeededGenerator(seed: 6)
    let names = [
      "test_a", "test_b[1]", "test_b[2]", "test_c[x y]", "Test*", "t 1", "1", "0.5", "[", "é", "a | b", "|", " x",
    ]
    for _ in 0..<300 {
      let runner = TestRunner.all[Int.random(in: 0..<TestRunner.all.count, using: &generator)]
      var text: [UInt8] = []
      for i in 0..<Int.random(in: 3...30, using: &generator) {
        let shape = runner.shapes[Int.random(in: 0..<runner.shapes.count, using: &generator)]
        for pattern in [shape.line, shape.second].compactMap({ $0 }) {
          pattern.write(to: &text) { slot, out in
            switch slot {
            case .indent: out += repeatElement(0x20, count: Int.random(in: 0...2, using: &generator) * 2)
            case .group: out += "pkg.Group".utf8
            case .name: out += names[Int.random(in: 0..<names.count, using: &generator)].utf8
            case .rest: out += "some rest".utf8
            case .time, .alignedTime: out += ["0.01", "0.5", "12.25"][Int.random(in: 0..<3, using: &generator)].utf8
            case .number, .alignedNumber: out += String(i).utf8
            case .marks: out += "..F.s".utf8
            case .percent: out += "[ \(10 + i * 2)%]".utf8
            case .pad: out += "    ".utf8
            case .dots: out += "....".utf8
            case .literal: break
            }
          }
          text.append(0x0a)
        }
      }
      for run in runs(in: text) { try check(run, runner.name) }
    }
  }

  @Test func formsAreTheSameEveryTime() throws {
    for sample in TestRunOutput.all {
      let text = Array(sample.text.utf8)
      let (a, b) = (runs(in: text), runs(in: text))
      #expect(a.map(\.frame) == b.map(\.frame))
      for (a, b) in zip(a, b) { #expect(cut(a, .tight).bytes == cut(b, .tight).bytes) }
    }
  }

  // MARK: Recorded output

  @Test(.enabled(if: RecordedData.isPresent)) func recordedRunsComeBack() throws {
    var text = try RecordedData.files(below: "logs/tests", extensions: ["log"]).map {
      try [UInt8](Data(contentsOf: $0))
    }
    text.append(withoutColours(try RecordedData.bytes("logs/build/swift_test_log_macOS_colored.txt")))
    text.append(try RecordedData.bytes("logs/build/xcode_TestLog.txt"))
    for text in text {
      let found = runs(in: text)
      #expect(found.count == 1)
      for run in found {
        try check(run, "recorded")
        #expect(run.frame.count * 10 < text.count * 9)
        for stage in TestCut.Stage.allCases { try checkCover(cut(run, stage), run.lines) }
      }
    }
  }

  /// Without what stands between an escape and `m`.
  private func withoutColours(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var i = 0
    while i < text.count {
      if text[i] == 0x1b, let end = text[i...].firstIndex(of: UInt8(ascii: "m")) {
        i = end + 1
      } else {
        out.append(text[i])
        i += 1
      }
    }
    return out
  }
}
