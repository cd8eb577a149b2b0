import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Diffs: headers in one line, counts left to counting, and less around the changes where the level allows it.
struct DiffTests {
  private func forms(_ text: String, _ counter: TokenCounter) throws -> DiffForms {
    try #require(DiffForms(TextLines(Array(text.utf8)), hint: Hint(), counter: counter))
  }

  private func lossless(_ text: String) throws -> String? {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      try forms(text, counter).complete().first.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }

  private func cut(_ text: String, query: String = "", budget: Int = 0, level: Level = .aggressive) throws -> String? {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let request = CutRequest(
        budget: budget, query: Query(Array(query.utf8)), handle: Handle(of: Array(text.utf8)), retrieval: .shell,
        level: level)
      return try forms(text, counter).cut(request).map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }

  private func found(_ text: String) -> [Range<Int>] {
    DiffForms.find(in: TextLines(Array(text.utf8)), hint: Hint())
  }

  // MARK: What a reader sees

  @Test func headersTakeOneLine() throws {
    let diff = """
      diff --git a/src/acl.c b/src/acl.c
      index 6d698427f..699a3808a 100644
      --- a/src/acl.c
      +++ b/src/acl.c
      @@ -1066,3 +1066,4 @@ int ACLSetSelector(
       flags |= ACL_WRITE_PERMISSION;
      -} else if (op == '~') {
      +} else if (op == '~' && flags) {
      +  offset++;
       break;
      diff --git a/old.c b/new.c
      similarity index 95%
      rename from old.c
      rename to new.c
      index 83db48f84..bf2a14c1e 100644
      --- a/old.c
      +++ b/new.c
      @@ -1 +1 @@
      --- a comment in SQL
      +++ another
      diff --git a/x.png b/x.png
      new file mode 100755
      index 000000000..bf2a14c1e
      Binary files /dev/null and b/x.png differ
      """
    #expect(
      try lossless(diff) == """
        [diff, 12 lines, 3 files]
        === src/acl.c 6d698427f..699a3808a 100644
        @@ -1066 +1066 @@ int ACLSetSelector(
         flags |= ACL_WRITE_PERMISSION;
        -} else if (op == '~') {
        +} else if (op == '~' && flags) {
        +  offset++;
         break;
        === new.c 83db48f84..bf2a14c1e 100644 renamed from old.c 95%
        @@ -1 +1 @@
        --- a comment in SQL
        +++ another
        === x.png 000000000..bf2a14c1e new 100755 binary
        """)
    #expect(expand(text: Array(try lossless(diff)!.utf8)) == Array(diff.utf8))
  }

  @Test func contextIsReducedAndItsCountsAreRight() throws {
    let diff = """
      diff --git a/a.py b/a.py
      index 6d698427f..699a3808a 100644
      --- a/a.py
      +++ b/a.py
      @@ -10,7 +10,7 @@ class A:
       one
       two
       three
      -four
      +4
       five
       six
       seven
      @@ -30,8 +30,9 @@ class A:
       one
      +new
       two
       three
       four
       five
       six
      -seven
      +7
       eight
      """
    #expect(
      try cut(diff) == """
        [context 3→1]
        === a.py
        @@ -12,3 +12,3 @@ class A:
         three
        -four
        +4
         five
        @@ -30,2 +30,3 @@ class A:
         one
        +new
         two
        @@ -35,3 +36,3 @@
         six
        -seven
        +7
         eight
        """)
  }

  @Test func lockFilesSayWhichVersionsChanged() throws {
    let cargo = """
      diff --git a/Cargo.lock b/Cargo.lock
      index 6d698427f..699a3808a 100644
      --- a/Cargo.lock
      +++ b/Cargo.lock
      @@ -10,6 +10,6 @@ dependencies = [
       [[package]]
       name = "serde"
      -version = "1.0.1"
      +version = "1.0.2"
       source = "registry+https://github.com/rust-lang/crates.io-index"
      -checksum = "aaaa"
      +checksum = "bbbb"
       dependencies = [
      """
    #expect(
      try cut(cargo) == "=== Cargo.lock\nserde 1.0.1→1.0.2\n[lines 5-13: lock file, +2 -2]")
    let sums = """
      --- a/go.sum
      +++ b/go.sum
      @@ -1,2 +1,3 @@
      -golang.org/x/net v0.1.0 h1:aaaa=
      -golang.org/x/net v0.1.0/go.mod h1:aaaa=
      +golang.org/x/net v0.2.0 h1:bbbb=
      +golang.org/x/net v0.2.0/go.mod h1:bbbb=
      +golang.org/x/sys v0.3.0 h1:cccc=
      """
    #expect(try cut(sums)?.contains("golang.org/x/net v0.1.0→v0.2.0\ngolang.org/x/sys +v0.3.0\n[lines 3-8") == true)
    let npm = """
      --- a/package-lock.json
      +++ b/package-lock.json
      @@ -10,5 +10,5 @@
           "node_modules/@babel/core": {
      -      "version": "7.1.0",
      -      "resolved": "https://registry.npmjs.org/x.tgz",
      +      "version": "7.2.0",
      +      "resolved": "https://registry.npmjs.org/y.tgz",
             "dev": true,
           }
      """
    #expect(try cut(npm)?.contains("@babel/core 7.1.0→7.2.0\n") == true)
    let yarn = """
      --- a/yarn.lock
      +++ b/yarn.lock
      @@ -10,4 +10,4 @@
       lodash@^4.17.0:
      -  version "4.17.20"
      +  version "4.17.21"
      """
    #expect(try cut(yarn)?.contains("lodash 4.17.20→4.17.21\n") == true)
  }

  @Test func definitionsStayWhereHunksLeave() throws {
    var diff = ""
    for file in 0..<40 {
      diff +=
        "diff --git a/f\(file).go b/f\(file).go\nindex 6d698427f..699a3808a 100644\n--- a/f\(file).go\n+++ b/f\(file).go\n"
      diff += "@@ -1,2 +1,32 @@ package f\n package f\n+func Number\(file)(a int) int {\n"
      for line in 0..<28 { diff += "+\tvalue\(line) := compute(\(file), \(line))\n" }
      diff += "+}\n x\n"
    }
    let view = try #require(try cut(diff, query: "value17 of file 3"))
    for file in 0..<40 { #expect(view.contains("+func Number\(file)(a int) int {")) }
    #expect(view.contains("=== f39.go"))
    #expect(view.utf8.count < diff.utf8.count / 2)
  }

  // MARK: Laws

  private static let samples: [String] = [
    // Orphans, truncated hunks, other prefixes, spaces in paths.
    "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+c",
    "Index: a.c\n===================================================================\n--- a.c\t(revision 1)\n+++ a.c\t(revision 2)\n@@ -1 +1 @@\n-x\n+y",
    "diff --git a/a b c.txt b/a b c.txt\nindex 1234567..89abcde 100644\n--- a/a b c.txt\t\n+++ b/a b c.txt\t\n@@ -1,3 +1,2 @@\n x\n-y\n z",
    "diff --git a/m b/m\nold mode 100644\nnew mode 100755\ndiff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n",
    "diff --git a/x b/x\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@ truncated\n a\n-b\n+c",
    "diff --cc a.c\nindex 1234567,2345678..3456789\n--- a/a.c\n+++ b/a.c\n@@@ -1,2 -1,2 +1,3 @@@\n  x\n +a\n+ b\n- c\n",
    "diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n",
    "diff --git a/x b/x\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n",
    "diff --git a/x b/x\r\nindex 1234567..89abcde 100644\r\n--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n a\r\n-b\r\n+c\r\n",
    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nDate: x\nSubject: [PATCH] y\n\ntext\n---\n x | 2 +-\n\ndiff --git a/x b/x\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39.0\n",
    "diff --git a/b.bin b/b.bin\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 5\nMcmZQz\n\nliteral 4\nLcmZQz\n\n",
    "@@ -1,2 +1,2 @@\n a\n-b\n+c\n\n d\n=== not ours\n",
    "--- x\n+++ y\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n",
  ]

  @Test(arguments: samples)
  func identicalFormsComeBack(_ diff: String) throws {
    #expect(!found(diff).isEmpty)
    if let form = try lossless(diff) { #expect(expand(text: Array(form.utf8)) == Array(diff.utf8).withoutLastNewline) }
    _ = try cut(diff)
  }

  private static func generated(_ generator: inout SeededGenerator) -> String {
    var text = ""
    for file in 0..<Int.random(in: 1...5, using: &generator) {
      let path = "dir\(file)/name\(file).swift"
      text += "diff --git a/\(path) b/\(path)\nindex 12345\(file)7..89abcde 100644\n--- a/\(path)\n+++ b/\(path)\n"
      var old = 1
      var new = 1
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        old += 20
        new += 20
        var body: [String] = []
        var counts = (0, 0)
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
          let sign = [" ", " ", "+", "-"].randomElement(using: &generator)!
          counts.0 += sign == "+" ? 0 : 1
          counts.1 += sign == "-" ? 0 : 1
          body.append(
            sign + ["let a = 1", "func f() {", "", "-- x", "@@ -1 +1 @@", "=== a"].randomElement(using: &generator)!)
        }
        func range(_ start: Int, _ count: Int) -> String {
          count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
        }
        text += "@@ -\(range(old, counts.0)) +\(range(new, counts.1)) @@ func f\n" + body.joined(separator: "\n") + "\n"
        old += counts.0
        new += counts.1
      }
    }
    return text
  }

  @Test(arguments: 0..<30)
  func generatedDiffsComeBack(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let diff = DiffTests.generated(&generator)
    let form = try #require(try lossless(diff))
    #expect(expand(text: Array(form.utf8)) == Array(diff.utf8).withoutLastNewline)
    #expect(form.utf8.count < diff.utf8.count)
    #expect(try lossless(diff) == form)
    for _ in 0..<40 {
      var damaged = Array(form.utf8)
      damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = expand(text: damaged)
      var text = Array(diff.utf8)
      text[Int.random(in: text.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      Tokenizer(vocabulary: .o200k).withCounter { counter in
        let lines = TextLines(text)
        for run in DiffForms.find(in: lines, hint: Hint()) {
          guard let forms = DiffForms(lines[run], hint: Hint(), counter: counter) else { continue }
          for form in forms.complete() { #expect(expand(text: form.bytes).elementsEqual(lines[run].bytes)) }
        }
      }
    }
  }

  /// Changed lines are in view or in a gap; only context leaves without one.
  @Test(arguments: 0..<20)
  func changesAreInViewOrInAGap(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let diff = (0..<6).map { _ in DiffTests.generated(&generator) }.joined()
    guard let view = try cut(diff) else { return }
    let lines = diff.split(separator: "\n", omittingEmptySubsequences: false)
    var gone = Set<Int>()
    for match in view.matches(of: /\[lines (\d+)-(\d+)/) { gone.formUnion(Int(match.1)!...Int(match.2)!) }
    let changed = lines.indices.filter { lines[$0].first == "+" || lines[$0].first == "-" }
      .filter { !lines[$0].hasPrefix("+++ b/") && !lines[$0].hasPrefix("--- a/") }
    let shown = view.split(separator: "\n", omittingEmptySubsequences: false).count {
      $0.first == "+" || $0.first == "-"
    }
    #expect(changed.count { !gone.contains($0 + 1) } == shown)
  }

  @Test func whatIsNoDiffIsNotClaimed() {
    #expect(found("--- a\n+++ b\nnothing").isEmpty)
    #expect(found("# Title\n\n--- x\n\n- item\n- item\n+ item").isEmpty)
    #expect(found("diff --git is a command\n@@ is a sign\n").isEmpty)
    #expect(found((0..<30).map { "- item \($0)" }.joined(separator: "\n")).isEmpty)
  }

  @Test(
    .enabled(if: RecordedData.isPresent, "recorded data absent"),
    arguments: [
      "gitdiff_large_prometheus.diff", "gitdiff_medium_redis.diff", "gitdiff_small_flask.diff",
      "gitlog_patch_flask.txt",
    ])
  func recordedDiffsComeBack(_ name: String) throws {
    let text = try RecordedData.bytes("diffs/\(name)")
    #expect(found(String(decoding: text, as: UTF8.self)).count == 1)
    let form = try #require(try lossless(String(decoding: text, as: UTF8.self)))
    #expect(expand(text: Array(form.utf8)) == text.withoutLastNewline)
    #expect(form.utf8.count * 100 < text.count * 98)
  }
}

extension [UInt8] {
  /// A frame stands for lines, and the newline behind them is not part of it.
  fileprivate var withoutLastNewline: [UInt8] { last == UInt8(ascii: "\n") ? dropLast() : self }
}
