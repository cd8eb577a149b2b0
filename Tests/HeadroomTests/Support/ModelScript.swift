@testable import Headroom

/// What a model says in one answer, written out as a provider sends it.
struct ModelAnswer {
  enum Part {
    case thinking(String, signature: String)
    case text(String)
    case call(id: String, name: String, input: String)
  }

  var parts: [Part]
  /// As Anthropic Messages says it; nil for what follows from the parts.
  var stop: String?
  var input = 100
  var output = 10

  init(_ parts: [Part], stop: String? = nil, input: Int = 100, output: Int = 10) {
    self.parts = parts
    self.stop = stop
    self.input = input
    self.output = output
  }

  static func retrieve(_ id: String, _ input: String = #"{"id":"\#(Originals.log)","lines":"2-3"}"#) -> Part {
    .call(id: id, name: "headroom_retrieve", input: input)
  }

  var hasCalls: Bool {
    parts.contains { if case .call = $0 { true } else { false } }
  }

  /// The answer as a stream or a body of a format. `number` makes its ids its own.
  func bytes(_ format: ToolFormat, number: Int, isStream: Bool) -> [UInt8] {
    let text =
      switch (format, isStream) {
      case (.anthropic, true): anthropicStream(number)
      case (.anthropic, false): anthropicBody(number)
      case (.chat, true): chatStream(number)
      case (.chat, false): chatBody(number)
      case (.responses, true): responsesStream(number)
      case (.responses, false): responsesBody(number)
      }
    return Array(text.utf8)
  }

  /// A JSON string, with all escapes that a provider may write.
  static func quoted(_ text: String) -> String {
    "\"" + escaped(text) + "\""
  }

  static func escaped(_ text: String) -> String {
    text.utf16.map { unit in
      switch unit {
      case 0x22: "\\\""
      case 0x5c: "\\\\"
      case 0x0a: "\\n"
      case 0x20..<0x7f: String(UnicodeScalar(UInt8(unit)))
      default: "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
      }
    }.joined()
  }

  /// A text in deltas of a few UTF-16 units each, escaped: a character beyond the first plane may be cut in two.
  static func deltas(_ text: String) -> [String] {
    let units = Array(text.utf16)
    return stride(from: 0, to: units.count, by: 5).map { start in
      units[start..<min(start + 5, units.count)].map { unit in
        switch unit {
        case 0x22: "\\\""
        case 0x5c: "\\\\"
        case 0x0a: "\\n"
        case 0x20..<0x7f: String(UnicodeScalar(UInt8(unit)))
        default: "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
        }
      }.joined()
    }
  }

  // MARK: Anthropic Messages

  private func event(_ name: String, _ members: String) -> String {
    "event: \(name)\ndata: {\"type\":\"\(name)\"\(members.isEmpty ? "" : "," + members)}\n\n"
  }

