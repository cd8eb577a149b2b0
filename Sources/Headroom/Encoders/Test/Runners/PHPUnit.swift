extension TestRunner {
  /// Dots, and the sentences of `--testdox`.
  static let phpunit = TestRunner(
    "phpunit",
    [
      Shape(.pass, " ✔ <name>"),
      Shape(.fail, " ✘ <name>"),
      Shape(.skip, " ↩ <name>"),
      Shape(.skip, " ∅ <name>"),
      Shape(.progress, "<marks><pad><n-> / <n> (<n->%)"),
      Shape(.section, "PHPUnit <rest> by Sebastian Bergmann and contributors."),
      Shape(.section, "There was 1 failure:"),
      Shape(.section, "There were <n> failures:"),
      Shape(.section, "There was 1 error:"),
      Shape(.section, "There were <n> errors:"),
      Shape(.failure, "<n>) <name>"),
      Shape(.verdict, "OK (<rest>)"),
      Shape(.verdict, "OK, but <rest>"),
      Shape(.verdict, "FAILURES!"),
      Shape(.verdict, "ERRORS!"),
      Shape(.verdict, "Tests: <n>, Assertions: <rest>"),
      Shape(.verdict, "Time: <rest>, Memory: <rest>"),
    ])
}
