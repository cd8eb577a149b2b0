/// Models that count tokens alike.
struct ModelFamily: Equatable {
  let vocabulary: Tokenizer.Vocabulary
  /// Whether the vocabulary is the model's own; otherwise counts in it are scaled.
  let isPublished: Bool
  /// What a vocabulary token counts for in the model, in thousandths.
  let thousandths: Int

  static let o200k = ModelFamily(vocabulary: .o200k, isPublished: true, thousandths: 1000)
  static let cl100k = ModelFamily(vocabulary: .cl100k, isPublished: true, thousandths: 1000)
  static let claude = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1060)
  static let gemini = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1000)
  static let unknown = ModelFamily(vocabulary: .o200k, isPublished: false, thousandths: 1000)

  /// The family of a model by its name: the first of `prefixes` that the name, without its provider, starts with.
  init(model: String) {
    let name = model.lowercased().split(separator: "/").last ?? ""
    self = ModelFamily.prefixes.first { name.hasPrefix($0.prefix) }?.family ?? .unknown
  }

  private init(vocabulary: Tokenizer.Vocabulary, isPublished: Bool, thousandths: Int) {
    self.vocabulary = vocabulary
    self.isPublished = isPublished
    self.thousandths = thousandths
  }

  /// Longer prefixes stand before shorter ones that they start with.
  private static let prefixes: [(prefix: String, family: ModelFamily)] = [
    ("gpt-4o", .o200k), ("gpt-4.1", .o200k), ("gpt-4.5", .o200k), ("chatgpt-4o", .o200k), ("gpt-5", .o200k),
    ("gpt-oss", .o200k), ("codex", .o200k), ("o1", .o200k), ("o3", .o200k), ("o4", .o200k),
    ("gpt-4", .cl100k), ("gpt-3.5", .cl100k), ("gpt-35", .cl100k), ("text-embedding", .cl100k),
    ("claude", .claude), ("gemini", .gemini),
  ]
}
