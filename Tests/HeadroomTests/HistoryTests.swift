import Foundation
import TestSupport
import Testing

@testable import Headroom

/// `git log`, `git blame` and their like.
struct HistoryTests {
  private func complete<Forms: TextForms>(_ type: Forms.Type, _ text: [UInt8]) throws -> [UInt8]? {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let lines = TextLines(text)
      guard let run = type.find(in: lines, hint: Hint()).first else { return nil }
      let forms = try #require(type.init(lines[run], hint: Hint(), counter: counter))
      return forms.complete().first?.bytes
    }
  }

  private func complete<Forms: TextForms>(_ type: Forms.Type, _ text: String) throws -> String? {
    try complete(type, Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  private func cut<Forms: TextForms>(_ type: Forms.Type, _ text: String, query: String, budget: Int) throws -> String? {
    Tokenizer(vocabulary: .o200k).withCounter { counter in
      let lines = TextLines(Array(text.utf8))
      guard let run = type.find(in: lines, hint: Hint()).first,
        let forms = type.init(lines[run], hint: Hint(), counter: counter)
      else { return nil }
      let request = CutRequest(
        budget: budget, query: Query(Array(query.utf8)), handle: Handle(of: lines.text), retrieval: .shell,
        level: .balanced)
      return forms.cut(request).map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }

  private static let log = """
    commit 2ac89889f4cc330eabd50f295dcef02828522c69 (HEAD -> main)
    Merge: 258d68b6 68936208
    Author: David Lord <davidism@gmail.com>
    Date:   Wed Apr 8 21:04:03 2026 -0700

        Merge branch 'stable'

    commit 689362089edd09b6d68f7cfe99075e1345e0fede
    Author: David Lord <davidism@gmail.com>
    Date:   Wed Apr 8 21:01:29 2026 -0700

        fix typo

        It was there for years.

        Signed-off-by: Ann Lee <ann@example.org>
        Reviewed-by: David Lord <davidism@gmail.com>

     src/bitops.c        | 41 +++++++++++++++++++++++++++++++++++++----
     src/configuration.c |  3 ---
     2 files changed, 37 insertions(+), 7 deletions(-)

    commit 389362089edd09b6d68f7cfe99075e1345e0fede
    Author: Ann Lee <ann@example.org>
    Date:   Wed Apr 8 21:01:29 2025 -0700

        x

     a | 1 +
     1 file changed, 1 insertion(+)
    """

  // MARK: What a reader sees

  @Test func commitsTakeOneLineAndTheirMessages() throws {
    let text = HistoryTests.log.replacing("for years.\n\n", with: "for years.\n    \n").replacing(
      "typo\n\n", with: "typo\n    \n")
    let form = try #require(try complete(CommitLog.self, text))
    #expect(
      form
        == """
        [git log, 17 lines, 3 commits]
        DL = David Lord <davidism@gmail.com>
        AL = Ann Lee <ann@example.org>
        commit 2ac89889f4cc330eabd50f295dcef02828522c69 (HEAD -> main) | DL | Wed Apr 8 21:04:03 2026 -0700 | merge 258d68b6 68936208
         Merge branch 'stable'
        commit 689362089edd09b6d68f7cfe99075e1345e0fede | DL | Wed Apr 8 21:01:29
         fix typo

         It was there for years.

         Signed-off-by: AL
         Reviewed-by: DL
        src/bitops.c | +37 -4
        src/configuration.c | -3
        2 files +37 -7
        commit 389362089edd09b6d68f7cfe99075e1345e0fede | AL | Wed Apr 8 21:01:29 2025 -0700
         x
        a | +1
        """)
    #expect(expand(text: Array(form.utf8)) == Array(text.utf8))
  }

  @Test func blameSaysOfACommitOnceWhatItIs() throws {
    let blame = """
      44ffe6c6d src/a.py (David Lord     2023-04-20 08:30:45 -0700  8) import os
      44ffe6c6d src/a.py (David Lord     2023-04-20 08:30:45 -0700  9)
      fe8597066 a.py     (Armin Ronacher 2012-08-11 03:38:46 +0100 10)   import sys (all) 12)
      44ffe6c6d src/a.py (David Lord     2023-04-20 08:30:45 -0700 11) import re
      """.replacing(" 9)\n", with: " 9) \n")
    let form = try #require(try complete(BlameForms.self, blame))
    #expect(
      form
        == """
        [git blame, 7 lines, 2 commits]
        8 44ffe6c6d src/a.py (David Lord 2023-04-20 08:30:45 -0700)
         import os
        _
        10 fe8597066 a.py (Armin Ronacher 2012-08-11 03:38:46 +0100)
           import sys (all) 12)
        11 44ffe6c6d
         import re
        """.replacing("\n_\n", with: "\n \n"))
    #expect(expand(text: Array(form.utf8)) == Array(blame.utf8))
  }

  @Test func bodiesOfCommitsLeaveBeforeTheirSubjects() throws {
    var log = ""
    for i in 0..<40 {
      log +=
        "commit \(String(repeating: "a", count: 38))\(10 + i)\nAuthor: A B <a@b.c>\nDate:   Wed Apr 8 21:01:29 2026 -0700\n\n"
      log +=
        "    subject \(i)\n    \n    body one of \(i == 30 ? "zebra" : "it") and more and more of it\n    body two\n    body three\n    four\n\n"
    }
    let view = try #require(try cut(CommitLog.self, log, query: "zebra", budget: 1_500))
    #expect(view.contains(" body one of zebra"))
    #expect(view.contains(" subject 0\n"))
    for i in 0..<20 { #expect(view.contains(" subject \(i)\n")) }
    #expect(view.contains("[lines "))
    #expect(view.utf8.count < log.utf8.count)
  }

  @Test func listsKeepTheirNewestAndWhatIsAskedFor() throws {
    let list = (0..<300).map {
      "d15ad\(1000 + $0)f \($0 == 250 ? "tsdb: fix the walrus" : "chore: update number \($0)")"
    }
    .joined(separator: "\n")
    let view = try #require(try cut(OnelineLog.self, list, query: "walrus", budget: 500))
    #expect(view.hasPrefix("d15ad1000f chore: update number 0\n"))
    #expect(view.contains("tsdb: fix the walrus"))
    #expect(view.contains("commits]"))
    let stat = (0..<100).map { " src/file\($0).c | \($0 == 40 ? 500 : 3) ++-" }.joined(separator: "\n")
    let files = try #require(try cut(DiffStat.self, stat, query: "", budget: 100))
    #expect(files.contains(" src/file40.c | 500"))
    #expect(files.contains("files, "))
  }

  // MARK: Laws

  @Test(arguments: 0..<30)
  func generatedLogsComeBack(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var log = ""
    let people = ["A B <a@b.c>", "Ann Lee <ann@example.org>", "AB", "Jörg Öl <j@ö.de>", "A C <a@c.d>"]
    for i in 0..<Int.random(in: 2...30, using: &generator) {
      func pick(_ list: [String]) -> String { list.randomElement(using: &generator)! }
      log += "commit \(String(repeating: "a", count: 38))\(10 + i)\(pick(["", "", " (tag: v1)"]))\n"
      if Bool.random(using: &generator) { log += "Merge: 1234567 89abcde\n" }
      log += "Author: \(pick(people))\n"
      log += "Date:   \(pick(["Wed Apr 8 21:01:29 2026 -0700", "2024-10-18 09:11:23 +0800", "2 days ago"]))\n\n"
      log += "    subject\n"
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        log +=
          pick([
            "    some text", "    ", "        indented", "    Signed-off-by: \(pick(people))", "     x",
            "    commit 123",
          ]) + "\n"
      }
      log += pick([
        "", "\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n",
        "\n long.c | 12 ++++++++++++\n b    |  0\n 2 files changed, 12 insertions(+)\n",
        "\n big.c | 4000 +++---\n x.png |  Bin 0 -> 12 bytes\n 2 files changed, 3000 insertions(+), 1000 deletions(-)\n",
      ])
      log += "\n"
    }
    while log.last == "\n" { log.removeLast() }
    let text = Array(log.utf8)
    let lines = TextLines(text)
    let runs = CommitLog.find(in: lines, hint: Hint())
    for run in runs {
      guard let form = try complete(CommitLog.self, Array(lines[run].bytes)) else { continue }
      #expect(String(decoding: expand(text: form), as: UTF8.self) == String(decoding: lines[run].bytes, as: UTF8.self))
      for _ in 0..<40 {
        var damaged = form
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        _ = expand(text: damaged)
      }
    }
    #expect(!runs.isEmpty)
  }

  @Test(arguments: 0..<20)
  func damagedBlameIsReadToItsEnd(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let blame = (0..<40).map { i in
      "44ffe6c\(i / 7)d src/a.py (David Lord 2023-04-20 08:30:45 -0700 \(i + 1 < 10 ? " " : "")\(i + 1)) line \(i)"
    }.joined(separator: "\n")
    let form = try #require(try complete(BlameForms.self, Array(blame.utf8)))
    #expect(expand(text: form) == Array(blame.utf8))
    for _ in 0..<40 {
      var damaged = form
      damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = expand(text: damaged)
      var text = Array(blame.utf8)
      text[Int.random(in: text.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = try complete(BlameForms.self, text)
    }
  }

  @Test func lookAlikesAreNotClaimed() {
    let lists = [
      (0..<30).map { "2024010\($0 % 10) event number \($0)" }, (0..<30).map { "commit the file number \($0)" },
      (0..<30).map { "0000000000401\(100 + $0) T _symbol\($0)" }, (0..<30).map { "| a\($0) | 12 |" },
    ]
    for list in lists {
      let lines = TextLines(Array(list.joined(separator: "\n").utf8))
      #expect(CommitLog.find(in: lines, hint: Hint()).isEmpty)
      #expect(BlameForms.find(in: lines, hint: Hint()).isEmpty)
      #expect(OnelineLog.find(in: lines, hint: Hint()).isEmpty)
      #expect(DiffStat.find(in: lines, hint: Hint()).isEmpty)
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedOutputComesBackAndIsShorter() throws {
    let folder = "commands/git-and-search/"
    let log = try RecordedData.bytes(folder + "gitlog_stat_redis.txt")
    let form = try #require(try complete(CommitLog.self, log))
    #expect(expand(text: form).elementsEqual(log.dropLast(log.last == UInt8(ascii: "\n") ? 1 : 0)))
    let blame = try RecordedData.bytes(folder + "gitblame_flask_sessions.txt")
    let short = try #require(try complete(BlameForms.self, blame))
    #expect(expand(text: short).elementsEqual(blame.dropLast()))
    #expect(short.count * 2 < blame.count)
  }
}
