import Foundation

/// What test runners print: for each a run with many passes, skips, failures and a verdict.
enum TestRunOutput {
  struct Sample {
    var runner: String
    var text: String
    /// Lines that must stay in view however much is left out.
    var telling: [String]
  }

  static var all: [Sample] {
    [
      pytestVerbose, pytestDots, pytestWorkers, pytestSummary, unittest, goVerbose, goPackages, cargo, nextest, xcTest,
      xcTestLinux, swiftTesting, ctest, jest, vitest, mocha, tap, nodeSpec, prove, gradle, surefire, rspec, dotnet,
      phpunit,
      phpunitDox, junitXML,
    ]
  }

  private static let words = [
    "adds", "copies", "drops", "emits", "folds", "grows", "holds", "joins", "keeps", "limits", "merges", "opens",
    "parses",
    "quotes", "reads", "sorts", "trims", "unites", "views", "writes",
  ]

  private static func names(_ count: Int, _ name: (Int, String) -> String) -> [String] {
    (0..<count).map { name($0, words[$0 % words.count]) }
  }

  private static func padded(_ text: String, _ width: Int, with fill: String = " ") -> String {
    text + String(repeating: fill, count: max(1, width - text.unicodeScalars.count))
  }

  private static func right(_ number: Int, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - String(number).count)) + String(number)
  }

  static let traceback = """
    =================================== FAILURES ===================================
    _____________________________ test_total_is_summed _____________________________

        def test_total_is_summed():
            basket = Basket([Item(2), Item(3)])
    >       assert basket.total() == 6
    E       assert 5 == 6
    E        +  where 5 = total()

    tests/test_basket.py:14: AssertionError
    _________________________ TestStore.test_load[missing] _________________________

    self = <tests.test_store.TestStore object at 0x7f2a>, name = 'missing'

        def test_load(self, name):
    >       self.store.load(name)

    tests/test_store.py:31:
    _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
    /usr/lib/python3/site-packages/storelib/base.py:88: in load
        return self.open(name)
    /usr/lib/python3/site-packages/storelib/base.py:120: in open
        raise KeyError(name)
    E   KeyError: 'missing'
    ----------------------------- Captured stderr call -----------------------------
    store: cannot open missing
    =============================== warnings summary ===============================
    tests/test_store.py::TestStore::test_load
      /srv/app/store.py:9: DeprecationWarning: use open()
        warnings.warn("use open()", DeprecationWarning)

    """

  static let pytestVerbose: Sample = {
    var lines = [
      "============================= test session starts ==============================",
      "platform linux -- Python 3.12.1, pytest-8.0.0, pluggy-1.4.0 -- /usr/bin/python3", "cachedir: .pytest_cache",
      "collecting ... collected 64 items", "",
    ]
    var tests = names(40) { "tests/test_basket.py::test_\($1)_\($0)" }.map { ($0, "PASSED") }
    tests += [("tests/test_basket.py::test_total_is_summed", "FAILED")]
    tests += names(20) { "tests/test_store.py::TestStore::test_load[\($1)-\($0)]" }.map { ($0, "PASSED") }
    tests += [
      ("tests/test_store.py::TestStore::test_load[missing]", "FAILED"),
      ("tests/test_store.py::TestStore::test_save", "SKIPPED (needs a disk)"),
      ("tests/test_store.py::TestStore::test_old", "XFAIL"),
    ]
    for (i, test) in tests.enumerated() {
      let line = padded("\(test.0) \(test.1)", 73)
      lines.append("\(line)[\(right((i + 1) * 100 / tests.count, 3))%]")
    }
    return Sample(
      runner: "pytest",
      text: (lines + [""]).joined(separator: "\n") + "\n" + traceback + """
        =========================== short test summary info ============================
        FAILED tests/test_basket.py::test_total_is_summed - assert 5 == 6
        FAILED tests/test_store.py::TestStore::test_load[missing] - KeyError: 'missing'
        ======== 2 failed, 60 passed, 1 skipped, 1 xfailed, 1 warning in 0.42s =========
        """,
      telling: [
        "E       assert 5 == 6", "E   KeyError: 'missing'", "tests/test_basket.py:14: AssertionError",
        "FAILED tests/test_basket.py::test_total_is_summed - assert 5 == 6",
        "======== 2 failed, 60 passed, 1 skipped, 1 xfailed, 1 warning in 0.42s =========",
      ])
  }()

  static let pytestDots = Sample(
    runner: "pytest",
    text: names(24) { "tests/test_\($1)_\($0).py" }.enumerated().map { i, file in
      padded("\(file) " + String(repeating: ".", count: 20 + i), 73) + "[\(right((i + 1) * 4, 3))%]"
    }.joined(separator: "\n") + "\ntests/test_basket.py ..F.s                                               [100%]\n\n"
      + traceback
        + """
        =========================== short test summary info ============================
        FAILED tests/test_basket.py::test_total_is_summed - assert 5 == 6
        1 failed, 755 passed, 1 skipped, 1 warning in 3.10s
        """,
    telling: [
      "E       assert 5 == 6", "E   KeyError: 'missing'", "1 failed, 755 passed, 1 skipped, 1 warning in 3.10s",
    ])

  static let pytestWorkers: Sample = {
    var lines = [
      "============================= test session starts ==============================", "4 workers [50 items]",
    ]
    for (i, name) in names(49, { "tests/test_basket.py::test_\($1)_\($0)" }).enumerated() {
      lines.append("[gw\(i * 7 % 4)] [\(right((i + 1) * 100 / 50, 3))%] PASSED \(name) ")
    }
    lines.append("[gw1] [100%] FAILED tests/test_basket.py::test_total_is_summed ")
    return Sample(
      runner: "pytest",
      text: lines.joined(separator: "\n") + "\n\n" + traceback
        + "======================== 1 failed, 49 passed in 1.00s =========================",
      telling: [
        "E       assert 5 == 6", "[gw1] [100%] FAILED tests/test_basket.py::test_total_is_summed ",
        "======================== 1 failed, 49 passed in 1.00s =========================",
      ])
  }()

  static let pytestSummary = Sample(
    runner: "pytest",
    text: traceback + "=========================== short test summary info ============================\n"
      + names(30) { "PASSED tests/test_basket.py::test_\($1)_\($0)" }.joined(separator: "\n") + """

        SKIPPED [1] tests/test_store.py:9: needs a disk
        FAILED tests/test_basket.py::test_total_is_summed - assert 5 == 6
        1 failed, 30 passed, 1 skipped in 0.42s
        """,
    telling: ["E       assert 5 == 6", "1 failed, 30 passed, 1 skipped in 0.42s"])

  static let unittest = Sample(
    runner: "unittest",
    text: names(30) { "test_\($1)_\($0) (app.tests.BasketTests.test_\($1)_\($0)) ... ok" }.joined(separator: "\n") + """

      test_total (app.tests.BasketTests.test_total) ... FAIL
      test_disk (app.tests.StoreTests.test_disk) ... skipped 'needs a disk'
      test_open (app.tests.StoreTests.test_open) ... ERROR

      ======================================================================
      ERROR: test_open (app.tests.StoreTests.test_open)
      ----------------------------------------------------------------------
      Traceback (most recent call last):
        File "/usr/lib/python3.12/unittest/case.py", line 58, in testPartExecutor
          yield
        File "/usr/lib/python3.12/unittest/case.py", line 636, in run
          self._callTestMethod(testMethod)
        File "/srv/app/tests.py", line 40, in test_open
          Store("missing").open()
        File "/srv/app/store.py", line 12, in open
          raise OSError("cannot open missing")
      OSError: cannot open missing

      ======================================================================
      FAIL: test_total (app.tests.BasketTests.test_total)
      ----------------------------------------------------------------------
      Traceback (most recent call last):
        File "/srv/app/tests.py", line 21, in test_total
          self.assertEqual(Basket().total(), 6)
      AssertionError: 5 != 6

      ----------------------------------------------------------------------
      Ran 33 tests in 0.120s

      FAILED (failures=1, errors=1, skipped=1)
      """,
    telling: [
      "OSError: cannot open missing", "AssertionError: 5 != 6", "Ran 33 tests in 0.120s",
      "FAILED (failures=1, errors=1, skipped=1)", "test_total (app.tests.BasketTests.test_total) ... FAIL",
    ])

  static let goVerbose = Sample(
    runner: "go test",
    text: names(24) { "=== RUN   Test\($1.capitalized)\($0)\n--- PASS: Test\($1.capitalized)\($0) (0.0\($0 % 3)s)" }
      .joined(separator: "\n") + "\n=== RUN   TestParse\n"
      + names(12) { "=== RUN   TestParse/\($1)_\($0)" }.joined(separator: "\n") + "\n--- PASS: TestParse (0.01s)\n"
      + names(12) { "    --- PASS: TestParse/\($1)_\($0) (0.00s)" }.joined(separator: "\n") + """

        === RUN   TestTotal
            basket_test.go:21: Total() = 5, want 6
        --- FAIL: TestTotal (0.00s)
        === RUN   TestDisk
            store_test.go:9: needs a disk
        --- SKIP: TestDisk (0.00s)
        FAIL
        FAIL	example.com/app/basket	0.012s
        ok  	example.com/app/store	0.004s
        FAIL
        """,
    telling: [
      "    basket_test.go:21: Total() = 5, want 6", "--- FAIL: TestTotal (0.00s)",
      "FAIL\texample.com/app/basket\t0.012s",
    ])

  static let goPackages = Sample(
    runner: "go test",
    text: names(30) { "ok  \texample.com/app/internal/\($1)\($0)\t(cached)" }.joined(separator: "\n") + "\n"
      + names(12) { "?   \texample.com/app/cmd/\($1)\($0)\t[no test files]" }.joined(separator: "\n") + """

        --- FAIL: TestTotal (0.00s)
            basket_test.go:21: Total() = 5, want 6
        FAIL
        FAIL	example.com/app/basket	0.012s
        FAIL
        """,
    telling: ["    basket_test.go:21: Total() = 5, want 6", "FAIL\texample.com/app/basket\t0.012s"])

  static let cargo = Sample(
    runner: "cargo test",
    text: "\nrunning 44 tests\n" + names(20) { "test basket::tests::\($1)_\($0) ... ok" }.joined(separator: "\n") + "\n"
      + names(20) { "test store::tests::\($1)_\($0) ... ok" }.joined(separator: "\n") + """

        test store::tests::disk ... ignored, needs a disk
        test basket::tests::total ... FAILED
        test src/lib.rs - basket::Basket (line 12) ... ok

        failures:

        ---- basket::tests::total stdout ----

        thread 'basket::tests::total' panicked at src/basket.rs:31:9:
        assertion `left == right` failed
          left: 5
         right: 6
        stack backtrace:
           0: rust_begin_unwind
                     at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
           1: core::panicking::panic_fmt
                     at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/core/src/panicking.rs:76:14
           2: basket::tests::total
                     at ./src/basket.rs:31:9

        failures:
            basket::tests::total

        test result: FAILED. 42 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s

        error: test failed, to rerun pass `--lib`
        """,
    telling: [
      "thread 'basket::tests::total' panicked at src/basket.rs:31:9:", "  left: 5", " right: 6",
      "test basket::tests::total ... FAILED", "error: test failed, to rerun pass `--lib`",
      "test result: FAILED. 42 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
    ])

  static let nextest = Sample(
    runner: "cargo test",
    text: names(30) { "        PASS [   0.00\($0 % 4)s] basket tests::\($1)_\($0)" }.joined(separator: "\n") + """

      --- SKIP
              SKIP [   0.000s] basket tests::disk
              FAIL [   0.004s] basket tests::total
      ------------
           Summary [   0.120s] 31 tests run: 30 passed, 1 failed, 1 skipped
      error: test run failed
      """,
    telling: [
      "        FAIL [   0.004s] basket tests::total",
      "     Summary [   0.120s] 31 tests run: 30 passed, 1 failed, 1 skipped", "error: test run failed",
    ])

  static let xcTest = Sample(
    runner: "swift test",
    text: "Test Suite 'BasketTests' started at 2024-10-09 16:48:58.588.\n"
      + names(30) {
        "Test Case '-[AppTests.BasketTests test\($1.capitalized)\($0)]' started.\n"
          + "Test Case '-[AppTests.BasketTests test\($1.capitalized)\($0)]' passed (0.00\($0 % 3) seconds)."
      }.joined(separator: "\n") + """

        Test Case '-[AppTests.BasketTests testTotal]' started.
        /src/Tests/AppTests/BasketTests.swift:21: error: -[AppTests.BasketTests testTotal] : XCTAssertEqual failed: ("5") is not equal to ("6")
        Test Case '-[AppTests.BasketTests testTotal]' failed (0.002 seconds).
        Test Case '-[AppTests.BasketTests testDisk]' started.
        Test Case '-[AppTests.BasketTests testDisk]' skipped (0.000 seconds).
        Test Suite 'BasketTests' failed at 2024-10-09 16:48:59.100.
        \t Executed 32 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.041 (0.043) seconds
        """,
    telling: [
      "/src/Tests/AppTests/BasketTests.swift:21: error: -[AppTests.BasketTests testTotal] : XCTAssertEqual failed: "
        + "(\"5\") is not equal to (\"6\")", "Test Case '-[AppTests.BasketTests testTotal]' failed (0.002 seconds).",
      "Test Suite 'BasketTests' failed at 2024-10-09 16:48:59.100.",
    ])

  static let xcTestLinux = Sample(
    runner: "swift test",
    text: names(30) {
      "Test Case 'BasketTests.test\($1.capitalized)\($0)' started at 2024-10-09 16:48:58.5\(10 + $0)\n"
        + "Test Case 'BasketTests.test\($1.capitalized)\($0)' passed (0.00\($0 % 3) seconds)"
    }.joined(separator: "\n") + """

      Test Case 'BasketTests.testTotal' started at 2024-10-09 16:48:58.590
      /src/Tests/AppTests/BasketTests.swift:21: error: BasketTests.testTotal : XCTAssertEqual failed: ("5") is not equal to ("6")
      Test Case 'BasketTests.testTotal' failed (0.002 seconds)
      Test Suite 'BasketTests' failed at 2024-10-09 16:48:59.100
      \t Executed 31 tests, with 1 failure (0 unexpected) in 0.041 (0.043) seconds
      """,
    telling: [
      "/src/Tests/AppTests/BasketTests.swift:21: error: BasketTests.testTotal : XCTAssertEqual failed: (\"5\") is not "
        + "equal to (\"6\")", "Test Case 'BasketTests.testTotal' failed (0.002 seconds)",
    ])

  static let swiftTesting = Sample(
    runner: "swift test",
    text: "◇ Test run started.\n" + names(24) { "◇ Test \($1)\($0)() started." }.joined(separator: "\n") + "\n"
      + names(24) { "✔ Test \($1)\($0)() passed after 0.00\($0 % 3) seconds." }.joined(separator: "\n") + """

        ◇ Test "Total is summed" started.
        ✘ Test "Total is summed" recorded an issue at BasketTests.swift:21:5: Expectation failed: (basket.total → 5) == 6
        ✘ Test "Total is summed" failed after 0.002 seconds with 1 issue.
        ➜ Test disk() skipped: "needs a disk"
        ✘ Test run with 26 tests failed after 0.010 seconds with 1 issue.
        """,
    telling: [
      "✘ Test \"Total is summed\" recorded an issue at BasketTests.swift:21:5: Expectation failed: (basket.total → 5) == 6",
      "✘ Test run with 26 tests failed after 0.010 seconds with 1 issue.",
    ])

  static let ctest: Sample = {
    var lines = ["Test project /src/build"]
    for (i, name) in names(24, { "basket.\($1)_\($0)" }).enumerated() {
      lines.append("      Start \(right(i + 1, 2)): \(name)")
      lines.append(
        "\(right(i + 1, 2))/26 Test \(i < 9 ? " " : "")#\(i + 1): \(padded(name, 30, with: "."))   Passed    0.0\(i % 3) sec"
      )
    }
    return Sample(
      runner: "ctest",
      text: lines.joined(separator: "\n") + """

            Start 25: basket.total
        25/26 Test #25: basket.total ..................***Failed    0.01 sec
            Start 26: store.disk
        26/26 Test #26: store.disk ....................***Skipped   0.00 sec

        96% tests passed, 1 tests failed out of 26

        Total Test time (real) =   0.31 sec

        The following tests FAILED:
        \t 25 - basket.total (Failed)
        Errors while running CTest
        """,
      telling: [
        "25/26 Test #25: basket.total ..................***Failed    0.01 sec",
        "96% tests passed, 1 tests failed out of 26", "\t 25 - basket.total (Failed)", "Errors while running CTest",
      ])
  }()

  static let jest = Sample(
    runner: "jest",
    text: "PASS src/store.test.js\n  Store\n"
      + names(24) { "    ✓ \($1) what it is given (\($0 % 4 + 1) ms)" }
      .joined(separator: "\n") + """

        FAIL src/basket.test.js
          Basket
            ✓ holds items (2 ms)
            ✕ sums the total (4 ms)
            ○ skipped needs a disk

          ● Basket › sums the total

            expect(received).toBe(expected) // Object.is equality

            Expected: 6
            Received: 5

              19 |   const basket = new Basket([2, 3]);
              20 |
            > 21 |   expect(basket.total()).toBe(6);
                 |                          ^

              at Object.toBe (src/basket.test.js:21:26)
              at Promise.then.completed (node_modules/jest-circus/build/utils.js:298:28)
              at new Promise (<anonymous>)
              at callAsyncCircusFn (node_modules/jest-circus/build/utils.js:231:10)

        Test Suites: 1 failed, 1 passed, 2 total
        Tests:       1 failed, 1 skipped, 25 passed, 27 total
        Snapshots:   0 total
        Time:        1.204 s
        Ran all test suites.
        """,
    telling: [
      "    Expected: 6", "    Received: 5", "    ✕ sums the total (4 ms)", "  ● Basket › sums the total",
      "Tests:       1 failed, 1 skipped, 25 passed, 27 total", "Test Suites: 1 failed, 1 passed, 2 total",
    ])

  static let vitest = Sample(
    runner: "vitest",
    text: "\n RUN  v1.6.0 /src/app\n\n"
      + names(24) { " ✓ src/\($1)\($0).test.ts (\($0 + 2) tests) \($0 + 1)ms" }
      .joined(separator: "\n") + """

         ❯ src/basket.test.ts (2 tests | 1 failed) 12ms
           × Basket > sums the total
             → expected 5 to be 6 // Object.is equality

        ⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

         FAIL  src/basket.test.ts > Basket > sums the total
        AssertionError: expected 5 to be 6 // Object.is equality

        - Expected
        + Received

        - 6
        + 5

         ❯ src/basket.test.ts:21:26

         Test Files  1 failed | 24 passed (25)
              Tests  1 failed | 300 passed (301)
           Start at  10:00:00
           Duration  1.20s
        """,
    telling: [
      "AssertionError: expected 5 to be 6 // Object.is equality", " FAIL  src/basket.test.ts > Basket > sums the total",
      " Test Files  1 failed | 24 passed (25)", "      Tests  1 failed | 300 passed (301)",
    ])

  static let mocha = Sample(
    runner: "mocha",
    text: "\n\n  Store\n" + names(24) { "    ✔ \($1) what it is given (\($0 + 20)ms)" }.joined(separator: "\n")
      + "\n    - needs a disk\n\n  Basket\n    1) sums the total\n\n\n  24 passing (31ms)\n  1 pending\n  1 failing\n\n"
      + "  1) Basket\n       sums the total:\n\n      AssertionError [ERR_ASSERTION]: 5 == 6\n      + expected - actual\n\n"
      + "      -5\n      +6\n\n      at Context.<anonymous> (test/basket.js:21:12)\n"
      + "      at process.processImmediate (node:internal/timers:476:21)\n\n",
    telling: ["      AssertionError [ERR_ASSERTION]: 5 == 6", "  1 failing", "  24 passing (31ms)", "  1) Basket"])

  static let tap = Sample(
    runner: "TAP",
    text: "TAP version 13\n" + names(24) { "ok \($0 + 1) - \($1) what it is given" }.joined(separator: "\n") + """

      not ok 25 - sums the total
        ---
        failureType: 'testCodeFailure'
        error: 'Expected values to be strictly equal: 5 !== 6'
        code: 'ERR_ASSERTION'
        ...
      ok 26 - disk # SKIP needs a disk
      1..26
      # tests 26
      # pass 24
      # fail 1
      """,
    telling: [
      "not ok 25 - sums the total", "  error: 'Expected values to be strictly equal: 5 !== 6'", "# fail 1", "# pass 24",
    ])

  static let nodeSpec = Sample(
    runner: "TAP",
    text: "▶ Store\n" + names(24) { "  ✔ \($1) what it is given (0.\(100 + $0)ms)" }.joined(separator: "\n") + """

      ▶ Store (4.2ms)

      ✖ sums the total (1.1ms)
        AssertionError [ERR_ASSERTION]: 5 == 6
            at TestContext.<anonymous> (file:///src/basket.test.js:21:10)
            at Test.runInAsyncScope (node:async_hooks:206:9)

      ℹ tests 25
      ℹ pass 24
      ℹ fail 1
      """,
    telling: ["  AssertionError [ERR_ASSERTION]: 5 == 6", "ℹ fail 1", "✖ sums the total (1.1ms)"])

  static let prove = Sample(
    runner: "prove",
    text: names(24) { padded("t/\($0)-\($1).t ", 20, with: ".") + " ok" }.joined(separator: "\n") + """

      #   Failed test 'total is summed'
      #   at t/basket.t line 21.
      #          got: '5'
      #     expected: '6'
      # Looks like you failed 1 test of 3.
      t/basket.t .......... Dubious, test returned 1 (wstat 256, 0x100)
      Failed 1/3 subtests

      Test Summary Report
      -------------------
      t/basket.t        (Wstat: 256 (exited 1) Tests: 3 Failed: 1)
        Failed test:  2
        Non-zero exit status: 1
      Files=25, Tests=75,  1 wallclock secs ( 0.02 usr  0.01 sys +  0.10 cusr  0.02 csys =  0.15 CPU)
      Result: FAIL
      """,
    telling: ["#          got: '5'", "#     expected: '6'", "Result: FAIL", "  Failed test:  2"])

  static let gradle = Sample(
    runner: "gradle",
    text: "> Task :compileJava UP-TO-DATE\n> Task :test\n\n"
      + names(24) { "BasketTest > \($1)Items\($0)() PASSED" }
      .joined(separator: "\n\n") + """


        BasketTest > sumsTheTotal() FAILED
            org.opentest4j.AssertionFailedError: expected: <6> but was: <5>
                at app//org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
                at app//com.example.BasketTest.sumsTheTotal(BasketTest.java:21)

        StoreTest > needsADisk() SKIPPED

        26 tests completed, 1 failed, 1 skipped

        > Task :test FAILED

        FAILURE: Build failed with an exception.

        BUILD FAILED in 4s
        3 actionable tasks: 1 executed, 2 up-to-date
        """,
    telling: [
      "    org.opentest4j.AssertionFailedError: expected: <6> but was: <5>", "BasketTest > sumsTheTotal() FAILED",
      "26 tests completed, 1 failed, 1 skipped", "> Task :test FAILED", "BUILD FAILED in 4s",
    ])

  static let surefire = Sample(
    runner: "maven surefire",
    text: "[INFO] -------------------------------------------------------\n[INFO]  T E S T S\n"
      + names(24) {
        "[INFO] Running com.example.\($1.capitalized)\($0)Test\n"
          + "[INFO] Tests run: \($0 + 3), Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.0\($0 % 4 + 1) s -- in "
          + "com.example.\($1.capitalized)\($0)Test"
      }.joined(separator: "\n") + """

        [INFO] Running com.example.BasketTest
        [ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.02 s <<< FAILURE! -- in com.example.BasketTest
        [ERROR] com.example.BasketTest.sumsTheTotal -- Time elapsed: 0.01 s <<< FAILURE!
        org.opentest4j.AssertionFailedError: expected: <6> but was: <5>
        \tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
        \tat com.example.BasketTest.sumsTheTotal(BasketTest.java:21)

        [INFO] Results:
        [INFO]
        [ERROR] Failures:
        [ERROR]   BasketTest.sumsTheTotal:21 expected: <6> but was: <5>
        [INFO]
        [ERROR] Tests run: 90, Failures: 1, Errors: 0, Skipped: 1
        [INFO] BUILD FAILURE
        """,
    telling: [
      "org.opentest4j.AssertionFailedError: expected: <6> but was: <5>",
      "[ERROR] Tests run: 90, Failures: 1, Errors: 0, Skipped: 1", "[INFO] BUILD FAILURE",
    ])

  static let rspec = Sample(
    runner: "rspec",
    text: String(repeating: ".", count: 70) + "F*" + String(repeating: ".", count: 8) + """


      Pending: (Failures listed here are expected and do not affect your suite's status)

        1) Store needs a disk
           # not here
           # ./spec/store_spec.rb:9

      Failures:

        1) Basket sums the total
           Failure/Error: expect(basket.total).to eq(6)

             expected: 6
                  got: 5

             (compared using ==)
           # ./spec/basket_spec.rb:21:in `block (2 levels) in <top (required)>'
           # /usr/lib/ruby/gems/3.2.0/gems/rspec-core-3.12.2/lib/rspec/core/example.rb:263:in `instance_exec'
           # /usr/lib/ruby/gems/3.2.0/gems/rspec-core-3.12.2/lib/rspec/core/example.rb:263:in `block in run'

      Finished in 0.0312 seconds (files took 0.1 seconds to load)
      80 examples, 1 failure, 1 pending

      Failed examples:

      rspec ./spec/basket_spec.rb:20 # Basket sums the total
      """,
    telling: [
      "       expected: 6", "            got: 5", "80 examples, 1 failure, 1 pending",
      "rspec ./spec/basket_spec.rb:20 # Basket sums the total",
    ])

  static let dotnet = Sample(
    runner: "dotnet test",
    text: "Starting test execution, please wait...\n"
      + names(24) { "  Passed App.Tests.BasketTests.\($1.capitalized)Items\($0) [\($0 % 3 + 1) ms]" }.joined(
        separator: "\n")
        + """

        [xUnit.net 00:00:00.52]     App.Tests.BasketTests.SumsTheTotal [FAIL]
          Failed App.Tests.BasketTests.SumsTheTotal [4 ms]
          Error Message:
           Assert.Equal() Failure: Values differ
        Expected: 6
        Actual:   5
          Stack Trace:
             at App.Tests.BasketTests.SumsTheTotal() in /src/Tests/BasketTests.cs:line 21
             at System.RuntimeMethodHandle.InvokeMethod(Object target)
             at System.Reflection.MethodBaseInvoker.InvokeWithNoArgs(Object obj, BindingFlags invokeAttr)
          Skipped App.Tests.StoreTests.NeedsADisk [1 ms]

        Failed!  - Failed:     1, Passed:    24, Skipped:     1, Total:    26, Duration: 80 ms - App.Tests.dll (net8.0)
        """,
    telling: [
      "Expected: 6", "Actual:   5", "  Failed App.Tests.BasketTests.SumsTheTotal [4 ms]",
      "Failed!  - Failed:     1, Passed:    24, Skipped:     1, Total:    26, Duration: 80 ms - App.Tests.dll (net8.0)",
    ])

  static let phpunit = Sample(
    runner: "phpunit",
    text: "PHPUnit 10.5.1 by Sebastian Bergmann and contributors.\n\n" + """
      ............................................................... 63 / 80 ( 78%)
      ........F.S......                                               80 / 80 (100%)

      Time: 00:00.031, Memory: 8.00 MB

      There was 1 failure:

      1) Tests\\BasketTest::testTotal
      Failed asserting that 5 matches expected 6.

      /src/tests/BasketTest.php:21

      FAILURES!
      Tests: 80, Assertions: 120, Failures: 1, Skipped: 1.
      """,
    telling: [
      "Failed asserting that 5 matches expected 6.", "FAILURES!",
      "Tests: 80, Assertions: 120, Failures: 1, Skipped: 1.",
      "1) Tests\\BasketTest::testTotal",
    ])

  static let phpunitDox = Sample(
    runner: "phpunit",
    text: "PHPUnit 10.5.1 by Sebastian Bergmann and contributors.\n\nBasket (Tests\\Basket)\n"
      + names(24) { " ✔ \($1.capitalized) what it is given \($0)" }.joined(separator: "\n") + """

         ✘ Total
           │
           │ Failed asserting that 5 matches expected 6.
           │
         ↩ Disk

        FAILURES!
        Tests: 26, Assertions: 120, Failures: 1, Skipped: 1.
        """,
    telling: ["   │ Failed asserting that 5 matches expected 6.", "FAILURES!"])

  static let junitXML = Sample(
    runner: "JUnit XML",
    text: """
      <?xml version="1.0" encoding="utf-8"?>
      <testsuites>
        <testsuite name="pytest" errors="0" failures="1" skipped="1" tests="26" time="0.120">

      """
        + names(24) {
          "    <testcase classname=\"tests.test_basket\" name=\"test_\($1)_\($0)\" time=\"0.00\($0 % 3)\"/>"
        }
        .joined(separator: "\n") + """

              <testcase classname="tests.test_basket" name="test_total" time="0.002">
                <failure message="assert 5 == 6">def test_total():
          &gt;       assert basket.total() == 6
          E       assert 5 == 6
          tests/test_basket.py:21: AssertionError</failure>
              </testcase>
              <testcase classname="tests.test_store" name="test_disk" time="0.000">
                <skipped message="needs a disk"/>
              </testcase>
            </testsuite>
          </testsuites>
          """,
    telling: [
      "      <failure message=\"assert 5 == 6\">def test_total():", "E       assert 5 == 6",
      "  <testsuite name=\"pytest\" errors=\"0\" failures=\"1\" skipped=\"1\" tests=\"26\" time=\"0.120\">",
    ])
}
