import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Calls of an added tool are answered inside the answer that the client gets, and the upstream goes on reading what it has read.
@Suite struct InterceptionTests {
  private static let thought: ModelAnswer.Part = .thinking(
    "Look at \"worker 7\" 😀\nfirst.", signature: "EqoBCkgIAhABGAIiQL2\\/Zk+w==")
  private static let signature = #"EqoBCkgIAhABGAIiQL2\/Zk+w=="#

  /// A call of ours alone; with words before; with calls of the client beside it; two in a row; none.
  private static let scripts: [(name: String, answers: [ModelAnswer])] = [
    ("silent call", [ModelAnswer([ModelAnswer.retrieve("c1")]), ModelAnswer([.text("Worker 7 was stopped.")])]),
    (
      "words, a call, and a call of the client",
      [
        ModelAnswer([thought, .text("Let me see — 😀"), ModelAnswer.retrieve("c1")], input: 100, output: 11),
        ModelAnswer(
          [
            .thinking("More.", signature: "c2ln"), .text("I look, too."),
            .call(id: "own", name: "look", input: #"{"place":"é"}"#),
          ],
          input: 300, output: 13),
      ]
    ),
    (
      "side by side",
      [
        ModelAnswer([
          thought, .text("Both."), .call(id: "own1", name: "look", input: "{}"), ModelAnswer.retrieve("c1"),
          .call(id: "own2", name: "look", input: #"{"place":"b"}"#),
        ])
      ]
    ),
    (
      "three rounds",
      [
        ModelAnswer([
          .text("One. "), ModelAnswer.retrieve("c1", #"{"id":"\#(Originals.log)"}"#),
          ModelAnswer.retrieve("c2", #"{"id":"nothere9"}"#),
        ]),
        ModelAnswer([.text("Two. "), ModelAnswer.retrieve("c3", #"{"id":"\#(Originals.log)","grep":"worker 7 "}"#)]),
        ModelAnswer([.text("Three.")]),
      ]
    ),
    (
      "a call, then side by side",
      [
        ModelAnswer([.text("First. "), ModelAnswer.retrieve("c1")]),
        ModelAnswer([ModelAnswer.retrieve("c2"), .call(id: "own", name: "look", input: "{}")]),
      ]
    ),
    ("plain", [ModelAnswer([.text("Nothing to see.")])]),
  ]

  private static let formats: [ToolFormat] = [.anthropic, .chat, .responses]

  private func answers(_ format: ToolFormat, _ script: [ModelAnswer], isStream: Bool = true) -> [[UInt8]] {
    script.enumerated().map { $1.bytes(format, number: $0 + 1, isStream: isStream) }
  }

  private func run(_ format: ToolFormat, _ script: [ModelAnswer], isStream: Bool = true, chunk: Int = .max) throws
    -> InterceptedTurn
  {
    try InterceptedTurn(
      ToolClient(format).body, answers(format, script, isStream: isStream), isStream: isStream,
      journal: MemoryJournal(),
      chunk: chunk)
  }

  // MARK: What the client gets

  @Test(arguments: formats, scripts.indices)
  func theClientGetsOneValidAnswerWithoutTheCalls(format: ToolFormat, script: Int) throws {
    let answers = Self.scripts[script].answers
    for isStream in [true, false] {
      let turn = try run(format, answers, isStream: isStream)
      #expect(!turn.isBroken)
      let client = try StrictClient(format, turn.client, isStream: isStream)
      let said = answers.flatMap(\.parts).compactMap { part in
        if case .text(let text) = part { text } else { nil as String? }
      }
      let got = client.items.joined()
      for text in said {
        #expect(got.contains(ModelAnswer.escaped(text)) || got.contains(text), "\(text)")
      }
      #expect(
        client.calls
          == answers.flatMap(\.parts).compactMap { part in
            if case .call(let id, "look", _) = part { id } else { nil as String? }
          })
      #expect(client.id.hasSuffix("_1") || client.id.hasSuffix("-1"), "the id is that of the first")
      #expect(client.inputTokens == answers.reduce(0) { $0 + $1.input }, "it is told the whole bill")
      #expect(client.outputTokens == answers.reduce(0) { $0 + $1.output })
    }
  }

  @Test(arguments: formats, scripts.indices)
  func whereverTheStreamIsCutTheBytesAreTheSame(format: ToolFormat, script: Int) throws {
    let answers = answers(format, Self.scripts[script].answers)
    let body = ToolClient(format).body
    let whole = try InterceptedTurn(body, answers, journal: MemoryJournal())
    let single = try InterceptedTurn(body, answers, journal: MemoryJournal(), chunk: 1)
    #expect(single.client == whole.client)
    #expect(single.sent == whole.sent)
    let step = max(1, (answers.map(\.count).max() ?? 0) / 60)
    for cut in stride(from: 1, to: answers.map(\.count).max() ?? 0, by: step) {
      let turn = try InterceptedTurn(body, answers, journal: MemoryJournal(), chunk: cut, isOnce: true)
      #expect(turn.client == whole.client && turn.sent == whole.sent, "cut at \(cut)")
    }
  }

  @Test(arguments: formats)
  func anAnswerWithoutCallsPassesByteForByte(format: ToolFormat) throws {
    for isStream in [true, false] {
      let script = [ModelAnswer([Self.thought, .text("Yes."), .call(id: "own", name: "look", input: "{}")])]
      let turn = try run(format, script, isStream: isStream)
      #expect(turn.client == answers(format, script, isStream: isStream).first)
      #expect(turn.sent.count == 1)
    }
    let odd = Array(
      ": comment\r\n\r\ndata: no json\r\n\r\nevent: strange\ndata: {\"type\":\"strange\"}\n\ndata: rest".utf8)
    let turn = try InterceptedTurn(ToolClient(format).body, [odd], journal: MemoryJournal(), chunk: 3)
    #expect(turn.client == odd)
  }

  @Test(arguments: formats)
  func whatComesBeforeACallIsWithTheClientAtOnce(format: ToolFormat) throws {
    let script = [ModelAnswer([.text("Before the call."), ModelAnswer.retrieve("c1")])]
    let answer = try #require(answers(format, script).first)
    let request = try #require(RequestBody(Array(ToolClient(format).body.utf8)))
    let session = RetrievalSession(request, settings: .init(), journal: MemoryJournal())
    var interceptor = try #require(AnswerInterceptor(session, sent: request.document.bytes, isStream: true, model: "m"))
    let call = try #require(String(decoding: answer, as: UTF8.self).range(of: "headroom_retrieve"))
    let before = String(decoding: answer, as: UTF8.self)[..<call.lowerBound]
    let start = try #require(before.range(of: "\n\n", options: .backwards)).upperBound
    let text = Array(before[..<start].utf8)
    #expect(interceptor.receive(text).bytes == text)
    #expect(before[..<start].contains(#"" call""#))
  }

  // MARK: What the upstream gets

  @Test(arguments: formats)
  func theModelIsGivenItsOwnAnswerExactlyAndTheResult(format: ToolFormat) throws {
    for isStream in [true, false] {
      let turn = try run(format, Self.scripts[1].answers, isStream: isStream)
      #expect(turn.sent.count == 2)
      let before = try SentItems(turn.sent[0])
      let after = try SentItems(turn.sent[1])
      #expect(before.isBeginning(of: after))
      let added = after.items.dropFirst(before.items.count).map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
      let raw = String(decoding: turn.sent[1], as: UTF8.self)
      if format != .chat { #expect(raw.contains("\"\(Self.signature)\""), "the signature as it was spelled") }
      #expect(added.contains(#"Look at \"worker 7\" 😀\nfirst."#))
      #expect(added.contains("Let me see — 😀"))
      #expect(added.contains("headroom_retrieve"))
      #expect(added.contains("worker 2 finished its part of the job\\n2025-01-01T00:00:3 worker 3 finished"))
      #expect(!added.contains("worker 4 finished"))
    }
  }

  @Test func theToolsAndAllElseOfTheRequestStayInEveryRound() throws {
    for format in Self.formats {
      let turn = try run(format, Self.scripts[3].answers)
      #expect(turn.sent.count == 3)
      for body in turn.sent {
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.hasPrefix(#"{"model":"#) && text.contains(String(decoding: format.declaration, as: UTF8.self)))
      }
    }
  }

  /// How clients write their history anew.
  enum Habit: CaseIterable {
    case faithful, spaced, withoutThinking, trimmed
  }

  @Test(arguments: formats, Habit.allCases)
  func theNextTurnsGoOnFromWhatTheUpstreamSaw(format: ToolFormat, habit: Habit) throws {
    for (name, script) in Self.scripts {
      for isStream in [true, false] {
        let journal = MemoryJournal()
        var client = ToolClient(format)
        var seen = [try SentItems(Array(client.body.utf8))]
        for turn in 0..<3 {
          let answers = turn == 0 ? answers(format, script, isStream: isStream) : [plain(format, turn + 10, isStream)]
          let played = try InterceptedTurn(client.body, answers, isStream: isStream, journal: journal)
          let sent = try played.sent.map(SentItems.init)
          for earlier in seen {
            #expect(
              try earlier.isBeginning(of: #require(sent.first)),
              "\(name), turn \(turn):\n\(earlier.text)\n--\n\(sent[0].text)")
          }
          seen = sent
          var answer = try StrictClient(format, played.client, isStream: isStream)
          answer.items = answer.items.map { habit.rewrite($0) }
          client.goOn(answer)
        }
        let last = try #require(seen.last)
        let calls = script.flatMap(\.parts).filter {
          if case .call(_, "headroom_retrieve", _) = $0 { true } else { false }
        }
        #expect(last.text.components(separatedBy: "headroom_retrieve").count - 1 == calls.count, "\(name)")
        try checkPairs(last)
      }
    }
  }

  private func plain(_ format: ToolFormat, _ number: Int, _ isStream: Bool) -> [UInt8] {
    ModelAnswer([.text("Fine \(number).")]).bytes(format, number: number, isStream: isStream)
  }

  /// Every call has its result, and every result its call, in the next turn.
  private func checkPairs(_ sent: SentItems) throws {
    var open: Set<String> = []
    for item in sent.items {
      var asked: Set<String> = []
      var answered: Set<String> = []
      let root = item.root
      for part in root["content"]?.elements ?? [] {
        if part["type"].string == "tool_use" { asked.insert(part["id"].string) }
        if part["type"].string == "tool_result" { answered.insert(part["tool_use_id"].string) }
      }
      for call in root["tool_calls"]?.elements ?? [] { asked.insert(call["id"].string) }
      if root["type"].string == "function_call" { asked.insert(root["call_id"].string) }
      if root["tool_call_id"] != nil { answered.insert(root["tool_call_id"].string) }
      if root["type"].string == "function_call_output" { answered.insert(root["call_id"].string) }
      #expect(answered.isSubset(of: open), "a result without its call")
      open.subtract(answered)
      open.formUnion(asked)
    }
    #expect(open.isEmpty, "calls without results: \(open)")
  }
}

extension InterceptionTests.Habit {
  fileprivate func rewrite(_ item: String) -> String {
    switch self {
    case .faithful: item
    case .spaced: item.replacing("\":", with: "\": ").replacing("\\ud83d\\ude00", with: "😀")
    case .withoutThinking:
      item.replacing(#/\{"type":"thinking","thinking":"[^}]*?","signature":"[^"]*"\},?/#, with: "")
        .replacing(#/,"reasoning_content":"([^"\\]|\\.)*"/#, with: "")
    case .trimmed: item.replacing(". \"", with: ".\"")
    }
  }
}
