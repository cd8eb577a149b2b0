import CHeadroom

/// What a line of build output tells.
enum BuildLine: UInt8 {
  /// Nothing that a grammar knows.
  case other
  case blank
  /// Work that goes on: `Compiling serde v1.0.1`, `make: Entering directory`.
  case progress
  /// A command that the tool runs and prints.
  case command
  /// The name of a step, and what else must stay in view: `## Build`, `> Task :app:compileJava FAILED`.
  case step
  /// What belongs to the line of a diagnostic above it: its code, carets and notes.
  case detail
  /// What belongs to the diagnostic below it: `In file included from a.h:1:`.
  case context
  /// One of many findings: a warning, or a finding of a linter.
  case warning
  case error
  /// What the tool says in the end.
  case verdict
}

/// How one line of a tool looks. Indentation is not part of it.
///
/// In a pattern `*` is any text, `%` a number with its dots and commas, a blank one blank or more, and `$` the end of the line; `\` before
/// one of these makes it itself. Behind a pattern anything may follow.
struct BuildRule: Sendable {
  var line: BuildLine
  var pattern: StaticString
  /// What lines of this kind are counted as when they are out of view.
  var label: String
  /// Whether other texts have such lines too, so that one does not tell that this is a build.
  var isWeak: Bool

  init(_ line: BuildLine, _ pattern: StaticString, _ label: String = "", isWeak: Bool = false) {
    self.line = line
    self.pattern = pattern
    self.label = label
    self.isWeak = isWeak
  }

  /// Patterns are compared with so many bytes of a line at most.
  static let mostCompared = 512

  /// Goes back to the last `*` only, as is usual for such patterns.
  static func matches(
    _ pattern: UnsafePointer<UInt8>, _ length: Int, _ line: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let count = line.count < mostCompared ? line.count : mostCompared
    var p = 0
    var i = 0
    var star = -1
    var resume = 0
    while p < length {
      var wanted = pattern[p]
      let isEscaped = wanted == UInt8(ascii: "\\") && p + 1 < length
      if isEscaped { wanted = pattern[p + 1] }
      let width = isEscaped ? 2 : 1
      if !isEscaped, wanted == UInt8(ascii: "*") {
        p += 1
        if p == length { return true }
        star = p
        resume = i
        continue
      }
      if !isEscaped, wanted == UInt8(ascii: "$"), p + 1 == length {
        var end = i
        while end < line.count, isBlank(line[end]) { end += 1 }
        if end == line.count { return true }
      } else if i < count {
        let byte = line[i]
        if !isEscaped, wanted == UInt8(ascii: "%") {
          if byte &- 0x30 < 10 {
            i = numberEnd(line, i + 1, count)
            p += width
            continue
          }
        } else if byte == wanted || wanted == 0x20 && byte == 0x09 {
          i += 1
          if wanted == 0x20 { while i < count, isBlank(line[i]) { i += 1 } }
          p += width
          continue
        }
      }
      guard star >= 0, resume < count else { return false }
      resume += 1
      // What stands behind the `*` begins at that byte, if it is one that stands for itself.
      let next = pattern[star]
      if next == 0x20 {
        while resume < count, line[resume] != 0x20, line[resume] != 0x09 { resume += 1 }
        guard resume < count else { return false }
      } else if isPlain(next), let base = line.baseAddress {
        resume += headroom_find_byte(base + resume, count - resume, next)
        guard resume < count else { return false }
      }
      i = resume
      p = star
    }
    return true
  }

  /// Whether a byte of a pattern stands for itself.
  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "*") && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "$") && byte != UInt8(ascii: "\\")
      && byte != 0x20
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

  static func numberEnd(_ line: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int {
    var i = start
    while i < count {
      if line[i] &- 0x30 >= 10 {
        guard line[i] == 0x2e || line[i] == 0x2c, i + 1 < count, line[i + 1] &- 0x30 < 10 else { break }
      }
      i += 1
    }
    return i
  }
}

/// How the output of one family of tools looks, line by line. Diagnostics that begin with a place in a file are common to all
/// families: see ``Diagnostic``.
protocol BuildGrammar: SendableMetatype {
  /// The commands that print it.
  static var commands: [String] { get }
  static var rules: [BuildRule] { get }
}

/// All families. Of rules that match the same line the first decides.
enum BuildGrammars {
  static let all: [any BuildGrammar.Type] = [
    Cargo.self, Make.self, SwiftBuild.self, Xcodebuild.self, TypeScript.self, Java.self, Go.self, Dotnet.self,
    Linters.self, NodePackages.self, PythonPackages.self, SystemPackages.self, Docker.self, GitTransfer.self,
    Terraform.self, ContinuousIntegration.self, CommonDiagnostics.self,
  ]

  static let rules: [BuildRule] = all.flatMap { $0.rules }

  /// The rules as they are looked up for each line.
  static let table = BuildRuleTable(rules)
}

