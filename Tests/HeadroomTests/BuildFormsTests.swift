import TestSupport
import Testing

@testable import Headroom

@Suite struct BuildFormsTests {
  private func options(_ command: String = "", _ level: Level = .balanced, _ store: MemoryStore? = nil) -> Options {
    Options(level: level, store: store, hint: Hint(command: command.isEmpty ? nil : Array(command.utf8)))
  }

  private func string(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

  /// The complete form of some lines, for tests of the notation.
  private func complete(_ text: String) throws -> String {
    let lines = TextLines(Array(text.utf8))
    let (detail, body) = try #require(PhraseNotation.encode(lines, isWhole: { _ in false }, isApart: { _ in false }))
    return string(Frame.write("build", detail: detail, body: body))
  }

  private func decode(_ frame: [UInt8]) -> [UInt8]? { TextEncoders.decode(frame, at: 0)?.lines }

  // MARK: The notation

  @Test func progressIsSaidInOneLine() throws {
    let text = """
         Compiling serde v1.0.210
         Compiling syn v2.0.79
         Compiling quote v1.0.37
          Finished dev
      """
    #expect(
      try complete(text) == """
        [build, 2 lines]
        3×    Compiling {serde v1.0.210, syn v2.0.79, quote v1.0.37}
            Finished dev
        """)
  }

