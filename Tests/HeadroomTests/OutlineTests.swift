import TestSupport
import Testing

@testable import Headroom

private func skeleton(_ source: String, _ language: SourceLanguage?) -> String? {
  let source = Array(source.utf8)
  return outline(source, language: language).map { String(decoding: $0.skeleton(of: source), as: UTF8.self) }
}

/// Whether the grammars were fetched before the build; without them outlines are made by indentation.
private let hasGrammars = SourceLanguage.allCases.allSatisfy(\.hasGrammar)

@Suite struct OutlineTests {
  static let samples: [(language: SourceLanguage, source: String, outline: String)] = [
    (.python, SourceSamples.python, SourceOutlines.python),
    (.javascript, SourceSamples.javascript, SourceOutlines.javascript),
    (.typescript, SourceSamples.typescript, SourceOutlines.typescript),
    (.tsx, SourceSamples.tsx, SourceOutlines.tsx),
    (.go, SourceSamples.go, SourceOutlines.go),
    (.rust, SourceSamples.rust, SourceOutlines.rust),
    (.java, SourceSamples.java, SourceOutlines.java),
    (.c, SourceSamples.c, SourceOutlines.c),
    (.cpp, SourceSamples.cpp, SourceOutlines.cpp),
    (.swift, SourceSamples.swift, SourceOutlines.swift),
  ]

  @Test(.enabled(if: hasGrammars)) func eachLanguageIsOutlined() throws {
    #expect(Set(Self.samples.map(\.language)) == Set(SourceLanguage.allCases))
    for sample in Self.samples { #expect(skeleton(sample.source, sample.language) == sample.outline) }
  }

  @Test(.enabled(if: hasGrammars)) func declarationsHaveNamesAndLines() throws {
    let items = try #require(outline(Array(SourceSamples.swift.utf8), language: .swift)).items
    let told = items.map { "\($0.kind) \(String(decoding: $0.name, as: UTF8.self)) \($0.lines) \($0.depth)" }
    #expect(
      told == [
        "type Store 7...30 0", "value limit 8...8 1", "value items 9...9 1", "function isEmpty 10...14 1",
        "function init 16...20 1", "function add 22...29 1", "type Level 32...35 0", "type Reader 37...41 0",
        "type Store 43...45 0", "function read 44...44 1", "function load 47...51 0",
      ])
  }

  /// The lines that are shown stand in their order, and gaps stand for all others.
  @Test func linesAndGapsCoverTheFile() throws {
    for sample in Self.samples {
      for language in [sample.language, nil] {
        let shown = try #require(skeleton(sample.source, language))
        #expect(covers(shown, sample.source), "\(sample.language)")
        #expect(covers(try #require(skeleton(sample.source + "\n", language)), sample.source), "\(sample.language)")
      }
    }
  }

  /// Whether the lines of a skeleton, with its gaps, are those of the source.
  private func covers(_ skeleton: String, _ source: String) -> Bool {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    var next = 0
    for line in skeleton.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("[lines "), let numbers = line.dropFirst(7).split(whereSeparator: { "]:".contains($0) }).first {
        let range = numbers.split(separator: "-").compactMap { Int($0) }
        guard range.count == 2, range[0] == next + 1, range[1] >= range[0] else { return false }
        next = range[1]
      } else {
        guard next < lines.count, lines[next] == line else { return false }
        next += 1
      }
    }
    return next == lines.count
  }

  @Test func otherLanguagesAreOutlinedByIndentation() {
    let ruby = """
      require 'json'

      module Store
        LIMIT = 10

        class Item < Base
          attr_reader :name

          def initialize(name)
            @name = name
            @count = 0
            @items = []
          end
        end
      end

      def load(path)
        text = File.read(path)
        parsed = JSON.parse(text)
        Item.new(parsed)
      end
      """
    #expect(
      skeleton(ruby, nil) == """
        require 'json'

        module Store
          LIMIT = 10

          class Item < Base
            attr_reader :name

            def initialize(name)
        [lines 10-16]
        def load(path)
        [lines 18-21]
        """)
  }

  @Test func languagesAreToldByNames() {
    let names: [(String, SourceLanguage?)] = [
      ("a.py", .python), ("src/x.test.ts", .typescript), ("b.tsx", .tsx), ("c.mjs", .javascript), ("d.swift", .swift),
      ("e.h", .c), ("f.hpp", .cpp), ("g.rs", .rust), ("h.java", .java), ("i.go", .go), ("j.rb", nil), ("Makefile", nil),
      ("k.", nil), ("", nil), (".py", .python),
    ]
    for (name, language) in names { #expect(SourceLanguage(path: Array(name.utf8)) == language, "\(name)") }
  }

  @Test func headersOfCPPAreOutlinedAsSuch() throws {
    let header = "#include <string>\n\nnamespace a {\n\nclass B {\n public:\n  int c();\n};\n\n}  // namespace a\n"
    let named = try #require(skeleton(header, .c))
    #expect(named == skeleton(header, .cpp))
  }

  @Test func hostileInputIsSurvived() {
    var random = SeededGenerator(seed: 12)
    let garbage = String(decoding: (0..<5_000).map { _ in UInt8.random(in: 1...255, using: &random) }, as: UTF8.self)
    let inputs = [
      "", "\n", "\r\n\r\n", String(repeating: "{", count: 5_000), String(repeating: "class A {\n", count: 300),
      String(repeating: "def f():\n", count: 300), String(repeating: "if x:\n ", count: 300),
      String(repeating: "a.", count: 2_000), garbage, String(repeating: "\"", count: 2_999), "class", "func f(",
      "import", "from", "#include <", "import \"",
      "def f():",
      String(repeating: " ", count: 100_000),
    ]
    for language in [.python, .cpp, .swift, .typescript] as [SourceLanguage] {
      for input in inputs {
        if let shown = skeleton(input, language) { #expect(shown.utf8.count <= input.utf8.count + 64) }
      }
    }
    // Nested deeper than any stack goes, and much that is not worth reading to its end.
    #expect(skeleton(String(repeating: "(", count: 200_000), .c) != nil)
    #expect(skeleton(String(repeating: "func f():\n", count: 1_000), .swift) != nil)
    #expect(outline([0x61, 0, 0x62], language: .c) == nil)
    #expect(outline([UInt8](repeating: 0x61, count: SyntaxTree.mostBytes + 1), language: .c) == nil)
  }

  /// Source with pieces cut out, doubled and swapped.
  @Test func damagedSourceIsSurvived() {
    var random = SeededGenerator(seed: 31)
    for sample in Self.samples {
      for _ in 0..<12 {
        var source = Array(sample.source.utf8)
        for _ in 0..<4 {
          let start = Int.random(in: 0..<source.count, using: &random)
          let end = min(source.count, start + Int.random(in: 1...30, using: &random))
          if Bool.random(using: &random) {
            source.removeSubrange(start..<end)
          } else {
            source.insert(contentsOf: source[start..<end], at: Int.random(in: 0...source.count, using: &random))
          }
        }
        let text = String(decoding: source, as: UTF8.self)
        guard let shown = skeleton(text, sample.language) else { continue }
        #expect(covers(shown, text) || text.hasSuffix("\n"))
        #expect(shown == skeleton(text, sample.language))
      }
    }
  }
}
