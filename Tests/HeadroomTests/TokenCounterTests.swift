import TestSupport
import Testing

@testable import Headroom

@Suite(.enabled(if: Tokenizer.hasVocabularies, "run scripts/setup.sh to build the vocabularies in"))
struct TokenCounterTests {
  /// Figures of the official tokenizer, so that a build without the test packages has something to hold on to.
  @Test(arguments: [
    ("hello world", 2, 2), ("The quick brown fox jumps over the lazy dog.", 10, 10),
    ("antidisestablishmentarianism", 6, 6), ("<|endoftext|>", 7, 7), ("    return self.items[index]\n", 6, 6),
    ("I'll they've IT'S", 4, 6), ("2024-01-31T23:59:59Z", 13, 13), ("日本語のテキスト", 6, 8), ("\n\n\n   \n", 2, 2),
    ("👩‍👩‍👧", 8, 13),
  ])
  func knownCounts(text: String, o200k: Int, cl100k: Int) {
    #expect(Tokenizer(vocabulary: .o200k).count(text) == o200k)
    #expect(Tokenizer(vocabulary: .cl100k).count(text) == cl100k)
  }

  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func aLimitStopsExactlyAboveIt(vocabulary: Tokenizer.Vocabulary) {
    let counter = TokenCounter(vocabulary)
    for text in TokenSamples.texts(seed: 1, count: 60) + [[], Array(repeating: 0x61, count: 2_000)] {
      let tokens = counter.count(text)
      text.withUnsafeBufferPointer { bytes in
        for limit in -1...tokens + 2 {
          #expect(counter.count(bytes, limit: limit) == (tokens <= limit ? tokens : nil))
        }
        #expect(counter.count(bytes, limit: .max) == tokens)
      }
    }
  }

  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func linesAddUp(vocabulary: Tokenizer.Vocabulary) {
    let counter = TokenCounter(vocabulary)
    for text in TokenSamples.texts(seed: 2, count: 400) {
      var start = 0
      var sum = 0
      for cut in text.indices.dropFirst() where TokenSamples.isSeam(text, at: cut) {
        sum += counter.count(text, in: start..<cut)
        start = cut
      }
      sum += counter.count(text, in: start..<text.count)
      #expect(sum == counter.count(text), "\(String(decoding: text, as: UTF8.self).debugDescription)")
    }
  }

