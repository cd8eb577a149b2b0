/// Models that count tokens alike.
struct ModelFamily: Equatable {
  let vocabulary: Tokenizer.Vocabulary
  /// Whether the vocabulary is the model's own; otherwise counts in it are scaled.
  let isPublished: Bool
  /// What a vocabulary token counts for in the model, in thousandths.
  let thousandths: Int

  static let o200k = ModelFamily(vocabulary: .o200k, isPublished: true, thousandths: 1000)
  static let cl100k = ModelFamily(vocabulary: .cl100k, isPublished: true, thousandths: 1000)
  /// Claude up to 4.6: the prompt sizes billed in recorded sessions of 4.5 and 4.6 are 1.06 to 1.12 times the o200k count.
  static let claude = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1080)
  /// From Claude 4.7 on the provider announces 1.0 to 1.35 times as many tokens as before; this takes the middle.
  static let newerClaude = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1270)
  static let gemini = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1000)
  static let unknown = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1000)

  private init(vocabulary: Tokenizer.Vocabulary, isPublished: Bool, thousandths: Int) {
    self.vocabulary = vocabulary
    self.isPublished = isPublished
    self.thousandths = thousandths
  }

  /// The family of a model by its name: `gpt-4o-2024-08-06`, `openai/gpt-5.1`, `us.anthropic.claude-opus-4-6-v1:0`.
  ///
  /// A family's name may stand at the start or after `/`, `.` or `:`, and must not go on with a letter or a digit.
  init(model: String) {
    let name = Array(model.lowercased().utf8)
    let starts = name.indices.filter { $0 == 0 || "/.:".utf8.contains(name[$0 - 1]) }
    for (prefix, family) in ModelFamily.prefixes {
      let length = prefix.utf8.count
      for start in starts where name[start...].starts(with: prefix.utf8) {
        let rest = name[(start + length)...]
        if let next = rest.first, isDigit(next) || isLetter(next) { continue }
        self = family == .claude && ModelFamily.isFromClaude47(rest) ? .newerClaude : family
        return
      }
    }
    self = .unknown
  }

  private static let prefixes: [(prefix: String, family: ModelFamily)] = [
    ("gpt-4o", .o200k), ("gpt-4.1", .o200k), ("gpt-4.5", .o200k), ("gpt-5", .o200k), ("gpt-oss", .o200k),
    ("chatgpt-4o", .o200k), ("codex", .o200k), ("o1", .o200k), ("o3", .o200k), ("o4", .o200k),
    ("gpt-4", .cl100k), ("gpt-3.5", .cl100k), ("gpt-35", .cl100k), ("text-embedding", .cl100k),
    ("claude", .claude), ("gemini", .gemini),
  ]

  /// Whether what follows `claude` names version 4.7 or a later one: `-opus-4-7`, `-sonnet-5`, but not `-sonnet-4-20250514`.
  private static func isFromClaude47(_ rest: ArraySlice<UInt8>) -> Bool {
    let fields = rest.split { "-.@:".utf8.contains($0) }
    func number(_ field: ArraySlice<UInt8>?) -> Int? {
      guard let field, field.count <= 2, field.allSatisfy(isDigit) else { return nil }
      return field.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    guard let place = fields.firstIndex(where: { number($0) != nil }), let major = number(fields[place]) else {
      return false
    }
    let minor = number(fields[(place + 1)...].first) ?? 0
    return (major, minor) >= (4, 7)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

private func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
