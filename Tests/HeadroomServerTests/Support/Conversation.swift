@testable import Headroom

/// A conversation of an agent that grows by a tool result a turn, as raw JSON in the form of one provider.
struct Conversation: Sendable {
  enum Form: String, CaseIterable, Sendable {
    case anthropic = "/v1/messages"
    case chat = "/v1/chat/completions"
    case responses = "/v1/responses"
    case gemini = "/v1beta/models/gemini-2.5-pro:generateContent"

    var path: String { rawValue }
  }

  let form: Form
  private(set) var items: [String]
  private var turn = 0

  init(_ form: Form, task: String = "Find out why checkouts fail.") {
    self.form = form
    switch form {
    case .gemini: items = [#"{"role":"user","parts":[{"text":"\#(task)"}]}"#]
    default: items = [#"{"role": "user", "content":"\#(task)"}"#]
    }
  }

  /// The model calls a tool, and this is what it says.
  mutating func add(_ result: String) {
    turn += 1
    let text = Conversation.quoted(result)
    let id = "call_\(turn)"
    switch form {
    case .anthropic:
      items.append(
        #"{"role":"assistant","content":[{"type":"thinking","thinking":"hm \#(turn)","signature":"c2ln\#(turn)=="},"#
          + #"{"type":"tool_use","id":"\#(id)","name":"fetch","input":{"n": \#(turn).0}}]}"#)
      items.append(#"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":\#(text)}]}"#)
    case .chat:
      items.append(
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"\#(id)","type":"function","#
          + #""function":{"name":"fetch","arguments":"{\"n\": \#(turn)}"}}]}"#)
      items.append(#"{"role":"tool","tool_call_id":"\#(id)","content":\#(text)}"#)
    case .responses:
      items.append(#"{"type":"reasoning","id":"rs_\#(turn)","encrypted_content":"Z\u00e9=","summary":[]}"#)
      items.append(#"{"type":"function_call","call_id":"\#(id)","name":"fetch","arguments":"{ \"n\":\#(turn) }"}"#)
      items.append(#"{"type":"function_call_output","call_id":"\#(id)","output":\#(text)}"#)
    case .gemini:
      items.append(#"{"role":"model","parts":[{"functionCall":{"name":"fetch","args":{"n":\#(turn)}}}]}"#)
      items.append(
        #"{"role":"user","parts":[{"functionResponse":{"name":"fetch","response":{"output":\#(text)}}}]}"#)
    }
  }

  /// The request with the first `count` items, all by default.
  func body(_ count: Int? = nil) -> [UInt8] {
    let list = items.prefix(count ?? items.count).joined(separator: " , ")
    return switch form {
    case .anthropic:
      Array(
        #"{"model":"claude-sonnet-4-5","max_tokens":64,"temperature":1.0,"messages":[\#(list)],"stream":false}"#.utf8)
    case .chat: Array(#"{"model":"gpt-4o", "messages": [\#(list)] , "seed":9007199254740993}"#.utf8)
    case .responses: Array(#"{"model":"gpt-5","input":[\#(list)],"store":false}"#.utf8)
    case .gemini: Array(#"{"contents":[\#(list)]}"#.utf8)
    }
  }

  static func quoted(_ text: String) -> String {
    String(decoding: JSONString.quoted(Array(text.utf8)), as: UTF8.self)
  }

  /// Rows of JSON that are much shorter as a table.
  static func rows(_ count: Int, seed: Int = 1) -> String {
    let rows = (0..<count).map {
      #"{"id":\#($0 * seed),"name":"row \#($0 * 31 % 577)","state":"open","size":\#($0 * 977 % 1013)}"#
    }
    return "[" + rows.joined(separator: ",") + "]"
  }
}

/// The raw items of a request's conversation.
func items(_ body: [UInt8]) throws -> [[UInt8]] {
  let document = try JSONDocument(body)
  let list = ["messages", "input", "contents"].lazy.compactMap { document.member($0, of: 0) }.first
  return document.elements(of: list).map { Array(body[document.nodes[$0].range]) }
}
