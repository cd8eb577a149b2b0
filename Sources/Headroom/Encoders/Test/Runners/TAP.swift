extension TestRunner {
  /// The Test Anything Protocol, and the reporters of node's own runner.
  static let tap = TestRunner(
    "TAP",
    [
      Shape(.skip, "<indent>ok <n> - <name> # SKIP<rest>"),
      Shape(.skip, "<indent>ok <n> - <name> # TODO<rest>"),
      Shape(.skip, "<indent>ok <n> - <name> # skip<rest>"),
      Shape(.skip, "<indent>not ok <n> - <name> # TODO<rest>"),
      Shape(.pass, "<indent>ok <n> - <name>"),
      Shape(.failure, "<indent>not ok <rest>"),
      Shape(.start, "<indent># Subtest: <name>"),
      Shape(.section, "TAP version <n>"),
      Shape(.verdict, "1..<n>"),
      Shape(.verdict, "<indent># tests <n>"),
      Shape(.verdict, "<indent># pass <rest>"),
      Shape(.verdict, "<indent># fail <rest>"),
      Shape(.verdict, "<indent># suites <n>"),
      Shape(.verdict, "<indent># cancelled <n>"),
      Shape(.verdict, "<indent># skipped <n>"),
      Shape(.verdict, "<indent># todo <n>"),
      Shape(.verdict, "<indent># duration_ms <time>"),
      Shape(.verdict, "Bail out!<rest>"),
      // The spec reporter of node.
      Shape(.pass, "<indent>✔ <name> (<time>ms)"),
      Shape(.skip, "<indent>﹣ <name>"),
      Shape(.fail, "<indent>✖ <name> (<time>ms)"),
      Shape(.section, "✖ failing tests:"),
      Shape(.suite, "<indent>▶ <name>"),
      Shape(.verdict, "ℹ <rest>"),
    ])

  /// Perl's summary of TAP files.
  static let prove = TestRunner(
    "prove", separator: "/",
    [
      Shape(weak: .pass, "<name> <dots> ok"),
      Shape(weak: .pass, "<name> <dots> ok<rest> ms"),
      Shape(weak: .skip, "<name> <dots> skipped"),
      Shape(.verdict, "All tests successful."),
      Shape(.verdict, "Files=<rest>"),
      Shape(.verdict, "Result: <rest>"),
      Shape(.section, "Test Summary Report"),
      Shape(.failure, "#   Failed test <rest>"),
      Shape(.fail, "Dubious, test returned <rest>"),
      Shape(.fail, "Failed <n>/<n> subtests"),
    ])
}
