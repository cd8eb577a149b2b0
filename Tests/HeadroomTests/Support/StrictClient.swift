import Foundation
import Testing

@testable import Headroom

/// A client that accepts an answer only when it is exactly what its provider's own would be, and then sends it back as its history.
struct StrictClient {
  /// The answer as the client sends it in its next request: a message, or items.
  var items: [String] = []
  /// The calls that it has to answer.
  var calls: [String] = []
  var stop = ""
  /// Numbers that it was told as the bill.
  var inputTokens = 0
  var outputTokens = 0
  /// The id of the message, completion or response.
  var id = ""

  struct Broken: Error { var reason: String }

  init(_ format: ToolFormat, _ bytes: [UInt8], isStream: Bool) throws {
    if String(decoding: bytes, as: UTF8.self).contains("headroom_retrieve") { throw Broken(reason: "it sees the tool") }
    switch (format, isStream) {
    case (.anthropic, true): try readAnthropic(Self.events(bytes))
    case (.chat, true): try readChat(Self.events(bytes))
    case (.responses, true): try readResponses(Self.events(bytes))
    case (.anthropic, false): try readAnthropicBody(JSONDocument(bytes))
    case (.chat, false): try readChatBody(JSONDocument(bytes))
    case (.responses, false): try readResponse(JSONDocument(bytes).root)
    }
  }

  private static func events(_ bytes: [UInt8]) throws -> [(name: String, data: String)] {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasSuffix("\n\n") else { throw Broken(reason: "the stream does not end with an event") }
    return try text.components(separatedBy: "\n\n").dropLast().map { block in
      var name = ""
      var data: String?
      for line in block.split(separator: "\n") {
        if line.hasPrefix("event: ") {
          name = String(line.dropFirst(7))
        } else if line.hasPrefix("data: ") {
          guard data == nil else { throw Broken(reason: "two lines of data") }
          data = String(line.dropFirst(6))
        } else {
          throw Broken(reason: "what is \(line)?")
        }
      }
      guard let data else { throw Broken(reason: "an event without data") }
      return (name, data)
    }
  }

  private static func expect(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
    if !condition { throw Broken(reason: reason()) }
  }

  // MARK: Anthropic Messages

