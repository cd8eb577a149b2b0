import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct RetrievalPatternTests {
  @Test(arguments: [
    ("error", ["an error here"], ["no ERROR"]),
    ("(?i)error", ["no ERROR", "Error"], ["eror"]),
    ("a(?i:b)c", ["abc", "aBc"], ["abC", "Abc"]),
    ("a(?i)b|c", ["aB", "C"], ["Ab"]),
    ("^abc$", ["abc", "x\nabc\ny"], ["abcd", " abc"]),
    ("\\Aabc\\z", ["abc"], ["x\nabc", "abc\n"]),
    ("a.c", ["abc", "aéc", "a\u{1F600}c"], ["a\nc", "ac"]),
    ("(?s)a.c", ["a\nc"], ["ac"]),
    ("[a-cx]+-[^a-c]", ["ab-d", "x--"], ["d-a", "a-b"]),
    ("[]a]b", ["]b", "ab"], ["b"]),
    ("[^]a]b", ["xb"], ["]b", "ab"]),
    ("[a\\-z]1", ["-1", "z1"], ["b1"]),
    ("[a-]1", ["-1"], ["b1"]),
    ("[[:alpha:]_][[:digit:]]", ["a1", "_9"], ["11"]),
    ("[\\d\\s]x", ["1x", " x"], ["ax"]),
    ("[а-я]+", ["привет"], ["Hello", "ПРИВЕТ"]),
    ("(?i)[а-я]+", ["ПРИВЕТ"], ["Hello"]),
    ("(?i)straße ÉTÉ", ["STRAßE été"], ["strasse ete"]),
    ("\\d{3}-\\d{4}", ["call 555-1234"], ["55-1234"]),
    ("a{2,}b", ["aab", "aaaab"], ["ab"]),
    ("^a{1,3}$", ["a", "aaa"], ["aaaa", ""]),
    ("a{,3}", ["a{,3}"], ["aaa"]),
    ("{\"id\":", ["x {\"id\": 7"], ["id"]),
    ("\\bcat\\b", ["a cat.", "cat"], ["concat", "cats", "écat"]),
    ("\\Bcat", ["concat"], ["a cat"]),
    ("\\<cat\\>", ["the cat"], ["cats"]),
    ("(foo|ba[rz])+x", ["foobarbazx"], ["foobax"]),
    ("(?:a|b)(?<name>c)(?P<other>d)", ["acd", "bcd"], ["cd"]),
    ("colou?r", ["color", "colour"], ["colouur"]),
    ("a+?b*?c", ["aabbc", "ac"], ["bc"]),
    ("a|", ["", "b"], []),
    ("", ["", "anything"], []),
    ("\\x41\\u0042\\x{43}", ["ABC"], ["abc"]),
    ("\\.\\*\\[\\(\\)\\|\\\\\\^\\$\\{", [".*[()|\\^${"], ["."]),
    ("\\w+@\\w+", ["jürgen@müller"], ["@"]),
    ("\\W", [" ", "é-"], ["é_1"]),
    ("\\S\\s\\S", ["a\u{00A0}b"], ["ab"]),
  ])
  func matchesAsTheSyntaxSays(pattern: String, matching: [String], others: [String]) throws {
    let compiled = try Pattern(pattern)
    for text in matching {
      #expect(compiled.matches(Array(text.utf8)), "\(pattern) must match \(text.debugDescription)")
    }
    for text in others {
      #expect(!compiled.matches(Array(text.utf8)), "\(pattern) must not match \(text.debugDescription)")
    }
  }

  @Test(arguments: [
    "(", "a)", "[a", "[z-a]", "*a", "a**", "a{3,2}", "a{2000}", "(a{900}){900}", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)",
    "(a)\\1",
    "a++", "\\", "\\p{L}", "[[:nope:]]", "\\xZZ", "(?y)a", "(?i", "(?<name", "\\u{110000}", "\\ud800",
  ])
  func refusesWhatItCannotMatch(pattern: String) {
    #expect { try Pattern(pattern) } throws: { ($0 as? SelectionError)?.code == .invalidPattern }
  }

  @Test func refusesGroupsTooDeepForTheStack() {
    let deep = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
    #expect(throws: SelectionError.self) { try Pattern(deep) }
  }

  @Test func bytesThatAreNotUTF8CountAsOneCharacter() throws {
    #expect(try Pattern("^a.b$").matches([0x61, 0xE9, 0x62]))
    #expect(try Pattern("^a[^x]b$").matches([0x61, 0xFF, 0x62]))
    #expect(try !Pattern("^a\\wb$").matches([0x61, 0xFF, 0x62]))
    #expect(try Pattern("b$").matches([0xC3, 0x62]))
  }

  /// The automaton against a backtracking engine, on generated patterns and texts.
  @Test func agreesWithFoundation() throws {
    var generator = SeededGenerator(seed: 17)
    var compared = 0
    var matched = 0
    for _ in 0..<3_000 {
      let text = PatternGenerator.pattern(using: &generator)
      guard let reference = try? NSRegularExpression(pattern: text) else { continue }
      let pattern = try Pattern(text)
      for _ in 0..<4 {
        let input = PatternGenerator.input(using: &generator)
        let expected = reference.firstMatch(in: input, range: NSRange(input.startIndex..., in: input)) != nil
        let actual = pattern.matches(Array(input.utf8))
        #expect(actual == expected, "\(text) on \(input.debugDescription)")
        compared += 1
        matched += expected ? 1 : 0
      }
    }
    #expect(compared > 10_000)
    #expect(matched > compared / 10 && matched < compared * 9 / 10, "the generated cases must tell right from wrong")
  }

  @Test(arguments: [
    "(a*)*b", "(a|aa)+$b", "(a|a|b|a)*c", "(.*)(.*)(.*)(.*)x", "((a{0,20}){0,20})b", "(a?){100}a{100}b",
  ])
  func hostilePatternsTakeBoundedSteps(pattern: String) throws {
    let compiled = try Pattern(pattern)
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 2_000)
    var matcher = PatternMatcher(compiled)
    let found = text.withUnsafeBufferPointer { matcher.matches($0) }
    #expect(!found)
    #expect(matcher.steps <= 4 * compiled.instructions.count * (text.count + 1))
  }

  @Test func neverCrashesOnAnyPattern() {
    var generator = SeededGenerator(seed: 3)
    let alphabet = Array("ab\\[](){}|*+?.^$-:<>=!,019ixsP'\"é\u{1F600}dwb")
    for _ in 0..<5_000 {
      let text = String(
        (0..<Int.random(in: 0...12, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
      _ = (try? Pattern(text))?.matches(Array("a1[b".utf8) + [0xFF, 0xC3])
    }
  }
}

private enum PatternGenerator {
  private struct Piece {
    let text: String
    /// Whether it matches the empty text. Foundation's engine gives up on some repetitions of such a thing, so none are generated.
    let canBeEmpty: Bool
  }

  static func pattern(using generator: inout SeededGenerator) -> String { sequence(depth: 2, using: &generator).text }

  private static func sequence(depth: Int, using generator: inout SeededGenerator) -> Piece {
    let parts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      let atom = atom(depth: depth, using: &generator)
      if atom.canBeEmpty { return atom }
      let count = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "+?"].randomElement(using: &generator)!
      return Piece(text: atom.text + count, canBeEmpty: ["*", "?", "{0,2}", "*?"].contains(count))
    }
    return Piece(text: parts.map(\.text).joined(), canBeEmpty: parts.allSatisfy(\.canBeEmpty))
  }

  private static func atom(depth: Int, using generator: inout SeededGenerator) -> Piece {
    switch Int.random(in: 0..<(depth > 0 ? 11 : 8), using: &generator) {
    case 0...3: return Piece(text: String("abcA0 _é".randomElement(using: &generator)!), canBeEmpty: false)
    case 4: return Piece(text: ["^", "$", "\\b", "\\B"].randomElement(using: &generator)!, canBeEmpty: true)
    case 5:
      let sets = [".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S"]
      return Piece(text: sets.randomElement(using: &generator)!, canBeEmpty: false)
    case 6:
      let sets = ["[ab]", "[^ab]", "[a-c]", "[^\\d]", "[\\w-]", "[A-Z0-9]", "[^ _]"]
      return Piece(text: sets.randomElement(using: &generator)!, canBeEmpty: false)
    case 7: return Piece(text: ["(?i:aB)", "(?i:é)"].randomElement(using: &generator)!, canBeEmpty: false)
    case 8, 9:
      let body = sequence(depth: depth - 1, using: &generator)
      return Piece(text: "(\(body.text))", canBeEmpty: body.canBeEmpty)
    default:
      let one = sequence(depth: depth - 1, using: &generator)
      let other = sequence(depth: depth - 1, using: &generator)
      return Piece(text: "(?:\(one.text)|\(other.text))", canBeEmpty: one.canBeEmpty || other.canBeEmpty)
    }
  }

  static func input(using generator: inout SeededGenerator) -> String {
    String(
      (0..<Int.random(in: 0...8, using: &generator)).map { _ in "aabbcABC01 _-éÉ".randomElement(using: &generator)! })
  }
}
