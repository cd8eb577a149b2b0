import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Search results: each path once, and every line back as it was.
@Suite struct SearchTests {
  @Test func notation() {
    let text = """
      src/acl.c:12:    free(p);
      src/acl.c:40:    free(p);
      src/acl.c:52:int main(void) {
      src/aof.c:8:return;
      README.md:3:free software
      """
    #expect(
      TextFormsCheck.frame(SearchForms.self, text) == """
        [search, 10 lines, 5 matches in 3 files, path:line:text]
        src/
         acl.c
        12,40     free(p);
        52 int main(void) {

         aof.c
        8 return;

        README.md
        3 free software
        """)
  }

  @Test func notationOfContext() {
    let text = """
      src/a-1-b.c-10-{
      src/a-1-b.c:11:  int x = 3;
      src/a-1-b.c-12-
      --
      lib/b.c=30=int f() {
      lib/b.c-34-  y();
      lib/b.c:35:  int x = 4;
      """
    #expect(
      TextFormsCheck.frame(SearchForms.self, text) == """
        [search, 9 lines, 2 matches in 2 files, path:line:text, -- between files]
        src/a-1-b.c
         {
        11   int x = 3;
         \("")

        lib/b.c
        30=int f() {
        34-  y();
        35   int x = 4;
        """)
  }

  @Test func everyLayoutRoundTrips() {
    let samples = [
      // Dates, dashes, spaces, drives and revisions in paths.
      "logs/2024-01-02-app.txt:7:a\nlogs/2024-01-02-app.txt-8-b\nlogs/2024-01-02-app.txt:9:c\n",
      "my dir/a file.c:1:x\nmy dir/a file.c:2:y\nmy dir/b.c:2:y\n",
      "C:\\src\\a.cpp:1:x\nC:\\src\\a.cpp:22:y\nC:\\src\\b.cpp:2:y\n",
      "HEAD~1:src/a.c:1:x\nHEAD~1:src/a.c:22:y\nHEAD~1:src/b.c:2:y\n",
      // Columns.
      "a/x.go:1:5:x := 1\na/x.go:2:7:y := x\na/y.go:9:1:x\n",
      // Headings.
      "a.go\n12:func a() {\n14:\tb()\n\nb/c.go\n3:x\n--\n7-y\n8:z\n",
      // One file.
      "12:def a():\n15:def b():\n18:def c():\n40:def d():\n44:def e():\n",
      // No numbers.
      "src/a.py:import os\nsrc/a.py:import sys\nsrc/b.py:import os\nsrc/b.py:x = 1\n",
      // The tool's own words.
      "src/a.c:1:x\nsrc/a.c:2:y\nBinary file src/a.o matches\nsrc/b.c:9:z\ngrep: src/z: Permission denied\nsrc/c.c:1:x\n",
      // Signs of the notation in the text.
      "src/a.c:1:~x\nsrc/a.c:2:\nsrc/a.c:3: \nsrc/a.c:4:!b\nsrc/a.c:5:--\nsrc/a.c:6:[search, 2 lines]\n",
      "a/src/a.c:1:x\r\na/src/a.c:2:y\r\na/src/b.c:2:y\r\n",
    ]
    for sample in samples {
      #expect(TextFormsCheck.roundTrip(SearchForms.self, Array(sample.utf8)) == 1, "\(sample)")
    }
  }

  @Test func generatedResultsRoundTrip() {
    var generator = SeededGenerator(seed: 91)
    var frames = 0
    for _ in 0..<300 { frames += TextFormsCheck.roundTrip(SearchForms.self, generated(using: &generator)) }
    #expect(frames > 250)
  }

  /// grep's output with or without context and columns, of files with all kinds of names.
  private func generated(using generator: inout SeededGenerator) -> [UInt8] {
    let folders = ["", "src/", "src/deep-2/", "./a b/", "/abs/x/", "tests/2024-05-06/"]
    let contents = [
      "", " ", "    return x;", "\tif (a) {", "x:12:y", "a-3-b", "serverLog(LL_WARNING,\"a\");",
      "serverLog(LL_WARNING,\"b\");", "é✓",
      "~", "}",
    ]
    let context = Bool.random(using: &generator)
    let isHeading = Int.random(in: 0..<4, using: &generator) == 0
    var text = ""
    for file in 0..<Int.random(in: 1...5, using: &generator) {
      let path =
        folders.randomElement(using: &generator)! + "file\(file)-\(Int.random(in: 0..<20, using: &generator)).c"
      if isHeading { text += (text.isEmpty ? "" : "\n") + path + "\n" }
      var number = 0
      for block in 0..<Int.random(in: 1...6, using: &generator) {
        if context, block > 0 || !text.isEmpty && !isHeading { text += "--\n" }
        number += Int.random(in: 1...300, using: &generator)
        let match = Int.random(in: 0...2, using: &generator)
        for line in 0..<(context ? match + 2 : 1) {
          let separator = !context || line == match ? ":" : "-"
          let start = isHeading ? "" : path + separator
          text += "\(start)\(number)\(separator)\(contents.randomElement(using: &generator)!)\n"
          number += 1
        }
      }
    }
    return Array(text.utf8)
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedResultsRoundTrip() throws {
    var frames = 0
    for file in RecordedData.files(below: "commands", extensions: ["txt"]) {
      frames += TextFormsCheck.roundTrip(SearchForms.self, [UInt8](try Data(contentsOf: file)))
    }
    #expect(frames >= 5)
  }

  @Test func lookAlikesAreLeftAlone() {
    let others = [
      "2024-01-02 12:30:01 INFO start\n2024-01-02 12:30:02 INFO next\n2024-01-02 12:30:03 INFO end\n",
      "src/a.c:12:5: error: x\nsrc/a.c:13:5: warning: y\nsrc/b.c:1:1: note: z\n",
      "a.py:12: error: Name is not defined\na.py:13: note: see\nb.py:1: error: no\n",
      "name: x\nvalue: y\napp.kubernetes.io/name: z\n",
      "12:30:01 start\n12:30:02 next\n12:30:03 end\n",
      "    at a (b.js:12:5)\n    at c (d.js:1:2)\n    at e (f.js:3:4)\n",
      "https://a.example/x\nhttps://a.example/y\nhttps://a.example/z\n",
    ]
    let times = ["12:30:0", "2024-01-02T12:30:0", "Jan  2 12:30:0", "I0102 12:30:0"].map { start in
      (1..<9).map { "\(start)\($0) it started\n" }.joined()
    }
    for other in others + times {
      #expect(SearchForms.find(in: TextLines(Array(other.utf8)), hint: Hint()).isEmpty, "\(other)")
      let grep = Hint(command: Array("cat x | grep started".utf8))
      #expect(SearchForms.find(in: TextLines(Array(other.utf8)), hint: grep).isEmpty, "\(other)")
    }
  }

  @Test func damageIsHarmless() {
    var generator = SeededGenerator(seed: 92)
    for seed in 0..<25 {
      TextFormsCheck.fuzz(SearchForms.self, generated(using: &generator), seed: UInt64(seed), times: 30)
    }
  }

  @Test func longAndOddInputEnds() {
    var lines = ""
    for i in 0..<20_000 { lines += "x\(i % 7)-\(i):\(i)-\(i):\n" }
    TextFormsCheck.roundTrip(SearchForms.self, Array(lines.utf8), mustDecode: false)
    TextFormsCheck.roundTrip(SearchForms.self, [UInt8](repeating: UInt8(ascii: ":"), count: 500_000), mustDecode: false)
    TextFormsCheck.roundTrip(SearchForms.self, [0, 10, 0xff, 10, 10, 0x3a, 0x31, 0x3a, 10], mustDecode: false)
    TextFormsCheck.roundTrip(SearchForms.self, [], mustDecode: false)
  }

  @Test func cutKeepsEveryPlace() throws {
    var text = ""
    for file in 0..<20 {
      for i in 1...30 {
        let content = i == 7 ? "func resize\(file)() {" : "    callSomethingQuiteLong(argument\(i), other\(file))"
        text += "Sources/part\(file % 3)/file\(file).swift:\(i * 11):\(content)\n"
      }
    }
    text += "grep: secret: Permission denied\n"
    let cut = try #require(
      TextFormsCheck.cut(SearchForms.self, Array(text.utf8), budget: 900, query: "where is resize17 defined"))
    #expect(cut.contains("77 func resize17() {"))
    #expect(cut.contains("grep: secret: Permission denied"))
    for file in 0..<20 { #expect(cut.contains("file\(file).swift")) }
    // What is in view and what is not make up the whole.
    let hidden = TextFormsCheck.gaps(cut).reduce(0) { $0 + $1.count }
    let shown = cut.split(separator: "\n").count { $0.first?.isNumber == true || $0.hasPrefix("grep:") }
    #expect(hidden + shown == 601)
    #expect(cut.utf8.count < text.utf8.count / 4)
  }

  @Test func cutShowsLongLinesAroundTheMatch() throws {
    let long = String(repeating: "a,b;", count: 2_000) + "needleWord" + String(repeating: "x=y;", count: 2_000)
    let text = "dist/a.js:1:\(long)\nsrc/b.js:7:needleWord()\nsrc/b.js:9:needleWord(2)\n"
    let cut = try #require(TextFormsCheck.cut(SearchForms.self, Array(text.utf8), budget: 400, query: "needleWord"))
    #expect(cut.contains("needleWordx=y") && cut.contains("of 16010 bytes") && cut.utf8.count < 1_000)
  }

  @Test func sameInputSameBytes() {
    var generator = SeededGenerator(seed: 93)
    for _ in 0..<20 {
      let text = String(decoding: generated(using: &generator), as: UTF8.self)
      #expect(TextFormsCheck.frame(SearchForms.self, text) == TextFormsCheck.frame(SearchForms.self, text))
    }
  }
}
