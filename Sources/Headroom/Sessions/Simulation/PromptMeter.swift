/// Follows a conversation's prompts from turn to turn: which units a prompt shares with the one before, and the hashes and tokens of the others.
/// Each unit is hashed and counted when it is first seen.
struct PromptMeter {
  /// What is known of units by their hash. Both sides of a comparison share it.
  struct Counts {
    fileprivate let tokenizer: Tokenizer
    fileprivate var known: [[UInt8]: Int] = [:]

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }
  }

  private var units: [PromptUnit] = []
  private var priced: [PricedUnit] = []

  /// The prompt as the cache sees it, and how many units it begins with that the one before had too.
  ///
  /// - Parameter hidden: tokens of tools and system prompt that the log does not have.
  mutating func measure(
    _ prompt: [PromptUnit], hidden: (tokens: Int, life: CacheLife), counts: inout Counts
  ) -> (prompt: [PricedUnit], shared: Int) {
    var shared = 0
    while shared < min(units.count, prompt.count), units[shared].isSame(as: prompt[shared]) { shared += 1 }
    var result = Array(priced.prefix(shared))
    for index in result.indices { result[index].breakpoint = prompt[index].breakpoint }
    for unit in prompt[shared...] {
      let digest = SHA256.digest([unit.tag, unit.isText ? 1 : 0] + unit.bytes)
      result.append(
        PricedUnit(
          prefix: (result.last?.prefix ?? .empty).appending(digest), tokens: counts.tokens(of: unit, digest),
          breakpoint: unit.breakpoint))
    }
    (units, priced) = (prompt, result)
    // The model comes first, and what the log does not have belongs right behind it.
    if hidden.tokens > 0, !result.isEmpty {
      result[0].tokens += hidden.tokens
      result[0].breakpoint = hidden.life
    }
    return (result, shared)
  }
}

extension PromptMeter.Counts {
  /// The tokens of what is sent in `prompt`.
  mutating func total(_ prompt: [PromptUnit]) -> Int {
    prompt.reduce(0) { total, unit in
      total + tokens(of: unit, SHA256.digest([unit.tag, unit.isText ? 1 : 0] + unit.bytes))
    }
  }

  fileprivate mutating func tokens(of unit: PromptUnit, _ digest: [UInt8]) -> Int {
    if let tokens = known[digest] { return tokens }
    let tokens = tokenizer.modelTokens(count(unit))
    known[digest] = tokens
    return tokens
  }

  private func count(_ unit: PromptUnit) -> Int {
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
