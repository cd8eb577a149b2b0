import Headroom
import TestSupport
import Testing

@testable import HeadroomAgents

@Suite struct SessionLogTests {
  private func conversations(_ lines: [String]) -> [Conversation] {
    SessionLogs.conversations(in: Array(lines.joined(separator: "\n").utf8), name: "log")?.conversations ?? []
  }

  private func bodies(_ conversation: Conversation) -> [String] {
    conversation.turns.indices.map { String(decoding: conversation.request($0), as: UTF8.self) }
  }

  // MARK: Claude Code

  private func user(_ id: String, _ parent: String?, _ content: String, _ more: String = "") -> String {
    #"{"type":"user","uuid":"\#(id)","parentUuid":\#(parent.map { "\"\($0)\"" } ?? "null"),"sessionId":"s",\#(more)"timestamp":"2026-02-11T20:36:45.693Z","message":{"role":"user","content":\#(content)}}"#
  }

  private func answer(_ id: String, _ parent: String, _ message: String, _ part: String, _ more: String = "") -> String
  {
    #"{"type":"assistant","uuid":"\#(id)","parentUuid":"\#(parent)","sessionId":"s",\#(more)"timestamp":"2026-02-11T20:36:50Z","message":{"model":"claude-opus-4-6","id":"\#(message)","role":"assistant","content":[\#(part)],"usage":{"input_tokens":3,"cache_creation_input_tokens":10,"cache_read_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":10},"output_tokens":2}}}"#
  }

