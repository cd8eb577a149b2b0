extension TestRunner {
  /// Python's own runner, and Django's.
  static let unittest = TestRunner(
    "unittest", separator: ".",
    [
      Shape(.pass, "<name> (<group>.<name>) ... ok"),
      Shape(.pass, "<name> (<group>) ... ok"),
      Shape(.skip, "<name> (<group>) ... skipped '<rest>'"),
      Shape(.skip, "<name> (<group>) ... skipped \"<rest>\""),
      Shape(.skip, "<name> (<group>) ... expected failure"),
      Shape(.fail, "<name> (<group>) ... FAIL"),
      Shape(.fail, "<name> (<group>) ... ERROR"),
      Shape(.fail, "<name> (<group>) ... unexpected success"),
      // The first line of a docstring, below the name.
      Shape(weak: .pass, "<name> ... ok"),
      Shape(weak: .fail, "<name> ... FAIL"),
      Shape(weak: .fail, "<name> ... ERROR"),
      Shape(.skip, "<name> ... skipped '<rest>'"),
      Shape(.skip, "<name> ... skipped \"<rest>\""),
      Shape(.progress, "<marks>"),
      Shape(.failure, "FAIL: <name>"),
      Shape(.failure, "ERROR: <name>"),
      Shape(.other, "======================================================================"),
      Shape(.verdict, "Ran <n> tests in <time>s"),
      Shape(.verdict, "Ran <n> test in <time>s"),
      Shape(.verdict, "OK"),
      Shape(.verdict, "OK (<rest>)"),
      Shape(.verdict, "FAILED (<rest>)"),
    ])
}
