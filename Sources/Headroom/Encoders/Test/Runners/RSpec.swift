extension TestRunner {
  static let rspec = TestRunner(
    "rspec",
    [
      Shape(.progress, "<marks>"),
      Shape(.section, "Failures:"),
      Shape(.section, "Pending: (<rest>)"),
      Shape(.section, "Failed examples:"),
      Shape(.failure, "  <n>) <name>"),
      Shape(.verdict, "rspec <rest>"),
      Shape(.verdict, "<n> examples, <rest>"),
      Shape(.verdict, "<n> example, <rest>"),
      Shape(.verdict, "Finished in <rest>"),
      Shape(.section, "Randomized with seed <n>"),
    ])
}
