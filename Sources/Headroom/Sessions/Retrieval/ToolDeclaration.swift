/// The formats in which the tool can be added to requests and its calls be answered.
enum ToolFormat: String {
  case anthropic = "anthropic-messages"
  case chat = "openai-chat"
  case responses = "openai-responses"

  /// The tool as this format declares it.
  var declaration: [UInt8] {
    let name = "\"name\":\"\(RetrievalTool.name)\",\"description\":\"\(RetrievalTool.summary)\""
    let text =
      switch self {
      case .anthropic: "{\(name),\"input_schema\":\(RetrievalTool.inputSchema)}"
      case .chat: "{\"type\":\"function\",\"function\":{\(name),\"parameters\":\(RetrievalTool.inputSchema)}}"
      // Without `strict` every member of the schema would have to be required.
      case .responses: "{\"type\":\"function\",\(name),\"parameters\":\(RetrievalTool.inputSchema),\"strict\":false}"
      }
    return Array(text.utf8)
  }

  /// `body` with the tool as its last one, all other bytes as they were; nil when it has no place for it.
  func declaringTool(in body: [UInt8]) -> [UInt8]? {
    guard let document = try? JSONDocument(body), document.root.kind == .object else { return nil }
    guard let tools = document.member("tools", of: 0) else {
      // A name that stands twice has no place either.
      if document.hasMember("tools", of: 0) { return nil }
      return body.applying([
        document.appending(member: Array("\"tools\":[".utf8) + declaration + [UInt8(ascii: "]")], to: 0)
      ])
    }
    switch document.nodes[tools].kind {
    case .array: return body.applying([document.appending(declaration, to: tools)])
    case .null:
      return body.applying([document.replacing(tools, with: [UInt8(ascii: "[")] + declaration + [UInt8(ascii: "]")])])
    default: return nil
    }
  }
}
