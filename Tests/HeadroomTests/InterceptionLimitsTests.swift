import Foundation
import Testing

@testable import Headroom

/// Where answering calls ends, and how.
@Suite struct InterceptionLimitsTests {
  private static let formats: [ToolFormat] = [.anthropic, .chat, .responses]

  private func run(
    _ format: ToolFormat, _ script: [ModelAnswer], isStream: Bool = true, store: any OriginalStore = Originals.store(),
    journal: MemoryJournal = MemoryJournal()
  ) throws -> InterceptedTurn {
    try InterceptedTurn(
      ToolClient(format).body, script.enumerated().map { $1.bytes(format, number: $0 + 1, isStream: isStream) },
      isStream: isStream,
      journal: journal, store: store)
  }

  @Test(arguments: formats)
  func afterThreeRoundsTheModelIsToldThatThereIsNoMore(format: ToolFormat) throws {
    let calls = (1...3).map { ModelAnswer([ModelAnswer.retrieve("c\($0)")]) }
    let turn = try run(format, calls + [ModelAnswer([ModelAnswer.retrieve("c4")]), ModelAnswer([.text("I go on.")])])
    #expect(!turn.isBroken)
    #expect(turn.sent.count == 5)
    let items = try SentItems(turn.sent[4]).items.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(items.filter { $0.contains("worker 2 finished") }.count == 3)
    #expect(items.last?.contains("retrieval limit reached") == true)
    #expect(try StrictClient(format, turn.client, isStream: true).items.joined().contains("I go on."))
  }

  @Test(arguments: formats)
  func aModelThatDoesNotStopBreaksTheAnswerOff(format: ToolFormat) throws {
    for isStream in [true, false] {
      let turn = try run(
        format, (1...9).map { ModelAnswer([.text("Again."), ModelAnswer.retrieve("c\($0)")]) }, isStream: isStream)
      #expect(turn.isBroken)
      #expect(turn.sent.count == 1 + AnswerInterceptor.mostRounds + 2)
      #expect(throws: (any Error).self) { try StrictClient(format, turn.client, isStream: isStream) }
      #expect(!String(decoding: turn.client, as: UTF8.self).contains("headroom_retrieve"))
    }
  }

