import Foundation
import TestSupport
import Testing

@testable import Headroom

/// What holds for every tool output, whatever kind it is and whichever encoder takes it.
@Suite struct ToolOutputTests {
  /// Checks the promises of every level for one text.
  private func check(_ text: [UInt8], hint: Hint = Hint(), _ name: String) {
    for level in Level.allCases {
      let store = MemoryStore()
      let result = compress(text, model: "gpt-4o", options: Options(level: level, store: store, hint: hint))
      let record = result.blocks[0]
      if record.encoder == nil {
        #expect(result.body == text, "\(name) \(level)")
        continue
      }
      #expect(record.tokensAfter < record.tokensBefore, "\(name) \(level)")
      #expect(!result.body.isEmpty, "\(name) \(level)")
      #expect(level != .lossless || record.fidelity < .lossy, "\(name)")
      switch record.fidelity {
      case .identical: #expect(expand(result.body) == text, "\(name) \(level) \(record.encoder ?? "")")
      case .lossy:
        #expect(record.handle != nil)
        #expect(expand(result.body, store: store) == text, "\(name) \(level) \(record.encoder ?? "")")
        checkGaps(result.body, of: text, name)
      case .normalized, .lossless: break
      }
    }
  }

  /// Gaps name lines that the original has, in order, and none twice.
  private func checkGaps(_ form: [UInt8], of text: [UInt8], _ name: String) {
    let total = TextLines(text).count
    let lines = String(decoding: form, as: UTF8.self).split(separator: "\n")
    guard lines.first?.contains(" lines stored #") == true else { return }
    var last = 0
    for line in lines where line.hasPrefix("[lines ") {
      let numbers = line.dropFirst(7).prefix { $0.isNumber || $0 == "-" }.split(separator: "-").compactMap { Int($0) }
      guard numbers.count == 2 else { continue }
      #expect(numbers[0] > last && numbers[1] >= numbers[0] && numbers[1] <= total, "\(name): \(line)")
      last = numbers[1]
    }
  }

  // MARK: Real outputs

  private static let recorded =
    RecordedData.files(
      below: "commands") + RecordedData.files(below: "diffs")
    + RecordedData.files(below: "tables", extensions: ["csv", "tsv"])
    + RecordedData.files(below: "logs").filter { !$0.path.contains("templates") }

  /// A debug build is slow, so of long files the beginning, and of many the smaller ones.
  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedOutputsComeBack() async throws {
    await withTaskGroup(of: Void.self) { group in
      for file in ToolOutputTests.recorded {
        group.addTask {
          guard let data = try? Data(contentsOf: file) else { return }
          var text = [UInt8](data.prefix(40_000))
          if text.count < data.count, let end = text.lastIndex(of: UInt8(ascii: "\n")) { text = Array(text[...end]) }
          self.check(text, file.lastPathComponent)
        }
      }
    }
  }

  // MARK: Small and hostile

  @Test(arguments: [
    "total 8\ndrwxr-xr-x 2 dev dev 4096 Mar  1 10:00 .\ndrwxr-xr-x 9 dev dev 4096 Mar  1 10:00 ..\n",
    "On branch main\nYour branch is up to date with 'origin/main'.\n\nnothing to commit, working tree clean\n",
    "src/app.py:12:def main():\nsrc/app.py:40:    main()\n",
    "HOME=/home/dev\nPATH=/usr/bin:/bin\nLANG=C.UTF-8\n", "def f(x):\n    return x + 1\n", "ok", "", "\n\n\n",
    "error: no such file\n", "exit status 1",
  ])
  func smallOutputsStayAsTheyAre(_ text: String) {
    for level in Level.allCases {
      #expect(compress(text, options: Options(level: level, store: MemoryStore())).text == text)
    }
  }

  private static let hostile: [(String, [UInt8])] = [
    ("orphan headers", Array(String(repeating: "+++ b/x\n--- a/y\n@@ -1 +1 @@\n", count: 200).utf8)),
    ("one long line", Array(repeating: UInt8(ascii: "x"), count: 1_000_000)),
    ("one long line of words", Array(String(repeating: "word ", count: 100_000).utf8)),
    ("deep JSON", Array(repeating: UInt8(ascii: "["), count: 10_000)),
    ("deep markup", Array(String(repeating: "<div>", count: 10_000).utf8)),
    ("split emoji", Array(String(repeating: "a 🙂 b\n", count: 300).utf8).filter { $0 != 0x9f }),
    ("special tokens", Array(String(repeating: "<|endoftext|> <|im_start|>\n", count: 300).utf8)),
    ("NUL", Array(String(repeating: "a\u{0}b\n", count: 600).utf8)),
    ("CRLF", Array((0..<300).map { "line \($0) of the file\r\n" }.joined().utf8)),
    ("invalid UTF-8", (0..<4_000).map { UInt8(truncatingIfNeeded: $0 * 7919) }),
    ("blank lines", Array(repeating: 0x0a, count: 50_000)),
    ("spaces", Array(repeating: 0x20, count: 50_000)),
    (
      "foreign markers",
      Array(String(repeating: "[501 lines compressed. Retrieve more: hash=abcdef]\n", count: 200).utf8)
    ),
    ("quotes", Array(String(repeating: "\"a\"\"b\",'c\n", count: 1_000).utf8)),
    ("colons", Array(String(repeating: "a:1:b:2:c\n", count: 1_000).utf8)),
    ("numbers", Array((0..<2_000).map { "\($0)\t\n" }.joined().utf8)),
  ]

  @Test func hostileInputIsBounded() {
    for (name, text) in ToolOutputTests.hostile { check(text, name) }
  }

  /// Our own forms as input: a document that quotes them is a text like any other.
  @Test func quotedMarkersTriggerNothing() {
    let text =
      (0..<40).map { "A line of a page about markers, number \($0).\n" }.joined()
      + "[942 of 1000 rows stored #k3m9qz]\n[lines 3-9]\n[20 lines as in tool result 1, lines 1-20: x]\n"
    let store = MemoryStore()
    _ = store.put(Array("something else that is stored".utf8))
    check(Array(text.utf8), "quoted markers")
  }

  /// Parts of recorded outputs put together at random, with bytes changed.
  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func damagedMixturesComeBack() throws {
    var generator = SeededGenerator(seed: 77)
    let files = ToolOutputTests.recorded
    for round in 0..<40 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let file = try #require(files.randomElement(using: &generator))
        let bytes = [UInt8](try Data(contentsOf: file).prefix(200_000))
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        text += bytes[start..<min(bytes.count, start + Int.random(in: 100...6_000, using: &generator))]
      }
      for _ in 0..<Int.random(in: 0...12, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: text.remove(at: place)
        case 2: text.insert(0x0a, at: place)
        default: text.insert(contentsOf: text[max(0, place - 300)..<place], at: place)
        }
        if text.isEmpty { text = [0x0a] }
      }
      check(text, "round \(round)")
    }
  }

  private func shortened(_ text: [UInt8]) -> [UInt8] { compress(text, options: Options(level: .lossless)).body }

  @Test func theSameInputGivesTheSameBytes() async {
    let text = ToolOutputTests.hostile.first { $0.0 == "CRLF" }!.1
    let expected = shortened(text)
    await withTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 { group.addTask { self.shortened(text) } }
      for await body in group { #expect(body == expected) }
    }
  }
}
