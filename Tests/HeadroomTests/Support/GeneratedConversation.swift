import Testing

@testable import Headroom

/// A conversation of an agent that grows turn by turn, in any wire format.
struct GeneratedConversation {
  enum Format: String, CaseIterable { case anthropic, chat, responses, gemini }

  let format: Format
  /// The items, each raw JSON.
  private(set) var items: [String] = []
  private var calls = 0
  /// What stands before the items, such as `"model":"gpt-4o",`.
  var head: String
  /// How many items there were when each request was sent.
  private(set) var requests: [Int] = []

  init(_ format: Format, head: String? = nil) {
    self.format = format
    self.head =
      head
      ?? {
        switch format {
        case .anthropic: #""model":"claude-opus-4-5","system":"You are a coding agent.","#
        case .chat, .responses: #""model":"gpt-4o","#
        case .gemini: #""generationConfig":{"temperature":1.0},"#
        }
      }()
    if format == .chat { items.append(#"{"role":"system","content":"You are a coding agent."}"#) }
  }

  var list: String {
    switch format {
    case .anthropic, .chat: "messages"
    case .responses: "input"
    case .gemini: "contents"
    }
  }

  /// The request with the first items, or all of them.
  func body(_ count: Int? = nil) -> [UInt8] {
    Array("{\(head)\"\(list)\": [\(items.prefix(count ?? items.count).joined(separator: ", "))], \"end\":1.0}".utf8)
  }

  /// The bodies of all requests, in order.
  var bodies: [[UInt8]] { requests.map { body($0) } }

  static func quoted(_ text: String) -> String {
    String(decoding: JSONString.quoted(Array(text.utf8)), as: UTF8.self)
  }

  mutating func user(_ text: String) {
    let text = GeneratedConversation.quoted(text)
    switch format {
    case .anthropic, .chat, .responses: items.append(#"{"role":"user","content":\#(text)}"#)
    case .gemini: items.append(#"{"role":"user","parts":[{"text":\#(text)}]}"#)
    }
  }

  /// The model answers in words.
  mutating func say(_ text: String) {
    requests.append(items.count)
    let text = GeneratedConversation.quoted(text)
    switch format {
    case .anthropic, .chat: items.append(#"{"role":"assistant","content":\#(text)}"#)
    case .responses:
      items.append(
        #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":\#(text)}]}"#)
    case .gemini: items.append(#"{"role":"model","parts":[{"text":\#(text)}]}"#)
    }
  }

  struct Call {
    var tool: String
    /// An object.
    var input: String
    var result: String
    var isError = false

    static func bash(_ command: String, _ result: String, isError: Bool = false) -> Call {
      Call(tool: "Bash", input: #"{"command":\#(quoted(command))}"#, result: result, isError: isError)
    }

    static func read(_ path: String, _ result: String) -> Call {
      Call(tool: "Read", input: #"{"file_path":\#(quoted(path))}"#, result: result)
    }

    static func edit(_ path: String) -> Call {
      Call(
        tool: "Edit", input: #"{"file_path":\#(quoted(path)),"old_string":"a","new_string":"b"}"#,
        result: "The file was changed.")
    }
  }

  mutating func call(_ call: Call, saying text: String = "") { self.calls([call], saying: text) }

  /// The model calls tools side by side, and the results come.
  mutating func calls(_ list: [Call], saying text: String = "") {
    requests.append(items.count)
    let numbered = list.map { call in
      calls += 1
      return (id: "call_\(calls)", call: call)
    }
    let said = GeneratedConversation.quoted(text)
    switch format {
    case .anthropic:
      let uses = numbered.map {
        #"{"type":"tool_use","id":"\#($0.id)","name":"\#($0.call.tool)","input":\#($0.call.input)}"#
      }
      let results = numbered.map {
        #"{"type":"tool_result","tool_use_id":"\#($0.id)","content":\#(GeneratedConversation.quoted($0.call.result))\#($0.call.isError ? #","is_error":true"# : "")}"#
      }
      let parts = (text.isEmpty ? [] : [#"{"type":"text","text":\#(said)}"#]) + uses
      items.append(#"{"role":"assistant","content":[\#(parts.joined(separator: ","))]}"#)
      items.append(#"{"role":"user","content":[\#(results.joined(separator: ","))]}"#)
    case .chat:
      let uses = numbered.map {
        #"{"id":"\#($0.id)","type":"function","function":{"name":"\#($0.call.tool)","arguments":\#(GeneratedConversation.quoted($0.call.input))}}"#
      }
      items.append(#"{"role":"assistant","content":\#(said),"tool_calls":[\#(uses.joined(separator: ","))]}"#)
      for (id, call) in numbered {
        items.append(
          #"{"role":"tool","tool_call_id":"\#(id)","content":\#(GeneratedConversation.quoted(call.result))}"#)
      }
    case .responses:
      if !text.isEmpty { items.append(#"{"type":"reasoning","id":"rs","summary":[],"encrypted_content":"abc="}"#) }
      for (id, call) in numbered {
        items.append(
          #"{"type":"function_call","call_id":"\#(id)","name":"\#(call.tool)","arguments":\#(GeneratedConversation.quoted(call.input))}"#
        )
      }
      for (id, call) in numbered {
        items.append(
          #"{"type":"function_call_output","call_id":"\#(id)","output":\#(GeneratedConversation.quoted(call.result))}"#)
      }
    case .gemini:
      let uses = numbered.map {
        #"{"functionCall":{"id":"\#($0.id)","name":"\#($0.call.tool)","args":\#($0.call.input)}}"#
      }
      let results = numbered.map {
        #"{"functionResponse":{"id":"\#($0.id)","name":"\#($0.call.tool)","response":{"output":\#(GeneratedConversation.quoted($0.call.result))}}}"#
      }
      let parts = (text.isEmpty ? [] : [#"{"text":\#(said)}"#]) + uses
      items.append(#"{"role":"model","parts":[\#(parts.joined(separator: ","))]}"#)
      items.append(#"{"role":"user","parts":[\#(results.joined(separator: ","))]}"#)
    }
  }

  /// A request that waits for the model's answer.
  mutating func send() { requests.append(items.count) }

  mutating func replaceItem(_ index: Int, _ change: (inout String) -> Void) { change(&items[index]) }
}

/// The items of a body, as they stand in it.
func itemBytes(_ body: [UInt8]) throws -> [[UInt8]] {
  guard let request = RequestBody(body) else { return [] }
  return request.items.map { Array(body[$0.range]) }
}

extension ConversationChain {
  /// The chain of a body, which must be a conversation.
  static func of(_ body: [UInt8]) throws -> ConversationChain {
    let request = try #require(RequestBody(body))
    return try #require(ConversationChain(request))
  }
}
