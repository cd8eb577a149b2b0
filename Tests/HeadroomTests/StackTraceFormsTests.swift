import TestSupport
import Testing

@testable import Headroom

@Suite struct StackTraceFormsTests {
  private let counter = TokenCounter(.o200k)

  private static let python = """
    Traceback (most recent call last):
      File "/srv/app/main.py", line 4, in <module>
        main()
      File "/srv/venv/lib/python3.12/site-packages/django/core/handlers/base.py", line 10, in call
        response = get_response(request)
                   ^^^^^^^^^^^^^^^^^^^^^
      File "/srv/venv/lib/python3.12/site-packages/asgiref/sync.py", line 9, in inner
        return run()
      File "/srv/app/models.py", line 40, in save
        raise ValueError("no such name")
    ValueError: no such name
    """
  private static let java = """
    Exception in thread "main" java.lang.IllegalStateException: cannot start
    \tat com.acme.Main.start(Main.java:40)
    \tat org.springframework.boot.SpringApplication.callRunner(SpringApplication.java:780)
    \tat org.springframework.boot.SpringApplication.run(SpringApplication.java:314)
    \tat java.base/java.lang.reflect.Method.invoke(Method.java:568)
    \tat com.acme.Main.main(Main.java:12)
    Caused by: java.io.IOException: disk full
    \tat com.acme.Store.write(Store.java:99)
    \tat com.acme.Main.start(Main.java:38)
    \t... 5 more
    """
  private static let node = """
    TypeError: Cannot read properties of undefined (reading 'x')
        at load (/srv/app/src/load.js:10:5)
        at Layer.handle [as handle_request] (/srv/app/node_modules/express/lib/router/layer.js:95:5)
        at next (/srv/app/node_modules/express/lib/router/route.js:149:13)
        at Route.dispatch (/srv/app/node_modules/@koa/router/lib/route.js:119:3)
        at /srv/app/src/app.js:5:1
    """
  private static let go = """
    panic: runtime error: invalid memory address or nil pointer dereference
    [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1048c5]

    goroutine 1 [running]:
    main.load(0x0)
    \t/srv/app/main.go:12 +0x1d
    net/http.HandlerFunc.ServeHTTP(0xc0000, {0x1, 0x2}, 0x3)
    \t/usr/local/go/src/net/http/server.go:2136 +0x29
    net/http.(*ServeMux).ServeHTTP(0x7f, {0x1, 0x2}, 0x3)
    \t/usr/local/go/src/net/http/server.go:2514 +0x149
    main.main()
    \t/srv/app/main.go:30 +0x1d
    """
  private static let rust = """
    thread 'main' panicked at src/main.rs:4:5:
    index out of bounds: the len is 3 but the index is 99
    stack backtrace:
       0: rust_begin_unwind
                 at /rustc/9fc6b43126469e38/library/std/src/panicking.rs:665:5
       1: core::panicking::panic_fmt
                 at /rustc/9fc6b43126469e38/library/core/src/panicking.rs:74:14
       2: core::panicking::panic_bounds_check
                 at /rustc/9fc6b43126469e38/library/core/src/panicking.rs:276:5
       3: app::load
                 at ./src/main.rs:4:5
       4: app::main
                 at ./src/main.rs:9:3
    """
  private static let ruby = """
    /srv/app/load.rb:12:in `load': no such name (ArgumentError)
    \tfrom /usr/lib/ruby/gems/3.2.0/gems/rack-2.2/lib/rack/a.rb:1:in `call'
    \tfrom /usr/lib/ruby/gems/3.2.0/gems/rack-2.2/lib/rack/b.rb:2:in `call'
    \tfrom /usr/lib/ruby/gems/3.2.0/gems/puma-6.0/lib/puma/c.rb:3:in `call'
    \tfrom /srv/app/main.rb:3:in `<main>'
    """
  private static let php = """
    PHP Fatal error:  Uncaught RuntimeException: no such name in /srv/app/load.php:12
    Stack trace:
    #0 /srv/app/vendor/symfony/http/kernel.php(12): handle()
    #1 /srv/app/vendor/symfony/http/kernel.php(19): handleRaw()
    #2 /srv/app/index.php(3): load()
    #3 {main}
      thrown in /srv/app/load.php on line 12
    """
  private static let csharp = """
    Unhandled exception. System.InvalidOperationException: no such name
       at Acme.Store.Load(String name) in /srv/app/Store.cs:line 12
       at System.Linq.Enumerable.First[T](IEnumerable`1 source)
       at System.Linq.Enumerable.Single[T](IEnumerable`1 source)
       at System.Threading.Tasks.Task.Wait()
       at Acme.Program.Main(String[] args) in /srv/app/Program.cs:line 3
    """
  private static let debugger = """
    #0  0x00007ffff7e4e83c in raise () from /usr/lib/libc.so.6
    #1  0x00007ffff7e4e900 in abort () from /usr/lib/libc.so.6
    #2  0x0000555555555178 in load (name=0x0) at load.c:12
    #3  0x0000555555555199 in main () at main.c:3
    """
  private static let all = [python, java, node, go, rust, ruby, php, csharp, debugger]

  private func forms(_ text: String) -> (lines: TextLines, forms: StackTraceForms)? {
    let lines = TextLines(Array(text.utf8))
    return StackTraceForms(lines, hint: Hint(), counter: counter).map { (lines, $0) }
  }

