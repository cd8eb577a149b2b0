/// One provider's request format: where the text of tool results is. Knows nothing of encoders.
///
/// A format only points at text. It never builds, re-orders or re-serializes anything, so what it does not understand stays as it is.
protocol WireFormat: Sendable {
  /// What the format is called in reports.
  var name: String { get }

  /// Whether the document is a request body of this format, decided by its shape and not by a URL.
  func matches(_ document: JSONDocument) -> Bool

  /// The text payloads of the tool results, in document order. The spans ascend and do not overlap.
  func blocks(in document: JSONDocument) -> [Block]

  /// The list that holds the conversation; nil where there is none.
  func conversation(in document: JSONDocument) -> Int?

  /// The object whose members are the model, the tools and the conversation: the document, or what it wraps.
  func envelope(in document: JSONDocument) -> Int?

  /// Whether an item of the conversation was made by the model.
  func isFromModel(_ item: Int, in document: JSONDocument) -> Bool

  /// The model the request names; nil when it names none.
  func model(in document: JSONDocument) -> [UInt8]?
}

extension WireFormat {
  /// Messages; a list of them by itself is a conversation too.
  func conversation(in document: JSONDocument) -> Int? {
    document.nodes[0].kind == .array ? 0 : document.member("messages", of: 0)
  }

  func envelope(in document: JSONDocument) -> Int? { document.nodes[0].kind == .object ? 0 : nil }

  func isFromModel(_ item: Int, in document: JSONDocument) -> Bool {
    document.isString(document.member("role", of: item), "assistant")
  }

  func model(in document: JSONDocument) -> [UInt8]? { document.text(of: document.member("model", of: 0)) }
}

/// Every wire format, in the order they are tried. Add yours here; nothing else needs to change.
enum WireFormats {
  static let all: [any WireFormat] = [AnthropicMessages(), OpenAIChat(), OpenAIResponses(), Gemini()]
}
