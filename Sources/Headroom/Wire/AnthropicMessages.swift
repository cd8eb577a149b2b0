/// Anthropic Messages: `tool_result` parts of user messages, with a string or a list of parts as `content`.
///
///     {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "…"}]}
///
/// All other parts are opaque. Bodies that clients send to Bedrock and Vertex differ in what stands around the messages, not in them.
struct AnthropicMessages: WireFormat {
  let name = "anthropic-messages"

  func matches(_ document: JSONDocument) -> Bool {
    guard let messages = MessageList(document)?.messages else { return false }
    if ownMembers.contains(where: { document.hasMember($0, of: 0) }) { return true }
    for message in messages {
      if OpenAIChat.isOwn(message, in: document) { return false }
      for part in document.elements(of: document.member("content", of: message)) {
        if document.isString(document.member("type", of: part), anyOf: ownParts) { return true }
      }
    }
    // A conversation without tools so far: either reading finds the same (no) blocks, and only the name is at stake.
    if let tool = document.elements(of: document.member("tools", of: 0)).first(where: { _ in true }) {
      return document.hasMember("input_schema", of: tool)
    }
    return document.text(of: document.member("model", of: 0))?.starts(with: "claude".utf8) ?? false
  }

  func blocks(in document: JSONDocument) -> [Block] { MessageList(document)?.blocks() ?? [] }

  static func collectCalls(of message: Int, into collector: inout BlockCollector) {
    let document = collector.document
    for part in document.elements(of: document.member("content", of: message)) {
      guard document.isString(document.member("type", of: part), "tool_use") else { continue }
      collector.call(
        id: document.member("id", of: part), name: document.member("name", of: part),
        input: document.member("input", of: part))
    }
  }

  /// The results and the texts of a user message.
  static func collectResults(of message: Int, into collector: inout BlockCollector) {
    let document = collector.document
    guard let content = document.member("content", of: message) else { return }
    collector.userMessage()
    collector.userText(content)
    let mark = collector.path.mark
    for (position, part) in document.elements(of: content).enumerated() {
      let type = document.member("type", of: part)
      if document.isString(type, "tool_result") {
        collector.result(
          id: document.member("tool_use_id", of: part),
          isError: document.hasMember("is_error", of: part) { $0.kind == .true })
        collector.path.member("content")
        collector.path.element(position)
        collector.path.member("content")
        collector.payload(document.member("content", of: part), textTypes: ["text"])
        collector.path.end(at: mark)
      } else if document.isString(type, "text") {
        collector.userText(document.member("text", of: part))
      }
    }
  }
}

private let ownMembers: [StaticString] = ["system", "anthropic_version", "anthropic_beta"]
private let ownParts: [StaticString] = [
  "tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use", "document",
]
