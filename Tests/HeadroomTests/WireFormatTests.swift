import Testing

@testable import Headroom

/// Which bodies are requests, of which format, and where their blocks are.
@Suite struct WireFormatTests {
  // MARK: Formats

  @Test func richRequestsAreToldByShape() throws {
    let told = WireBody.allCases.compactMap { RequestBody($0.bytes) }.map { body in
      [body.format, body.model.map { String(decoding: $0, as: UTF8.self) } ?? "nil"]
    }
    #expect(
      told == [
        ["anthropic-messages", "claude-sonnet-4-5-20250929"], ["openai-chat", "gpt-5.1"],
        ["openai-responses", "gpt-5.3-codex"], ["gemini", "nil"], ["gemini", "gemini-2.5-pro"],
      ])
  }

  @Test(
    arguments: [
      (#"{"type":"response.create","response":{"model":"gpt-5","input":[]}}"#, "openai-responses", "gpt-5"),
      (#"{"type":"response.create","model":"gpt-5","input":[]}"#, "openai-responses", "gpt-5"),
      // Bedrock and Vertex name the model in the URL.
      (
        #"{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"x"}]}"#, "anthropic-messages",
        nil
      ),
      (#"{"model":"claude-haiku","messages":[{"role":"user","content":"x"}]}"#, "anthropic-messages", "claude-haiku"),
      (#"{"model":"m","messages":[{"role":"user","content":"x"}]}"#, "openai-chat", "m"),
      (
        #"{"model":"m","tools":[{"name":"t","input_schema":{}}],"messages":[{"role":"user","content":"x"}]}"#,
        "anthropic-messages", "m"
      ),
      (
        #"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}]"#, "anthropic-messages",
        nil
      ),
      (#"[{"role":"tool","tool_call_id":"a","content":"x"}]"#, "openai-chat", nil),
    ] as [(String, String, String?)])
  func formatsAreToldByShape(text: String, format: String, model: String?) throws {
    let body = try #require(RequestBody(Array(text.utf8)))
    #expect(body.format == format)
    #expect(body.model.map { String(decoding: $0, as: UTF8.self) } == model)
  }

  @Test(arguments: [
    "", " ", "null", "7", "\"messages\"", "[]", "{}", "[1,2]", "[{}]", "not JSON", #"{"messages":[]"#,
    #"{"messages":{}}"#,
    #"{"messages":["a"]}"#, #"{"messages":[{"type":"message","user":"U1","text":"a chat export"}]}"#,
    #"[{"role":"admin","content":"x"}]"#, #"[{"role":"user","name":"no content"}]"#, #"{"input":"no model"}"#,
    #"{"model":"m","input":[1]}"#, #"{"contents":[{"text":"no parts"}]}"#, #"{"contents":"x"}"#,
  ])
  func otherTextIsNoRequest(text: String) {
    #expect(RequestBody(Array(text.utf8)) == nil)
  }

  // MARK: Blocks

  @Test func claudeCodeBlocks() throws {
    let body = try #require(RequestBody(WireBody.claudeCode.bytes))
    #expect(
      summary(body) == [
        "messages[2].content[0].content toolu_01A alpha sent error",
        "messages[2].content[1].content[0].text toolu_01B beta sent",
        "messages[2].content[1].content[5].text toolu_01B gamma sent",
        "messages[2].content[2].content toolu_01C delta sent",
        "messages[4].content[0].content[0].text toolu_01D epsilon",
      ])
  }

  @Test func chatBlocks() throws {
    let body = try #require(RequestBody(WireBody.chat.bytes))
    #expect(
      summary(body) == [
        "messages[3].content[0].text call_2 yaml sent", "messages[3].content[1].text call_2 more sent",
        "messages[4].content call_1 pods sent", "messages[5].content call_3 - sent",
        "messages[7].content legacy legacy sent", "messages[11].content call_4 node",
      ])
  }

  @Test func codexBlocks() throws {
    let body = try #require(RequestBody(WireBody.codex.bytes))
    #expect(
      summary(body) == [
        "input[8].output call_a footer sent", "input[9].output call_b listing sent", "input[10].output call_c - sent",
        "input[18].output[0].text call_d log error",
      ])
  }

  @Test func geminiBlocks() throws {
    let body = try #require(RequestBody(WireBody.gemini.bytes))
    let expected = [
      "contents[2].parts[0].functionResponse.response.output read_file first sent",
      "contents[2].parts[1].functionResponse.response.error run_shell_command failed sent error",
      "contents[2].parts[2].functionResponse.response.output read_file second sent",
      "contents[4].parts[0].function_response.response.pages[0].text fc-9 page",
      "contents[4].parts[0].function_response.response.pages[2][0] fc-9 nested",
    ]
    #expect(summary(body) == expected)
    let wrapped = try #require(RequestBody(WireBody.geminiCLI.bytes))
    #expect(summary(wrapped) == expected.map { "request.\($0)" })
  }

  @Test func aListMayMixTheShapes() throws {
    let text = #"""
      [{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"x","input":{}}],"tool_calls":[{"id":"b","function":{"name":"y"}}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"one"}]},
       {"role":"tool","tool_call_id":"b","content":"two"}]
      """#
    let body = try #require(RequestBody(Array(text.utf8)))
    #expect(summary(body) == ["[1].content[0].content a -", "[2].content b -"])
    #expect((0...1).map { body.hint(of: $0).toolName } == [Array("x".utf8), Array("y".utf8)])
  }

  @Test func onlyItemsOfTheModelAreAssistantTurns() throws {
    func isSent(before item: String) throws -> Bool {
      let text = #"{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"text"},\#(item)]}"#
      return try #require(RequestBody(Array(text.utf8))?.blocks.first).hasAssistantTurnAfter
    }
    for item in [
      #"{"type":"shell_call_output","output":[]}"#, #"{"type":"mcp_approval_response","approve":true}"#,
      #"{"type":"message","role":"user","content":"x"}"#, #"{"role":"developer","content":"x"}"#,
    ] {
      #expect(try !isSent(before: item), "\(item)")
    }
    for item in [
      #"{"type":"message","role":"assistant","content":[]}"#, #"{"type":"reasoning"}"#, #"{"type":"function_call"}"#,
      #"{"type":"compaction"}"#, #"{"type":"some_future_call"}"#,
    ] {
      #expect(try isSent(before: item), "\(item)")
    }
  }

  @Test func aWebSocketFrameHoldsARequest() throws {
    let text = #"""
      {"type":"response.create","response":{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"text"}]}}
      """#
    let body = try #require(RequestBody(Array(text.utf8)))
    #expect(summary(body) == ["response.input[0].output c -"])
  }

  // MARK: What nobody can read in one way

  @Test(arguments: [
    #"{"messages":[{"role":"tool","content":"a"}],"messages":[{"role":"tool","content":"b"}]}"#,
    #"{"model":"m","input":[{"type":"function_call_output","output":"a"}],"input":[]}"#,
    #"{"contents":[{"parts":[]}],"contents":[{"parts":[]}]}"#,
    #"{"messages":[{"role":"tool","content":"a"}],"m\u0065ssages":1}"#,
  ])
  func aListThatIsThereTwiceIsLeftAlone(text: String) {
    #expect(RequestBody(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    #"[{"role":"user","content":""},{"role":"tool","content":"a","content":"b"}]"#,
    #"[{"role":"user","content":""},{"role":"tool","role":"user","content":"a"}]"#,
    #"[{"role":"user","content":[{"type":"tool_result","content":"a","content":"b"}]}]"#,
    #"[{"role":"user","content":[{"type":"tool_result","type":"text","content":"a"}]}]"#,
    #"[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"a","text":"b"}]}]}]"#,
    #"[{"role":"user","content":[{"type":"tool_result","content":"a"}],"content":[]}]"#,
    #"{"model":"m","input":[{"type":"function_call_output","output":"a","output":"b"}]}"#,
  ])
  func aPayloadThatIsThereTwiceIsLeftAlone(text: String) throws {
    #expect(try #require(RequestBody(Array(text.utf8))).blocks.isEmpty)
  }

  @Test func aGeminiPayloadThatIsThereTwiceIsLeftAlone() throws {
    let long = WireBody.lines("x")
    func paths(_ response: String) throws -> [String] {
      let text = #"{"contents":[{"parts":[{"functionResponse":{"name":"f","response":\#(response)}}]}]}"#
      return try #require(RequestBody(Array(text.utf8))).blocks.map(\.path)
    }
    let prefix = "contents[0].parts[0].functionResponse.response"
    #expect(try paths(#"{"a":"\#(long)","a":1,"b":"\#(long)"}"#) == ["\(prefix).b"])
    #expect(try paths(#"{"a":"\#(long)","\u0061":"\#(long)"}"#) == [])
    #expect(try paths(#"{"a":{"b":["\#(long)"]},"c":{"d":"\#(long)"},"a":0}"#) == ["\(prefix).c.d"])
  }

  @Test func aLoneSurrogateIsNeverAPayload() throws {
    let body = try #require(
      RequestBody(Array(#"[{"role":"tool","content":"a\ud800b"},{"role":"tool","content":"c"}]"#.utf8)))
    #expect(body.blocks.count == 2)
    #expect(body.payload(of: 0) == nil)
    #expect(body.payload(of: 1) == Array("c".utf8))
  }

  /// Keys are the client's. One of a megabyte before a thousand blocks must not become a gigabyte of paths.
  @Test func pathsAreBounded() throws {
    let key = String(repeating: "k", count: 1 << 20)
    let texts = Array(repeating: "\"\(WireBody.lines("x"))\"", count: 1_000).joined(separator: ",")
    let text = #"{"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"\#(key)":[\#(texts)]}}}]}]}"#
    let body = try #require(RequestBody(Array(text.utf8)))
    #expect(body.blocks.count == 1_000)
    #expect(body.blocks.allSatisfy { $0.path.utf8.count < 300 })
  }

  // MARK: Support

  /// Path, call id, the word that the payload was made of, and the flags.
  private func summary(_ body: RequestBody) -> [String] {
    body.blocks.map { block in
      let payload = String(decoding: block.payload(in: body.document) ?? [], as: UTF8.self)
      let word = payload.hasPrefix("src/") ? String(payload.dropFirst(4).prefix { $0 != "." }) : "-"
      let id = block.callID.map { String(decoding: $0, as: UTF8.self) } ?? "nil"
      return block.path + " " + id + " " + word + (block.hasAssistantTurnAfter ? " sent" : "")
        + (block.isError ? " error" : "")
    }
  }
}
