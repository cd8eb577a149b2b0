/// A list of messages with roles: `messages` of a request body, or the bare list.
///
/// Gateways accept lists that mix the shapes of Anthropic Messages and OpenAI Chat, so every message is read by its own shape.
struct MessageList {
  private let document: JSONDocument
  private let list: Int

  /// Nil when the document holds no such list, or `messages` twice.
  init?(_ document: JSONDocument) {
    let list = document.nodes[0].kind == .array ? 0 : document.member("messages", of: 0)
    guard let list, let first = document.elements(of: list).first(where: { _ in true }),
      document.isString(document.member("role", of: first), anyOf: roles),
      contentKeys.contains(where: { document.hasMember($0, of: first) })
    else { return nil }
    self.document = document
    self.list = list
  }

  var messages: JSONDocument.Elements { document.elements(of: list) }

  func blocks() -> [Block] {
    var collector = BlockCollector(document)
    if list > 0 { collector.path.member("messages") }
    let mark = collector.path.mark
    for (position, message) in messages.enumerated() {
      let role = document.member("role", of: message)
      collector.path.element(position)
      if document.isString(role, "assistant") {
        collector.assistantTurn()
        AnthropicMessages.collectCalls(of: message, into: &collector)
        OpenAIChat.collectCalls(of: message, into: &collector)
      } else if document.isString(role, "user") {
        AnthropicMessages.collectResults(of: message, into: &collector)
      } else if document.isString(role, anyOf: OpenAIChat.resultRoles) {
        OpenAIChat.collectResult(message, into: &collector)
      }
      collector.path.end(at: mark)
    }
    return collector.finish()
  }
}

private let roles: [StaticString] = ["user", "assistant", "system", "developer", "tool", "function"]
private let contentKeys: [StaticString] = ["content", "tool_calls", "function_call"]
