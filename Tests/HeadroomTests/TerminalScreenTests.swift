import TestSupport
import Testing

@testable import Headroom

@Suite struct TerminalScreenTests {
  private func shown(_ text: String) -> String? {
    TerminalScreen(Array(text.utf8)).map { String(decoding: $0.text, as: UTF8.self) }
  }

  @Test(arguments: [
    ("\u{1b}[1;32mok\u{1b}[0m 1\n", "ok 1\n"),
    ("a\r\n\u{1b}[1mb\r\n", "a\nb\n"),
    ("\u{1b}]0;title\u{7}text", "text"),
    ("\u{1b}]8;;https://example.com\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
    ("N\u{8}NA\u{8}AM\u{8}ME\u{8}E", "NAME"),
    ("10%\r 50%\r100%\n", "100%\n"),
    ("Downloading 10%\rDone\u{1b}[K\n", "Done\n"),
    ("one\n50% two\n\u{1b}[1A\u{1b}[2K100% two\nthree\n", "one\n100% two\nthree\n"),
    ("é 10%\rü\n", "ü 10%\n"),
    ("\u{1b}[10Gx", "         x"),
    (
      "Receiving objects:  10% (1/10)\rReceiving objects: 100% (10/10), done.\n",
      "Receiving objects: 100% (10/10), done.\n"
    ),
  ])
  func showsWhatATerminalShowsInTheEnd(_ written: String, _ expected: String) {
    #expect(shown(written) == expected)
  }

  @Test func keepsWhatIsNoProgress() {
    // Lines that end in a carriage return alone, as on the first Macs, are lines.
    #expect(shown("first line\rsecond line\rthird line") == "first line\nsecond line\nthird line")
    #expect(shown("error: disk full 10%\r100%\n") == "error: disk full 10%\n100%\n")
    #expect(shown("warning: slow\u{1b}[2K\r100%\n") == "warning: slow\n100%\n")
  }

  @Test func leavesOneLineOfReportsWrittenOneByOne() {
    let reports = (0...20).map { "Building: \($0 * 5)% [\(String(repeating: "=", count: $0))]\n" }.joined()
    #expect(shown("start\n" + reports + "end\n") == "start\nBuilding: 100% [====================]\nend\n")
    let sizes = (1...9).map {
      "   \(String(repeating: "━", count: $0)) \($0 * 2).1/18.1 MB 20.5 MB/s eta 0:00:0\($0)\n"
    }.joined()
    #expect(shown("start\n" + sizes) == "start\n   ━━━━━━━━━ 18.1/18.1 MB 20.5 MB/s eta 0:00:09\n")
    // These are four facts.
    #expect(shown("disk 10% used\ndisk 20% used\ndisk 30% used\ndisk 100% used\n") == nil)
  }

  @Test func leavesOtherTextAlone() {
    #expect(shown("plain text\nof two lines, 10% of it\n") == nil)
    #expect(shown("") == nil)
    // An escape that begins nothing stays.
    #expect(shown("a\u{1b}") == nil)
  }

  @Test func knowsWhereEachLineComesFrom() throws {
    let text = "a\n10%\r20%\nprogress 1%\nprogress 50%\nprogress 70%\nprogress 100%\nz\n"
    let screen = try #require(TerminalScreen(Array(text.utf8)))
    #expect(String(decoding: screen.text, as: UTF8.self) == "a\n20%\nprogress 100%\nz\n")
    #expect(screen.numbers == [1, 2, 3, 7])
    let lines = TextLines(screen.text, numbers: screen.numbers)
    #expect(lines.lastNumber(of: 2) == 6)
  }

  @Test func isBoundedOnHostileInput() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "\u{1b}[", "\u{1b}[1A", "\u{1b}[2K", "\u{1b}[J", "\u{1b}[H", "\r", "\n", "\u{8}", "x", "é", "50%", "9", ";", "m",
      "\u{1b}]", "\u{7}", "\u{1b}[99999C", "\u{1b}[3D", "error",
    ]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
      guard let screen = TerminalScreen(Array(text.utf8)) else { continue }
      #expect(zip(screen.numbers, screen.numbers.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(screen.numbers.count >= TextLines(screen.text).count)
      #expect(
        screen.text.split(separator: UInt8(ascii: "\n")).count(where: { $0.contains(UInt8(ascii: "e")) }) <= text.count)
    }
    let line = String(repeating: "x", count: 100_000)
    _ = shown(line + "\r" + String(repeating: "y\u{1b}[C", count: 20_000))
    _ = shown(String(repeating: "\u{1b}[32mx", count: 100_000))
    _ = shown(String(repeating: "a\n\u{1b}[1Aerror\r\n", count: 5_000))
  }

  /// A build as a terminal recorded it gets all its lines without their colours.
  @Test(.enabled(if: RecordedData.isPresent)) func aColouredLogOnlyLosesItsColours() throws {
    let text = try RecordedData.bytes("logs/build/swift_test_log_macOS_colored.txt")
    let screen = try #require(TerminalScreen(text))
    #expect(!screen.text.contains(0x1b))
    #expect(TextLines(screen.text).count == TextLines(text).count)
  }
}
