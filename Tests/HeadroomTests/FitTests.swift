import TestSupport
import Testing

@testable import Headroom

/// A conversation made to fit: a conversation still, of the client's own bytes.
@Suite struct FitTests {
  typealias Format = GeneratedConversation.Format

  static let strategies: [FitStrategy] = [
    .rollingWindow(), .rollingWindow(keptTurns: 1), .scored(), .scored(query: "the copper bridge", keptTurns: 2),
    .scored(weights: .init(recency: 0, relevance: 0, errors: 0, references: 0, density: 1), keptTurns: 1),
  ]

  private static func prose(_ seed: Int, _ lines: Int) -> String {
    (0..<lines).map { ProseGenerator.line(seed * 1_000 + $0) }.joined(separator: "\n")
  }

  /// A conversation of questions, calls side by side, failures and answers.
  private static func conversation(_ format: Format, seed: UInt64) -> GeneratedConversation {
    var generator = SeededGenerator(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    var conversation = GeneratedConversation(format)
    for exchange in 0..<number(1...4) {
      conversation.user("Question \(exchange): \(prose(number(0...99), 1))")
      for step in 0..<number(0...5) {
        let calls = (0..<number(1...3)).map { call in
          GeneratedConversation.Call.bash(
            "./run \(exchange) \(step) \(call)", prose(number(0...99), number(1...8)), isError: number(0...5) == 0)
        }
        conversation.calls(calls, saying: number(0...1) == 0 ? "" : prose(number(0...99), 2))
      }
      if exchange < 3 || number(0...1) == 0 { conversation.say(prose(number(0...99), 3)) }
    }
    if number(0...2) > 0 {
      conversation.user("And now?")
      if number(0...1) == 0 { conversation.call(.bash("./last", prose(number(0...99), 12))) }
    }
    conversation.send()
    return conversation
  }

  // MARK: What a provider asks of a conversation

  private struct Call: Hashable {
    var id: [UInt8]
    var isResult: Bool
  }

  private func calls(_ item: Int, _ request: RequestBody) -> [Call] {
    let ids = CallIDs(item, in: request.document)
    return ids.calls.map { Call(id: $0, isResult: false) } + ids.results.map { Call(id: $0, isResult: true) }
  }

  /// Checks that `after` is `before` without some of its items and a conversation still.
  private func check(_ before: [UInt8], _ after: [UInt8], _ format: Format, keptTurns: Int) throws {
    let (client, fitted) = (try #require(RequestBody(before)), try #require(RequestBody(after)))
    let (all, left) = (try itemBytes(before), try itemBytes(after))
    // What stays is in its order and byte for byte, and so is what stands around.
    var next = all.startIndex
    for item in left { next = try #require(all[next...].firstIndex(of: item)) + 1 }
    let (first, last) = (try #require(client.items.first), try #require(client.items.last))
    let start = try #require(fitted.items.first).range.lowerBound
    #expect(after[..<start].elementsEqual(before[..<first.range.lowerBound]))
    #expect(
      after[fitted.items[fitted.items.count - 1].range.upperBound...].elementsEqual(before[last.range.upperBound...]))
    #expect(left.last == all.last)
    // Calls and results are pairs, the result right behind, as before.
    let calls = fitted.items.flatMap { self.calls($0.node, fitted) }
    let sent = Set(calls.filter { !$0.isResult }.map(\.id))
    let answered = Set(calls.filter(\.isResult).map(\.id))
    #expect(answered.isSubset(of: sent))
    let unanswered = client.items.flatMap { self.calls($0.node, client) }
    #expect(
      sent.subtracting(answered)
        == Set(unanswered.filter { !$0.isResult }.map(\.id)).subtracting(unanswered.filter(\.isResult).map(\.id)))
    // The user speaks first, and the two take turns.
    let roles = fitted.items.filter { !$0.isInstruction }.map(\.isFromModel)
    #expect(roles.first == false)
    if format == .anthropic || format == .gemini {
      #expect(zip(roles, roles.dropFirst()).allSatisfy { $0 != $1 })
    }
    // Instructions and the last turns stay.
    #expect(client.items.count { $0.isInstruction } == fitted.items.count { $0.isInstruction })
    let turns = try #require(ConversationChain(client)).requestEnds.dropLast()
    let kept = turns.suffix(keptTurns).first.map { all[$0...] } ?? []
    #expect(left.suffix(kept.count).elementsEqual(kept))
    // And so do the user's last words.
    let words = client.items.indices.last {
      !client.items[$0].isFromModel && self.calls(client.items[$0].node, client).isEmpty
    }
    if let words { #expect(left.contains(all[words])) }
  }

  @Test(arguments: Format.allCases)
  func whatIsLeftIsAConversation(_ format: Format) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let body = Self.conversation(format, seed: seed).body()
      let whole = fit(body, to: .max)
      #expect(whole.fits && whole.body == body && whole.dropped.isEmpty && whole.tokensBefore == whole.tokensAfter)
      for strategy in Self.strategies {
        let least = fit(body, to: 0, strategy: strategy)
        for percent in [80, 40, 0] {
          let limit = whole.tokensBefore * percent / 100
          let result = fit(body, to: limit, strategy: strategy)
          try check(body, result.body, format, keptTurns: strategy.keptTurns)
          // Never over the limit unless it says so; and then it is the least there is.
          #expect(result.fits == (result.tokensAfter <= limit))
          #expect(fit(result.body, to: .max).tokensBefore == result.tokensAfter)
          if result.fits {
            #expect(result.tokensAfter >= least.tokensAfter)
          } else {
            #expect(result.body == least.body)
          }
          // Once more changes nothing.
          #expect(fit(result.body, to: limit, strategy: strategy).body == result.body)
          #expect(result.dropped.reduce(0) { $0 + $1.tokens } >= (result.tokensBefore - result.tokensAfter) * 9 / 10)
          #expect(result.dropped.isEmpty == (result.body == body))
        }
      }
    }
  }

  @Test func aRollingWindowDropsTheOldest() throws {
    var conversation = GeneratedConversation(.chat)
    for exchange in 0..<6 {
      conversation.user("Question \(exchange)")
      conversation.call(.bash("./run\(exchange)", Self.prose(exchange, 20)))
      conversation.say("Answer \(exchange)")
    }
    conversation.user("Last")
    let body = conversation.body()
    let whole = fit(body, to: .max).tokensBefore
    var last = Int.max
    for percent in stride(from: 90, through: 10, by: -10) {
      let result = fit(body, to: whole * percent / 100, strategy: .rollingWindow(keptTurns: 1))
      let text = String(decoding: result.body, as: UTF8.self)
      let kept = (0..<6).filter { text.contains("Question \($0)") }
      // A suffix of the exchanges, and steps go before what was asked.
      #expect(kept == Array((0..<6).suffix(kept.count)))
      let runs = (0..<6).filter { text.contains("./run\($0)") }
      #expect(runs == Array((0..<6).suffix(runs.count)) && runs.count <= kept.count)
      #expect(result.tokensAfter <= last)
      last = result.tokensAfter
    }
    let little = fit(body, to: whole - 1, strategy: .rollingWindow())
    #expect(little.dropped.map(\.path) == ["messages[2]", "messages[3]"])
    #expect(little.dropped.map(\.role) == ["assistant", "tool"])
  }

  @Test func scoresKeepWhatMatters() throws {
    var conversation = GeneratedConversation(.anthropic)
    conversation.user("Look around.")
    conversation.call(.bash("./a", Self.prose(1, 20) + "\nthe walrusEngine has 12 gears"))
    conversation.call(.bash("./b", Self.prose(2, 20)))
    conversation.call(.bash("./c", Self.prose(3, 20), isError: true))
    conversation.call(.bash("./d", Self.prose(4, 20)))
    for turn in 0..<4 { conversation.call(.bash("./e\(turn)", Self.prose(10 + turn, 20))) }
    conversation.say("Seen.")
    conversation.user("How many gears has the walrusEngine?")
    let body = conversation.body()
    let whole = fit(body, to: .max).tokensBefore
    func kept(_ strategy: FitStrategy) -> [String] {
      let text = String(decoding: fit(body, to: whole * 45 / 100, strategy: strategy).body, as: UTF8.self)
      return ["./a", "./b", "./c", "./d"].filter { text.contains($0) }
    }
    func only(_ change: (inout FitStrategy.Weights) -> Void) -> FitStrategy {
      var weights = FitStrategy.Weights(recency: 0, relevance: 0, errors: 0, references: 0, density: 0)
      change(&weights)
      return .scored(weights: weights, keptTurns: 1)
    }
    #expect(kept(.scored()).contains("./a") && !kept(.scored()).contains("./b"))
    #expect(kept(only { $0.relevance = 1 }).contains("./a"))
    #expect(kept(only { $0.references = 1 }).contains("./a"))
    #expect(kept(only { $0.errors = 1 }).contains("./c"))
    #expect(!kept(only { $0.recency = 1 }).contains("./a"))
    #expect(
      kept(
        .scored(
          query: "nothing of it", weights: .init(recency: 0, relevance: 1, errors: 0, references: 0, density: 0),
          keptTurns: 1)) == kept(only { $0.density = 0 }))
  }