  @Test(arguments: formats)
  func allResultsOfAnAnswerShareABudget(format: ToolFormat) throws {
    let calls = (1...12).map { ModelAnswer.retrieve("c\($0)", #"{"id":"\#(Originals.log)","lines":"\#($0)-"}"#) }
    let turn = try run(format, [ModelAnswer(calls), ModelAnswer([.text("Enough.")])])
    let tokenizer = Tokenizer(model: format == .anthropic ? "claude-sonnet-4-5" : "gpt-5.1")
    let growth = tokenizer.count(turn.sent[1]) - tokenizer.count(turn.sent[0])
    #expect(growth > 4_000 && growth < AnswerInterceptor.mostTokens * 5 / 4 + 2_000)
    #expect(String(decoding: turn.sent[1], as: UTF8.self).contains("retrieval limit reached"))
  }

  @Test(arguments: formats)
  func anInputThatIsTooLongOrNoneGetsAnErrorAndTheAnswerGoesOn(format: ToolFormat) throws {
    let long = #"{"id":"\#(String(repeating: "x", count: RetrievalTool.longestInput + 10))"}"#
    let turn = try run(format, [ModelAnswer([ModelAnswer.retrieve("c1", long)]), ModelAnswer([.text("Sorry.")])])
    #expect(!turn.isBroken)
    #expect(String(decoding: turn.sent[1], as: UTF8.self).contains("the input is too long"))
    if format != .responses { #expect(turn.sent[1].count < 4_000, "what was too long is not kept") }
    _ = try StrictClient(format, turn.client, isStream: true)
  }

  @Test(arguments: formats)
  func aCallThatWasCutShortIsNotAnswered(format: ToolFormat) throws {
    let script = [ModelAnswer([.text("Let me"), ModelAnswer.retrieve("c1", #"{"id":"x"#)], stop: "max_tokens")]
    let turn = try run(format, script)
    #expect(turn.sent.count == 1)
    let client = try StrictClient(format, turn.client, isStream: true)
    #expect(["max_tokens", "length", "incomplete"].contains(client.stop))
    #expect(client.items.joined().contains("Let me"))
  }

  @Test(arguments: formats)
  func anAnswerThatBreaksOffIsBrokenForTheClientToo(format: ToolFormat) throws {
    let whole = ModelAnswer([.text("Before."), ModelAnswer.retrieve("c1")]).bytes(format, number: 1, isStream: true)
    let text = String(decoding: whole, as: UTF8.self)
    let call = try #require(text.range(of: "headroom_retrieve"))
    let journal = MemoryJournal()
    let turn = try InterceptedTurn(ToolClient(format).body, [Array(text[..<call.upperBound].utf8)], journal: journal)
    #expect(turn.isBroken && turn.sent.count == 1)
    #expect(String(decoding: turn.client, as: UTF8.self).contains(#""e.""#))
    #expect(!String(decoding: turn.client, as: UTF8.self).contains("[DONE]"))
    // In a later round, too; and nothing is remembered of it.
    let later = ModelAnswer([.text("After")]).bytes(format, number: 2, isStream: true)
    let second = try InterceptedTurn(
      ToolClient(format).body, [whole, Array(later.dropLast(60 + later.count / 3))], journal: journal)
    #expect(second.isBroken && second.sent.count == 2)
    #expect(throws: (any Error).self) { try StrictClient(format, second.client, isStream: true) }
  }

  @Test func anUpstreamThatRefusesSpeaksForItself() throws {
    func refusal(_ format: ToolFormat, _ text: String, isStream: Bool = true) throws -> String {
      let request = try #require(RequestBody(Array(ToolClient(format).body.utf8)))
      let session = RetrievalSession(request, settings: .init(), journal: MemoryJournal())
      let interceptor = try #require(AnswerInterceptor(session, sent: [], isStream: isStream, model: "m"))
      return String(decoding: interceptor.refused(Array(text.utf8)), as: UTF8.self)
    }
    let error = "{\"type\":\"error\",\n \"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n"
    let line = error.replacing("\n", with: " ")
    #expect(try refusal(.anthropic, error) == "event: error\ndata: \(line)\n\n")
    #expect(try refusal(.chat, error) == "data: \(line)\n\n")
    #expect(try refusal(.responses, error) == "")
    #expect(try refusal(.anthropic, "<html>502</html>") == "")
    #expect(try refusal(.anthropic, error, isStream: false) == "")
  }

  @Test func anErrorEventGoesOnAsItIs() throws {
    let start = String(
      decoding: ModelAnswer([ModelAnswer.retrieve("c1")]).bytes(.anthropic, number: 1, isStream: true), as: UTF8.self)
    let error =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n"
    let half = start.components(separatedBy: "\n\n").prefix(4).joined(separator: "\n\n") + "\n\n" + error
    let turn = try InterceptedTurn(ToolClient(.anthropic).body, [Array(half.utf8)], journal: MemoryJournal())
    #expect(!turn.isBroken)
    #expect(String(decoding: turn.client, as: UTF8.self).hasSuffix(error))
    #expect(turn.sent.count == 1)
  }

  @Test func severalChoicesAreLeftAlone() throws {
    let journal = MemoryJournal()
    let client = ToolClient(.chat)
    _ = try InterceptedTurn(client.body, [], journal: journal)
    let later = client.items + [#"{"role":"assistant","content":"x"}"#, #"{"role":"user","content":"y"}"#]
    var second = client
    second.items = later
    let body = second.body.replacing(#""stream":true"#, with: #""stream":true,"n":2"#)
    let answer = ModelAnswer([ModelAnswer.retrieve("c1")]).bytes(.chat, number: 1, isStream: true)
    let turn = try InterceptedTurn(body, [answer], journal: journal)
    #expect(turn.client == answer)
    #expect(String(decoding: turn.sent[0], as: UTF8.self).contains("headroom_retrieve"))
  }

  // MARK: Responses that the provider keeps

  private func kept(_ input: String, previous: String? = nil) -> String {
    #"{"model":"gpt-5.1","tools":[{"type":"function","name":"look"}],"input":\#(input)"#
      + (previous.map { #","previous_response_id":"\#($0)""# } ?? "") + "}"
  }

  private func bytes(_ answer: ModelAnswer, _ number: Int) -> [UInt8] {
    answer.bytes(.responses, number: number, isStream: true)
  }

  @Test func aKeptResponseIsGoneOnFromWhereTheExchangeEnded() throws {
    let journal = MemoryJournal()
    let first = try InterceptedTurn(
      kept(#""Why?""#), [bytes(ModelAnswer([ModelAnswer.retrieve("c1")]), 1), bytes(ModelAnswer([.text("So.")]), 2)],
      journal: journal)
    #expect(first.sent.count == 2)
    #expect(
      try SentItems(first.sent[1]).items.first.map { String(decoding: $0.bytes, as: UTF8.self) }
        == #"{"role":"user","content":"Why?"}"#)
    #expect(try StrictClient(.responses, first.client, isStream: true).id == "resp_1")
    let next = try InterceptedTurn(
      kept(#"[{"role":"user","content":"And?"}]"#, previous: "resp_1"), [bytes(ModelAnswer([.text("Then.")]), 3)],
      journal: journal)
    let sent = String(decoding: next.sent[0], as: UTF8.self)
    #expect(sent.contains(#""previous_response_id":"resp_2""#))
    #expect(sent.contains("headroom_retrieve"))
    let last = try InterceptedTurn(
      kept(#""Go on""#, previous: "resp_3"), [bytes(ModelAnswer([.text("Yes.")]), 4)], journal: journal)
    #expect(String(decoding: last.sent[0], as: UTF8.self).contains(#""previous_response_id":"resp_3""#))
    #expect(String(decoding: last.sent[0], as: UTF8.self).contains("headroom_retrieve"))
  }

  @Test func aKeptResponseWithCallsSideBySideGetsBothResults() throws {
    let journal = MemoryJournal()
    let answer = ModelAnswer([ModelAnswer.retrieve("c1"), .call(id: "own", name: "look", input: "{}")])
    let first = try InterceptedTurn(kept(#""Why?""#), [bytes(answer, 1)], journal: journal)
    #expect(try StrictClient(.responses, first.client, isStream: true).calls == ["own"])
    let next = try InterceptedTurn(
      kept(#"[{"type":"function_call_output","call_id":"own","output":"seen"}]"#, previous: "resp_1"),
      [bytes(ModelAnswer([.text("Then.")]), 2)], journal: journal)
    let items = try SentItems(next.sent[0]).items.map(\.root)
    #expect(items.map { $0["call_id"].string } == ["c1", "own"])
    #expect(items[0]["output"].string.contains("worker 2 finished"))
    #expect(String(decoding: next.sent[0], as: UTF8.self).contains(#""previous_response_id":"resp_1""#))
  }
}
