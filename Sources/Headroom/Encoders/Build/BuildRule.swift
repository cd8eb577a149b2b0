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
      i = resume
      p = star
    }
    return true
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

  private static func numberEnd(_ line: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int {
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
  private let patterns: [StaticString]
  /// The rules by first byte, one list behind the other, and where each list starts.
  private var order: [Int16] = []
  private var starts: [Int32] = []
  /// As those, for the byte behind `: `.
  private var colonOrder: [Int16] = []
  private var colonStarts: [Int32] = []
  /// Rules that begin with `*` and something else.
  private var open: [Int16] = []

  init(_ rules: [BuildRule]) {
    patterns = rules.map(\.pattern)
    var first = [[Int16]](repeating: [], count: 256)
    var colon = first
    for (number, pattern) in patterns.enumerated() {
      let bytes = UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
      let rule = Int16(truncatingIfNeeded: number)
      switch bytes[0] {
      case UInt8(ascii: "*"):
        if bytes.dropFirst().starts(with: ": ".utf8), bytes.count > 3 {
          colon[Int(bytes[3])].append(rule)
        } else {
          open.append(rule)
        }
      case UInt8(ascii: "%"): for digit in 0x30...0x39 { first[digit].append(rule) }
      case UInt8(ascii: "\\"): first[Int(bytes[1])].append(rule)
      default: first[Int(bytes[0])].append(rule)
      }
    }
    for byte in 0..<256 {
      starts.append(Int32(truncatingIfNeeded: order.count))
      order += first[byte]
      colonStarts.append(Int32(truncatingIfNeeded: colonOrder.count))
      colonOrder += colon[byte]
    }
    starts.append(Int32(truncatingIfNeeded: order.count))
    colonStarts.append(Int32(truncatingIfNeeded: colonOrder.count))
  }

  /// The rule that a line, without its indentation, matches; -1 for none.
  func rule(for line: UnsafeBufferPointer<UInt8>) -> Int {
    let byte = Int(line[0])
    for place in Int(starts[byte])..<Int(starts[byte + 1]) {
      let rule = Int(order[place])
      if BuildRule.matches(patterns[rule].utf8Start, patterns[rule].utf8CodeUnitCount, line) { return rule }
    }
    guard let base = line.baseAddress else { return -1 }
    let count = min(line.count, BuildRule.mostCompared)
    var i = 0
    while true {
      i += headroom_find_byte(base + i, count - i, UInt8(ascii: ":"))
      guard i + 2 < count else { break }
      if base[i + 1] == 0x20 {
        let next = Int(base[i + 2])
        for place in Int(colonStarts[next])..<Int(colonStarts[next + 1]) {
          let rule = Int(colonOrder[place])
          let rest = UnsafeBufferPointer(rebasing: line[i...])
          if BuildRule.matches(patterns[rule].utf8Start + 1, patterns[rule].utf8CodeUnitCount - 1, rest) { return rule }
        }
      }
      i += 1
    }
    for rule in open where BuildRule.matches(patterns[Int(rule)].utf8Start, patterns[Int(rule)].utf8CodeUnitCount, line)
    {
      return Int(rule)
    }
    return -1
  }
}
