import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct JSONNotationTests {
  private let tokenizer = Tokenizer(vocabulary: .o200k)

  /// What was written reads back as the same values, whatever the document.
  private func checkRoundTrip(_ text: [UInt8], _ counter: TokenCounter) throws {
    let minified = try JSONDocument(text).minified()
    let plan = OutlinePlan(ValuePool(minified, counter: counter), keepsOrder: false)
    guard let written = OutlineWriter.write(plan) else { return }
    let lines = written.bytes
    let decoded = JSONNotation.decode(written.kind, lines)
    let reread = decoded.flatMap { try? JSONDocument($0) }
    let isSame = reread.map { $0.isEqual(to: minified) } ?? false
    #expect(isSame, "\(excerpt(minified.bytes))\n->\n\(excerpt(lines))\n->\n\(excerpt(decoded ?? []))")
  }

  private func excerpt(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(1_500), as: UTF8.self) }

  @Test func generatedDocumentsRoundTrip() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 3)
      for _ in 0..<10_000 { try checkRoundTrip(JSONGenerator.text(using: &generator), counter) }
    }
  }

  @Test func generatedTablesRoundTrip() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 4)
      for _ in 0..<1_500 { try checkRoundTrip(RecordGenerator.text(using: &generator), counter) }
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedFilesRoundTrip() throws {
    try tokenizer.withCounter { counter in
      for folder in ["json", "tables"] {
        for file in RecordedData.files(below: folder, extensions: ["json"]) {
          let text = [UInt8](try Data(contentsOf: file))
          guard text.count < 300_000, let document = try? JSONDocument(text),
            document.minified().isEqual(to: document.minified())
          else { continue }
          try checkRoundTrip(text, counter)
        }
      }
    }
  }

  /// The whole way as the product goes it: candidates, then reading them out of a longer text.
  @Test func candidatesReadBackOutOfOtherText() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 5)
      var identical = 0
      for _ in 0..<400 {
        let values = try JSONDocument(RecordGenerator.text(using: &generator)).minified()
        let style = [JSONStyle.compact, .spaced, .indented(2), .indented(-1)].randomElement(using: &generator)!
        let text = style.render(values)
        for candidate in JSONForms.candidates(text, counter: counter) where candidate.name != "json minified" {
          let around = candidate.bytes + Array("\nmore text".utf8)
          let (json, end) = try #require(JSONNotation.decode(around, at: 0))
          #expect(end == candidate.bytes.count)
          if candidate.fidelity == .identical {
            identical += 1
            #expect(json == text)
          } else {
            #expect(try JSONDocument(json).minified().isEqual(to: values))
          }
        }
      }
      #expect(identical > 20)
    }
  }

  @Test func jsonLinesRoundTrip() throws {
    try tokenizer.withCounter { counter in
      let words = ["accepted", "queued for review", "rejected by the upstream", "done", "timed out", "sent again"]
      let lines = (0..<120).map { i in
        #"{"ts": "2026-01-02T03:04:\#(i % 50 + 10)Z", "level": "info", "n": \#(i * 7919 % 1_000), "msg": "\#(words[i * 31 % 6]) \#(i * 977 % 89)"}"#
      }
      let text = Array(lines.joined(separator: "\n").utf8)
      let candidate = try #require(JSONForms.candidates(text, counter: counter).first)
      #expect(candidate.fidelity == .identical)
      #expect(counter.count(candidate.bytes) * 2 < counter.count(text))
      #expect(JSONNotation.decode(candidate.bytes, at: 0)?.json == text)
    }
  }

  /// Damaged notation must neither crash nor hang: it reads as something or as nothing.
  @Test func damagedNotationIsSafe() {
    tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 6)
      for _ in 0..<1_500 {
        let text = RecordGenerator.text(using: &generator)
        guard var bytes = JSONForms.candidates(text, counter: counter).last?.bytes, bytes.count > 4 else { continue }
        for _ in 0..<3 {
          let at = Int.random(in: bytes.indices, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: bytes[at] = UInt8.random(in: 0...127, using: &generator)
          case 1: bytes.remove(at: at)
          case 2: bytes.insert(contentsOf: "9,^@<<{".utf8.shuffled(using: &generator).prefix(2), at: at)
          default: bytes.swapAt(at, Int.random(in: bytes.indices, using: &generator))
          }
        }
        _ = JSONNotation.decode(bytes, at: 0)
      }
    }
  }

  @Test(arguments: [
    "[json table, 3 lines]\ncomputed: a = {b}\ncomputed: b = {a}\n2 rows: c",
    "[json table, 1 lines]\n999999999 rows: ",
    "[json list, 1 lines]\n<list 1 to 99999999999999>",
    "[json list, 1 lines]\n<list \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" x999999999>",
    "[json outline, 1 lines]\na: *1", "[json outline, 2 lines]\na: &1\n b: *1",
    "[json table, 999999999 lines]\n1 rows: a\n1", "[json table, 2 lines]\n1 rows: a\n<<5",
  ])
  func hostileNotationEndsInNothing(text: String) {
    #expect(JSONNotation.decode(Array(text.utf8), at: 0) == nil)
  }

  @Test(arguments: ["[json]", "[json table]", "[json table, x lines]", "json table, 2 lines", "[2 rows: a", "", "\n"])
  func otherTextIsNotNotation(text: String) {
    #expect(JSONNotation.decode(Array(text.utf8), at: 0) == nil)
  }

  @Test func theFormsReadWell() throws {
    let text = #"""
      {"total":3,"items":[
      {"number":7,"title":"Login fails","state":"open","user":{"login":"octocat","type":"User"},"url":"https://example.com/issues/7"},
      {"number":6,"title":"Dark mode, please","state":"open","user":{"login":"hubot","type":"User"},"url":"https://example.com/issues/6"},
      {"number":5,"title":"Crash","state":"open","user":{"login":"octocat","type":"User"},"url":"https://example.com/issues/5"},
      {"number":4,"title":"null","state":"open","user":{"login":"octocat","type":"User"},"url":"https://example.com/issues/4"}
      ]}
      """#
    let shown = tokenizer.withCounter { JSONForms.candidates(Array(text.utf8), counter: $0).last!.bytes }
    #expect(
      String(decoding: shown, as: UTF8.self) == """
        [json outline, 10 lines]
        total: 3
        items: [table]
        same in all rows: state=open; user.type=User
        series: number = 7 step -1
        computed: url = https://example.com/issues/{number}
        4 rows: title,user.login
        Login fails,octocat
        "Dark mode, please",hubot
        Crash,octocat
        "null",octocat
        """)
  }

  private func shown(_ text: String) throws -> String {
    let candidate = try #require(tokenizer.withCounter { JSONForms.candidates(Array(text.utf8), counter: $0).last })
    let (json, _) = try #require(JSONNotation.decode(candidate.bytes, at: 0))
    #expect(try JSONDocument(json).minified().isEqual(to: JSONDocument(Array(text.utf8)).minified()))
    return String(decoding: candidate.bytes, as: UTF8.self)
  }

  /// Tools that wrap tools return JSON as a string; the string comes back character for character.
  @Test func jsonInsideStringsIsUnfolded() throws {
    let rows = (0..<12).map { #"{"id": \#($0), "name": "item \#($0 * 37 % 11)", "ok": true}"# }.joined(separator: ", ")
    let inner = String(decoding: JSONString.quoted(Array("[\(rows)]".utf8)), as: UTF8.self)
    let text = #"{"content":[{"type":"text","text":\#(inner)}],"isError":false}"#
    let shown = try shown(text)
    #expect(shown.contains("<json table, ") && shown.contains(", spaced>"))
    #expect(!shown.contains(#"\""#))
  }

  @Test func objectsOfAlikeObjectsAreMaps() throws {
    let members = (0..<8).map {
      #""host-\#($0).example.com":{"state":"up","zone":"eu-\#($0 % 2)","load":\#($0 * 13 % 7)}"#
    }
    #expect(try shown("{\(members.joined(separator: ","))}").contains("8 rows: (key),"))
  }

  @Test func subtreesThatRecurAreWrittenOnce() throws {
    let settings = (0..<12).map { #""SETTING_\#($0)":"some value of setting number \#($0 * 7919)""# }.joined(
      separator: ",")
    let template = #"{"image":"registry/app:1.2","env":{\#(settings)},"ports":{"http":8080,"grpc":9090}}"#
    let text = #"{"web":{"replicas":3,"template":\#(template)},"worker":{"count":2,"spec":{"template":\#(template)}}}"#
    let shown = try shown(text)
    #expect(shown.contains("template: &1\n") && shown.contains("template: *1"))
  }

  @Test func runsOfNumbersAreSequences() throws {
    let numbers = (1...40).map(String.init) + Array(repeating: "0", count: 30) + ["7", "9", "2.50"]
    #expect(try shown("[\(numbers.joined(separator: ","))]").contains("<list 1 to 40; 0 x30; 7; 9; 2.50>"))
  }

  @Test func longTextsStandInLines() throws {
    let rows = (0..<4).map { #"{"id":\#($0),"body":"First line \#($0)\n\n    indented, with \"quotes\"\nend \#($0)"}"# }
    #expect(
      try shown("[\(rows.joined(separator: ","))]").contains(
        "<<4\n First line 2\n\n     indented, with \"quotes\"\n end 2\n"))
  }
}

extension JSONForms {
  /// The complete forms of a text that is one document, or JSON lines.
  fileprivate static func candidates(_ text: [UInt8], counter: TokenCounter) -> [Candidate] {
    guard let segment = Segmenter.segments(text).first, let document = segment.document else { return [] }
    return JSONForms(
      document, isLines: segment.kind == .jsonLines, in: text, range: segment.range, counter: counter
    ).complete()
  }
}
