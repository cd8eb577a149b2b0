/// OpenAI Chat Completions: messages of the role `tool` (or `function`, its predecessor), with a string or a list of text parts.
///
///     {"role": "tool", "tool_call_id": "call_1", "content": "…"}
struct OpenAIChat: WireFormat {
  let name = "openai-chat"

  static let resultRoles: [StaticString] = ["tool", "function"]

  func matches(_ document: JSONDocument) -> Bool { MessageList(document) != nil }

  func blocks(in document: JSONDocument) -> [Block] { MessageList(document)?.blocks() ?? [] }

  /// Whether only this format has such a message.
  static func isOwn(_ message: Int, in document: JSONDocument) -> Bool {
    document.hasMember("tool_calls", of: message) || document.hasMember("function_call", of: message)
      || document.isString(document.member("role", of: message), anyOf: ["system", "developer", "tool", "function"])
  }

  static func collectCalls(of message: Int, into collector: inout BlockCollector) {
    let document = collector.document
    for call in document.elements(of: document.member("tool_calls", of: message)) {
      let function = document.member("function", of: call)
      let custom = document.member("custom", of: call)
      collector.call(
        id: document.member("id", of: call), name: document.member("name", of: function ?? custom),
        input: document.member("arguments", of: function) ?? document.member("input", of: custom))
    }
    if let call = document.member("function_call", of: message) {
      let name = document.member("name", of: call)
      collector.call(id: name, name: name, input: document.member("arguments", of: call))
    }
  }

  /// A message that is a result. Those of the role `function` name the function instead of the call.
  static func collectResult(_ message: Int, into collector: inout BlockCollector) {
    let document = collector.document
    let name = document.member("name", of: message)
    collector.result(id: document.member("tool_call_id", of: message) ?? name, name: name, isError: false)
    collector.path.member("content")
    collector.payload(document.member("content", of: message), textTypes: ["text"])
  }
}
