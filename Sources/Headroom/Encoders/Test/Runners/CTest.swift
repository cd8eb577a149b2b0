extension TestRunner {
  static let ctest = TestRunner(
    "ctest", separator: "/",
    [
      Shape(.pass, "<n->/<n> Test <rest>   Passed <time-> sec"),
      Shape(.skip, "<n->/<n> Test <rest>***Skipped <time-> sec"),
      Shape(.skip, "<n->/<n> Test <rest>***Not Run<rest>"),
      Shape(.fail, "<n->/<n> Test <rest>***<rest>"),
      Shape(.start, "<indent>Start <n->: <name>"),
      Shape(.start, "Test project <rest>"),
      Shape(.verdict, "<n>% tests passed, <rest>"),
      Shape(.verdict, "Total Test time (real) = <rest>"),
      Shape(.section, "The following tests FAILED:"),
      Shape(.verdict, "<n-> - <name> (<rest>)"),
      Shape(.verdict, "Errors while running CTest"),
      Shape(.verdict, "No tests were found!!!"),
    ])
}
