/// The tokens of the units of prompts. Most units come again with every turn, so each is counted once.
struct UnitTokens {
  private let tokenizer: Tokenizer
  private var known: [[UInt8]: Int] = [:]

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// The tokens of a whole prompt.
  mutating func count(_ prompt: [PromptUnit]) -> Int { prompt.reduce(0) { $0 + count($1, $1.digest) } }

  /// The tokens of a unit with this digest.
  mutating func count(_ unit: PromptUnit, _ digest: [UInt8]) -> Int {
    if let tokens = known[digest] { return tokens }
    let tokens = tokenizer.modelTokens(vocabularyTokens(unit))
    known[digest] = tokens
    return tokens
  }

  private func vocabularyTokens(_ unit: PromptUnit) -> Int {
    guard unit.place != .model, unit.place != .settings else { return 0 }
    return tokenizer.withCounter { counter in
      let bytes = Array(unit.bytes)
      // Tools are shown to the model much as they are written.
      if unit.place == .tool { return counter.count(bytes) }
      guard let document = try? JSONDocument(bytes) else { return counter.count(bytes) }
      return document.promptTokens(0, counter)
    }
  }
}

extension PromptUnit {
  /// What names the unit: a SHA-256.
  var digest: [UInt8] { SHA256.digest([tag, isText ? 1 : 0] + bytes) }
}

extension JSONDocument {
  /// What an image or a file costs that stands in a prompt as bytes; about what providers bill for a screenshot.
  private static let imageTokens = 1_500

  /// The tokens of the texts in `value`. A provider sees no JSON but for the inputs of tools, and no ids, names of types and signatures.
  fileprivate func promptTokens(_ value: Int, _ counter: TokenCounter) -> Int {
    switch nodes[value].kind {
    case .string:
      guard let text = text(of: value) else { return 0 }
      return text.starts(with: "data:".utf8) && text.count > 1_000 ? JSONDocument.imageTokens : counter.count(text)
    case .array: return elements(of: value).reduce(0) { $0 + promptTokens($1, counter) }
    case .object:
      var tokens = 0
      var i = value + 1
      while i < nodes[value].next {
        if inputs.contains(where: { isString(i, $0) }), nodes[i + 1].kind.isContainer {
          tokens += counter.count(Array(bytes[nodes[i + 1].range]))
        } else if isString(i, "data"), nodes[i + 1].range.count > 1_000 {
          tokens += JSONDocument.imageTokens
        } else if !opaque.contains(where: { isString(i, $0) }) {
          tokens += promptTokens(i + 1, counter)
        }
        i = nodes[i + 1].next
      }
      return tokens
    default: return 0
    }
  }
}

private let inputs: [StaticString] = ["input", "args", "arguments"]
private let opaque: [StaticString] = [
  "type", "id", "role", "tool_use_id", "tool_call_id", "call_id", "signature", "encrypted_content", "thoughtSignature",
  "thought_signature", "cache_control", "media_type", "mimeType", "status",
]
