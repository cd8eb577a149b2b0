import Testing

@testable import Headroom

@Suite struct ConversationTests {
  private func turns(_ body: String) -> [String] {
    guard let conversation = Conversation(name: "test", body: Array(body.utf8)) else { return [] }
    return conversation.turns.indices.map { String(decoding: conversation.request($0), as: UTF8.self) }
  }

  @Test func turnsAreTheClientsBytes() {
    #expect(
      turns(
        #"{"system":"s", "messages" : [{"role":"user","content":"a"}, {"role":"assistant","content":"b"} ,{"role":"user","content":"c"},{"role":"assistant","content":"d"},{"role":"assistant","content":"e"}], "max_tokens":1.0}"#
      ) == [
        #"{"system":"s", "messages" : [{"role":"user","content":"a"}], "max_tokens":1.0}"#,
        #"{"system":"s", "messages" : [{"role":"user","content":"a"}, {"role":"assistant","content":"b"} ,{"role":"user","content":"c"}], "max_tokens":1.0}"#,
      ])
    // A request that was not answered yet is one.
    #expect(
      turns(
        #"{"model":"gpt-5","input":[{"role":"user","content":"a"},{"type":"reasoning","id":"r"},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"x"}]}"#
      ).count == 2)
    #expect(
      turns(
        #"{"request":{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]},"model":"m"}"#
      ) == [#"{"request":{"contents":[{"role":"user","parts":[{"text":"a"}]}]},"model":"m"}"#])
  }

  @Test func whatIsNoConversationIsRefused() {
    for text in ["text", #"{"model":"gpt-4o","messages":[]}"#, "{}"] { #expect(turns(text) == [], "\(text)") }
  }

  @Test func aRewrittenHistoryGoesOnFromItsOwnBody() {
    func body(_ texts: [String]) -> [UInt8] {
      let list = texts.enumerated().map { #"{"role":"\#($0 % 2 == 0 ? "user" : "assistant")","content":"\#($1)"}"# }
      return Array("{\"model\":\"m\",\"messages\":[\(list.joined(separator: ","))]}".utf8)
    }
    var conversation = Conversation(name: "test")
    conversation.append(body(["a", "b", "c", "d"]), times: [1, 2])
    conversation.append(body(["a", "b", "x", "y", "z"]), from: 1, times: [1, 7, 9])
    let sent = conversation.turns.indices.map { conversation.request($0) }
    #expect(sent == [body(["a"]), body(["a", "b", "c"]), body(["a", "b", "x"]), body(["a", "b", "x", "y", "z"])])
    #expect(conversation.turns.map(\.time) == [1, 2, 7, 9])
    #expect(conversation.dropFirst(3).request(0) == body(["a", "b", "x", "y", "z"]))
  }

  // MARK: Breakpoints

  private func placed(_ body: String, _ life: CacheLife = .short) -> String {
    String(decoding: CacheControl.placed(in: Array(body.utf8), life: life), as: UTF8.self)
  }

  @Test func breakpointsStandWhereClaudeCodeSetsThem() {
    let body =
      #"{"model":"claude-x","tools":[{"name":"a","input_schema":{}},{"name":"b","input_schema":{}}],"system":"s","messages":[{"role":"user","content":"1"},{"role":"assistant","content":"2"},{"role":"user","content":[{"type":"tool_result"},{"type":"text","text":"3"}]},{"role":"assistant","content":"4"},{"role":"user","content":"5"}]}"#
    let control = #""cache_control":{"type":"ephemeral"}"#
    #expect(
      placed(body)
        == #"{"model":"claude-x","tools":[{"name":"a","input_schema":{}},{"name":"b","input_schema":{},\#(control)}],"system":[{"type":"text","text":"s",\#(control)}],"messages":[{"role":"user","content":"1"},{"role":"assistant","content":"2"},{"role":"user","content":[{"type":"tool_result"},{"type":"text","text":"3",\#(control)}]},{"role":"assistant","content":"4"},{"role":"user","content":[{"type":"text","text":"5",\#(control)}]}]}"#
    )
    #expect(placed(body, .long).contains(#""ttl":"1h""#))
  }

  @Test func aClientsOwnBreakpointsStay() {
    for body in [
      #"{"cache_control":{"type":"ephemeral"},"system":"s","messages":[{"role":"user","content":"1"}]}"#,
      #"{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"1","cache_control":{"type":"ephemeral"}},{"type":"text","text":"2"}]}]}"#,
      #"{"model":"gpt-4o","messages":[{"role":"system","content":"s"},{"role":"user","content":"1"}]}"#,
    ] { #expect(placed(body) == body) }
  }
}
