import TestSupport
import Testing

@testable import Headroom

@Suite struct TermsTests {
  @Test(arguments: [
    ("getUserById", ["get", "user", "by", "id", "getuserbyid"]),
    ("user_id USER_ID userid", ["user", "id", "userid", "user", "id", "userid", "userid"]),
    ("HTTPServer parseJSON", ["http", "server", "httpserver", "parse", "json", "parsejson"]),
    ("utf8 x86_64", ["utf", "8", "utf8", "x", "86", "64", "x8664"]),
    (
      "src/db-pool/UserStore.swift:12",
      ["src", "db", "pool", "dbpool", "user", "store", "userstore", "swift", "userstore.swift", "12"]
    ),
    ("1.25 e.g. end.", ["1", "25", "1.25", "e", "g", "e.g", "end"]),
    ("--force -x a--b", ["force", "x", "a", "b"]),
    ("Größe ÉTAT étatCivil", ["größe", "état", "état", "civil", "étatcivil"]),
    ("日本語 テ", ["日本", "本語", "テ"]),
    ("a—b “c” ✓d", ["a", "b", "c", "d"]),
    ("", []),
  ])
  func cutsTextIntoWords(text: String, words: [String]) {
    #expect(found(in: Array(text.utf8)) == words)
  }

  @Test func marksWhatNamesOneThing() {
    var visitor = Collector()
    Array("db-pool maxSize 404".utf8).withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &visitor) }
    #expect(visitor.kinds == [.part, .part, .compound, .part, .part, .identifier, .number])
  }

  @Test func aWordEndsWithItsRange() {
    let text = Array("alphabet".utf8)
    var visitor = Collector()
    text.withUnsafeBufferPointer { Terms.scan($0, in: 2..<5, &visitor) }
    #expect(visitor.words == ["pha"])
  }

  @Test func anythingCanBeScanned() {
    var generator = SeededGenerator(seed: 5)
    let pieces: [[UInt8]] = [
      Array("a".utf8), Array("B".utf8), Array("7".utf8), Array("_".utf8), Array(".".utf8), Array("-".utf8),
      Array(" ".utf8),
      Array("é".utf8), Array("É".utf8), Array("語".utf8), Array("\u{1F600}".utf8), [0xFF], [0xC3],
      [UInt8](repeating: UInt8(ascii: "q"), count: 63), [UInt8](repeating: UInt8(ascii: "Q"), count: 65),
      [UInt8](repeating: UInt8(ascii: "4"), count: 300),
    ]
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in pieces.randomElement(using: &generator)!
      }
      let words = found(in: text)
      #expect(words.allSatisfy { !$0.isEmpty })
      #expect(words == found(in: text))
    }
  }

  @Test(arguments: [
    ["cache", "caches", "cached", "caching"], ["stop", "stops", "stopped", "stopping"], ["query", "queries"],
    ["match", "matches"],
    ["process", "processes", "processed", "processing"], ["add", "adds", "added", "adding"], ["id", "ids"],
    ["type", "types"],
    ["error", "errors"], ["fail", "failed", "fails", "failing"], ["policy", "policies"],
  ])
  func inflectionsShareAStem(words: [String]) {
    #expect(Set(words.map(stem)).count == 1, "\(words.map(stem))")
  }

  @Test(arguments: [("string", "str"), ("status", "stat"), ("class", "clas"), ("need", "ne"), ("bring", "br")])
  func whatLooksLikeAnEndingStays(word: String, cut: String) {
    #expect(stem(word) != cut)
  }

  @Test func foldingGivesTheLowerCaseOfALetter() {
    for value: UInt32 in 0...0xFFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let folded = CaseFolding.fold(value)
      if folded == value { continue }
      let lower = scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
      #expect(lower == [folded] || value == 0x3C2, "U+\(String(value, radix: 16))")
    }
    for text in ["ÀÉÎÕÜ", "ŁŻŠĐ", "ΑΩΆΏ", "АЯЁЇ"] {
      #expect(text.unicodeScalars.allSatisfy { CaseFolding.fold($0.value) != $0.value }, "\(text)")
    }
  }

  private func stem(_ word: String) -> String {
    Array(word.utf8).withUnsafeBufferPointer { String(decoding: $0[..<Stemmer.length(of: $0)], as: UTF8.self) }
  }

  private func found(in text: [UInt8]) -> [String] {
    var visitor = Collector()
    text.withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &visitor) }
    return visitor.words
  }
}

private struct Collector: TermVisitor {
  var words: [String] = []
  var kinds: [Terms.Kind] = []

  mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
    words.append(String(decoding: word, as: UTF8.self))
    kinds.append(kind)
  }
}