  /// What cannot be had again stays: results of calls that the provider keeps, and its own summaries.
  @Test func whatDoesNotFitThePictureStays() throws {
    let text = Self.prose(1, 40).replacing("\n", with: " ")
    let orphan =
      #"{"model":"gpt-5","previous_response_id":"r","input":[{"type":"function_call_output","call_id":"x","output":"\#(text)"},{"role":"user","content":"a"},{"type":"message","role":"assistant","content":[]},{"role":"user","content":"b"}]}"#
    let left = fit(orphan, to: 0, strategy: .rollingWindow(keptTurns: 1))
    #expect(String(decoding: left.body, as: UTF8.self).contains("function_call_output"))
    let compacted =
      #"{"model":"gpt-5","input":[{"role":"user","content":"a"},{"type":"compaction","encrypted_content":"z"},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"\#(text)"},{"role":"user","content":"b"},{"type":"message","role":"assistant","content":[]},{"role":"user","content":"c"}]}"#
    let rest = fit(compacted, to: 0, strategy: .rollingWindow(keptTurns: 1))
    #expect(String(decoding: rest.body, as: UTF8.self).contains("compaction"))
    // An answer of the user between a call and its result.
    let late =
      #"[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"\#(text)"},{"role":"tool","tool_call_id":"1","content":"\#(text)"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]"#
    let result = try #require(RequestBody(fit(late, to: 0, strategy: .rollingWindow(keptTurns: 1)).body))
    let ids = result.items.flatMap { calls($0.node, result) }
    #expect(Set(ids.filter(\.isResult).map(\.id)) == Set(ids.filter { !$0.isResult }.map(\.id)))
  }

