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
      self.init(role, LinePattern(line), nil, LinePattern(line).brief)
    }

    /// A line that much else may look like.
    init(weak role: Role, _ line: StaticString) {
      self.init(role, line)
      isWeak = true
    }

    /// Two lines shown as one.
    init(pair brief: StaticString, _ first: StaticString, _ second: StaticString) {
      self.init(.pass, LinePattern(first), LinePattern(second), LinePattern(brief).brief)
    }

    private init(_ role: Role, _ line: LinePattern, _ second: LinePattern?, _ brief: LinePattern) {
      self.role = role
      self.line = line
      self.second = second
      self.brief = brief
      isFoldable =
        (role == .pass || role == .start || role == .skip || role == .suite) && brief.has(.name) && !brief.has(.rest)
      isCounted = line.isDerived && role != .progress
      isShortened = second != nil || isCounted
    }

    /// Whether much else may look like it, so that it alone says nothing of the runner.
    var isWeak = false
    /// Whether lines of the shape stand together in one, by what differs in them.
    let isFoldable: Bool
    /// Whether a line of the shape is shown shorter even by itself.
    let isShortened: Bool
    /// Whether the line says how much of the run is done with its test.
    let isCounted: Bool
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
    struct Entry: Sendable {
      var key: Int
      var pattern: LinePattern
      /// See ``LinePattern/behindNumber``.
      let behindNumber: (UInt8, UInt8)

      init(key: Int, pattern: LinePattern) {
        self.key = key
        self.pattern = pattern
        behindNumber = pattern.behindNumber
      }
    }

    /// By first byte, then by last byte, then those that are tried on every line.
    private var entries: [Entry] = []
    /// Where those of each byte begin.
    private var starts: [Int] = []

    init(_ patterns: [Entry]) {
      for byte in 0..<256 {
        starts.append(entries.count)
        entries += patterns.filter { $0.pattern.firstBytes?.contains(UInt8(byte)) ?? false }
      }
      for byte in 0..<256 {
        starts.append(entries.count)
        entries += patterns.filter { $0.pattern.firstBytes == nil && $0.pattern.lastByte == UInt8(byte) }
      }
      starts.append(entries.count)
      entries += patterns.filter { $0.pattern.firstBytes == nil && $0.pattern.lastByte == nil }
      starts.append(entries.count)
    }

    /// Calls `body` with each entry that is possible, in order, until it says that it has found what it looks for.
    @inline(__always)
    func candidates(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ body: (UnsafePointer<Entry>) -> Bool) {
      var start = line.lowerBound
      while start < line.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
      guard start < line.upperBound else { return }
      entries.withUnsafeBufferPointer { buffer in
        guard let entries = buffer.baseAddress else { return }
        starts.withUnsafeBufferPointer { starts in
          let byte = Int(bytes[start])
          if bytes[start] &- 0x30 < 10 {
            // Many lines begin with a number; what stands behind it tells nearly all of them.
            var end = start + 1
            while end < line.upperBound, bytes[end] &- 0x30 < 10 { end += 1 }
            let behind = end < line.upperBound ? bytes[end] : 0
            let next = end + 1 < line.upperBound ? bytes[end + 1] : 0
            for i in starts[byte]..<starts[byte + 1] {
              let wanted = entries[i].behindNumber
              guard wanted.0 == 0 || wanted.0 == behind, wanted.1 == 0 || wanted.1 == next else { continue }
              if body(entries + i) { return }
            }
          } else {
            for i in starts[byte]..<starts[byte + 1] where body(entries + i) { return }
          }
          // A pattern that begins with spaces of its own.
          if start > line.lowerBound { for i in starts[0x20]..<starts[0x21] where body(entries + i) { return } }
          let last = 256 + Int(bytes[line.upperBound - 1])
          for i in starts[last]..<starts[last + 1] where body(entries + i) { return }
          for i in starts[512]..<starts[513] where body(entries + i) { return }
        }
      }
    }
  }

  /// The single lines of all runners: `runner * 256 + shape`.
  static let lookup = Lookup(
    all.indices.flatMap { r in all[r].singles.map { Lookup.Entry(key: r * 256 + $0, pattern: all[r].shapes[$0].line) } }
  )

  /// The shapes as they are shown, where that differs.
  static let briefLookups: [Lookup] = all.map { runner in
    Lookup(
      runner.shapes.indices.filter { runner.shapes[$0].isShortened }
        .map { Lookup.Entry(key: $0, pattern: runner.shapes[$0].brief) })
  }

  /// The shapes whose lines stand together, as they are shown.
  static let foldLookups: [Lookup] = all.map { runner in
    Lookup(
      runner.shapes.indices.filter { runner.shapes[$0].isFoldable }
        .map { Lookup.Entry(key: $0, pattern: runner.shapes[$0].brief) })
  }

  /// The single lines of one runner.
  static let lineLookups: [Lookup] = all.map { runner in
    Lookup(runner.singles.map { Lookup.Entry(key: $0, pattern: runner.shapes[$0].line) })
  }

  private var singles: [Int] { shapes.indices.filter { shapes[$0].second == nil } }
}
