/// OpenAI Responses: the output items of `input`, with a string or a list of text parts as `output`.
///
///     {"type": "function_call_output", "call_id": "call_1", "output": "…"}
///
/// All other items are opaque. The frame that opens a response on a WebSocket holds the same request in `response`.
struct OpenAIResponses: WireFormat {
  let name = "openai-responses"

  func conversation(in document: JSONDocument) -> Int? { document.member("input", of: envelope(in: document)) }

  func isFromModel(_ item: Int, in document: JSONDocument) -> Bool {
    let type = document.member("type", of: item)
    if type == nil || document.isString(type, "message") {
      return document.isString(document.member("role", of: item), "assistant")
    }
    return !Self.isFromClient(type, in: document)
  }

  func matches(_ document: JSONDocument) -> Bool {
    guard let request = envelope(in: document), let input = document.member("input", of: request),
      document.hasMember("model", of: request) || document.hasMember("prompt", of: request)
    else { return false }
    switch document.nodes[input].kind {
    case .string: return true
    case .array:
      guard let first = document.elements(of: input).first(where: { _ in true }) else { return true }
      return document.hasMember("type", of: first) || document.hasMember("role", of: first)
    default: return false
    }
  }

  func model(in document: JSONDocument) -> [UInt8]? {
    document.text(of: document.member("model", of: envelope(in: document)))
  }

  func envelope(in document: JSONDocument) -> Int? {
    guard !document.hasMember("input", of: 0) else { return 0 }
    return document.isString(document.member("type", of: 0), "response.create")
      ? document.member("response", of: 0) : nil
  }

  func blocks(in document: JSONDocument) -> [Block] {
    guard let request = envelope(in: document) else { return [] }
    var collector = BlockCollector(document)
    if request > 0 { collector.path.member("response") }
    collector.path.member("input")
    let mark = collector.path.mark
    for (position, item) in document.elements(of: document.member("input", of: request)).enumerated() {
      collector.path.element(position)
      Self.collect(item, into: &collector)
      collector.path.end(at: mark)
    }
    return collector.finish()
  }

  private static func collect(_ item: Int, into collector: inout BlockCollector) {
    let document = collector.document
    let type = document.member("type", of: item)
    let role = document.member("role", of: item)
    if type == nil || document.isString(type, "message") {
      if document.isString(role, "assistant") {
        collector.assistantTurn()
      } else if document.isString(role, "user") {
        collector.userMessage(document.member("content", of: item), textTypes: ["input_text", "text"])
      }
    } else if document.isString(type, anyOf: outputTypes) {
      let status = document.member("status", of: item)
      collector.result(
        id: document.member("call_id", of: item) ?? document.member("id", of: item),
        isError: document.isString(status, anyOf: ["failed", "incomplete"]))
      collector.path.member("output")
      collector.payload(document.member("output", of: item), textTypes: ["input_text", "output_text", "text"])
    } else if !isFromClient(type, in: document) {
      collector.assistantTurn()
      guard document.isString(type, anyOf: callTypes) else { return }
      collector.call(
        id: document.member("call_id", of: item) ?? document.member("id", of: item),
        name: document.member("name", of: item) ?? type,
        input: document.member("arguments", of: item) ?? document.member("input", of: item)
          ?? document.member("action", of: item))
    }
  }

  /// Whether the client made the item. Of those that are no messages, these are the answers; all else was made by the model before.
  private static func isFromClient(_ type: Int?, in document: JSONDocument) -> Bool {
    guard let type else { return true }
    let name = document.bytes[document.nodes[type].range].dropLast()
    return clientSuffixes.contains { name.suffix($0.count).elementsEqual($0) }
  }
}

private let outputTypes: [StaticString] = [
  "function_call_output", "custom_tool_call_output", "local_shell_call_output",
]
private let callTypes: [StaticString] = ["function_call", "custom_tool_call", "local_shell_call"]
private let clientSuffixes = ["_output", "_response"].map { Array($0.utf8) }