  @Test(arguments: WireBody.allCases)
  func bodiesOfRealClientsStayWhole(_ body: WireBody) throws {
    for limit in [0, 200, 1_000, 100_000] {
      for strategy in Self.strategies {
        let result = fit(body.bytes, to: limit, strategy: strategy)
        #expect(throws: Never.self) { try JSONDocument(result.body) }
        let request = try #require(RequestBody(result.body))
        #expect(request.format == RequestBody(body.bytes)?.format)
        let ids = request.items.flatMap { calls($0.node, request) }
        let client = try #require(RequestBody(body.bytes))
        let all = client.items.flatMap { calls($0.node, client) }
        let paired = Set(all.filter(\.isResult).map(\.id)).intersection(all.filter { !$0.isResult }.map(\.id))
        let (results, sent) = (Set(ids.filter(\.isResult).map(\.id)), Set(ids.filter { !$0.isResult }.map(\.id)))
        #expect(results.intersection(paired) == sent.intersection(paired))
      }
    }
  }

  @Test func whatIsNoConversationComesBack() {
    let text = "some text that is no request"
    #expect(fit(text, to: 100).body == Array(text.utf8) && fit(text, to: 100).fits && !fit(text, to: 1).fits)
    let empty = #"{"model":"gpt-4o","messages":[]}"#
    #expect(fit(empty, to: 1).body == Array(empty.utf8))
  }

  @Test func toolsAndInstructionsCount() {
    let tool =
      #"{"type":"function","function":{"name":"f","description":"\#(Self.prose(1, 20).replacing("\n", with: " "))"}}"#
    let bare = #"{"model":"gpt-4o","messages":[{"role":"user","content":"a"}]}"#
    let with = #"{"model":"gpt-4o","tools":[\#(tool)],"messages":[{"role":"user","content":"a"}]}"#
    #expect(fit(with, to: .max).tokensBefore > fit(bare, to: .max).tokensBefore + 150)
    #expect(!fit(with, to: 100).fits)
  }
}
