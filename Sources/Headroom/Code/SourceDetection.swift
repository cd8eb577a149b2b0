/// Tells whether lines are source code, and of which language.
struct SourceDetection {
  /// The words that a language's declarations begin with, and how sure they make it.
  private static let words: [(word: StaticString, language: SourceLanguage, weight: Int)] = [
    ("def ", .python, 2), ("async def ", .python, 3), ("from ", .python, 1), ("elif ", .python, 3),
    ("class ", .python, 1),
    ("import ", .python, 1), ("self.", .python, 2), ("@property", .python, 3), ("raise ", .python, 1),
    ("function ", .javascript, 2), ("const ", .javascript, 1), ("export ", .javascript, 2),
    ("import {", .javascript, 3),
    ("let ", .javascript, 1), ("async function ", .javascript, 3), ("module.exports", .javascript, 3),
    ("interface ", .typescript, 1), ("export interface ", .typescript, 4), ("export type ", .typescript, 4),
    ("type ", .typescript, 1), ("readonly ", .typescript, 2), ("import type ", .typescript, 4),
    ("package ", .go, 1), ("func (", .go, 4), ("func ", .go, 1), ("type ", .go, 1), ("if err != nil", .go, 4),
    ("defer ", .go, 2), ("import (", .go, 4),
    ("fn ", .rust, 3), ("pub fn ", .rust, 4), ("use ", .rust, 2), ("impl", .rust, 3), ("pub struct ", .rust, 4),
    ("let mut ", .rust, 4), ("#[", .rust, 3), ("mod ", .rust, 2), ("match ", .rust, 1),
    ("public class ", .java, 3), ("import java", .java, 4), ("package ", .java, 1), ("public ", .java, 1),
    ("private ", .java, 1), ("@Override", .java, 4), ("private final ", .java, 3), ("protected ", .java, 1),
    ("#include ", .c, 2), ("static ", .c, 1), ("#define ", .c, 2), ("struct ", .c, 1), ("typedef ", .c, 2),
    ("#ifndef ", .c, 2), ("#ifdef ", .c, 2), ("int ", .c, 1), ("void ", .c, 1), ("const char ", .c, 3),
    ("#include ", .cpp, 2), ("namespace ", .cpp, 3), ("template", .cpp, 3), ("std::", .cpp, 3), ("using ", .cpp, 2),
    ("public:", .cpp, 4), ("private:", .cpp, 4), ("class ", .cpp, 1), ("#define ", .cpp, 1),
    ("func ", .swift, 2), ("import Foundation", .swift, 4), ("guard ", .swift, 4), ("extension ", .swift, 3),
    ("struct ", .swift, 1), ("private func ", .swift, 4), ("static let ", .swift, 3), ("private let ", .swift, 3),
    ("let ", .swift, 1), ("var ", .swift, 1), ("@testable ", .swift, 4), ("protocol ", .swift, 2),
    ("init(", .swift, 3), ("enum ", .swift, 1), ("if let ", .swift, 3),
  ]
  /// No more lines than these are looked at.
  private static let mostLines = 2_000

  /// The language of some lines; nil when they do not look like source code.
  static func language(of lines: TextLines, hint: Hint) -> SourceLanguage? {
    let named = (hint.path ?? hint.fileOfCommand).flatMap { SourceLanguage(path: $0) }
    return lines.text.withUnsafeBufferPointer { bytes in
      let seen = look(bytes, lines)
      guard seen.lines >= 10, !seen.isForeign else { return nil }
      // A name says what the text is, unless it is something else altogether, such as an error message.
      if let named { return seen.codeLines * 2 >= seen.lines ? named : nil }
      guard seen.codeLines * 10 >= seen.lines * 7,
        let best = seen.points.indices.max(by: {
          (seen.points[$0], $1) < (seen.points[$1], $0)
        }), seen.points[best] >= max(6, seen.lines / 12), seen.declarations >= max(3, seen.lines / 40)
      else { return nil }
      return SourceLanguage.allCases[best]
    }
  }

  private struct Seen {
    /// Lines that are not blank, and how many of them may be code.
    var lines = 0
    var codeLines = 0
    var declarations = 0
    var points = [Int](repeating: 0, count: SourceLanguage.allCases.count)
    /// Whether it is something that quotes code.
    var isForeign = false
  }