  /// What a counter has seen before, and in which order, changes nothing.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func warmAndColdCountersAgree(vocabulary: Tokenizer.Vocabulary) {
    let texts = TokenSamples.texts(seed: 3, count: 200)
    let cold = texts.map { TokenCounter(vocabulary).count($0) }
    let warm = TokenCounter(vocabulary)
    // More distinct pieces than the caches have places for.
    for number in 0..<80_000 {
      _ = warm.count(Array("q\(String(number, radix: 26)) zq\(String(number, radix: 7))xj".utf8))
    }
    let reversed = texts.reversed().map { warm.count($0) }
    #expect(reversed.reversed() == cold)
    #expect(texts.map { warm.count($0) } == cold)
  }

  /// Bytes that are not UTF-8 count as what decoding makes of them, wherever they stand.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func otherBytesCountAsReplacementCharacters(vocabulary: Tokenizer.Vocabulary) {
    let counter = TokenCounter(vocabulary)
    var generator = SeededGenerator(seed: 4)
    let parts: [[UInt8]] = [
      [0xFF], [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x92],
      [0xF4, 0x90, 0x80, 0x80], [0xF5], Array("word".utf8), Array(" é".utf8), Array("漢字".utf8), Array("🙂".utf8), [0x0A],
    ]
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 1...8, using: &generator)).flatMap { _ in parts.randomElement(using: &generator)!
      }
      let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
      #expect(counter.count(bytes) == counter.count(decoded), "\(bytes)")
    }
  }

  /// Work is linear in the input, whatever the input: the bytes that go through merging are a few times those given.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func hostileInputTakesLinearWork(vocabulary: Tokenizer.Vocabulary) {
    let size = 60_000
    var generator = SeededGenerator(seed: 5)
    func random(_ alphabet: String) -> [UInt8] {
      let scalars = Array(alphabet.unicodeScalars)
      return Array(
        String(String.UnicodeScalarView((0..<size).map { _ in scalars.randomElement(using: &generator)! })).utf8)
    }
    func repeated(_ text: String) -> [UInt8] { Array(String(repeating: text, count: size / text.utf8.count).utf8) }
    let hostile: [(String, [UInt8])] = [
      ("one letter", repeated("a")), ("one capital", repeated("A")), ("spaces", repeated(" ")),
      ("line ends", repeated("\n")),
      ("rules", repeated("=")), ("two letters", repeated("ab")), ("brackets", repeated("[")),
      ("kana and capitals", repeated("かA")),
      ("marks", repeated("\u{301}")), ("random letters", random("abcdefghijklmnopqrstuvwxyz")),
      ("random a and b", random("ab")),
      ("random signs", random("!#$%&()*+,-.:;<=>?@[]^_{|}~")), ("random ideographs", random("漢字仮名交文書体験談話")),
      ("base64", random("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")),
    ]
    for (name, text) in hostile {
      let counter = TokenCounter(vocabulary)
      let tokens = counter.count(text)
      #expect(tokens > 0 && tokens <= text.count)
      #expect(counter.mergedBytes <= 3 * text.count, "\(name)")
    }
  }

  /// Merging in windows gives what merging in one go gives, or gives up. Small windows have many seams in the wrong place.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func windowsJoinWithoutATrace(vocabulary: Tokenizer.Vocabulary) throws {
    let merger = PairMerger(ranks: try #require(RankTable.builtIn(vocabulary)))
    var generator = SeededGenerator(seed: 6)
    var joined = 0
    for alphabet in [
      "a", "ab", "=-", "etaoin shrdlu", "abcdefghijklmnopqrstuvwxyz", "かなカナ漢字", " \n", "\u{1F600}\u{200D}",
    ] {
      let scalars = Array(alphabet.unicodeScalars)
      for window in [8, 12, 16, 24, 32, 64, PairMerger.window] {
        let length = max(200, window + 100)
        let piece = Array(
          String(String.UnicodeScalarView((0..<length).map { _ in scalars.randomElement(using: &generator)! })).utf8)
        let (windows, whole) = piece.withUnsafeBufferPointer { bytes in
          let start = bytes.baseAddress!
          return (
            merger.countLong(start, count: bytes.count, readable: bytes.count, window: window),
            merger.merge(start, count: bytes.count, readable: bytes.count)
          )
        }
        if let windows {
          joined += 1
          #expect(windows == whole, "\(window) bytes at a time of \(alphabet.debugDescription)")
        } else {
          #expect(window < 32, "\(window) bytes at a time of \(alphabet.debugDescription) do not join")
        }
      }
    }
    #expect(joined > 40)
  }

  /// A remembered count is that of the very piece, however much others look like it.
  @Test(arguments: Tokenizer.Vocabulary.allCases)
  func rememberedCountsAreThoseOfThePiece(vocabulary: Tokenizer.Vocabulary) throws {
    let merger = PairMerger(ranks: try #require(RankTable.builtIn(vocabulary)))
    let counter = TokenCounter(vocabulary)
    var generator = SeededGenerator(seed: 7)
    let common = Array("qzxjkvqzxjkvqzxj".utf8)
    var wrong = 0
    for _ in 0..<4_000 {
      // Sixteen bytes in common, then eight: too many for the places of the cache.
      let varied = (0..<8).map { _ in UInt8.random(in: 0x61...0x7A, using: &generator) }
      for piece in [common + varied, varied + common, varied] {
        let merged = piece.withUnsafeBufferPointer {
          merger.merge($0.baseAddress!, count: piece.count, readable: piece.count)
        }
        if counter.count(piece) != merged && counter.count(piece) != 1 { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }
}
