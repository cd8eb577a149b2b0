/// The lines that one test runner, or a few that print alike, writes.
struct TestRunner: Sendable {
  /// What a line tells.
  enum Role: UInt8, Sendable {
    /// Nothing that the runner prints by itself.
    case other
    /// One test that passed, was skipped, or failed.
    case pass, skip, fail
    /// That a test or a suite begins.
    case start
    /// Dots and letters, one for each test.
    case progress
    /// A file or class that passed: the tests below belong to it.
    case suite
    /// The start of what is told about one failure.
    case failure
    /// The title of a part of the report.
    case section
    /// What a test printed.
    case capture
    /// The result of the run, or a line of the list of what failed.
    case verdict
  }

  struct Shape: Sendable {
    var role: Role
    var line: LinePattern
    /// The second line of a pair: the test begins, the test passed.
    var second: LinePattern?
    /// How the line, or the pair, is shown.
    var brief: LinePattern

    init(_ role: Role, _ line: StaticString) {
      self.role = role
      self.line = LinePattern(line)
      brief = self.line.brief
    }

    /// Two lines shown as one.
    init(pair brief: StaticString, _ first: StaticString, _ second: StaticString) {
      role = .pass
      line = LinePattern(first)
      self.second = LinePattern(second)
      self.brief = LinePattern(brief).brief
    }

    /// Whether lines of the shape stand together in one, by what differs in them.
    var isFoldable: Bool {
      (role == .pass || role == .start || role == .skip || role == .suite) && brief.has(.name) && !brief.has(.rest)
    }
    /// Whether a line of the shape is shown shorter even by itself.
    var isShortened: Bool { second != nil || isCounted }
    /// Whether the line says how much of the run is done with its test.
    var isCounted: Bool { line.isDerived && role != .progress }
  }

  var name: String
  /// What stands between the parts of a test's name, the file or class first. Nil where names are sentences.
  var separator: [UInt8]?
  /// Whether lines of messages begin with `E`, and what is indented is source.
  var marksMessages: Bool
  var shapes: [Shape]

  init(_ name: String, separator: String? = nil, marksMessages: Bool = false, _ shapes: [Shape]) {
    self.marksMessages = marksMessages
    self.name = name
    self.separator = separator.map { Array($0.utf8) }
    self.shapes = shapes
  }

  /// All runners, the strictest line grammar first: of two that explain as many lines the first is taken.
  static let all: [TestRunner] = [
    pytest, unittest, go, cargo, swift, ctest, jest, vitest, mocha, tap, prove, gradle, surefire, rspec, dotnet,
    phpunit,
    junitXML,
  ]

  // MARK: Looking lines up

  /// The shapes that a line may have, by its first byte behind the indentation, or by its last.
  struct Lookup: Sendable {
    private var first: [[Int32]] = Array(repeating: [], count: 256)
    private var last: [[Int32]] = Array(repeating: [], count: 256)
    /// Tried on every line.
    private var any: [Int32] = []

    init(_ patterns: [(key: Int, pattern: LinePattern)]) {
      for (key, pattern) in patterns {
        if let bytes = pattern.firstBytes {
          for byte in bytes { first[Int(byte)].append(Int32(key)) }
        } else if let byte = pattern.lastByte {
          last[Int(byte)].append(Int32(key))
        } else {
          any.append(Int32(key))
        }
      }
    }

    /// Calls `body` with each key that is possible, in order, until it says that it has found what it looks for.
    @inline(__always)
    func candidates(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ body: (Int) -> Bool) {
      guard !line.isEmpty else { return }
      var start = line.lowerBound
      while start < line.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
      guard start < line.upperBound else { return }
      let byFirst = first[Int(bytes[start])]
      for key in byFirst where body(Int(key)) { return }
      // A pattern that begins with spaces of its own.
      if start > line.lowerBound { for key in first[0x20] where body(Int(key)) { return } }
      for key in last[Int(bytes[line.upperBound - 1])] where body(Int(key)) { return }
      for key in any where body(Int(key)) { return }
    }
  }

  /// The single lines of all runners: `runner * 256 + shape`.
  static let lookup = Lookup(
    all.enumerated().flatMap { r, runner in
      runner.shapes.enumerated().compactMap { s, shape in
        shape.second == nil ? (key: r * 256 + s, pattern: shape.line) : nil
      }
    })

  /// The shapes as they are shown, where that differs.
  static let briefLookups: [Lookup] = all.map { runner in
    Lookup(
      runner.shapes.enumerated().compactMap { s, shape in shape.isShortened ? (key: s, pattern: shape.brief) : nil })
  }

  /// The single lines of one runner.
  static let lineLookups: [Lookup] = all.map { runner in
    Lookup(
      runner.shapes.enumerated().compactMap { s, shape in shape.second == nil ? (key: s, pattern: shape.line) : nil })
  }
}
