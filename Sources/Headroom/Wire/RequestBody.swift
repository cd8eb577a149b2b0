/// A request body, indexed once: the client's bytes and where in them the text of tool results is.
///
/// The bytes stay the client's. To forward the request is to splice some of its strings, or to send the same buffer.
public struct RequestBody: Sendable {
  /// The index over the client's bytes.
  public let document: JSONDocument

  /// The name of the wire format, such as `anthropic-messages`.
  public let format: String

  /// The model the request names. Nil for Gemini, which names it in the URL.
  public let model: [UInt8]?

  /// The text payloads of the tool results, in document order.
  public let blocks: [Block]

  /// Indexes `bytes`. Nil when they are not a request of a known format: then they are to be forwarded as they are.
  public init?(_ bytes: [UInt8], limits: JSONDocument.Limits = .init()) {
    guard let document = try? JSONDocument(bytes, limits: limits),
      let format = WireFormats.all.first(where: { $0.matches(document) })
    else { return nil }
    self.document = document
    self.format = format.name
    model = format.model(in: document)
    blocks = format.blocks(in: document)
  }

  private var wireFormat: (any WireFormat)? { WireFormats.all.first { $0.name == format } }

  /// The object whose members are the model, the tools and the conversation. Nil when the body is the conversation alone.
  var envelope: Int? { wireFormat?.envelope(in: document) }

  /// The list that holds the conversation.
  var conversation: Int? { wireFormat?.conversation(in: document) }

  /// The items of the conversation. Empty where it is no list.
  var items: [ConversationItem] {
    guard let format = wireFormat else { return [] }
    return document.elements(of: conversation).map { node in
      let isFromModel = format.isFromModel(node, in: document)
      return ConversationItem(
        node: node, range: document.nodes[node].range, isFromModel: isFromModel,
        isInstruction: !isFromModel && document.isString(document.member("role", of: node), anyOf: instructionRoles))
    }
  }

  /// The payload of block `index`; nil when it is not to be touched.
  public func payload(of index: Int) -> [UInt8]? { blocks[index].payload(in: document) }

  /// What the tool call tells about block `index`.
  public func hint(of index: Int) -> Hint { blocks[index].hint(in: document) }

  /// The body with the payloads of some blocks replaced, all other bytes as they were; the same buffer when there are none.
  ///
  /// Each replacement is escaped as little as JSON allows. One that is not UTF-8 would make the body unreadable, so it is left out.
  public func replacing(_ replacements: [Int: [UInt8]]) -> [UInt8] {
    replacements.isEmpty ? document.bytes : document.bytes.applying(splices(replacements))
  }

  /// The edits that ``replacing(_:)`` makes.
  func splices(_ replacements: [Int: [UInt8]]) -> [Splice] {
    var splices: [Splice] = []
    splices.reserveCapacity(replacements.count)
    for (index, block) in blocks.enumerated() {
      guard let text = replacements[index], UTF8Coding.isValid(text) else { continue }
      splices.append(Splice(range: block.range, replacement: JSONString.quoted(text)))
    }
    return splices
  }
}

/// One item of a conversation, such as a message.
struct ConversationItem {
  var node: Int
  /// Its bytes, as offsets into the body.
  var range: Range<Int>
  var isFromModel: Bool
  /// Whether it holds instructions to the model, as `system` does in other formats.
  var isInstruction: Bool
}

private let instructionRoles: [StaticString] = ["system", "developer"]

extension UTF8Coding {
  fileprivate static func isValid(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { text in
      text.baseAddress.map { firstInvalid($0, in: 0..<text.count) == nil } ?? true
    }
  }
}
