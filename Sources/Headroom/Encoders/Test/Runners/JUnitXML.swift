extension TestRunner {
  /// The report format that many runners write, where each test has a line of its own.
  static let junitXML = TestRunner(
    "JUnit XML", separator: ".",
    [
      Shape(.pass, "<indent><testcase name=\"<name>\" classname=\"<group>\" time=\"<time>\"/>"),
      Shape(.pass, "<indent><testcase name=\"<name>\" classname=\"<group>\" time=\"<time>\" />"),
      Shape(.pass, "<indent><testcase classname=\"<group>\" name=\"<name>\" time=\"<time>\"/>"),
      Shape(.pass, "<indent><testcase classname=\"<group>\" name=\"<name>\" time=\"<time>\" />"),
      Shape(.pass, "<indent><testcase <rest>/>"),
      Shape(.start, "<indent></testcase>"),
      Shape(.failure, "<indent><testcase <rest>>"),
      Shape(.section, "<indent><testsuite <rest>>"),
      Shape(.section, "<indent><testsuites<rest>>"),
      Shape(.section, "<indent></testsuite>"),
      Shape(.section, "<indent></testsuites>"),
      Shape(.skip, "<indent><skipped<rest>"),
      Shape(.fail, "<indent><failure<rest>"),
      Shape(.fail, "<indent><error<rest>"),
    ])
}