  private static func look(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: TextLines) -> Seen {
    var seen = Seen()
    for index in 0..<min(lines.count, mostLines) {
      let line = lines[index]
      var start = line.lowerBound
      var end = line.upperBound
      while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
      while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
      guard start < end else { continue }
      seen.lines += 1
      if start == line.lowerBound, isForeign(bytes, start, end) {
        seen.isForeign = true
        return seen
      }
      let isDeclaration = rate(bytes, start, end, &seen)
      if isDeclaration { seen.declarations += 1 }
      if isDeclaration || start > line.lowerBound || isCode(bytes, start, end) { seen.codeLines += 1 }
    }
    return seen
  }

  /// Whether a line is one of diffs, traces or test runners, which quote code.
  private static func isForeign(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch bytes[start] {
    case UInt8(ascii: "@"): bytes.has("@@ -", at: start)
    case UInt8(ascii: "d"): bytes.has("diff --git ", at: start)
    case UInt8(ascii: "+"): bytes.has("+++ ", at: start)
    case UInt8(ascii: "T"): bytes.has("Traceback (", at: start)
    case UInt8(ascii: "E"): bytes.has("E   ", at: start)
    case UInt8(ascii: "F"): bytes.has("FAILED ", at: start)
    // `=== FAILURES ===`; a line of nothing else underlines a heading.
    case UInt8(ascii: "="): bytes.has("===", at: start) && (start..<end).contains { bytes[$0] == 0x20 }
    default: bytes[start] == 0
    }
  }

  /// Gives points to the languages whose words a line begins with.
  @inline(__always)
  private static func rate(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ seen: inout Seen) -> Bool {
    var found = false
    for place in starts[Int(bytes[start])] {
      let entry = words[place]
      if start + entry.word.utf8CodeUnitCount <= end, bytes.has(entry.word, at: start) {
        seen.points[order(entry.language)] += entry.weight
        found = true
      }
    }
    return found
  }

  private static func order(_ language: SourceLanguage) -> Int { SourceLanguage.allCases.firstIndex(of: language) ?? 0 }

  /// The words that begin with each byte.
  private static let starts: [[Int]] = (0..<256).map { byte in
    words.indices.filter { Int(words[$0].word.utf8Start[0]) == byte }
  }

  /// Whether a line ends or begins as those of programs do.
  @inline(__always)
  private static func isCode(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch bytes[end - 1] {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"):
      return true
    default: break
    }
    switch bytes[start] {
    case UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "*"), UInt8(ascii: "@"), UInt8(ascii: "}"): return true
    default: return false
    }
  }
}

extension Hint {
  /// The file that a command prints: the last word of `cat FILE` and the like, when there is nothing behind it.
  var fileOfCommand: [UInt8]? {
    guard let command, command.count < 4_096 else { return nil }
    let words = command.split { $0 <= 0x20 }
    guard let last = words.last, let tool = words.lastIndex(where: { SourcePrinters.has($0) }), tool < words.count - 1,
      !words[tool...].contains(where: { $0.contains { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ">") } })
    else { return nil }
    return last.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
  }

  /// Whether only some lines of a file were asked for.
  var asksForLines: Bool {
    if let command {
      let words = command.split { $0 <= 0x20 }
      if words.contains(where: { word in
        ["sed", "head", "tail", "awk", "grep"].contains { $0.utf8.elementsEqual(word) }
      }) {
        return true
      }
    }
    guard let input else { return false }
    return input.withUnsafeBufferPointer { bytes in
      ["\"offset\"", "\"limit\"", "\"view_range\"", "\"start_line\"", "\"end_line\"", "\"line_start\"", "\"range\""]
        .contains { name in
          var name = name
          return name.withUTF8 { bytes.contains($0) }
        }
    }
  }

  /// Whether the call changed the file that it shows.
  var isEdit: Bool {
    guard let toolName else { return false }
    let name = String(decoding: toolName, as: UTF8.self).lowercased()
    guard ["edit", "write", "replace", "patch", "create", "insert"].contains(where: { name.contains($0) }) else {
      return false
    }
    let view: StaticString = "\"view\""
    let isView = input?.withUnsafeBufferPointer { bytes in
      bytes.contains(UnsafeBufferPointer(start: view.utf8Start, count: view.utf8CodeUnitCount))
    }
    return isView != true
  }
}

private enum SourcePrinters {
  static func has(_ word: ArraySlice<UInt8>) -> Bool {
    ["cat", "head", "tail", "sed", "nl", "bat", "more", "less"].contains { $0.utf8.elementsEqual(word) }
  }
}
