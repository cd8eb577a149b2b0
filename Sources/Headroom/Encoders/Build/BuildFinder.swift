/// Finds the lines that are output of a build.
enum BuildFinder {
  private static let leastLines = 3
  private static let leastBytes = 400
  /// So many lines in a row that no grammar knows end a run, unless the command is known to build.
  private static let mostUnknown = 3

  static func find(_ lines: TextLines, _ hint: Hint) -> [Range<Int>] {
    let facts = BuildFacts(lines, isGo: isGo(hint)).lines
    let isExpected = isBuild(hint)
    // A tool that is known to build prints much that is its own; without that, nine of ten lines must be known.
    let leastKnown = isExpected ? 50 : 90
    let mostUnknown = isExpected ? 200 : BuildFinder.mostUnknown
    var found: [Range<Int>] = []
    var start = -1
    var last = -1
    var (known, unknown, telling, pending) = (0, 0, 0, 0)
    func close() {
      defer { start = -1 }
      guard start >= 0, telling > 0, known * 100 >= (known + unknown) * leastKnown else { return }
      let run = start..<last + 1
      guard run.count >= leastLines || lines[run].range.count >= leastBytes else { return }
      guard isExpected || telling * 10 >= known || telling >= 8 else { return }
      found.append(run)
    }
    for (number, fact) in facts.enumerated() {
      switch fact.kind {
      case .blank: continue
      case .other:
        guard start >= 0 else { continue }
        pending += 1
        if pending > mostUnknown { close() }
      default:
        if start < 0 {
          // Details belong to something; they begin nothing.
          guard fact.kind != .detail, fact.kind != .command || isExpected else { continue }
          (start, known, unknown, telling, pending) = (number, 0, 0, 0, 0)
        }
        known += 1
        unknown += pending
        pending = 0
        last = number
        if fact.isTelling { telling += 1 }
      }
    }
    close()
    // Where the command is known, all of its output is of one piece.
    if isExpected, !found.isEmpty { return [0..<lines.count] }
    // Runs with little between them are one.
    if found.count > 1, let first = found.first, let last = found.last {
      let span = first.lowerBound..<last.upperBound
      if found.reduce(0, { $0 + $1.count }) * 10 >= span.count * 7 { return [span] }
    }
    return found
  }

  static func isGo(_ hint: Hint) -> Bool { hint.command.map { has($0, Go.commands) } ?? false }

  private static func isBuild(_ hint: Hint) -> Bool {
    guard let command = hint.command else { return false }
    return BuildGrammars.all.contains { $0 != GitTransfer.self && has(command, $0.commands) }
  }

  /// Whether a command line has one of the words as a command.
  private static func has(_ command: [UInt8], _ names: [String]) -> Bool {
    command.split { $0 == 0x20 || $0 == 0x0a || $0 == 0x3b || $0 == 0x26 || $0 == 0x7c || $0 == 0x28 }.contains {
      word in
      let name = word.split(separator: UInt8(ascii: "/")).last ?? word
      return names.contains { name.elementsEqual($0.utf8) }
    }
  }
}
