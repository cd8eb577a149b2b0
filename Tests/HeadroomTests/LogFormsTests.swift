import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct LogFormsTests {
  private let counter = TokenCounter(.o200k)

  private func frame(_ text: String) -> String? { frame(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } }

  private func frame(_ text: [UInt8]) -> [UInt8]? {
    LogForms(TextLines(text), hint: Hint(), counter: counter)?.complete().last?.bytes
  }

  private func decode(_ frame: [UInt8]) -> [UInt8]? { Frame(frame, at: 0).flatMap { LogForms.decode($0) } }

  private func cut(_ text: String, budget: Int = 400, query: String = "") -> String? {
    let bytes = Array(text.utf8)
    let form = LogForms(TextLines(bytes), hint: Hint(), counter: counter)?
      .cut(CutChecks.request(budget: budget, query: query, for: bytes))
    return form.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  // MARK: The notation

  @Test func linesAreTemplatesAndWhatVaries() throws {
    let text = """
      2015-10-18 18:01:47,978 INFO [main] dfs.DataNode: Received block blk_3587508140051953248 of size 67108864
      2015-10-18 18:01:48,963 INFO [main] dfs.DataNode: Received block blk_5402003568334525940 of size 67108864
      2015-10-18 18:01:48,964 WARN [main] dfs.DataNode: disk is slow
      2015-10-18 18:01:49,105 INFO [main] dfs.DataNode: Received block blk_5792489080791696128 of size 67108864
      java.io.IOException: Connection reset
      2015-10-18 18:01:50,022 INFO [main] dfs.DataNode: Received block blk_1724757848743533110 of size 67108864
      2015-10-18 18:02:07,411 INFO [main] dfs.DataNode: Received block blk_8015913224713045110 of size 67108864
      """
    let form = try #require(frame(text))
    #expect(
      form == """
        [log, 9 lines, 1 templates, * each value, @ the @= line above]
        A: @:* INFO [main] dfs.DataNode: Received block blk_* of size 67108864
        @=2015-10-18 18
        A 01:47,978 3587508140051953248
        A 01:48,963 5402003568334525940
        @:01:48,964 WARN [main] dfs.DataNode: disk is slow
        A 01:49,105 5792489080791696128
        java.io.IOException: Connection reset
        A 01:50,022 1724757848743533110
        A 02:07,411 8015913224713045110
        """)
    #expect(decode(Array(form.utf8)).map { String(decoding: $0, as: UTF8.self) } == text)
  }

  @Test func repeatedLinesAreCountedAndRepeatedValuesReferToTheLineAbove() throws {
    var lines = (0..<6).map {
      "request \(["7f3a9c2e", "b81d44f0", "c0ffee42"][$0 / 2]) took \($0 * 37 + 11) ms in the backend pool"
    }
    lines += Array(repeating: "the connection to the primary database was reset by peer", count: 5)
    let text = lines.joined(separator: "\n")
    let form = try #require(frame(text))
    #expect(form.contains(" ^ "))
    #expect(form.hasSuffix(" x5"))
    #expect(decode(Array(form.utf8)).map { String(decoding: $0, as: UTF8.self) } == text)
  }

  @Test func aWordThatManyLinesHaveAnotherInPlaceOfIsAValue() throws {
    let names = ["cyrus", "news", "root", "mail", "backup", "daemon"]
    let text = names.map { "session opened for user \($0) by the login service of this host" }.joined(separator: "\n")
    #expect(
      frame(text) == """
        [log, 7 lines, 1 templates, * each value]
        A: session opened for user * by the login service of this host
        A cyrus
        A news
        A root
        A mail
        A backup
        A daemon
        """)
  }

  @Test func textThatGainsLittleAndFilesStayAsTheyAre() {
    let settings = (0..<40).map { "\(["kernel", "net", "vm", "fs"][$0 % 4]).x\($0) = 1" }
    #expect(frame(settings.joined(separator: "\n")) == nil)
    let code = (0..<40).map { "  let value\($0) = compute(first: \($0), second: \($0 * 2))" }.joined(separator: "\n")
    var hint = Hint()
    #expect(LogForms(TextLines(Array(code.utf8)), hint: hint, counter: counter) != nil)
    hint.command = Array("cd src && cat main.swift".utf8)
    #expect(LogForms(TextLines(Array(code.utf8)), hint: hint, counter: counter) == nil)
  }

  @Test func theSameLineAgainAndAgainIsWrittenOnce() throws {
    let text = String(repeating: "ok\n", count: 500) + "1 failed\n" + String(repeating: "ok\n", count: 500)
    #expect(frame(text) == "[log, 4 lines, 1 templates, * each value]\nA: ok\nA x500\n1 failed\nA x500")
    let blank = String(repeating: "\n", count: 1_000) + "end of a page that is empty"
    let form = try #require(frame(blank))
    #expect(decode(Array(form.utf8)).map { String(decoding: $0, as: UTF8.self) } == blank)
  }

  // MARK: Exactness

  /// Lines by a few patterns, with words and values that the notation itself uses.
  private func generated(_ generator: inout SeededGenerator) -> [UInt8] {
    let words = [
      "error", "A", "B 1", "@", "@=x", "^", "*", "~", "**", "\\", "\"", "x7", "[log, 3 lines]", "key=", "(a)", "blk_",
      "10.0.0.", "é", "\u{0}", "\t", "  ", "INFO", "done:", "C:", "%", "#", "$", "&", "!", "+", "?", ": ", "] ",
    ]
    let stamps = ["2024-05-06 10:0", "May  6 10:00:0", "10:00:0", "[06/May/2024:10:00:0", "", "081109 20361"]
    let stamp = stamps.randomElement(using: &generator)!
    let patterns = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      (0..<Int.random(in: 1...9, using: &generator)).map { _ in
        Bool.random(using: &generator) ? words.randomElement(using: &generator)! : "<>"
      }
    }
    let end = Bool.random(using: &generator) ? "\r\n" : "\n"
    var text = ""
    for _ in 0..<Int.random(in: 4...60, using: &generator) {
      if Int.random(in: 0..<8, using: &generator) > 0 {
        text += stamp
        if stamp.contains(":") {
          text += "\(Int.random(in: 0...9, using: &generator)):0\(Int.random(in: 0...9, using: &generator)) "
        }
      }
      let pattern = patterns.randomElement(using: &generator)!
      text += pattern.map { word in
        guard word == "<>" else { return word }
        return switch Int.random(in: 0..<5, using: &generator) {
        case 0: "\(Int.random(in: 0...3, using: &generator))"
        case 1: "id-\(Int.random(in: 0...99999, using: &generator))"
        case 2: "7"
        case 3: words.randomElement(using: &generator)!
        default: "\(Int.random(in: 0...9_999_999, using: &generator)).5ms"
        }
      }.joined(separator: Bool.random(using: &generator) ? " " : " is ")
      text += end
    }
    if Bool.random(using: &generator) { text.removeLast() }
    return Array(text.utf8)
  }

  @Test func framesDecodeToTheVeryLines() {
    var generator = SeededGenerator(seed: 51)
    var frames = 0
    for _ in 0..<600 {
      let text = generated(&generator)
      let lines = TextLines(text)
      guard let form = LogForms(lines, hint: Hint(), counter: counter)?.complete().last else { continue }
      frames += 1
      #expect(decode(form.bytes) == Array(lines.bytes), "\(String(decoding: text, as: UTF8.self))")
      #expect(frame(text) == form.bytes)
    }
    #expect(frames > 250)
  }

  @Test func damagedFramesNeverCrash() {
    var generator = SeededGenerator(seed: 52)
    for _ in 0..<150 {
      guard let form = frame(generated(&generator)) else { continue }
      for _ in 0..<8 {
        var damaged = form
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<damaged.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: damaged.remove(at: place)
          default: damaged.insert(damaged.randomElement(using: &generator)!, at: place)
          }
        }
        _ = decode(damaged)
        _ = expand(text: damaged)
      }
    }
  }

  @Test func hostileTextIsLeftAlone() {
    let texts: [[UInt8]] = [
      [], [10], Array(repeating: 10, count: 5_000), Array(repeating: 0, count: 5_000),
      Array(repeating: 0x39, count: 200_000), Array(repeating: 0xff, count: 5_000),
      Array(String(repeating: "1 ", count: 50_000).utf8), Array(String(repeating: "1 2\n", count: 5_000).utf8),
      Array(String(repeating: "10:00:00 ", count: 5_000).utf8),
    ]
    for text in texts {
      let lines = TextLines(text)
      _ = LogForms.find(in: lines, hint: Hint())
      guard let form = LogForms(lines, hint: Hint(), counter: counter) else { continue }
      _ = form.cut(CutChecks.request(budget: 100, for: text))
      for candidate in form.complete() { #expect(decode(candidate.bytes) == Array(lines.bytes)) }
    }
  }

  @Test(.enabled(if: RecordedData.isPresent))
  func recordedLogsShrinkByMoreThanHalfAndDecodeExactly() throws {
    let logs = RecordedData.files(below: "logs/loghub", extensions: ["log"])
    var saved = 0
    for log in logs {
      // A part of each is enough to see it, and quick enough without optimisation.
      let whole = TextLines(try RecordedData.bytes("logs/loghub/" + log.lastPathComponent))
      let lines = TextLines(Array(whole[0..<500].bytes))
      let form = try #require(LogForms(lines, hint: Hint(), counter: counter)?.complete().last)
      #expect(decode(form.bytes) == Array(lines.bytes), "\(log.lastPathComponent)")
      #expect(LogForms.find(in: lines, hint: Hint()).first?.count ?? 0 > 450, "\(log.lastPathComponent)")
      saved += 100 - 100 * form.bytes.count / lines.range.count
    }
    #expect(saved / logs.count >= 50)
  }

  // MARK: What is a log

  @Test func onlyLogsAreFound() {
    func runs(_ text: String) -> [Range<Int>] { LogForms.find(in: TextLines(Array(text.utf8)), hint: Hint()) }
    let log = (0..<9).map { "2024-01-01T10:00:0\($0).123Z INFO started worker \($0)\n" }.joined()
    #expect(runs(log) == [0..<9])
    #expect(runs("$ tail app.log\n" + log + "\n$ echo $?\n0\n") == [1..<10])
    #expect(runs(log + "java.io.IOException: x\n\tat a.B.c(B.java:1)\n" + log) == [0..<20])
    let access = (0..<5).map { "10.0.0.\($0) - - [12/Dec/2015:18:25:1\($0) +0100] \"GET / HTTP/1.1\" 200 4\n" }
    #expect(runs(access.joined()) == [0..<5])
    // Times in other text do not make it a log.
    #expect(runs((0..<9).map { "-rw-r--r-- 1 root root 12 2024-01-01 10:00:0\($0) file\($0)\n" }.joined()).isEmpty)
    #expect(
      runs((0..<9).map { "commit \($0)\nDate:   Sun Dec 04 04:47:44 2005 +0000\n\n    text\n\n" }.joined()).isEmpty)
    #expect(runs("We met at 10:00:00 and left.\nThen we came back.\nAt 11:00:00 it rained.\n").isEmpty)
    #expect(runs("let start = \"10:00:00\"\nlet end = \"11:00:00\"\nprint(start)\nprint(end)\n").isEmpty)
  }

  // MARK: What stays in view

  private var busyLog: String {
    var lines: [String] = []
    for i in 0..<400 {
      lines.append(
        "2024-01-01 10:\(10 + i / 60):\(10 + i % 50),123 INFO  [worker-\(i % 4)] job \(i * 7919 % 10007) took \(i) ms")
      if i % 90 == 40 {
        lines.append("2024-01-01 10:\(10 + i / 60):\(10 + i % 50),124 ERROR [worker-1] cannot write chunk \(i)")
        lines.append("java.io.IOException: disk full")
        lines.append("\tat com.acme.Store.write(Store.java:99)")
        for frame in 0..<5 { lines.append("\tat java.base/java.io.Stream.write\(frame)(Stream.java:\(frame))") }
        lines.append("\tat com.acme.Main.main(Main.java:12)")
      }
      if i == 200 { lines.append("2024-01-01 10:14:40,001 WARN  [main] quota of tenant kestrel is low") }
      if i == 300 { lines.append("2024-01-01 10:15:40,001 FATAL [main] lost the lease") }
    }
    return lines.joined(separator: "\n")
  }

  @Test func errorsWarningsAndTheEndStayInViewAndGapsCountTheRest() throws {
    let text = busyLog
    let view = try #require(cut(text))
    CutChecks.expectCover(Array(view.utf8), of: Array(text.utf8))
    for kept in [
      "cannot write chunk 40", "cannot write chunk 310", "java.io.IOException: disk full",
      "\tat com.acme.Store.write(Store.java:99)", "\tat com.acme.Main.main(Main.java:12)",
      "FATAL [main] lost the lease",
      "quota of tenant kestrel", "took 0 ms", "took 399 ms",
    ] { #expect(view.contains(kept), "\(kept)") }
    #expect(view.contains(": 5 frames of java]"))
    #expect(view.contains("1 like line 42"))
    #expect(view.utf8.count < text.utf8.count / 4)
  }

  @Test func theQuerysMatchesStayInView() throws {
    let text = busyLog
    let needle = "job \(123 * 7919 % 10007) took 123 ms"
    #expect(try #require(cut(text)).contains(needle) == false)
    #expect(try #require(cut(text, query: "why did job \(123 * 7919 % 10007) take so long")).contains(needle))
  }

  @Test func everyDistinctErrorOutweighsTheBudget() throws {
    let names = ["alpha", "beta", "gamma"]
    var lines = (0..<200).map { "2024-01-01 10:00:00 INFO tick \($0)" }
    for (i, name) in names.enumerated() {
      lines.insert("2024-01-01 10:00:00 ERROR \(name) \(name)s are gone", at: 50 + i * 30)
    }
    let view = try #require(cut(lines.joined(separator: "\n"), budget: 1))
    for name in names { #expect(view.contains("\(name)s are gone")) }
  }

  @Test(.enabled(if: RecordedData.isPresent))
  func cutLogsCoverTheirLines() throws {
    for log in RecordedData.files(below: "logs/loghub", extensions: ["log"]) {
      let whole = TextLines(try RecordedData.bytes("logs/loghub/" + log.lastPathComponent))
      let text = Array(whole[0..<400].bytes)
      let form = try #require(LogForms(TextLines(text), hint: Hint(), counter: counter))
      let view = try #require(form.cut(CutChecks.request(budget: 800, query: "exception timeout", for: text)))
      CutChecks.expectCover(view.bytes, of: text, "\(log.lastPathComponent)")
    }
  }

  @Test func otherTextIsNeverCut() {
    let prose = (0..<200).map { "Sentence number \($0) of a long text that an error in a log once quoted." }
    #expect(cut(prose.joined(separator: "\n")) == nil)
    let code = (0..<200).map { "  let value\($0) = compute(\($0)) // 10:00:00" }
    #expect(cut(code.joined(separator: "\n")) == nil)
    let table = (0..<200).map { "\($0),2024-01-01 10:00:00,name\($0)" }
    #expect(cut(table.joined(separator: "\n")) == nil)
  }
}
