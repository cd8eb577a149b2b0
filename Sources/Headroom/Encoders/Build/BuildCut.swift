/// Build output with its progress counted and its warnings named by their places. Errors with their code and notes, steps, verdicts, what no
/// grammar knows and what the query asks for stay as they are.
struct BuildCut {
  private(set) var text: CutText

  /// What becomes of a line.
  private enum Fate {
    case kept
    /// Out of view, and counted.
    case counted
    /// Out of view; its place and the kind of finding are named.
    case named(example: Int32)
    /// Belongs to the line above it, and goes where that goes.
    case silent
  }

  /// A failed run's last lines stay, as the reason is usually there.
  private static let failedTail = 40
  private static let tail = 5
  /// Shorter gaps are not worth their line.
  private static let leastGapLines = 3
  private static let leastGapBytes = 160
  /// Beyond so many errors, those with the same message are named by their places.
  private static let mostErrors = 30

  private let lines: TextLines
  private let facts: [BuildFacts.Line]
  private var fates: [Fate]

  init(_ lines: TextLines, _ facts: BuildFacts, _ request: CutRequest) {
    self.lines = lines
    self.facts = facts.lines
    text = CutText(lines)
    fates = Array(repeating: .kept, count: lines.count)
    let asked = BuildCut.asked(lines, request.query)
    decide()
    keepContexts()
    let hasFailed = self.facts.contains { $0.kind == .error } || saysFailure()
    let tail = min(lines.count, hasFailed ? BuildCut.failedTail : BuildCut.tail)
    for line in lines.count - tail..<lines.count { fates[line] = .kept }
    for line in 0..<lines.count where asked[line] { fates[line] = .kept }
    keepErrorsIn()
    foldBlanks()
    write()
  }

  // MARK: Deciding

  private mutating func decide() {
    var groups = FindingGroups()
    var same = FindingGroups(isExact: true)
    let errors = facts.count { $0.kind == .error }
    // What happens to the details of the line above them.
    var above = Fate.kept
    for (line, fact) in facts.enumerated() {
      switch fact.kind {
      case .progress, .command:
        fates[line] = .counted
        above = .kept
      case .warning:
        above = group(line, &groups)
      case .error:
        // The very same error may be printed for every file that is compiled; it is said once.
        above =
          if errors > BuildCut.mostErrors, FindingPlaces.hasPlace(line, lines, facts) {
            group(line, &groups)
          } else if FindingPlaces.hasOwnPlace(line, lines, facts) {
            group(line, &same)
          } else {
            .kept
          }
      case .detail:
        if case .kept = above { continue }
        fates[line] = .silent
      case .blank, .context: continue
      case .other, .step, .verdict: above = .kept
      }
    }
  }

  /// The first finding of each kind is kept, those like it are named.
  private mutating func group(_ line: Int, _ groups: inout FindingGroups) -> Fate {
    guard let example = groups.example(of: line, lines, facts) else { return .kept }
    fates[line] = .named(example: Int32(truncatingIfNeeded: example))
    return fates[line]
  }

  /// What introduces a diagnostic goes with it.
  private mutating func keepContexts() {
    var below = Fate.kept
    for line in stride(from: lines.count - 1, through: 0, by: -1) {
      switch facts[line].kind {
      case .context: if case .kept = below {} else { fates[line] = .silent }
      case .blank, .detail: break
      default: below = fates[line]
      }
    }
  }

  private func saysFailure() -> Bool {
    for (line, fact) in facts.enumerated() where fact.kind == .verdict || fact.kind == .other {
      if ErrorWords.isIn(lines, line) { return true }
    }
    return false
  }

  /// Nothing that tells of an error goes out of view because of the line it seemed to belong to.
  private mutating func keepErrorsIn() {
    for (line, fact) in facts.enumerated() where fact.kind == .detail {
      if case .silent = fates[line], ErrorWords.isIn(lines, line), !isFrame(line) { fates[line] = .kept }
    }
  }

  /// Whether the line shows code.
  private func isFrame(_ line: Int) -> Bool {
    let range = lines[line]
    let start = range.lowerBound + Int(facts[line].start)
    guard start < range.upperBound else { return false }
    let first = lines.text[start]
    return first &- 0x30 < 10 || first == UInt8(ascii: "|") || first == UInt8(ascii: "^") || first == UInt8(ascii: "=")
  }

