extension TestRunner {
  static let jest = TestRunner(
    "jest",
    [
      Shape(.pass, "<indent>✓ <name>"),
      Shape(.pass, "<indent>√ <name>"),
      Shape(.fail, "<indent>✕ <name>"),
      Shape(.fail, "<indent>× <name>"),
      Shape(.skip, "<indent>○ <name>"),
      Shape(.skip, "<indent>✎ <name>"),
      Shape(.suite, "PASS <name>"),
      Shape(.failure, "FAIL <name>"),
      Shape(.failure, "  ● <name>"),
      Shape(.verdict, "Test Suites: <rest>"),
      Shape(.verdict, "Tests: <rest>"),
      Shape(.verdict, "Snapshots: <rest>"),
      Shape(.verdict, "Time: <rest>"),
      Shape(.verdict, "Ran all test suites<rest>"),
      Shape(.section, "Summary of all failing tests"),
    ])

  static let vitest = TestRunner(
    "vitest",
    [
      Shape(.suite, " ✓ <name> (<n> tests) <n>ms"),
      Shape(.suite, " ✓ <name> (<n> test) <n>ms"),
      Shape(.pass, "<indent>✓ <name>"),
      Shape(.pass, "<indent>√ <name>"),
      Shape(.skip, "<indent>↓ <name>"),
      Shape(.fail, "<indent>× <name>"),
      Shape(.fail, "<indent>❯ <name>"),
      Shape(.fail, "<indent>→ <name>"),
      Shape(.failure, " FAIL  <name>"),
      Shape(.section, "⎯⎯⎯<rest>"),
      Shape(.section, " RUN  v<rest>"),
      Shape(.verdict, " Test Files  <rest>"),
      Shape(.verdict, "      Tests  <rest>"),
      Shape(.verdict, "     Errors  <rest>"),
      Shape(.verdict, "   Start at  <rest>"),
      Shape(.verdict, "   Duration  <rest>"),
    ])

  static let mocha = TestRunner(
    "mocha",
    [
      Shape(.pass, "<indent>✔ <name>"),
      Shape(.pass, "<indent>✓ <name>"),
      Shape(.skip, "<indent>- <name>"),
      Shape(.failure, "<indent><n>) <name>"),
      Shape(.verdict, "  <n> passing<rest>"),
      Shape(.verdict, "  <n> failing<rest>"),
      Shape(.verdict, "  <n> pending<rest>"),
    ])
}
