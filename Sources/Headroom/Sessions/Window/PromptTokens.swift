/// The tokens of a whole prompt, part by part, as near as they can be told from outside: what strings say, by the vocabulary, and a few for
/// the frame of each message. Providers do not document how they frame messages and tools.
struct PromptTokens {
  /// What a message costs besides its text.
  private static let perItem = 4
  /// An image or a document, whatever its size.
  private static let perAttachment = 1_600

  private let document: JSONDocument
  private let counter: TokenCounter
  /// Whether something was counted that is not text.
  private(set) var hasAttachments = false

  init(_ document: JSONDocument, _ counter: TokenCounter) {
    self.document = document
    self.counter = counter
  }

  /// The tokens of one item of the conversation.
  mutating func item(_ node: Int) -> Int { PromptTokens.perItem + text(node) }

  /// The tokens of what stands beside the conversation: instructions, and tools, of which everything is read.
  mutating func around(_ conversation: Int?) -> Int {
    var tokens = 0
    func add(_ object: Int) {
      document.forEachMember(of: object) { key, value in
        if value == conversation { return }
        if document.isString(key, anyOf: instructionKeys) {
          tokens += text(value)
        } else if document.isString(key, "tools") {
          tokens += counter.count(document.bytes, in: document.nodes[value].range)
        } else if document.isString(key, anyOf: ["request", "response"]), document.nodes[value].kind == .object {
          add(value)
        }
      }
    }
    if document.nodes[0].kind == .object { add(0) }
    return tokens
  }

  private mutating func text(_ value: Int) -> Int {
    switch document.nodes[value].kind {
    case .string: return document.text(of: value).map { counter.count($0) } ?? document.nodes[value].range.count / 4
    case .array: return document.elements(of: value).reduce(0) { $0 + text($1) }
    case .object:
      var tokens = 0
      document.forEachMember(of: value) { key, member in
        if document.isString(key, anyOf: attachmentKeys) {
          hasAttachments = true
          tokens += PromptTokens.perAttachment
        } else if !document.isString(key, anyOf: unreadKeys) {
          tokens += text(member)
        }
      }
      return tokens
    default: return 0
    }
  }
}

private let instructionKeys: [StaticString] = ["system", "instructions", "systemInstruction", "system_instruction"]
private let attachmentKeys: [StaticString] = ["data", "image_url", "file_data"]
/// What is no text to the model, or not counted as such.
private let unreadKeys: [StaticString] = [
  "signature", "encrypted_content", "encrypted_index", "thoughtSignature", "thought_signature", "cache_control", "type",
  "role", "id", "call_id", "tool_call_id", "tool_use_id", "status",
]