/// Finds the rule of a line by its first byte, and rules that begin with `*: ` by what stands behind a colon.
struct BuildRuleTable: Sendable {
  private struct Entry: Sendable {
    var pattern: StaticString
    var rule: Int16
    /// The byte that must stand behind the first; or, in a pattern that begins with a number, behind that and its blank. 0 for any.
    var second: UInt8
  }

  /// The rules by first byte, one list behind the other, and where each list starts.
  private var first: [Entry] = []
  private var starts: [Int32] = []
  /// As those, for the byte behind `: `.
  private var colon: [Entry] = []
  private var colonStarts: [Int32] = []
  /// Rules that begin with `*` and something else. Here the byte may stand anywhere.
  private var open: [Entry] = []

  init(_ rules: [BuildRule]) {
    var first = [[Entry]](repeating: [], count: 256)
    var colon = first
    for (number, pattern) in rules.map(\.pattern).enumerated() {
      let bytes = UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
      func plain(_ place: Int) -> UInt8 { place < bytes.count && BuildRule.isPlain(bytes[place]) ? bytes[place] : 0 }
      var entry = Entry(pattern: pattern, rule: Int16(truncatingIfNeeded: number), second: plain(1))
      switch bytes[0] {
      case UInt8(ascii: "*"):
        if bytes.dropFirst().starts(with: ": ".utf8), bytes.count > 3 {
          entry.second = plain(4)
          colon[Int(bytes[3])].append(entry)
        } else {
          // Of the bytes that must be there the one that most lines lack.
          entry.second = bytes.contains(UInt8(ascii: ">")) ? UInt8(ascii: ">") : 0
          open.append(entry)
        }
      case UInt8(ascii: "%"):
        entry.second = bytes.count > 1 && bytes[1] == 0x20 ? plain(2) : 0
        for digit in 0x30...0x39 { first[digit].append(entry) }
      case UInt8(ascii: "\\"):
        entry.second = 0
        first[Int(bytes[1])].append(entry)
      default:
        if bytes[0] == 0x20 || bytes[0] &- 0x30 < 10 { entry.second = 0 }
        first[Int(bytes[0])].append(entry)
      }
    }
    for byte in 0..<256 {
      starts.append(Int32(truncatingIfNeeded: self.first.count))
      self.first += first[byte]
      colonStarts.append(Int32(truncatingIfNeeded: self.colon.count))
      self.colon += colon[byte]
    }
    starts.append(Int32(truncatingIfNeeded: self.first.count))
    colonStarts.append(Int32(truncatingIfNeeded: self.colon.count))
  }

  /// The rule that a line, without its indentation, matches; -1 for none.
  func rule(for line: UnsafeBufferPointer<UInt8>) -> Int {
    guard let base = line.baseAddress else { return -1 }
    let count = min(line.count, BuildRule.mostCompared)
    let rule = first.withUnsafeBufferPointer { first in
      starts.withUnsafeBufferPointer { self.rule(for: line, count, first, $0) }
    }
    if rule >= 0 { return rule }
    var i = 0
    while true {
      i += headroom_find_byte(base + i, count - i, UInt8(ascii: ":"))
      guard i + 2 < count else { break }
      if base[i + 1] == 0x20 {
        let next = Int(base[i + 2])
        for place in Int(colonStarts[next])..<Int(colonStarts[next + 1]) {
          let second = colon[place].second
          if second != 0, i + 3 >= line.count || base[i + 3] != second { continue }
          let pattern = colon[place].pattern
          let rest = UnsafeBufferPointer(rebasing: line[i...])
          if BuildRule.matches(pattern.utf8Start + 1, pattern.utf8CodeUnitCount - 1, rest) {
            return Int(colon[place].rule)
          }
        }
      }
      i += 1
    }
    /// The byte that was looked for last in vain.
    var missing: UInt8 = 0
    for place in open.indices {
      let sign = open[place].second
      if sign != 0 {
        if sign == missing { continue }
        if headroom_find_byte(base, count, sign) == count {
          missing = sign
          continue
        }
      }
      let pattern = open[place].pattern
      if BuildRule.matches(pattern.utf8Start, pattern.utf8CodeUnitCount, line) { return Int(open[place].rule) }
    }
    return -1
  }

  /// The rule by the first byte; -1 for none.
  @inline(__always)
  private func rule(
    for line: UnsafeBufferPointer<UInt8>, _ count: Int, _ first: UnsafeBufferPointer<Entry>,
    _ starts: UnsafeBufferPointer<Int32>
  ) -> Int {
    let byte = line[0]
    let places = Int(starts[Int(byte)])..<Int(starts[Int(byte) + 1])
    guard !places.isEmpty else { return -1 }
    var second = line.count > 1 ? line[1] : 0
    if byte &- 0x30 < 10 {
      var end = BuildRule.numberEnd(line, 1, count)
      while end < count, BuildRule.isBlank(line[end]) { end += 1 }
      second = end < count ? line[end] : 0
    }
    for place in places where first[place].second == 0 || first[place].second == second {
      let pattern = first[place].pattern
      if BuildRule.matches(pattern.utf8Start, pattern.utf8CodeUnitCount, line) { return Int(first[place].rule) }
    }
    return -1
  }
}
