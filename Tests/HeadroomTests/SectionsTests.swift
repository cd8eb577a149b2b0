import TestSupport
import Testing

@testable import Headroom

@Suite struct SectionsTests {
  private func lock(_ count: Int) -> String {
    (0..<count).map { number in
      let list = number % 3 == 0 ? "dependencies = [\n \"libc\",\n \"serde \(number)\",\n]\n" : ""
      return "[[package]]\nname = \"crate-\(number)\"\nversion = \"\(number % 4).\(number * 7 % 13).0\"\n\(list)"
    }.joined(separator: "\n")
  }

  @Test func sectionsBecomeRows() {
    let text = (0..<20).map { "[service-\($0)]\nhost=10.0.0.\($0 * 7 % 50)\nport=\(8000 + $0)\nenabled=true\n" }
      .joined()
    let result = compress(text, options: Options(level: .lossless))
    #expect(result.text.hasPrefix("[sections, "))
    #expect(result.blocks[0].fidelity == .identical)
    #expect(result.tokensAfter * 2 < result.tokensBefore)
    #expect(expand(result.body) == Array(text.utf8))
  }

  @Test func lockFilesComeBack() {
    let text = "# generated\nversion = 3\n\n" + lock(60)
    let result = compress(text, options: Options(level: .lossless))
    #expect(result.blocks[0].kind == "config")
    #expect(result.tokensAfter * 10 < result.tokensBefore * 6)
    #expect(expand(result.body) == Array(text.utf8))
  }

  @Test func otherTextIsNotClaimed() {
    for text in [
      "[a]\n[b]\n[c]\n", "[1] first\n[2] second\n[3] third\n", "[x]\nthis is prose\n\n[y]\nmore prose\n\n[z]\nend\n",
      "[a]\nk=1\nk=2\n[b]\nk=1\n[c]\nk=1\n", "[2026-01-01 10:00:00] a=1\n[2026-01-01 10:00:01] a=2\n",
    ] {
      #expect(SectionsText.find(in: TextLines(Array(text.utf8)), hint: Hint()).isEmpty, "\(text)")
    }
  }

  @Test func damagedSectionsComeBack() {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<120 {
      var text = Array(lock(Int.random(in: 3...14, using: &generator)).utf8)
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text[place] = "[]=\"\\ \n,x".utf8.randomElement(using: &generator)!
        case 1: text.remove(at: place)
        default: text.insert(contentsOf: text[max(0, place - 40)..<place], at: place)
        }
      }
      let result = compress(text, options: Options(level: .lossless))
      if result.blocks[0].fidelity == .identical { #expect(expand(result.body) == text) }
    }
  }
}