  private func cut(_ text: String) throws -> String? {
    let (lines, forms) = try #require(self.forms(text))
    return forms.cut(CutChecks.request(budget: 100, for: lines.text)).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  // MARK: What is a trace

  @Test(arguments: all) func tracesOfCommonLanguagesAreFound(_ trace: String) {
    let count = TextLines(Array(trace.utf8)).count
    let runs = StackTraceForms.find(in: TextLines(Array(("Running.\n\n" + trace + "\n\nDone.\n").utf8)), hint: Hint())
    #expect(runs == [2..<2 + count])
  }

  @Test func otherTextIsNotATrace() {
    for text in [
      "We met\n    at the station\n  and left.\nThe Error was ours.\n",
      "def f():\n    raise ValueError(\"x\")\n\nclass MyError(Exception):\n    pass\n",
      "1: one\n2: two\n3: three\n4: four\n", "# Title\n#1 first (a)\ntext\n",
      "try {\n    at(1)\n} catch (e) {\n    throw e\n}\n",
    ] { #expect(StackTraceForms.find(in: TextLines(Array(text.utf8)), hint: Hint()).isEmpty, "\(text)") }
  }

  // MARK: Repeats

  @Test func aTraceThatStoodAboveIsSaidOnce() throws {
    let (_, forms) = try #require(self.forms("\(Self.node)\n\n\(Self.node)\n\n\(Self.node)"))
    let form = try #require(forms.complete().last)
    #expect(form.fidelity == .identical)
    #expect(
      String(decoding: form.bytes, as: UTF8.self)
        == "[stack trace, 9 lines]\n\(Self.node)\n\n[lines 1-7 again]\n[lines 1-6 again]")
  }

  @Test func framesDecodeToTheVeryLines() {
    var generator = SeededGenerator(seed: 61)
    let own = ["[lines 1-3 again]", "\\x", "", "text", "[lines 2-9 again] ", "\\[lines 1-1 again]"]
    var frames = 0
    for _ in 0..<300 {
      var lines: [String] = []
      for _ in 0..<Int.random(in: 2...9, using: &generator) {
        if Bool.random(using: &generator) { lines.append(own.randomElement(using: &generator)!) }
        var trace = Self.all.randomElement(using: &generator)!.split(separator: "\n", omittingEmptySubsequences: false)
        if Bool.random(using: &generator) { trace.remove(at: Int.random(in: 0..<trace.count, using: &generator)) }
        lines += trace.map(String.init)
      }
      let text = Array(lines.joined(separator: "\n").utf8)
      guard let form = StackTraceForms(TextLines(text), hint: Hint(), counter: counter)?.complete().last else {
        continue
      }
      frames += 1
      #expect(expand(text: form.bytes) == text)
      var damaged = form.bytes
      for _ in 0..<4 {
        damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        _ = expand(text: damaged)
      }
    }
    #expect(frames > 100)
  }

  @Test func referencesToLinesThatAreNotAboveAreNotRead() {
    for body in [
      "[lines 1-3 again]", "a\nb\n[lines 1-3 again]", "a\n[lines 0-1 again]", "a\n[lines 9999999999-1 again]",
    ] {
      let frame = Frame.write("stack trace", body: Array(body.utf8))
      if let read = Frame(frame, at: 0).flatMap({ StackTraceForms.decode($0) }) { #expect(read == Array(body.utf8)) }
    }
  }

  // MARK: What stays in view

  @Test func framesOfLibrariesAreFolded() throws {
    #expect(
      try cut(Self.python) == """
        Traceback (most recent call last):
          File "/srv/app/main.py", line 4, in <module>
            main()
        [lines 4-8: 2 frames of django, asgiref]
          File "/srv/app/models.py", line 40, in save
            raise ValueError("no such name")
        ValueError: no such name
        """)
    #expect(
      try cut(Self.node) == """
        TypeError: Cannot read properties of undefined (reading 'x')
            at load (/srv/app/src/load.js:10:5)
        [lines 3-5: 3 frames of express, @koa/router]
            at /srv/app/src/app.js:5:1
        """)
  }

  @Test func errorsCausesAndTheProjectsFramesStayInView() throws {
    for trace in Self.all {
      guard let view = try cut(trace) else { continue }
      CutChecks.expectCover(Array(view.utf8), of: Array(trace.utf8))
      for line in trace.split(separator: "\n") where line.contains("/srv/app/") || line.contains("acme") {
        if line.contains("node_modules") || line.contains("vendor") { continue }
        #expect(view.contains(line))
      }
      for line in trace.split(separator: "\n")
      where line.contains("Exception") || line.contains("Error") || line.contains("panic:") {
        #expect(view.contains(line))
      }
    }
    let java = try #require(try cut(Self.java))
    #expect(java.contains("[lines 3-5: 3 frames of spring, java]"))
    #expect(java.contains("Caused by: java.io.IOException: disk full"))
  }

  @Test func aRecursionWithoutEndIsFolded() throws {
    let frames = (0..<500).map { _ in "    at visit (/srv/app/src/tree.js:10:5)" }
    let text = "RangeError: Maximum call stack size exceeded\n" + frames.joined(separator: "\n")
    let view = try #require(try cut(text))
    CutChecks.expectCover(Array(view.utf8), of: Array(text.utf8))
    #expect(view.utf8.count < text.utf8.count / 5)
  }
}