  private func anthropicStream(_ number: Int) -> String {
    var text = event(
      "message_start",
      #""message":{"id":"msg_\#(number)","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"#
        + #""usage":{"input_tokens":\#(input),"cache_read_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":3},"output_tokens":1}}"#
    )
    text += event("ping", "")
    for (index, part) in parts.enumerated() {
      func delta(_ type: String, _ member: String, _ piece: String) -> String {
        event("content_block_delta", #""index":\#(index),"delta":{"type":"\#(type)","\#(member)":"\#(piece)"}"#)
      }
      func start(_ block: String) -> String {
        event("content_block_start", #""index":\#(index),"content_block":\#(block)"#)
      }
      switch part {
      case .thinking(let thought, let signature):
        text += start(#"{"type":"thinking","thinking":"","signature":""}"#)
        text += Self.deltas(thought).map { delta("thinking_delta", "thinking", $0) }.joined()
        text += delta("signature_delta", "signature", signature)
      case .text(let words):
        text += start(#"{"type":"text","text":""}"#)
        text += Self.deltas(words).map { delta("text_delta", "text", $0) }.joined()
      case .call(let id, let name, let input):
        text += start(#"{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":{}}"#)
        text += delta("input_json_delta", "partial_json", "")
        text += Self.deltas(input).map { delta("input_json_delta", "partial_json", $0) }.joined()
      }
      text += event("content_block_stop", #""index":\#(index)"#)
    }
    text += event(
      "message_delta",
      #""delta":{"stop_reason":"\#(anthropicStop)","stop_sequence":null},"usage":{"output_tokens":\#(output)}"#)
    return text + event("message_stop", "")
  }

  private var anthropicStop: String { stop ?? (hasCalls ? "tool_use" : "end_turn") }

  private func anthropicBody(_ number: Int) -> String {
    let blocks = parts.map { part in
      switch part {
      case .thinking(let thought, let signature):
        #"{"type":"thinking","thinking":\#(Self.quoted(thought)),"signature":"\#(signature)"}"#
      case .text(let words): #"{"type":"text","text":\#(Self.quoted(words))}"#
      case .call(let id, let name, let input): #"{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":\#(input)}"#
      }
    }
    return #"{"id":"msg_\#(number)","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":["#
      + blocks.joined(separator: ", ")
      + #"],"stop_reason":"\#(anthropicStop)","usage":{"input_tokens":\#(input),"output_tokens":\#(output)}}"#
  }

  // MARK: Chat Completions

  private var chatStop: String {
    switch stop {
    case nil: hasCalls ? "tool_calls" : "stop"
    case "max_tokens": "length"
    case let stop?: stop
    }
  }

  private var chatUsage: String {
    #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output),"prompt_tokens_details":{"cached_tokens":4}}"#
  }

  private func chatStream(_ number: Int) -> String {
    func chunk(_ choices: String, usage: String = "null") -> String {
      #"data: {"id":"chatcmpl-\#(number)","object":"chat.completion.chunk","created":170000000\#(number),"model":"gpt-5.1","#
        + "\"choices\":[\(choices)],\"usage\":\(usage)}\n\n"
    }
    func delta(_ members: String, finish: String = "null") -> String {
      chunk(#"{"index":0,"delta":{\#(members)},"logprobs":null,"finish_reason":\#(finish)}"#)
    }
    var text = delta(#""role":"assistant","content":\#(hasCalls && parts.count == 1 ? "null" : #""""#),"refusal":null"#)
    var calls = 0
    for part in parts {
      switch part {
      case .thinking(let thought, _):
        text += Self.deltas(thought).map { delta(#""reasoning_content":"\#($0)""#) }.joined()
      case .text(let words): text += Self.deltas(words).map { delta(#""content":"\#($0)""#) }.joined()
      case .call(let id, let name, let input):
        text += delta(
          #""tool_calls":[{"index":\#(calls),"id":"\#(id)","type":"function","function":{"name":"\#(name)","arguments":""}}]"#
        )
        text += Self.deltas(input).map {
          delta(#""tool_calls":[{"index":\#(calls),"function":{"arguments":"\#($0)"}}]"#)
        }.joined()
        calls += 1
      }
    }
    text += delta("", finish: "\"\(chatStop)\"")
    return text + chunk("", usage: chatUsage) + "data: [DONE]\n\n"
  }

  private func chatBody(_ number: Int) -> String {
    var words: String?
    var thoughts = ""
    var calls: [String] = []
    for part in parts {
      switch part {
      case .thinking(let thought, _): thoughts += #","reasoning_content":\#(Self.quoted(thought))"#
      case .text(let text): words = (words ?? "") + text
      case .call(let id, let name, let input):
        calls.append(
          #"{"id":"\#(id)","type":"function","function":{"name":"\#(name)","arguments":\#(Self.quoted(input))}}"#)
      }
    }
    let list = calls.isEmpty ? "" : #","tool_calls":[\#(calls.joined(separator: ","))]"#
    return
      #"{"id":"chatcmpl-\#(number)","object":"chat.completion","created":170000000\#(number),"model":"gpt-5.1","choices":["#
      + #"{"index":0,"message":{"role":"assistant","content":\#(words.map(Self.quoted) ?? "null")\#(thoughts)\#(list)},"finish_reason":"\#(chatStop)"}],"#
      + #""usage":\#(chatUsage)}"#
  }

  // MARK: Responses

  private func item(_ part: Part, _ number: Int, _ index: Int) -> String {
    switch part {
    case .thinking(let thought, let signature):
      #"{"id":"rs_\#(number)\#(index)","type":"reasoning","summary":[{"type":"summary_text","text":\#(Self.quoted(thought))}],"encrypted_content":"\#(signature)"}"#
    case .text(let words):
      #"{"id":"msg_\#(number)\#(index)","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":\#(Self.quoted(words)),"annotations":[]}]}"#
    case .call(let id, let name, let input):
      #"{"id":"fc_\#(number)\#(index)","type":"function_call","status":"completed","call_id":"\#(id)","name":"\#(name)","arguments":\#(Self.quoted(input))}"#
    }
  }

  private func response(_ number: Int, status: String) -> String {
    let items = status == "in_progress" ? [] : parts.enumerated().map { item($1, number, $0) }
    let usage =
      status == "in_progress"
      ? "null"
      : #"{"input_tokens":\#(input),"input_tokens_details":{"cached_tokens":4},"output_tokens":\#(output),"total_tokens":\#(input + output)}"#
    return
      #"{"id":"resp_\#(number)","object":"response","created_at":170000000\#(number),"status":"\#(status)","model":"gpt-5.1","#
      + #""output":[\#(items.joined(separator: ","))],"previous_response_id":null,"usage":\#(usage)}"#
  }

  private func responsesStream(_ number: Int) -> String {
    var sequence = 0
    func event(_ name: String, _ members: String) -> String {
      defer { sequence += 1 }
      return "event: \(name)\ndata: {\"type\":\"\(name)\",\"sequence_number\":\(sequence),\(members)}\n\n"
    }
    var text = event("response.created", #""response":\#(response(number, status: "in_progress"))"#)
    text += event("response.in_progress", #""response":\#(response(number, status: "in_progress"))"#)
    for (index, part) in parts.enumerated() {
      let place = #""item_id":"x_\#(number)\#(index)","output_index":\#(index)"#
      let begun: String
      switch part {
      case .thinking(_, let signature):
        begun = #"{"id":"rs_\#(number)\#(index)","type":"reasoning","summary":[],"encrypted_content":"\#(signature)"}"#
      case .text:
        begun =
          #"{"id":"msg_\#(number)\#(index)","type":"message","status":"in_progress","role":"assistant","content":[]}"#
      case .call(let id, let name, _):
        begun =
          #"{"id":"fc_\#(number)\#(index)","type":"function_call","status":"in_progress","call_id":"\#(id)","name":"\#(name)","arguments":""}"#
      }
      text += event("response.output_item.added", #""output_index":\#(index),"item":\#(begun)"#)
      switch part {
      case .thinking(let thought, _):
        text += Self.deltas(thought).map {
          event("response.reasoning_summary_text.delta", place + #","summary_index":0,"delta":"\#($0)""#)
        }.joined()
      case .text(let words):
        text += event(
          "response.content_part.added",
          place + #","content_index":0,"part":{"type":"output_text","text":"","annotations":[]}"#)
        text += Self.deltas(words).map {
          event("response.output_text.delta", place + #","content_index":0,"delta":"\#($0)""#)
        }.joined()
        text += event("response.output_text.done", place + #","content_index":0,"text":\#(Self.quoted(words))"#)
      case .call(_, _, let input):
        text += Self.deltas(input).map {
          event("response.function_call_arguments.delta", place + #","delta":"\#($0)""#)
        }.joined()
        text += event("response.function_call_arguments.done", place + #","arguments":\#(Self.quoted(input))"#)
      }
      text += event("response.output_item.done", #""output_index":\#(index),"item":\#(item(part, number, index))"#)
    }
    let status = stop == "max_tokens" ? "incomplete" : "completed"
    return text + event("response.\(status)", #""response":\#(response(number, status: status))"#)
  }

  private func responsesBody(_ number: Int) -> String {
    response(number, status: stop == "max_tokens" ? "incomplete" : "completed")
  }
}

/// Originals for tests of retrieval.
enum Originals {
  static let text = (1...400).map { "2025-01-01T00:00:\($0 % 60) worker \($0) finished its part of the job" }.joined(
    separator: "\n")
  /// The handle of ``text``.
  static let log = Handle(of: Array(text.utf8)).name

  static func store() -> MemoryStore {
    let store = MemoryStore()
    _ = store.put(Array(text.utf8))
    return store
  }
}
