import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Text for people: nothing said twice, and whole sentences left out where the level allows it.
struct ProseTests {
  private func hint() -> Hint { Hint() }

  private func forms(_ text: String, _ counter: TokenCounter) throws -> ProseForms {
    try #require(ProseForms(TextLines(Array(text.utf8)), hint: Hint(), counter: counter))
  }

  private func text(_ candidate: Candidate?) -> String? { candidate.map { String(decoding: $0.bytes, as: UTF8.self) } }

  /// The form with half of the tokens.
  private func half(_ text: String, query: String) throws -> String? {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let request = CutRequest(
        budget: 0, query: Query(Array(query.utf8)), handle: Handle(of: Array(text.utf8)), retrieval: .shell,
        level: .balanced)
      return self.text(try forms(text, counter).cut(request))
    }
  }

  private static let article = """
    # The harbour

    The harbour was built in 1842 by a company of merchants. Its walls are of granite from the hills. A lighthouse stands
    at the end of the northern mole. The keeper of the light was paid forty pounds a year.

    Ships from the Baltic brought timber and tar. Most of the timber went to the mines inland. Some of it was sold to the
    builders of the town. The trade ended when the railway came.

    Today the harbour is used by fishermen and by visitors. The fish market opens at six in the morning. Visitors come to
    see the seals on the rocks. The café at the pier sells tea.
    """

  // MARK: What a reader sees

  @Test func sentencesThatAnswerTheQuestionStay() throws {
    let cut = try #require(try half(ProseTests.article, query: "What was the keeper of the lighthouse paid?"))
    #expect(cut.contains("# The harbour"))
    #expect(
      cut.contains(
        "A lighthouse stands\nat the end of the northern mole. The keeper of the light was paid forty pounds a year."))
    #expect(cut.contains("sentence"))
    #expect(cut.count < ProseTests.article.count * 7 / 10)
  }

  @Test func aParagraphThatComesAgainIsNamedByItsFirstWords() throws {
    let paragraph =
      "Ships from the Baltic brought timber and tar to the harbour, and took back salt and herring. The trade ended when the railway came to the town."
    let text = paragraph + "\n\nSomething else was said in between.\n\n" + paragraph
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let form = try #require(try forms(text, counter).complete().last { $0.fidelity == .identical })
      #expect(
        self.text(form) == """
          [prose, 5 lines]
          \(paragraph)

          Something else was said in between.

          [as above: Ships from the Baltic brought timber]
          """)
      #expect(expand(text: form.bytes) == Array(text.utf8))
    }
  }

  @Test func presentationGoes() throws {
    let text =
      "A line with spaces at its end.   \n\n\n\n\n| name   | size |\n|--------|-----:|\n| a      |    1 |\n"
      + "See https://example.org/a?utm_source=x&id=3&utm_medium=mail for more."
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let form = try #require(try forms(text, counter).complete().first { $0.fidelity == .normalized })
      #expect(
        self.text(form) == """
          A line with spaces at its end.

          | name | size |
          |---|---:|
          | a | 1 |
          See https://example.org/a?id=3 for more.
          """)
    }
  }

  // MARK: Sentences

  @Test(arguments: [
    ("Dr. Smith met J. R. Jones. They talked, e.g. of fish.", 2), ("It costs 3.50 a piece. No. 4 is free!", 2),
    ("“Stop!” he said. (He was late.) Then he left.", 3), ("これは文です。これも文です。", 2), ("no end at all", 1), ("", 0),
    ("See Fig. 3 for details. And so on... Next.", 3),
  ])
  func sentencesEndWhereReadersSeeTheEnd(_ text: String, _ count: Int) {
    let found = Array(text.utf8).withUnsafeBufferPointer { Sentences.all(in: 0..<$0.count, $0).count }
    #expect(found == count)
  }

  // MARK: Laws

  /// Every sentence either stands in the cut form or is counted by a gap.
  @Test(arguments: 0..<20)
  func keptSentencesAndGapsAreAll(_ seed: UInt64) throws {
    let text = ProseTests.generated(seed)
    guard let cut = try half(text, query: "river mountain 17") else { return }
    let lines = TextLines(Array(text.utf8))
    let count = lines.text.withUnsafeBufferPointer { ProseText(lines, $0).sentences.count }
    var gone = 0
    for match in cut.matches(of: /\[(?:…|lines \d+-\d+: )(\d+) sentences?\]/) { gone += Int(match.1) ?? 0 }
    let kept = lines.text.withUnsafeBufferPointer { bytes in
      ProseText(lines, bytes).sentences.count { cut.contains(String(decoding: bytes[$0], as: UTF8.self)) }
    }
    #expect(kept + gone == count)
    #expect(try half(text, query: "river mountain 17") == cut)
  }

  @Test(arguments: 0..<20)
  func identicalFormsComeBack(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let paragraphs = ProseTests.generated(seed).components(separatedBy: "\n\n")
    let text = (0..<30).map { _ in paragraphs.randomElement(using: &generator)! }.joined(separator: "\n\n")
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      for form in try forms(text, counter).complete() where form.fidelity == .identical {
        #expect(expand(text: form.bytes) == Array(text.utf8))
        // A damaged form is read as something else or not at all, but it is read.
        for _ in 0..<50 {
          var damaged = form.bytes
          damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
          _ = expand(text: damaged)
        }
      }
    }
  }

  private static func generated(_ seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    let words =
      "the river runs down from a mountain to its lake where people fish and boats lie in winter while snow covers every path of old forest towns"
      .split(separator: " ")
    var number = 0
    return (0..<Int.random(in: 4...14, using: &generator)).map { _ in
      (0..<Int.random(in: 1...7, using: &generator)).map { _ in
        number += 1
        let text = (0..<Int.random(in: 6...20, using: &generator)).map { _ in words.randomElement(using: &generator)! }
        return "Sentence \(number) " + text.joined(separator: " ") + "."
      }.joined(separator: Bool.random(using: &generator) ? " " : "\n")
    }.joined(separator: "\n\n")
  }

  // MARK: What is no prose

  @Test func codeLogsAndConfigurationAreNotProse() {
    let code = (0..<40).map { "  let value\($0) = compute(index: \($0), of: items) // the value of it" }
    let log = (0..<40).map { "2024-05-01 12:00:\($0) INFO Server started on port \(8000 + $0) and listens for clients" }
    let config = (0..<40).map { "setting_\($0): the value of this setting is \($0)" }
    let listing = (0..<40).map { "-rw-r--r-- 1 root root 4096 Nov 21 12:00 a file with a long name \($0).txt" }
    let comment =
      "/// What the value is worth to a reader of the text, and how it is found among all the others that stand there."
    let swift = (0..<20).flatMap {
      [comment, comment, "func value\($0)() -> Int {", "  let a = compute()", "  return a + \($0)", "}", ""]
    }
    let docstring =
      "    This is a long description of what the function does, in whole sentences. It goes on for a while."
    let python = (0..<20).flatMap {
      [
        "def f\($0)(a):", "    \"\"\"Return it.", "", docstring, docstring, "    \"\"\"",
        "    value = compute(a, \($0))", "    return value + 1", "",
      ]
        + (0..<8).map { "    other\($0) = call(value\($0))" }
    }
    for lines in [code, log, config, listing, swift, python] {
      #expect(ProseForms.find(in: TextLines(Array(lines.joined(separator: "\n").utf8)), hint: Hint()).isEmpty)
    }
  }

  @Test func textWithoutSpacesIsProseToo() {
    let text = String(repeating: "港口建于一八四二年，由商人们出资修建。城墙是用山上的花岗岩砌成的。", count: 20)
    #expect(ProseForms.find(in: TextLines(Array(text.utf8)), hint: Hint()) == [0..<1])
  }

  @Test func hostileTextIsReadToItsEnd() throws {
    let texts: [[UInt8]] = [
      [], [0], Array(repeating: UInt8(ascii: "."), count: 100_000), Array(repeating: 0x82, count: 10_000),
      Array(String(repeating: "a. ", count: 30_000).utf8), Array(String(repeating: "[", count: 10_000).utf8),
      Array(String(repeating: "word ", count: 100_000).utf8), Array(String(repeating: "A b. \r\n", count: 10_000).utf8),
      Array(String(repeating: "`", count: 10_000).utf8), Array(String(repeating: "```\n", count: 10_000).utf8),
    ]
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      for text in texts {
        let lines = TextLines(text)
        _ = ProseForms.find(in: lines, hint: Hint())
        guard !lines.isEmpty else { continue }
        let forms = try #require(ProseForms(lines, hint: Hint(), counter: counter))
        _ = forms.complete()
        _ = forms.cut(
          CutRequest(
            budget: 100, query: Query(Array("word".utf8)), handle: Handle(of: text), retrieval: .shell, level: .balanced
          ))
      }
    }
  }

  // MARK: Questions and answers

  /// With the question as query and half of the tokens, the answer stays in view.
  @Test(
    .enabled(if: RecordedData.isPresent, "recorded data absent"),
    arguments: [("squad_long", 95), ("hotpotqa_distractor", 80), ("covidqa_docs", 90)])
  func answersStayInHalfOfTheTokens(_ name: String, _ share: Int) throws {
    let text = String(decoding: try RecordedData.bytes("qa/\(name).jsonl"), as: UTF8.self)
    var asked = 0
    var answered = 0
    var kept = 0
    var total = 0
    for line in text.split(separator: "\n") {
      let document = try JSONDecoder().decode(Document.self, from: Data(line.utf8))
      for (question, answers) in document.questions where answers.contains(where: document.context.contains) {
        // A sample of the many questions on one long document.
        guard document.context.count < 10_000 || question.utf8.count % 4 == 0 else { continue }
        guard let cut = try half(document.context, query: question) else { continue }
        asked += 1
        answered += answers.contains(where: cut.contains) ? 1 : 0
        kept += cut.utf8.count
        total += document.context.utf8.count
      }
    }
    #expect(asked > 20)
    #expect(answered * 100 >= asked * share, "\(answered) of \(asked)")
    #expect(kept * 100 <= total * 58)
  }

  private struct Document: Decodable {
    struct Question: Decodable {
      var question: String
      var answers: [String]
    }
    var context: String
    var question: String?
    var answers: [String]?
    var facts: [String]?
    var qas: [Question]?

    enum CodingKeys: String, CodingKey {
      case context, question, answers, qas
      case facts = "supporting_facts"
    }

    var questions: [(String, [String])] {
      if let qas { return qas.map { ($0.question, $0.answers) } }
      guard let question else { return [] }
      return facts.map { $0.map { (question, [$0]) } } ?? [(question, answers ?? [])]
    }
  }
}