  /// Blank lines between lines out of view go with them.
  private mutating func foldBlanks() {
    var line = 0
    var isOut = false
    while line < lines.count {
      guard facts[line].kind == .blank else {
        if case .kept = fates[line] { isOut = false } else { isOut = true }
        line += 1
        continue
      }
      var end = line
      while end < lines.count, facts[end].kind == .blank { end += 1 }
      if isOut, end < lines.count {
        if case .kept = fates[end] {} else { for blank in line..<end { fates[blank] = .silent } }
      }
      line = end
    }
  }

  /// The lines that the query asks for.
  private static func asked(_ lines: TextLines, _ query: Query) -> [Bool] {
    guard !query.isEmpty else { return [Bool](repeating: false, count: lines.count) }
    return lines.text.withUnsafeBufferPointer {
      Relevance(of: Segments((0..<lines.count).map { lines[$0] }), in: $0, to: query).relevant
    }
  }

  // MARK: Writing

  private mutating func write() {
    var start = 0
    var kept = 0
    while start < lines.count {
      if case .kept = fates[start] {
        start += 1
        continue
      }
      var end = start + 1
      while end < lines.count {
        if case .kept = fates[end] { break }
        end += 1
      }
      if isWorthGap(start..<end) {
        keep(kept..<start)
        text.gap(start..<end, note: note(start..<end))
        kept = end
      }
      start = end
    }
    keep(kept..<lines.count)
  }

  private func isWorthGap(_ part: Range<Int>) -> Bool {
    part.count >= BuildCut.leastGapLines || lines[part].range.count >= BuildCut.leastGapBytes
  }

  /// Lines as they are; where many long commands are among them, those stand in their complete form.
  private mutating func keep(_ part: Range<Int>) {
    var plain = part.lowerBound
    var start = part.lowerBound
    while start < part.upperBound {
      var end = start
      while end < part.upperBound, facts[end].kind == .command || facts[end].kind == .progress { end += 1 }
      let run = lines[start..<end]
      if end - start > 2, run.range.count > 1_000,
        let (detail, body) = PhraseNotation.encode(run, isWhole: { _ in false }, isApart: { _ in false }),
        body.count * 2 < run.range.count
      {
        text.keep(plain..<start)
        text.append(Frame.write(BuildForms.name, detail: detail, body: body))
        plain = end
      }
      start = max(end, start + 1)
    }
    text.keep(plain..<part.upperBound)
  }

  /// What is out of view: how many lines of each sort, and the place of every finding.
  private func note(_ part: Range<Int>) -> String {
    var counts: [(rule: Int16, count: Int)] = []
    var commands = 0
    var findings: [(example: Int32, lines: [Int])] = []
    // Where the findings like an example are.
    var indices: [Int32: Int] = [:]
    for line in part {
      switch fates[line] {
      case .counted:
        if facts[line].kind == .command {
          commands += 1
        } else if let index = counts.firstIndex(where: { $0.rule == facts[line].rule }) {
          counts[index].count += 1
        } else {
          counts.append((facts[line].rule, 1))
        }
      case .named(let example):
        if let index = indices[example] {
          findings[index].lines.append(line)
        } else {
          indices[example] = findings.count
          findings.append((example, [line]))
        }
      case .kept, .silent: break
      }
    }
    var labels: [(text: String, count: Int)] = []
    for (rule, count) in counts {
      let text = label(rule)
      if let index = labels.firstIndex(where: { $0.text == text }) {
        labels[index].count += count
      } else {
        labels.append((text, count))
      }
    }
    var parts = labels.map { "\($0.count) \($0.text)" }
    if commands > 0 { parts.append("\(commands) commands") }
    var path: ArraySlice<UInt8> = []
    for (example, found) in findings {
      let places = FindingPlaces.text(found, lines, facts, below: &path)
      parts.append("\(found.count) like line \(lines.number(of: Int(example)))" + (places.isEmpty ? "" : ": " + places))
    }
    return parts.joined(separator: "; ")
  }

  private func label(_ rule: Int16) -> String { rule < 0 ? "notes" : BuildGrammars.rules[Int(rule)].label }
}
