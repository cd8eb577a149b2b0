extension TestRunner {
  static let gradle = TestRunner(
    "gradle",
    [
      Shape(.pass, "<group> > <name> PASSED"),
      Shape(.skip, "<group> > <name> SKIPPED"),
      Shape(.failure, "<group> > <name> FAILED"),
      Shape(.start, "<group> > <name> STARTED"),
      Shape(.start, "> Task :<rest>"),
      Shape(.verdict, "> Task :<rest> FAILED"),
      Shape(.verdict, "<n> tests completed<rest>"),
      Shape(.verdict, "<n> test completed<rest>"),
      Shape(.section, "FAILURE: <rest>"),
      Shape(.verdict, "BUILD SUCCESSFUL in <rest>"),
      Shape(.verdict, "BUILD FAILED in <rest>"),
      Shape(.verdict, "<n> actionable task<rest>"),
    ])

  /// Maven.
  static let surefire = TestRunner(
    "maven surefire", separator: ".",
    [
      Shape(
        pair: "[INFO] Running, Tests run: <n>, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: <time> s -- in <name>",
        "[INFO] Running <name>",
        "[INFO] Tests run: <n>, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: <time> s -- in <name>"),
      Shape(.pass, "[INFO] Tests run: <n>, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: <time> s -- in <name>"),
      Shape(.pass, "[INFO] Tests run: <n>, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: <time> s - in <name>"),
      Shape(.skip, "[WARNING] Tests run: <rest>"),
      Shape(.start, "[INFO] Running <name>"),
      Shape(.failure, "[ERROR] <name>  Time elapsed: <time> s  <<< <rest>"),
      Shape(.failure, "[ERROR] <name> -- Time elapsed: <time> s <<< <rest>"),
      Shape(.verdict, "[ERROR] Tests run: <rest>"),
      Shape(.verdict, "[INFO] Tests run: <rest>"),
      Shape(.section, "[INFO] Results:"),
      Shape(.section, "[ERROR] Failures:<rest>"),
      Shape(.section, "[ERROR] Errors:<rest>"),
      Shape(.section, "[INFO]  T E S T S"),
      Shape(.verdict, "[INFO] BUILD <rest>"),
      Shape(.verdict, "[ERROR] <rest>"),
      Shape(.verdict, "[INFO] Total time: <rest>"),
    ])
}
