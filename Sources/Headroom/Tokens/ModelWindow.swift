/// How many tokens the context window of a model holds.
enum ModelWindow {
  /// The window of a model by its name, as its provider documents it; nil for a model that is not known.
  static func tokens(model: String) -> Int? {
    let name = model.lowercased()
    // Names end in a provider's, such as `us.anthropic.claude-…` and `openai/gpt-…`.
    func has(_ prefix: String) -> Bool {
      let starts = name.indices.filter { $0 == name.startIndex || "/.:".contains(name[name.index(before: $0)]) }
      return starts.contains { name[$0...].hasPrefix(prefix) }
    }
    return windows.first { has($0.prefix) }.map { name.hasSuffix("[1m]") ? 1_000_000 : $0.tokens }
  }

  /// The first prefix that fits counts.
  private static let windows: [(prefix: String, tokens: Int)] = [
    ("claude", 200_000),
    ("gpt-5", 272_000), ("codex", 272_000), ("gpt-4.1", 1_047_576), ("gpt-4o", 128_000), ("chatgpt-4o", 128_000),
    ("gpt-4-turbo", 128_000), ("gpt-4.5", 128_000), ("gpt-4", 8_192), ("gpt-3.5", 16_385), ("gpt-oss", 131_072),
    ("o1", 200_000), ("o3", 200_000), ("o4", 200_000),
    ("gemini", 1_048_576),
  ]
}
