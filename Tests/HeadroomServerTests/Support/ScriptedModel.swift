@testable import Headroom

/// Answers of a model in Anthropic Messages: words, and calls with their inputs.
struct ScriptedAnswer: Sendable {
  var words = ""
  var calls: [(id: String, name: String, input: String)] = []
  var number = 1

  private var stop: String { calls.isEmpty ? "end_turn" : "tool_use" }

  /// The answer as a stream, one piece an event.
  var events: [[UInt8]] {
    func event(_ name: String, _ members: String) -> [UInt8] {
      Array("event: \(name)\ndata: {\"type\":\"\(name)\"\(members.isEmpty ? "" : "," + members)}\n\n".utf8)
    }
    var events = [
      event(
        "message_start",
        #""message":{"id":"msg_\#(number)","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"#
          + #""stop_reason":null,"usage":{"input_tokens":100,"cache_read_input_tokens":20,"output_tokens":1}}"#)
    ]
    var index = 0
    func block(_ start: String, _ delta: String) {
      events.append(event("content_block_start", #""index":\#(index),"content_block":\#(start)"#))
      events.append(event("content_block_delta", #""index":\#(index),"delta":\#(delta)"#))
      events.append(event("content_block_stop", #""index":\#(index)"#))
      index += 1
    }
    if !words.isEmpty {
      block(#"{"type":"text","text":""}"#, #"{"type":"text_delta","text":\#(Conversation.quoted(words))}"#)
    }
    for call in calls {
      block(
        #"{"type":"tool_use","id":"\#(call.id)","name":"\#(call.name)","input":{}}"#,
        #"{"type":"input_json_delta","partial_json":\#(Conversation.quoted(call.input))}"#)
    }
    events.append(
      event("message_delta", #""delta":{"stop_reason":"\#(stop)","stop_sequence":null},"usage":{"output_tokens":10}"#))
    events.append(event("message_stop", ""))
    return events
  }

  /// The answer as a body.
  var body: [UInt8] {
    var blocks = words.isEmpty ? [] : [#"{"type":"text","text":\#(Conversation.quoted(words))}"#]
    blocks += calls.map { #"{"type":"tool_use","id":"\#($0.id)","name":"\#($0.name)","input":\#($0.input)}"# }
    return Array(
      (#"{"id":"msg_\#(number)","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":["#
        + blocks.joined(separator: ",")
        + #"],"stop_reason":"\#(stop)","usage":{"input_tokens":100,"cache_read_input_tokens":20,"output_tokens":10}}"#)
        .utf8)
  }

  func answer(isStream: Bool) -> FakeUpstream.Answer {
    FakeUpstream.Answer(
      headers: [
        ("content-type", isStream ? "text/event-stream; charset=utf-8" : "application/json"),
        ("request-id", "req_\(number)"),
      ],
      chunks: isStream ? events : [body])
  }
}
