extension TestRunner {
  static let go = TestRunner(
    "go test", separator: "/",
    [
      Shape(
        pair: "=== RUN, --- PASS: <name> (<time>s)", "=== RUN   <name>", "--- PASS: <name> (<time>s)"),
      Shape(.start, "=== RUN   <name>"),
      Shape(.start, "=== PAUSE <name>"),
      Shape(.start, "=== CONT  <name>"),
      Shape(.start, "=== NAME  <name>"),
      Shape(.pass, "<indent>--- PASS: <name> (<time>s)"),
      Shape(.skip, "<indent>--- SKIP: <name> (<time>s)"),
      Shape(.failure, "<indent>--- FAIL: <name> (<time>s)"),
      Shape(.suite, "ok  \t<name>\t<time>s"),
      Shape(.suite, "ok  \t<name>\t(cached)"),
      Shape(.suite, "?   \t<name>\t[no test files]"),
      Shape(.verdict, "ok  \t<rest>"),
      Shape(.verdict, "FAIL\t<rest>"),
      Shape(.verdict, "FAIL"),
      Shape(.verdict, "PASS"),
      Shape(.verdict, "panic: <rest>"),
      Shape(.verdict, "exit status <n>"),
      Shape(.verdict, "coverage: <rest>"),
    ])
}
