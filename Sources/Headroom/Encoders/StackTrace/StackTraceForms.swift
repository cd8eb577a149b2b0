/// Stack traces: what was said before is said once, and runs of library frames can be left out of view.
///
///     [stack trace, 6 lines]
///     Traceback (most recent call last):
///       File "/srv/app.py", line 3, in main
///         run()
///     ValueError: no such name
///
///     [lines 1-4 again]
struct StackTraceForms: TextForms {
  static let name = "stack trace"
  static let kind = Segment.Kind.stackTrace

  private let lines: TextLines
  private let kinds: [TraceLine]

  /// The fewest frames a trace has.
  private static let fewestFrames = 3
  /// Lines of a message between what says the error and its frames.
  private static let mostMessage = 6
  /// Lines between two traces that belong together.
  private static let mostBetween = 3

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    let kinds = TraceLine.kinds(lines)
    var runs: [Range<Int>] = []
    var start = -1
    var end = 0
    var frames = 0
    var gap = 0
    func close() {
      if start >= 0, frames >= fewestFrames { runs.append(start..<end) }
      start = -1
    }
    for (line, kind) in kinds.enumerated() {
      switch kind {
      case .frame, .head:
        if start < 0 { (start, frames) = (line, 0) }
        if kind == .frame { frames += 1 }
        end = line + 1
        gap = 0
      case .detail:
        end = line + 1
        gap = 0
      case .blank, .other:
        guard start >= 0 else { continue }
        gap += 1
        // A message goes on for some lines; a trace behind another needs its own beginning.
        if gap > mostMessage || kind == .other && kinds[line - 1] != .head && kinds[line - 1] != .other { close() }
      }
    }
    close()
    return join(runs)
  }

  /// Joins traces with a line or two between them, so that a trace can refer to the one before.
  private static func join(_ runs: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for run in runs {
      if let last = joined.last, run.lowerBound - last.upperBound <= mostBetween {
        joined[joined.count - 1] = last.lowerBound..<run.upperBound
      } else {
        joined.append(run)
      }
    }
    return joined
  }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard lines.count >= StackTraceForms.fewestFrames else { return nil }
    self.lines = lines
    kinds = TraceLine.kinds(lines)
  }

  // MARK: All lines

  func complete() -> [Candidate] {
    guard let body = TraceRepeats(lines).body else { return [] }
    return [
      Candidate(
        name: StackTraceForms.name, fidelity: .identical, bytes: Frame.write(StackTraceForms.name, body: body))
    ]
  }

  static func decode(_ frame: Frame) -> [UInt8]? { frame.detail.isEmpty ? TraceRepeats.decode(frame.lines) : nil }

  // MARK: Some lines

  func cut(_ request: CutRequest) -> Candidate? {
    var cut = CutText(lines)
    var hidden = TraceFold(lines, kinds: kinds).folded
    // A trace that was there before needs no second reading.
    for repeated in TraceRepeats(lines).repeats where repeated.lines.count >= 6 {
      let first = lines.number(of: repeated.source)
      let last = lines.number(of: repeated.source + repeated.lines.count - 1)
      hidden.removeAll { $0.lines.overlaps(repeated.lines) && repeated.lines.contains($0.lines.lowerBound) }
      hidden.append((repeated.lines, "the same as lines \(first)-\(last)"))
    }
    hidden.sort { $0.lines.lowerBound < $1.lines.lowerBound }
    var line = 0
    for (part, note) in hidden where part.lowerBound >= line {
      cut.keep(line..<part.lowerBound)
      cut.gap(part, note: note)
      line = part.upperBound
    }
    cut.keep(line..<lines.count)
    return cut.candidate(StackTraceForms.name)
  }
}
