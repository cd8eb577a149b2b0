import TestSupport
import Testing

@testable import Headroom

struct TokenPieceTests {
  /// Pieces that are cut many at once are those that the rules cut one by one, whatever stands behind the text.
  @Test func windowsAreCutByTheRules() {
    var generator = SeededGenerator(seed: 11)
    var ends = 0
    for round in 0..<3_000 {
      let text = TokenPieceTests.text(round, &generator)
      let behind = [UInt8](repeating: [0x27, 0x73, 0x20, 0x0A, 0xC3].randomElement(using: &generator)!, count: 72)
      (text + behind).withUnsafeBufferPointer { bytes in
        let whole = ScannedText(bytes.baseAddress!, count: text.count)
        var place = 0
        while place < text.count {
          let left = text.count - place
          let found = O200KRules.pieceEnds(in: whole.bytes + place, count: min(left, 64), isEnd: left < 64)
          ends += found.nonzeroBitCount
          #expect(
            TokenPieceTests.bits(found) == TokenPieceTests.ends(whole, from: place, count: found.nonzeroBitCount),
            "\(String(decoding: text[place...], as: UTF8.self).debugDescription)")
          place = O200KRules.pieceEnd(in: whole, from: place)
        }
      }
    }
    // That it cuts at all.
    #expect(ends > 500_000)
  }

  private static func bits(_ mask: UInt64) -> [Int] { (0..<64).filter { mask >> UInt64($0) & 1 != 0 } }

  private static func ends(_ text: ScannedText, from start: Int, count: Int) -> [Int] {
    var place = start
    return (0..<count).map { _ in
      place = O200KRules.pieceEnd(in: text, from: place)
      return place - start
    }
  }

  /// Words, signs and white space in every order; in some rounds few kinds of bytes, so that runs are long.
  private static func text(_ round: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let all: [[UInt8]] = [
      "a", "B", "word", "Word", "WORD", "'", "'s", "'LL", "'re", "1", "2024", "123456789", " ", "  ", "\t", "\n",
      "\r\n", "/",
      "//", ",", "\":", "{", "\u{0B}", "\u{1F}", "\u{7F}",
    ].map { Array($0.utf8) }
    var parts =
      round % 3 == 0
      ? all : (0..<Int.random(in: 1...6, using: &generator)).map { _ in all.randomElement(using: &generator)! }
    if round % 5 == 0 { parts += [Array("é".utf8), Array("漢".utf8)] }
    let length = Int.random(in: 1...60, using: &generator)
    return (0..<length).flatMap { _ in parts.randomElement(using: &generator)! }
  }
}
