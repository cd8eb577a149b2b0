/// What stands before a conversation in the prompt: tools and instructions, in the order in which providers read them.
///
/// The bytes are those of the request; texts are as they stand between their quotes.
struct PromptHead: Sendable, Equatable {
  struct Part: Sendable, Equatable {
    /// Where it is: `tools`, `system[1].text`.
    var path: String
    /// Where it starts in the body.
    var offset: Int
    var bytes: [UInt8]
    var isTools: Bool
  }

  private(set) var parts: [Part] = []
  /// The bytes of the whole body: what a prompt costs, as far as its length tells.
  let bodySize: Int

  init(_ request: RequestBody) {
    let document = request.document
    bodySize = document.bytes.count
    var roots = document.nodes[0].kind == .object ? [(0, "")] : []
    for (key, name) in [("request" as StaticString, "request."), ("response", "response.")] {
      if let inner = document.member(key, of: 0), document.nodes[inner].kind == .object { roots.append((inner, name)) }
    }
    for (root, name) in roots {
      if let tools = document.member("tools", of: root) {
        let range = document.nodes[tools].range
        parts.append(
          Part(path: name + "tools", offset: range.lowerBound, bytes: Array(document.bytes[range]), isTools: true))
      }
    }
    for (root, name) in roots {
      for (key, path) in instructionKeys {
        if let value = document.member(key, of: root) { add(value, name + path, document) }
      }
    }
    for (index, item) in request.items.enumerated() {
      guard item.isInstruction else { break }
      let content = document.member("content", of: item.node)
      if let content { add(content, "[\(index)].content", document) }
    }
  }

  private mutating func add(_ value: Int, _ path: String, _ document: JSONDocument) {
    switch document.nodes[value].kind {
    case .string:
      let range = document.nodes[value].range.lowerBound + 1..<document.nodes[value].range.upperBound - 1
      let bytes = Array(document.bytes[range])
      // The provider takes this line out before it looks into its cache.
      if !bytes.starts(with: "x-anthropic-billing-header".utf8) {
        parts.append(Part(path: path, offset: range.lowerBound, bytes: bytes, isTools: false))
      }
    case .array:
      for (index, element) in document.elements(of: value).enumerated() { add(element, path + "[\(index)]", document) }
    case .object:
      if let text = document.member("text", of: value) { add(text, path + ".text", document) }
      if let parts = document.member("parts", of: value) { add(parts, path + ".parts", document) }
    default: break
    }
  }

  /// The texts of the instructions.
  var texts: [Part] { parts.filter { !$0.isTools } }

  /// What two heads have in common when the same text is sent: nothing of where it stands.
  func isSame(as other: PromptHead) -> Bool {
    parts.count == other.parts.count
      && zip(parts, other.parts).allSatisfy { $0.path == $1.path && $0.bytes == $1.bytes }
  }
}

private let instructionKeys: [(StaticString, String)] = [
  ("system", "system"), ("instructions", "instructions"), ("systemInstruction", "systemInstruction"),
  ("system_instruction", "system_instruction"),
]
