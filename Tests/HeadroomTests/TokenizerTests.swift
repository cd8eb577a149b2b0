import Testing

@testable import Headroom

@Suite struct TokenizerTests {
  @Test(arguments: [
    ("gpt-4o", ModelFamily.o200k), ("gpt-4o-2024-08-06", .o200k), ("gpt-4.1-mini", .o200k), ("gpt-4.5-preview", .o200k),
    ("chatgpt-4o-latest", .o200k), ("o1", .o200k), ("o3-mini", .o200k), ("o4-mini-2025-04-16", .o200k),
    ("gpt-5", .o200k), ("gpt-5.1-codex-max", .o200k), ("codex-mini-latest", .o200k), ("GPT-4o", .o200k),
    ("openai/gpt-5-mini", .o200k), ("openrouter/openai/gpt-4o", .o200k), ("ft:gpt-4o-mini:acme::x1", .o200k),
    ("openai.gpt-oss-120b-1:0", .o200k),
    ("gpt-4", .cl100k), ("gpt-4-0613", .cl100k), ("gpt-4-turbo", .cl100k), ("gpt-3.5-turbo-16k", .cl100k),
    ("azure/gpt-35-turbo", .cl100k), ("text-embedding-3-large", .cl100k),
    ("claude-3-5-sonnet-20241022", .claude), ("claude-opus-4-20250514", .claude), ("claude-sonnet-4-5", .claude),
    ("anthropic/claude-opus-4.6", .claude), ("us.anthropic.claude-opus-4-5-20251101-v1:0", .claude),
    ("claude", .claude),
    ("claude-opus-4-7", .newerClaude), ("claude-opus-4.8", .newerClaude), ("claude-sonnet-5-20260801", .newerClaude),
    ("gemini-2.5-pro", .gemini), ("vertex_ai/gemini-3-pro", .gemini),
    ("", .unknown), ("llama-3.3-70b", .unknown), ("o11", .unknown), ("foo1", .unknown), ("my-gpt-4-clone", .unknown),
  ])
  func namesMapToVocabularies(name: String, family: ModelFamily) {
    #expect(ModelFamily(model: name) == family)
    #expect(Tokenizer(model: name).vocabulary == family.vocabulary)
  }

  @Test func onlyPublishedVocabulariesAreExact() {
    for name in ["claude-sonnet-4-5", "gemini-2.5-pro", "llama-3"] { #expect(!Tokenizer(model: name).isExact) }
    #expect(Tokenizer(model: "gpt-5").isExact == Tokenizer(vocabulary: .o200k).isExact)
    #expect(Tokenizer(model: "gpt-4").isExact == Tokenizer(vocabulary: .cl100k).isExact)
  }

  @Test func modelFiguresAreScaledAndRounded() {
    let claude = Tokenizer(model: "claude-sonnet-4-5")
    #expect(claude.modelTokens(0) == 0)
    #expect(claude.modelTokens(1000) == 1080)
    #expect(claude.modelTokens(7) == 8)  // 7.56
    #expect(Tokenizer(model: "gpt-4o").modelTokens(1001) == 1001)
    let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 100)
    #expect(claude.count(text) == claude.modelTokens(Tokenizer(vocabulary: .o200k).count(text)))
  }

  @Test func textAndBytesCountAlike() {
    let text = "Grüße, 世界! let x = \"naïve\" 👩‍💻\r\n"
    for vocabulary in Tokenizer.Vocabulary.allCases {
      let tokenizer = Tokenizer(vocabulary: vocabulary)
      #expect(tokenizer.count(text) == tokenizer.count(Array(text.utf8)))
      #expect(tokenizer.count("") == 0)
    }
  }

  /// A counter lent twice at one time is two counters, and one that comes back is lent again.
  @Test func countersAreLentOneByOne() {
    let tokenizer = Tokenizer(vocabulary: .cl100k)
    tokenizer.withCounter { outer in
      tokenizer.withCounter { inner in #expect(inner !== outer) }
      #expect(outer.count(Array("ein Wort".utf8)) == tokenizer.count("ein Wort"))
    }
  }
}
