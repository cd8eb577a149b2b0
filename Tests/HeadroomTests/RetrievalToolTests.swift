import Foundation
import Testing

@testable import Headroom

/// What a model gets for a call of the retrieval tool.
@Suite struct RetrievalToolTests {
  private let store = MemoryStore()
  private let tokenizer = Tokenizer(model: "gpt-4o")

  private func ask(_ input: String, budget: Int = RetrievalTool.budget) -> RetrievalTool.Answer {
    RetrievalTool.answer(Array(input.utf8), from: store, tokenizer: tokenizer, budget: budget)
  }

  private func put(_ text: String) -> String { store.put(Array(text.utf8)).name }

  private let rows =
    "["
    + (1...600).map { #"{"id":\#($0),"name":"user \#($0 * 7919 % 1000)","mail":"u\#($0 * 31)@example.com"}"# }.joined(
      separator: ",\n") + "]"

  @Test func aSmallOriginalComesWhole() {
    let id = put("one\ntwo\n")
    for input in [
      #"{"id":"\#(id)"}"#, ##"{"id":"#\##(id)"}"##, #"{"id":"\#(id.uppercased())","lines":"","extra":null}"#,
    ] {
      #expect(
        ask(input) == .init(text: Array("one\ntwo\n".utf8), isError: false, tokens: tokenizer.count("one\ntwo\n")))
    }
  }

  @Test func aLargeOriginalComesAsItsFirstRowsAndSaysHowToGoOn() throws {
    let answer = ask(#"{"id":"\#(put(rows))"}"#)
    let text = String(decoding: answer.text, as: UTF8.self)
    let note = try #require(
      text.firstMatch(of: #/^\[rows 1-(\d+) of 600; choose others by rows, grep, query or path\]\n/#))
    let last = try #require(Int(note.1))
    #expect(last > 20 && last < 200)
    let shown = text.dropFirst(note.0.count)
    #expect(rows.dropFirst().hasPrefix(shown))
    #expect(shown.hasSuffix("}"))
    #expect(answer.tokens <= RetrievalTool.budget + 40)
    #expect(answer.tokens == tokenizer.count(answer.text))
  }

  @Test(arguments: [
    (
      #""rows":"3-4""#,
      #"{"id":3,"name":"user 757","mail":"u93@example.com"},"# + "\n"
        + #"{"id":4,"name":"user 676","mail":"u124@example.com"}"#
    ),
    (#""rows":5"#, #"{"id":5,"name":"user 595","mail":"u155@example.com"}"#),
    (#""path":"[6].name""#, #""user 433""#),
    (#""grep":"u9.@""#, #"3:{"id":3,"name":"user 757","mail":"u93@example.com"},"#),
  ])
  func aPartComesExactly(selection: String, expected: String) {
    let answer = ask(#"{"id":"\#(put(rows))",\#(selection)}"#)
    #expect(String(decoding: answer.text, as: UTF8.self) == expected)
    #expect(!answer.isError)
  }

  @Test(arguments: [50, 200, 1_500, 8_000])
  func nothingIsLongerThanTheBudget(budget: Int) {
    let log = (1...3000).map { "2025-01-01 worker \($0) says \($0 * 7919 % 10007)" }.joined(separator: "\n")
    let odd = String(repeating: "0123456789abcdef", count: 4000)
    for (text, inputs) in [
      (rows, ["", #","rows":"100-""#, #","grep":"user""#, #","query":"user 400""#]),
      (log, ["", #","lines":"5-""#, #","grep":"worker""#, #","query":"worker 17""#]), (odd, ["", #","lines":"1""#]),
    ] {
      let id = put(text)
      for input in inputs {
        let answer = ask(#"{"id":"\#(id)"\#(input)}"#, budget: budget)
        #expect(
          answer.tokens <= max(budget, budget == RetrievalTool.budget ? RetrievalTool.smallOriginal : 0) + 40,
          "\(input)")
        #expect(!answer.isError && (answer.text.count > budget / 2 || input.contains("query")), "\(input)")
      }
    }
  }

  @Test func whatIsLeftOutIsCounted() throws {
    let id = put((1...3000).map { "line \($0) of the log, which is not short" }.joined(separator: "\n"))
    let range = String(decoding: ask(#"{"id":"\#(id)","lines":"11-2000"}"#).text, as: UTF8.self)
    #expect(range.contains(#/^\[lines 11-\d+ of 3000; /#))
    let found = String(decoding: ask(#"{"id":"\#(id)","grep":"line"}"#).text, as: UTF8.self)
    #expect(found.contains(#/^\[\d+ of 3000 lines found of 3000; /#))
  }

  @Test func sourceCodeComesWithWhatItDeclares() {
    let source = (1...120).map {
      "func task\($0)() {\n  let value = \($0)\n  guard value > 0 else { return }\n  print(value)\n}\n"
    }
    .joined(separator: "\n")
    let text = String(decoding: ask(#"{"id":"\#(put(source))"}"#).text, as: UTF8.self)
    #expect(text.contains("\n7-11 task2\n"))
    #expect(text.contains("func task1() {\n  let value = 1\n"))
  }

  @Test(arguments: [
    ("", "the input is no JSON object"), ("[1]", "the input is no JSON object"),
    ("{}", "no id: give the one in the marker"),
    (#"{"id":"k3"}"#, "no original k3: an id is six or more letters and digits"),
    (#"{"id":"k3m9qz"}"#, "no original #k3m9qz in this store"),
    (#"{"id":"ID","rows":"x"}"#, "bad range x: use 3-17"), (#"{"id":"ID","rows":"900-"}"#, "the original has 600 rows"),
    (#"{"id":"ID","grep":"("}"#, "bad pattern"), (#"{"id":"ID","path":"a.b"}"#, "no member a"),
    (#"{"id":"ID","rows":"1","lines":"2"}"#, "choose rows or lines, not both"),
  ])
  func errorsAreInPlainWords(input: String, message: String) {
    let answer = ask(input.replacing("ID", with: put(rows)))
    #expect(answer.isError)
    #expect(
      String(decoding: answer.text, as: UTF8.self).hasPrefix(message), "\(String(decoding: answer.text, as: UTF8.self))"
    )
  }

  @Test func findingNothingIsNoError() {
    let answer = ask(#"{"id":"\#(put("one\ntwo"))","grep":"three"}"#)
    #expect(!answer.isError && String(decoding: answer.text, as: UTF8.self).hasPrefix("nothing in the 2 lines of #"))
  }

  @Test func theDefinitionNeverChanges() {
    // Providers cache everything behind the tools: one byte here costs every running conversation its cache.
    let digests = [ToolFormat.anthropic, .chat, .responses].map { Handle(of: $0.declaration).name }
    #expect(digests == ["cg72qk", "m2ygf6", "eg3r0w"])
  }
}
