extension TestRunner {
  static let cargo = TestRunner(
    "cargo test", separator: "::",
    [
      Shape(.pass, "test <name> ... ok"),
      Shape(.skip, "test <name> ... ignored"),
      Shape(.skip, "test <name> ... ignored, <rest>"),
      Shape(.pass, "test <name> - should panic ... ok"),
      Shape(.fail, "test <name> ... FAILED"),
      Shape(.section, "running <n> tests"),
      Shape(.section, "running <n> test"),
      Shape(.section, "failures:"),
      Shape(.section, "successes:"),
      Shape(.failure, "---- <name> stdout ----"),
      Shape(.failure, "---- <name> stderr ----"),
      Shape(.verdict, "test result: <rest>"),
      Shape(.verdict, "error: test failed<rest>"),
      Shape(.verdict, "error: test run failed"),
      Shape(.verdict, "error: doctest failed<rest>"),
      Shape(.section, "   Doc-tests <name>"),
      Shape(.section, "     Running <name>"),
      // cargo nextest
      Shape(.pass, "        PASS [<time->s] <name>"),
      Shape(.skip, "        SKIP [<time->s] <name>"),
      Shape(.fail, "        FAIL [<time->s] <name>"),
      Shape(.verdict, "     Summary [<rest>"),
    ])
}
