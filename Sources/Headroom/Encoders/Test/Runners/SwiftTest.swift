extension TestRunner {
  /// XCTest and Swift Testing, which stand in one output, as SwiftPM, Xcode and xcbeautify print them.
  static let swift = TestRunner(
    "swift test",
    [
      Shape(
        pair: "Test Case '-[<group> <name>]' started, passed (<time> seconds).",
        "Test Case '-[<group> <name>]' started.", "Test Case '-[<group> <name>]' passed (<time> seconds)."),
      Shape(
        pair: "Test Case '<group>.<name>' started at <rest>, passed (<time> seconds)",
        "Test Case '<group>.<name>' started at <rest>", "Test Case '<group>.<name>' passed (<time> seconds)"),
      Shape(.pass, "Test Case '-[<group> <name>]' passed (<time> seconds)."),
      Shape(.pass, "Test Case '<group>.<name>' passed (<time> seconds)"),
      Shape(.start, "Test Case '-[<group> <name>]' started."),
      Shape(.start, "Test Case '<name>' started at <rest>"),
      Shape(.skip, "Test Case '<name>' skipped (<rest>"),
      Shape(.fail, "Test Case '<name>' failed (<rest>"),
      Shape(.start, "Test Suite '<name>' started at <rest>"),
      Shape(.verdict, "Test Suite '<name>' failed at <rest>"),
      Shape(.section, "Test Suite '<name>' passed at <rest>"),
      Shape(.verdict, "<indent>\t Executed <n> test<rest>"),
      Shape(.verdict, "<indent>Executed <n> test<rest>"),
      // xcbeautify
      Shape(.pass, "    ✔ <name> (<time> seconds)"),
      Shape(.fail, "    ✖ <rest>"),
      Shape(.skip, "    ⊘ <rest>"),
      Shape(.start, "Suite <name> started"),
      Shape(.suite, "Suite <name> passed after <time> seconds"),
      Shape(.verdict, "Suite <name> failed after <rest>"),
      Shape(.verdict, "Test run with <rest>"),
      Shape(.start, "Test run started."),
      // Swift Testing
      Shape(.start, "◇ Test <name> started."),
      Shape(.start, "◇ Suite <name> started."),
      Shape(.start, "◇ Test run started."),
      Shape(.start, "◇ Passing <rest>"),
      Shape(.pass, "✔ Test <name> passed after <time> seconds."),
      Shape(.suite, "✔ Suite <name> passed after <time> seconds."),
      Shape(.skip, "➜ Test <rest>"),
      Shape(.skip, "➜ Suite <rest>"),
      Shape(.fail, "✘ Test <rest>"),
      Shape(.fail, "✘ Suite <rest>"),
      Shape(.verdict, "✔ Test run with <rest>"),
      Shape(.verdict, "✘ Test run with <rest>"),
      // The same where symbols are those of SF Symbols.
      Shape(.start, "􀟈  Test <name> started."),
      Shape(.start, "􀟈  Suite <name> started."),
      Shape(.pass, "􁁛  Test <name> passed after <time> seconds."),
      Shape(.suite, "􁁛  Suite <name> passed after <time> seconds."),
      Shape(.verdict, "􁁛  Test run with <rest>"),
    ])
}