  private func call(_ id: String) -> String { #"{"type":"tool_use","id":"\#(id)","name":"Bash","input":{"n":1.0}}"# }
  private func result(_ id: String) -> String { #"{"type":"tool_result","tool_use_id":"\#(id)","content":"é"}"# }

  /// Parts of one answer are one message, and so are the results of its calls, in whatever order the lines came.
  @Test func linesOfClaudeCodeBecomeMessages() throws {
    let log = conversations([
      user("a", nil, #""go""#), answer("b", "a", "m1", #"{"type":"thinking","thinking":"t","signature":"x"}"#),
      answer("c", "b", "m1", call("1")), #"{"type":"progress","uuid":"p","parentUuid":"c"}"#,
      user("d", "c", "[\(result("1"))]"), answer("e", "p", "m1", call("2")), user("f", "e", "[\(result("2"))]"),
      answer("g", "f", "m2", #"{"type":"text","text":"done"}"#), #"{"type":"assistant","message":{"content":[{"ty"#,
    ])
    let conversation = try #require(log.first)
    let first = #"{"model":"claude-opus-4-6","messages":[{"role":"user","content":"go"}]}"#
    let second =
      String(first.dropLast(2))
      + #",{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"x"},\#(call("1")),\#(call("2"))]},"#
      + #"{"role":"user","content":[\#(result("1")),\#(result("2"))]}]}"#
    #expect(bodies(conversation) == [first, second])
    #expect(conversation.turns.first?.time == 1_770_842_205_693)
    #expect(conversation.turns.first?.usage == TokenUsage(input: 3, cacheRead: 7, cacheWriteLong: 10, output: 2))
    #expect(conversation.cacheLife == .long)
  }

  @Test func goingBackInClaudeCodeBeginsAnotherBranch() throws {
    let text = #"{"type":"text","text":"ok"}"#
    let log = conversations([
      user("a", nil, #""one""#), answer("b", "a", "m1", text), user("c", "b", #""two""#), answer("d", "c", "m2", text),
      user("e", "b", #""other""#), answer("f", "e", "m3", text),
    ])
    let sent = bodies(try #require(log.first))
    #expect(sent.count == 3)
    #expect(sent[1].contains("two") && sent[2].contains("other") && !sent[2].contains("two"))
    #expect(sent[2].hasPrefix(String(sent[0].dropLast(2))))
  }

  @Test func aCompactionInClaudeCodeBeginsAnew() throws {
    let text = #"{"type":"text","text":"ok"}"#
    let log = conversations([
      user("a", nil, #""one""#), answer("b", "a", "m1", text),
      #"{"type":"system","subtype":"compact_boundary","uuid":"x","parentUuid":null,"sessionId":"s"}"#,
      user("c", "x", #""summary""#), answer("d", "c", "m2", text),
    ])
    #expect(bodies(try #require(log.first)).last?.contains("one") == false)
  }

  @Test func helpersOfClaudeCodeHaveConversationsOfTheirOwn() {
    let text = #"{"type":"text","text":"ok"}"#
    let helper = #""isSidechain":true,"agentId":"h1","#
    let log = conversations([
      user("a", nil, #""one""#), user("h", nil, #""help""#, helper), answer("i", "h", "m9", text, helper),
      answer("b", "a", "m1", text),
    ])
    #expect(log.map(\.name) == ["log", "log#h1"])
    #expect(log.map { bodies($0).count } == [1, 1])
  }

  // MARK: Codex

  private func item(_ payload: String) -> String {
    #"{"timestamp":"2026-01-25T10:32:04.513Z","type":"response_item","payload":\#(payload)}"#
  }

  @Test func itemsOfCodexGoOutAsTheyStand() throws {
    let question = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}"#
    let asked = #"{"type":"function_call","name":"shell","arguments":"{\"n\":1.0}","call_id":"1"}"#
    let output = #"{"type":"function_call_output","call_id":"1","output":"x"}"#
    let usage =
      #"{"type":"event_msg","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":100,"cached_input_tokens":40,"output_tokens":5}}}}"#
    let log = conversations([
      #"{"type":"session_meta","payload":{"base_instructions":{"text":"be good"}}}"#,
      #"{"type":"turn_context","payload":{"model":"gpt-5.2-codex"}}"#, item(question), item(asked), usage, item(output),
      usage, item(#"{"type":"message","role":"assistant","content":[]}"#),
    ])
    let conversation = try #require(log.first)
    let frame = #"{"model":"gpt-5.2-codex","instructions":"be good","input":["#
    #expect(bodies(conversation) == [frame + question + "]}", frame + "\(question),\(asked),\(output)]}"])
    #expect(conversation.turns.map(\.usage) == [TokenUsage(input: 60, cacheRead: 40, output: 5), nil])
  }

  @Test func aCompactionInCodexPutsASummaryInThePlaceOfAnswers() throws {
    let question = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}"#
    let said = #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hm"}]}"#
    let log = conversations([
      #"{"type":"turn_context","payload":{"model":"gpt-5"}}"#, item(question), item(said),
      #"{"type":"compacted","payload":{"message":"so far"}}"#, item(question), item(said),
    ])
    let conversation = try #require(log.first)
    let last = try #require(bodies(conversation).last)
    #expect(last.contains("so far") && !last.contains("hm"))
  }

  // MARK: Gemini CLI

  private let geminiMessages = [
    #"{"id":"1","timestamp":"2025-10-18T14:57:28.974Z","type":"user","content":"list"}"#,
    #"{"id":"2","timestamp":"2025-10-18T14:57:30.000Z","type":"gemini","content":"I list","model":"gemini-2.5-pro","tokens":{"input":900,"output":5,"cached":100},"toolCalls":[{"id":"c","name":"ls","args":{"path":"."},"result":[{"functionResponse":{"id":"c","name":"ls","response":{"output":"a\nb"}}}]}]}"#,
    #"{"id":"3","timestamp":"2025-10-18T14:57:31.000Z","type":"info","content":"note"}"#,
    #"{"id":"4","timestamp":"2025-10-18T14:57:35.000Z","type":"gemini","content":"two files"}"#,
  ]

  private let geminiBodies = [
    #"{"contents":[{"role":"user","parts":[{"text":"list"}]}]}"#,
    #"{"contents":[{"role":"user","parts":[{"text":"list"}]},{"role":"model","parts":[{"text":"I list"},{"functionCall":{"id":"c","name":"ls","args":{"path":"."}}}]},{"role":"user","parts":[{"functionResponse":{"id":"c","name":"ls","response":{"output":"a\nb"}}}]}]}"#,
  ]

  @Test func messagesOfGeminiBecomeContents() throws {
    let head = #""sessionId":"s","projectHash":"p""#
    let whole = conversations(["{\(head),\"messages\":[\(geminiMessages.joined(separator: ","))]}"])
    let conversation = try #require(whole.first)
    #expect(bodies(conversation) == geminiBodies)
    #expect(conversation.model == "gemini-2.5-pro")
    #expect(conversation.turns.first?.usage == TokenUsage(input: 800, cacheRead: 100, output: 5))
    // As lines: a message may come twice, and be taken back.
    let lines = conversations(
      ["{\(head)}", geminiMessages[0], #"{"id":"2","type":"gemini","content":"I li"}"#] + geminiMessages[1...])
    #expect(bodies(try #require(lines.first)) == geminiBodies)
    let back = conversations(
      ["{\(head)}"] + geminiMessages + [
        #"{"$rewindTo":"4"}"#, #"{"id":"5","type":"user","content":"again"}"#,
        #"{"id":"6","type":"gemini","content":"yes"}"#,
      ])
    #expect(bodies(try #require(back.first)).count == 3)
    #expect(bodies(try #require(back.first)).last?.contains("two files") == false)
  }

  // MARK: OpenCode and Pi

  @Test func stepsOfOpenCodeAreRequests() throws {
    let log = conversations([
      #"""
      {"info":{"id":"s"},"messages":[{"info":{"role":"user","time":{"created":1000}},"parts":[{"type":"text","text":"go"}]},
      {"info":{"role":"assistant","modelID":"claude-sonnet-4-5","providerID":"anthropic","time":{"created":2000}},"parts":[
      {"type":"step-start"},{"type":"text","text":"I look"},
      {"type":"tool","callID":"c","tool":"read","state":{"status":"completed","input":{"a":1.0},"output":"é","time":{"end":3000}}},
      {"type":"step-finish","tokens":{"input":10,"output":2,"cache":{"read":5,"write":7}}},
      {"type":"step-start"},{"type":"text","text":"done"},{"type":"step-finish"}]}]}
      """#
    ])
    let conversation = try #require(log.first)
    let first =
      #"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":[{"type":"text","text":"go"}]}]}"#
    let second =
      String(first.dropLast(2))
      + #",{"role":"assistant","content":[{"type":"text","text":"I look"},{"type":"tool_use","id":"c","name":"read","input":{"a":1.0}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"é"}]}]}"#
    #expect(bodies(conversation) == [first, second])
    #expect(conversation.turns.map(\.time) == [1000, 3000])
    #expect(conversation.turns[0].usage == TokenUsage(input: 10, cacheRead: 5, cacheWrite: 7, output: 2))
  }

  @Test func theLastBranchOfPiIsTheConversation() throws {
    func message(_ id: String, _ parent: String, _ message: String) -> String {
      #"{"type":"message","id":"\#(id)","parentId":"\#(parent)","timestamp":"2026-02-03T22:02:17.186Z","message":\#(message)}"#
    }
    let log = conversations([
      #"{"type":"session","id":"s","cwd":"/"}"#, message("a", "s", #"{"role":"user","content":"go"}"#),
      message("b", "a", #"{"role":"user","content":"left"}"#),
      message(
        "c", "a",
        #"{"role":"assistant","api":"openai-responses","model":"gpt-5","content":[{"type":"toolCall","id":"1","name":"sh","arguments":{"q":"\""}}]}"#
      ), message("d", "c", #"{"role":"toolResult","toolCallId":"1","content":[{"type":"text","text":"x"}]}"#),
      message(
        "e", "d",
        #"{"role":"assistant","api":"openai-responses","model":"gpt-5","content":[{"type":"text","text":"ok"}]}"#),
    ])
    let sent = bodies(try #require(log.first))
    #expect(sent.count == 2 && !sent[1].contains("left"))
    #expect(sent[1].contains(#""arguments":"{\"q\":\"\\\"\"}""#))
    #expect(sent[1].contains(#"{"type":"function_call_output","call_id":"1","output":[{"type":"text","text":"x"}]}"#))
  }

  // MARK: All

  @Test func whatIsNoLogIsNotTakenForOne() {
    for text in ["", "text", "{}", "[]", #"{"messages":[{"role":"user","content":"a"}]}"#, "{\"type\":\"user\"}\n{}"] {
      #expect(SessionLogs.conversations(in: Array(text.utf8), name: "x") == nil, "\(text)")
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func everyRequestOfARecordedLogIsOneThatProvidersTake() throws {
    var count = 0
    for conversation in try RecordedConversations.Corpus.sessions.load() {
      var earlier: [[UInt8]] = []
      for turn in conversation.turns.indices {
        let request = try #require(RequestBody(conversation.request(turn)), "\(conversation.name)")
        let blocks = request.blocks.indices.compactMap { request.payload(of: $0) }
        // What was a result once is one in the next turn, unless the agent has begun anew.
        #expect(blocks.starts(with: earlier) || blocks.count < earlier.count, "\(conversation.name) \(turn)")
        earlier = blocks
        count += 1
      }
    }
    #expect(count > 50)
  }
}