  @Test func flagsAreNamedOnceAndCountsCountUp() throws {
    let names = ["adlist", "ae", "anet", "dict"]
    var text = names.map { "cc -std=gnu11 -Wall -O3 -I../deps/lua/src -c \($0).c -o \($0).o" }
    text.append("make: nothing")
    text += names.prefix(3).enumerated().map { "[\($0 + 8)/90] Building C object \($1).c.o" }
    #expect(
      try complete(text.joined(separator: "\n")) == """
        [build, 4 lines, $1-$1 first]
        $1=cc -std=gnu11 -Wall -O3 -I../deps/lua/src -c
        4× $1 {adlist, ae, anet, dict}.c -o {}.o
        make: nothing
        3× [{8..10}/90] Building C object {adlist, ae, anet}.c.o
        """)
  }

  @Test func findingsInOneFileStandBelowItsName() throws {
    let words = BuildFixture.words
    let text = (1...6).map { n in
      "src/shop/storage.py:\(n * 10):\(n): \(words[n...].prefix(9).reversed().joined(separator: n % 2 == 0 ? " is " : " or "))"
    }
    #expect(
      try complete(text.joined(separator: "\n")).hasPrefix("[build, 7 lines]\n6× src/shop/storage.py:…\n10:1: "))
  }

  // MARK: Round trips

  @Test func everyFixtureDecodesToItself() throws {
    for fixture in BuildFixture.all {
      let text = fixture.text
      let lines = TextLines(text)
      guard let (detail, body) = PhraseNotation.encode(lines, isWhole: { _ in false }, isApart: { _ in false }) else {
        continue
      }
      let decoded = decode(Frame.write("build", detail: detail, body: body))
      #expect(decoded.map { $0.elementsEqual(lines.bytes) } == true, "\(fixture.name)")
    }
  }

  /// Lines put together at random from few words, with signs of the notation among them.
  @Test func anyLinesDecodeToThemselves() throws {
    var generator = SeededGenerator(seed: 4)
    let words = [
      "cc", "-O2", "-I../deps/lua/src", "$1", "%2", "{a, b}", "{}", "3× x", "…", "a.o", "b.o", "12", "13", "14",
      "/usr/bin/",
      "", " ", "error:", "‘x’", "\u{0}", "\r", "make[1]:", "src/main.c:12:5:", "…{", "1..3", "{1..3}", ", ", " | ",
    ]
    var encoded = 0
    for _ in 0..<1_000 {
      let count = Int.random(in: 1...30, using: &generator)
      let some = words.shuffled(using: &generator).prefix(Int.random(in: 2...8, using: &generator))
      let text = (0..<count).map { _ in
        (0..<Int.random(in: 0...9, using: &generator)).map { _ in some.randomElement(using: &generator)! }
          .joined(separator: Bool.random(using: &generator) ? " " : "")
      }.joined(separator: "\n")
      let lines = TextLines(Array(text.utf8))
      guard !lines.isEmpty,
        let (detail, body) = PhraseNotation.encode(lines, isWhole: { _ in false }, isApart: { _ in false })
      else { continue }
      encoded += 1
      let decoded = decode(Frame.write("build", detail: detail, body: body))
      #expect(decoded.map { $0.elementsEqual(lines.bytes) } == true, "\(text.debugDescription)")
    }
    #expect(encoded > 50)
  }

  /// A frame that someone made up, or damaged, is an error or some text, and never fills the memory.
  @Test func damagedFramesDoNoHarm() throws {
    var generator = SeededGenerator(seed: 9)
    for fixture in BuildFixture.all.prefix(6) {
      let lines = TextLines(fixture.text)
      guard let (detail, body) = PhraseNotation.encode(lines, isWhole: { _ in false }, isApart: { _ in false }) else {
        continue
      }
      let frame = Frame.write("build", detail: detail, body: body)
      for _ in 0..<25 {
        var damaged = frame
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<damaged.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: damaged.remove(at: place)
          default: damaged.insert(Array("{}$%×…123,\n".utf8).randomElement(using: &generator)!, at: place)
          }
        }
        _ = decode(damaged)
      }
    }
    let bomb = (1...60).map { $0 == 1 ? "$1=aaaaaaaaaaaaaaaa" : "$\($0)=$\($0 - 1)$\($0 - 1)" } + ["$60"]
    #expect(decode(Array("[build, 61 lines, $1-$60 first]\n\(bomb.joined(separator: "\n"))".utf8)) == nil)
    #expect(decode(Array("[build, 1 lines]\n999999999× aaaaaaaaaaaaa".utf8)) == nil)
    #expect(decode(Array("[build, 1 lines]\n999999999× {1..999999999}aaaaaaaaaaa".utf8)) == nil)
  }

  @Test func hostileTextIsLeftAlone() {
    for text in [
      [UInt8](repeating: 0x28, count: 20_000), Array("error: ".utf8) + [UInt8](repeating: 0xff, count: 5_000),
      Array(String(repeating: "a b ", count: 20_000).utf8),
      Array(String(repeating: "warning: x\r\n", count: 2_000).utf8),
      Array(String(repeating: "\n", count: 5_000).utf8),
      Array(String(repeating: "a.c:1:1: error: \u{0}\n", count: 900).utf8),
    ] {
      let result = compress(text, model: "gpt-4o", options: options("make", .lossless))
      #expect(expand(result.body) == text)
    }
  }

  // MARK: Cuts

  /// Errors with their code and notes, verdicts and the places of warnings stay in view; the original comes back.
  @Test(arguments: BuildFixture.all.indices) func errorsVerdictsAndPlacesStayInView(_ index: Int) throws {
    let fixture = BuildFixture.all[index]
    let lines = TextLines(fixture.text)
    let found = BuildFinder.find(lines, Hint(command: Array(fixture.command.utf8)))
    #expect(found == [0..<lines.count], "\(fixture.name)")
    let facts = BuildFacts(lines, isGo: BuildFinder.isGo(Hint(command: Array(fixture.command.utf8))))
    let request = CutRequest(
      budget: 100, query: Query(), handle: Handle(of: fixture.text), retrieval: .none, level: .balanced)
    let view = string(BuildCut(lines, facts, request).text.bytes)
    for kept in fixture.kept {
      #expect(("\n" + view + "\n").contains("\n" + kept + "\n"), "\(fixture.name): \(kept)\n---\n\(view)")
    }
    for (path, place) in fixture.places {
      let start = try #require(view.firstRange(of: path), "\(fixture.name): \(path)").upperBound
      #expect(view[start...].contains(place), "\(fixture.name): \(path) \(place)")
    }
  }

  /// Kept lines and gaps are the input, in order: each line of the view is the line of the source whose turn it is.
  @Test func viewsAccountForEveryLine() throws {
    for fixture in BuildFixture.all {
      let lines = TextLines(fixture.text)
      let request = CutRequest(
        budget: 100, query: Query(Array("session".utf8)), handle: Handle(of: fixture.text), retrieval: .none,
        level: .balanced)
      let view = BuildCut(lines, BuildFacts(lines, isGo: true), request).text
      var next = 0
      let shown = TextLines(view.bytes)
      var line = 0
      while line < shown.count {
        let text = string(shown.text[shown[line]])
        if let gap = text.wholeMatch(of: /\[lines (\d+)-(\d+)(: .*)?\]/), let first = Int(gap.1), let last = Int(gap.2)
        {
          #expect(first == next + 1)
          next = last
          line += 1
        } else if text.hasPrefix("[build, "), let frame = Frame(view.bytes, at: shown[line].lowerBound) {
          let decoded = TextLines(try #require(BuildForms.decode(frame)))
          #expect(decoded.bytes.elementsEqual(lines[next..<next + decoded.count].bytes))
          next += decoded.count
          line += frame.lines.count + 1
        } else {
          try #require(next < lines.count)
          #expect(text == string(lines.text[lines[next]]), "\(fixture.name)")
          next += 1
          line += 1
        }
      }
      #expect(next == lines.count, "\(fixture.name)")
    }
  }

  @Test func cutOutputComesBackFromTheStore() {
    let store = MemoryStore()
    for fixture in BuildFixture.all {
      let result = compress(fixture.text, model: "gpt-4o", options: options(fixture.command, .aggressive, store))
      #expect(expand(result.body, store: store) == fixture.text, "\(fixture.name)")
      let again = compress(fixture.text, model: "gpt-4o", options: options(fixture.command, .aggressive, store))
      #expect(again.body == result.body)
    }
  }

  @Test func cargoOutputLosesTwoThirds() throws {
    let cargo = try #require(BuildFixture.all.first { $0.name == "cargo" })
    let result = compress(cargo.text, model: "gpt-4o", options: options(cargo.command, .balanced, MemoryStore()))
    #expect(result.tokensAfter * 100 <= result.tokensBefore * 35, "\(result.tokensBefore) → \(result.tokensAfter)")
  }

  // MARK: What it is not

  @Test func otherTextsAreNotClaimed() {
    let prose =
      "The build failed on Monday. An error: the cable was loose.\nWe went on.\nThen make was run again, by hand.\n"
    let search = (1...30).map { "src/a.c:\($0): int x\($0) = \($0);" }.joined(separator: "\n")
    let code = "import os\n\ndef run():\n    print('error: no')\n    return 1\n\nclass A:\n    pass\n"
    let log = (10...40).map { "2024-05-01T12:00:\($0) INFO server started on port \($0)" }.joined(separator: "\n")
    for text in [prose, String(repeating: prose, count: 8), search, code, log] {
      #expect(BuildFinder.find(TextLines(Array(text.utf8)), Hint()).isEmpty, "\(text.prefix(80))")
    }
  }

  @Test func smallOutputStaysAsItIs() {
    let text = Array("   Compiling shop v0.1.0 (/srv/shop)\n    Finished dev [unoptimized] target(s) in 0.4s\n".utf8)
    let result = compress(text, model: "gpt-4o", options: options("cargo build"))
    #expect(result.body == text)
  }

  // MARK: Real logs

  @Test(.enabled(if: RecordedData.isPresent)) func realLogsRoundTripAndKeepTheirErrors() throws {
    for (path, most) in [
      ("redis_make_werror_fail.log", 35), ("redis_make_link_fail.log", 35),
      ("xcodebuild_clean_build.first400k.txt", 25),
    ] {
      let text = try RecordedData.bytes("logs/build/\(path)")
      let result = compress(text, model: "gpt-4o", options: options("make", .lossless))
      #expect(expand(result.body) == text, "\(path)")
      #expect(result.tokensAfter * 100 <= result.tokensBefore * most, "\(path)")
      let store = MemoryStore()
      let cut = compress(text, model: "gpt-4o", options: options("make", .balanced, store))
      #expect(expand(cut.body, store: store) == text, "\(path)")
      let view = string(cut.body)
      let lines = TextLines(text)
      for line in 0..<lines.count {
        let line = string(text[lines[line]])
        if line.contains(": error: ") || line.contains("***") { #expect(view.contains(line), "\(line)") }
      }
    }
  }
}
