extension TestRunner {
  static let dotnet = TestRunner(
    "dotnet test", separator: ".",
    [
      Shape(.pass, "<indent>Passed <name> [<time> ms]"),
      Shape(.pass, "<indent>Passed <name> [< <time> ms]"),
      Shape(.pass, "<indent>Passed <name> [<time> s]"),
      Shape(.skip, "<indent>Skipped <name> [<rest>]"),
      Shape(.failure, "<indent>Failed <name> [<rest>]"),
      Shape(.verdict, "Failed!  - <rest>"),
      Shape(.verdict, "Passed!  - <rest>"),
      Shape(.verdict, "Skipped! - <rest>"),
      Shape(.verdict, "Total tests: <rest>"),
      Shape(.verdict, "<indent>Passed: <n>"),
      Shape(.verdict, "<indent>Failed: <n>"),
      Shape(.verdict, "<indent>Skipped: <n>"),
      Shape(.verdict, "<indent>Total time: <rest>"),
      Shape(.verdict, "Test Run <rest>"),
      Shape(.section, "Starting test execution, please wait..."),
      Shape(.section, "A total of <n> test files matched the specified pattern."),
    ])
}