  private mutating func readAnthropic(_ events: [(name: String, data: String)]) throws {
    var blocks: [[String: String]] = []
    var isOpen = false
    var isOver = false
    for (position, event) in events.enumerated() {
      let json = try JSONDocument(Array(event.data.utf8)).root
      try Self.expect(json["type"].string == event.name, "the name of an event is not its type")
      try Self.expect(!isOver, "\(event.name) behind the end")
      switch event.name {
      case "message_start":
        try Self.expect(position == 0, "a second message_start")
        id = json["message"]["id"].string
        inputTokens = json["message"]["usage"]["input_tokens"].int ?? 0
      case "ping": break
      case "content_block_start":
        try Self.expect(
          !isOpen && stop.isEmpty && json["index"].int == blocks.count, "block \(json["index"].raw) of \(blocks.count)")
        isOpen = true
        let block = json["content_block"]
        blocks.append(["type": block["type"].string, "id": block["id"].string, "name": block["name"].string])
      case "content_block_delta":
        try Self.expect(isOpen && json["index"].int == blocks.count - 1, "a delta of block \(json["index"].raw)")
        let delta = json["delta"]
        let (member, other) =
          switch delta["type"].string {
          case "text_delta": ("text", "text")
          case "thinking_delta": ("thinking", "thinking")
          case "signature_delta": ("signature", "signature")
          case "input_json_delta": ("input", "partial_json")
          default: throw Broken(reason: "an unknown delta")
          }
        blocks[blocks.count - 1][member, default: ""] += delta[StaticNames.of(other)].escaped
      case "content_block_stop":
        try Self.expect(isOpen && json["index"].int == blocks.count - 1, "a stop of block \(json["index"].raw)")
        isOpen = false
      case "message_delta":
        try Self.expect(!isOpen && stop.isEmpty, "a second message_delta")
        stop = json["delta"]["stop_reason"].string
        inputTokens = json["usage"]["input_tokens"].int ?? inputTokens
        outputTokens = json["usage"]["output_tokens"].int ?? 0
      case "message_stop":
        try Self.expect(!stop.isEmpty, "an end without a reason")
        isOver = true
      default: throw Broken(reason: "an unknown event \(event.name)")
      }
    }
    try Self.expect(isOver, "no end")
    let content = try blocks.map { block in
      switch block["type"] {
      case "text": return #"{"type":"text","text":"\#(block["text"] ?? "")"}"#
      case "thinking":
        return
          #"{"type":"thinking","thinking":"\#(block["thinking"] ?? "")","signature":"\#(block["signature"] ?? "")"}"#
      case "tool_use":
        calls.append(block["id"] ?? "")
        let input =
          JSONString.unescape(Array((block["input"] ?? "").utf8), in: 0..<(block["input"] ?? "").utf8.count) ?? []
        return
          #"{"type":"tool_use","id":"\#(block["id"] ?? "")","name":"\#(block["name"] ?? "")","input":\#(input.isEmpty ? "{}" : String(decoding: input, as: UTF8.self))}"#
      default: throw Broken(reason: "an unknown block")
      }
    }
    try Self.expect(calls.isEmpty == (stop != "tool_use"), "the reason \(stop) for \(calls.count) calls")
    items = [#"{"role":"assistant","content":[\#(content.joined(separator: ","))]}"#]
  }

  private mutating func readAnthropicBody(_ document: JSONDocument) throws {
    let root = document.root
    id = root["id"].string
    stop = root["stop_reason"].string
    inputTokens = root["usage"]["input_tokens"].int ?? 0
    outputTokens = root["usage"]["output_tokens"].int ?? 0
    for block in root["content"]?.elements ?? [] where block["type"].string == "tool_use" {
      calls.append(block["id"].string)
    }
    try Self.expect(calls.isEmpty == (stop != "tool_use"), "the reason \(stop) for \(calls.count) calls")
    items = [#"{"role":"assistant","content":\#(root["content"].raw)}"#]
  }

  // MARK: Chat Completions

  private mutating func readChat(_ events: [(name: String, data: String)]) throws {
    try Self.expect(events.last?.data == "[DONE]", "no end")
    var content: String?
    var thoughts = ""
    var open: [(id: String, name: String, arguments: String)] = []
    var roles = 0
    var created = ""
    for event in events.dropLast() {
      let json = try JSONDocument(Array(event.data.utf8)).root
      if id.isEmpty { (id, created) = (json["id"].string, json["created"].raw) }
      try Self.expect(json["id"].string == id && json["created"].raw == created, "a chunk of another completion")
      inputTokens = json["usage"]["prompt_tokens"].int ?? inputTokens
      outputTokens = json["usage"]["completion_tokens"].int ?? outputTokens
      guard let choice = json["choices"]?.elements.first else { continue }
      try Self.expect(stop.isEmpty, "a choice behind its end")
      stop = choice["finish_reason"].string
      let delta = choice["delta"]
      if delta["role"] != nil { roles += 1 }
      if delta["content"]?.kind == .string { content = (content ?? "") + delta["content"].escaped }
      thoughts += delta["reasoning_content"].escaped
      for call in delta["tool_calls"]?.elements ?? [] {
        if !call["id"].string.isEmpty {
          try Self.expect(call["index"].int == open.count, "call \(call["index"].raw) of \(open.count)")
          open.append((call["id"].string, call["function"]["name"].string, ""))
        }
        try Self.expect(call["index"].int == open.count - 1, "a part of call \(call["index"].raw)")
        open[open.count - 1].arguments += call["function"]["arguments"].escaped
      }
    }
    try Self.expect(roles == 1, "\(roles) roles")
    calls = open.map(\.id)
    try Self.expect(calls.isEmpty == (stop != "tool_calls"), "the reason \(stop) for \(calls.count) calls")
    let list = open.map {
      #"{"id":"\#($0.id)","type":"function","function":{"name":"\#($0.name)","arguments":"\#($0.arguments)"}}"#
    }
    let own = list.isEmpty ? "" : #","tool_calls":[\#(list.joined(separator: ","))]"#
    let reasoning = thoughts.isEmpty ? "" : #","reasoning_content":"\#(thoughts)""#
    items = [#"{"role":"assistant","content":\#(content.map { "\"\($0)\"" } ?? "null")\#(reasoning)\#(own)}"#]
  }

  private mutating func readChatBody(_ document: JSONDocument) throws {
    let root = document.root
    id = root["id"].string
    inputTokens = root["usage"]["prompt_tokens"].int ?? 0
    outputTokens = root["usage"]["completion_tokens"].int ?? 0
    let choice = root["choices"]?.elements.first
    stop = choice["finish_reason"].string
    calls = choice["message"]["tool_calls"]?.elements.map { $0["id"].string } ?? []
    try Self.expect(calls.isEmpty == (stop != "tool_calls"), "the reason \(stop) for \(calls.count) calls")
    items = [choice["message"].raw]
  }

  // MARK: Responses

  private mutating func readResponses(_ events: [(name: String, data: String)]) throws {
    var done: [String] = []
    var open = -1
    var isOver = false
    for (position, event) in events.enumerated() {
      let json = try JSONDocument(Array(event.data.utf8)).root
      try Self.expect(json["type"].string == event.name, "the name of an event is not its type")
      try Self.expect(json["sequence_number"].int == position, "number \(json["sequence_number"].raw) at \(position)")
      try Self.expect(!isOver, "\(event.name) behind the end")
      switch event.name {
      case "response.created": try Self.expect(position == 0, "a second response")
      case "response.in_progress": try Self.expect(position == 1, "a second response")
      case "response.output_item.added":
        try Self.expect(
          open < 0 && json["output_index"].int == done.count, "item \(json["output_index"].raw) of \(done.count)")
        open = done.count
      case "response.output_item.done":
        try Self.expect(json["output_index"].int == open, "the end of item \(json["output_index"].raw)")
        open = -1
        done.append(json["item"].raw)
      case "response.completed", "response.incomplete":
        try Self.expect(open < 0, "an item without an end")
        try readResponse(json["response"])
        try Self.expect(items == done, "other items in the end than before it")
        isOver = true
      default: try Self.expect(json["output_index"].int == open, "an event of item \(json["output_index"].raw)")
      }
      let response = json["response"]["id"].string
      if id.isEmpty { id = response }
      try Self.expect(response.isEmpty || response == id, "another response")
    }
    try Self.expect(isOver, "no end")
  }

  private mutating func readResponse(_ response: JSONValue?) throws {
    id = response["id"].string
    stop = response["status"].string
    inputTokens = response["usage"]["input_tokens"].int ?? 0
    outputTokens = response["usage"]["output_tokens"].int ?? 0
    items = response["output"]?.elements.map(\.raw) ?? []
    calls =
      response["output"]?.elements.filter { $0["type"].string == "function_call" }.map { $0["call_id"].string } ?? []
  }
}

/// Names as the index over JSON wants them.
private enum StaticNames {
  static func of(_ name: String) -> StaticString {
    switch name {
    case "text": "text"
    case "thinking": "thinking"
    case "signature": "signature"
    default: "partial_json"
    }
  }
}

extension JSONValue? {
  subscript(key: StaticString) -> JSONValue? { self?[key] }
  var string: String { self?.text.map { String(decoding: $0, as: UTF8.self) } ?? "" }
  var raw: String { self.map { String(decoding: $0.lexeme, as: UTF8.self) } ?? "" }
  /// What stands between the quotes.
  fileprivate var escaped: String { self?.kind == .string ? String(raw.dropFirst().dropLast()) : "" }
  var int: Int? { Int(raw) }
}

extension JSONValue {
  var raw: String { String(decoding: lexeme, as: UTF8.self) }
}
