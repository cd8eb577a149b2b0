import Foundation
import TestSupport
import Testing

@testable import Headroom

private func encode(_ text: String) -> String? { encode(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } }

/// The form of the first run of numbered lines.
private func encode(_ text: [UInt8]) -> [UInt8]? {
  let lines = TextLines(text)
  guard let run = NumberedFileForms.find(in: lines, hint: Hint()).first else { return nil }
  return Tokenizer(model: "gpt-4o").withCounter {
    NumberedFileForms(lines[run], hint: Hint(), counter: $0)?.complete().first?.bytes
  }
}

/// `cat -n`, or the like of it with another padding.
private func numbered(
  _ lines: [String], from first: Int = 1, delimiter: String = "\t", width: Int = 6, fill: String = " "
) -> String {
  lines.enumerated().map { index, line in
    let digits = String(first + index)
    return String(repeating: fill, count: max(0, width - digits.count)) + digits + delimiter + line
  }
  .joined(separator: "\n")
}

private let sample = ["import os", "", "def main():", "  print(\"a\")", "  print(\"b\")", "\treturn 0", ""]

@Suite struct NumberedFileTests {
  @Test func numbersOfCatAreThinned() {
    #expect(
      encode(numbered(sample)) == """
        [numbered file, 7 lines, every 5th line numbered]
        1\timport os
        \t
        \tdef main():
        \t  print("a")
        5\t  print("b")
        \t\treturn 0
        7\t
        """)
  }

  @Test func firstAndLastOfEachRangeAreNumbered() {
    let text = numbered(sample, from: 3, delimiter: "→") + "\n" + numbered(sample, from: 120, delimiter: "→")
    #expect(
      encode(text) == """
        [numbered file, 14 lines, every 5th line numbered]
        3→import os
        →
        5→def main():
        →  print("a")
        →  print("b")
        →\treturn 0
        9→
        120→import os
        →
        →def main():
        →  print("a")
        →  print("b")
        125→\treturn 0
        126→
        """)
  }

  @Test func headersOfWindowsStayOutside() {
    let window = (1...9).map { "  let x\($0) = f()" }
    let text =
      "[File: a.swift (60 lines total)]\n(41 more lines above)\n" + numbered(window, from: 42, delimiter: ":", width: 1)
      + "\n(10 more lines below)"
    let runs = NumberedFileForms.find(in: TextLines(Array(text.utf8)), hint: Hint())
    #expect(runs == [2..<11])
  }

  @Test func everyNumberingComesBack() throws {
    for delimiter in ["\t", "→", ":", "|"] {
      for (width, fill) in [(1, " "), (4, " "), (6, " "), (6, "0"), (5, "0"), (9, " ")] {
        guard delimiter != ":" || fill != "0" else { continue }
        for first in [0, 1, 4, 5, 98, 996, 99_990, 999_991] {
          let text = numbered(sample + sample, from: first, delimiter: delimiter, width: width, fill: fill)
          let form = try #require(encode(text), "\(text)")
          #expect(String(decoding: expand(text: Array(form.utf8)), as: UTF8.self) == text)
        }
      }
    }
  }

  @Test func generatedFilesComeBack() throws {
    var random = SeededGenerator(seed: 4)
    let pieces = ["", " ", "\t", "5→", "12:", "x", "[numbered file, 9 lines]", "→", "é", "\r", "\u{0}", "|"]
    for round in 0..<300 {
      let lines = (0..<Int.random(in: 8...60, using: &random)).map { _ in
        (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      }
      var text = ""
      var number = Int.random(in: 1...2_000, using: &random)
      for line in lines {
        text += numbered([line], from: number, delimiter: ["\t", "→"][round % 2]) + "\n"
        number += Int.random(in: 0..<12, using: &random) == 0 ? Int.random(in: 2...90, using: &random) : 1
        if round % 3 == 0, Int.random(in: 0..<6, using: &random) == 0 { text += "       \n" }
      }
      let bytes = Array(text.utf8)
      let all = TextLines(bytes)
      for run in NumberedFileForms.find(in: all, hint: Hint()) {
        let original = Array(all[run].bytes)
        let form = try #require(encode(original))
        #expect(expand(text: form) == original)
      }
    }
  }

  /// What stands behind the delimiters of any lines in a row is a part of the file.
  @Test func editsQuoteTheFile() throws {
    let file = sample + sample.map { $0 + "→1\t" } + sample
    for delimiter in ["\t", "→"] {
      let form = try #require(encode(numbered(file, delimiter: delimiter)))
      let texts = form.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map { line in
        String(line[line.range(of: delimiter)!.upperBound...])
      }
      #expect(texts == file)
    }
  }

  @Test func otherNumbersAreNotClaimed() {
    let lookAlikes = [
      // Matches of grep, with gaps.
      (1...20).map { "\($0 * 3):let x = \($0)" },
      // Rows of a table.
      (1...20).map { "\($0)\tname\($0)\t\($0 * 7)" },
      (1...20).map { "\($0)|name\($0)|\($0 * 7)|x" },
      // Hours.
      (0...20).map { "\($0 < 10 ? "0" : "")\($0):15:01 connected" },
      // Lists, counts and versions.
      (1...20).map { "\($0). item" }, (1...20).map { "      \($0) name" }, (1...20).map { "\($0)" },
      // Numbers that stand still or go down.
      (1...20).map { _ in "     7\tx" }, (1...20).map { "    \(40 - $0)\tx" },
      // Too few.
      (1...4).map { "     \($0)\tx" },
    ]
    for lines in lookAlikes {
      let text = Array(lines.joined(separator: "\n").utf8)
      #expect(NumberedFileForms.find(in: TextLines(text), hint: Hint()).isEmpty, "\(lines[0])")
    }
  }

  @Test func damagedFramesAreRefusedOrTold() throws {
    let text = numbered((1...40).map { "line \($0)" }, from: 7)
    let form = Array(try #require(encode(text)).utf8)
    var random = SeededGenerator(seed: 9)
    for _ in 0..<2_000 {
      var damaged = form
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: damaged[place] = Array("0159\t\n ]x".utf8).randomElement(using: &random)!
        case 1: damaged.remove(at: place)
        default: damaged.insert(damaged[Int.random(in: 0..<damaged.count, using: &random)], at: place)
        }
      }
      // A frame that is read stands for lines of which it is the form.
      guard let frame = Frame(damaged, at: 0), let lines = NumberedFileForms.decode(frame) else { continue }
      if let again = encode(lines) { #expect(TextLines(again).count >= 5) }
    }
    let missing = String(decoding: form, as: UTF8.self).replacingOccurrences(of: "\n15\t", with: "\n\t")
    #expect(NumberedFileForms.decode(try #require(Frame(Array(missing.utf8), at: 0))) == nil)
  }

  @Test func hostileInputIsRead() {
    let inputs: [[UInt8]] = [
      [], Array(repeating: 0x20, count: 100_000), Array(repeating: 0x39, count: 100_000),
      Array(String(repeating: "1\t\n", count: 30_000).utf8),
      Array(String(repeating: "999999999→\n", count: 1_000).utf8), [0x31, 0xe2], [0x31, 0xe2, 0x86],
      (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
    ]
    for input in inputs { #expect(NumberedFileForms.find(in: TextLines(input), hint: Hint()).isEmpty) }
  }

  @Test(.enabled(if: RecordedData.isPresent)) func recordedFilesComeBack() throws {
    var texts: [String] = []
    func collect(_ value: Any) {
      if let text = value as? String, text.utf8.count > 400 { texts.append(text) }
      (value as? [Any])?.forEach(collect)
      (value as? [String: Any])?.values.forEach(collect)
    }
    for path in ["workloads/claude_code_session.json", "agents/mini-swe-agent/sympy__sympy-13091.json"] {
      collect(try JSONSerialization.jsonObject(with: Data(RecordedData.bytes(path))))
    }
    var before = 0
    var after = 0
    var files = 0
    for text in texts {
      let lines = TextLines(Array(text.utf8))
      for run in NumberedFileForms.find(in: lines, hint: Hint()) where run.count > 30 {
        let original = Array(lines[run].bytes)
        let form = try #require(encode(original))
        #expect(expand(text: form) == original)
        let tokenizer = Tokenizer(model: "gpt-4o")
        before += tokenizer.withCounter { $0.count(original) }
        after += tokenizer.withCounter { $0.count(form) }
        files += 1
      }
    }
    #expect(files > 20)
    // A fifth less is the aim.
    #expect(after * 100 <= before * 80, "\(before) → \(after)")
  }
}
