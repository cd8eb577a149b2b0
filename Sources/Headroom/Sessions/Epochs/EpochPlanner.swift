/// Which results of the past go out of the prompt, and what stands for them.
///
/// In this order: reads of files that were edited since; what was looked up again since; then whatever is old and not used any more. A
/// function of the conversation alone. Only the content of results is replaced, so calls and results stay pairs.
struct EpochPlanner {
  /// Results of so many turns are never touched.
  static let recentTurns = 8
  /// A result is old after so many turns.
  private static let oldTurns = 10
  /// A result that was edited or looked up again stays when its names were used in so many turns; an old one in so many.
  private static let citedTurns = 10
  private static let referencedTurns = 20

  let past: ConversationPast
  let counter: TokenCounter
  let retrieval: RetrievalPath

  /// A result that may go.
  struct Candidate {
    enum Reason: Int { case edited, repeated, old }
    var index: Int
    var reason: Reason
    var about: [[UInt8]]
    /// What orders those of one reason: the greater goes first.
    var weight: Int
    var stub: Verdict
    /// Tokens that it saves, less those of later results that refer to it and must be written out.
    var saving: Int
  }

  /// The replacements, at least until `tokens` are saved, or all of them.
  func plan(saving tokens: Int?) -> [EpochPlan.Replacement] {
    var saved = 0
    var chosen: [Candidate] = []
    for candidate in candidates().sorted(by: EpochPlanner.isBefore) {
      if let tokens, saved >= tokens { break }
      chosen.append(candidate)
      saved += candidate.saving
    }
    return chosen.sorted { $0.index < $1.index }.map { candidate in
      let result = past.results[candidate.index]
      return EpochPlan.Replacement(
        block: result.block, digest: SHA256.digest(result.payload), stub: candidate.stub)
    }
  }

  private static func isBefore(_ a: Candidate, _ b: Candidate) -> Bool {
    (a.reason.rawValue, -a.weight, a.index) < (b.reason.rawValue, -b.weight, b.index)
  }

  /// All that may go, in the order of the conversation.
  private func candidates() -> [Candidate] {
    let later = LaterCalls(past)
    var found: [Candidate] = []
    var isGone = [Bool](repeating: false, count: past.results.count)
    // From the last to the first: what refers to a result stands behind it.
    for index in past.results.indices.reversed() {
      guard var candidate = candidate(index, later) else { continue }
      candidate.saving -= costOfReferences(to: index, isGone)
      guard candidate.saving >= Gate.leastSaving(of: past.results[index].sent.tokensAfter, .lossy) else { continue }
      isGone[index] = true
      found.append(candidate)
    }
    return found.reversed()
  }

  /// Tokens that later results grow by when they cannot refer to this one any more.
  private func costOfReferences(to index: Int, _ isGone: [Bool]) -> Int {
    let block = past.results[index].block
    return past.results.indices[(index + 1)...].reduce(0) { cost, later in
      let sent = past.results[later].sent
      guard !isGone[later], sent.targets.contains(where: { $0.number == block }) else { return cost }
      return cost + sent.tokensBefore - sent.tokensAfter
    }
  }

  private func candidate(_ index: Int, _ later: LaterCalls) -> Candidate? {
    let result = past.results[index]
    let age = past.age(index)
    guard age >= EpochPlanner.recentTurns, result.sent.encoder != "stub", result.sent.tokensAfter >= Gate.smallest
    else { return nil }
    switch past.actions[index] {
    case .steering, .retrieval: return nil
    default: break
    }
    let lines = TextLines(result.payload)
    let outcome = later.outcome(index)
    guard !outcome.isFailure || later.isResolved(index) else { return nil }
    let call = result.hint.call
    if later.isEdited(index) {
      guard past.references(to: index, inLast: EpochPlanner.citedTurns) == 0 else { return nil }
      return candidate(index, .edited, [call, Array("edited since".utf8)], lines, weight: result.sent.tokensAfter)
    }
    // What was used is in the later result, too.
    if later.isRepeated(index) {
      return candidate(index, .repeated, [call, Array("again below".utf8)], lines, weight: result.sent.tokensAfter)
    }
    guard age >= EpochPlanner.oldTurns, past.references(to: index, inLast: EpochPlanner.referencedTurns) == 0 else {
      return nil
    }
    let code = outcome.exitCode.map { Array("exit \($0)".utf8) } ?? []
    return candidate(index, .old, [call, code, outcome.line], lines, weight: age * result.sent.tokensAfter)
  }

  private func candidate(
    _ index: Int, _ reason: Candidate.Reason, _ about: [[UInt8]], _ lines: TextLines, weight: Int
  ) -> Candidate {
    let result = past.results[index]
    let handle = Handle(of: result.payload)
    let text = ResultStub(about, lines: lines.count, handle: handle, retrieval: retrieval).text
    let stub = Verdict(
      form: text, kind: result.sent.kind, encoder: "stub", fidelity: .lossy, tokensBefore: result.sent.tokensBefore,
      tokensAfter: counter.count(text), handle: handle)
    return Candidate(
      index: index, reason: reason, about: about, weight: weight, stub: stub,
      saving: result.sent.tokensAfter - stub.tokensAfter)
  }
}

/// What later calls did to the results of earlier ones.
private struct LaterCalls {
  private let past: ConversationPast
  private var outcomes: [ResultOutcome] = []
  private var edits: [(index: Int, paths: [[UInt8]])] = []
  /// The last successful call of each input.
  private var lastSame: [[UInt8]: Int] = [:]
  /// The last successful call that is a repeat in a wider sense: the same program on the same thing.
  private var lastAlike: [[UInt8]: Int] = [:]
  private var lastWholeRead: [(path: [UInt8], index: Int)] = []

  init(_ past: ConversationPast) {
    self.past = past
    for (index, result) in past.results.enumerated() {
      let outcome = ResultOutcome(
        TextLines(result.payload), isError: result.isError,
        isRun: past.actions[index] == .other && result.hint.command != nil)
      outcomes.append(outcome)
      guard !outcome.isFailure else { continue }
      lastSame[result.hint.identity] = index
      lastAlike[result.hint.subject] = index
      switch past.actions[index] {
      case .edit(let paths): edits.append((index, paths))
      case .read(let path, isWhole: true): lastWholeRead.append((path, index))
      default: break
      }
    }
  }

  func outcome(_ index: Int) -> ResultOutcome { outcomes[index] }

  /// Whether a failed call was made again later and worked.
  func isResolved(_ index: Int) -> Bool {
    let hint = past.results[index].hint
    return isLater(lastSame[hint.identity], than: index) || isLater(lastAlike[hint.subject], than: index)
  }

  /// Whether a call was made in a later turn. A call may have several results.
  private func isLater(_ other: Int?, than index: Int) -> Bool {
    other.map { past.results[$0].turn > past.results[index].turn } ?? false
  }

  /// Whether it shows a file that was edited later.
  func isEdited(_ index: Int) -> Bool {
    guard case .read(let path, _) = past.actions[index] else { return false }
    return edits.contains { edit in
      isLater(edit.index, than: index) && edit.paths.contains { ToolAction.isSameFile($0, path) }
    }
  }

  /// Whether the same was looked up later, or all of the file.
  func isRepeated(_ index: Int) -> Bool {
    let result = past.results[index]
    switch past.actions[index] {
    case .read(let path, _):
      if lastWholeRead.contains(where: { isLater($0.index, than: index) && ToolAction.isSameFile($0.path, path) }) {
        return true
      }
    case .look: break
    default: return false
    }
    return isLater(lastSame[result.hint.identity], than: index)
  }
}

extension Hint {
  /// The call in a few words.
  fileprivate var call: [UInt8] {
    if let command { return command }
    return (toolName ?? []) + (path.map { [UInt8(ascii: " ")] + $0 } ?? summary.map { [UInt8(ascii: " ")] + $0 } ?? [])
  }

  /// The first short text of the input: mostly what is looked for.
  private var summary: [UInt8]? {
    guard let input, let document = try? JSONDocument(input) else { return input }
    var found: [UInt8]?
    document.forEachText(in: 0) { _, text in
      if found == nil { found = text() }
    }
    return found
  }

  /// The tool and all of its input.
  fileprivate var identity: [UInt8] { (toolName ?? []) + [0] + (input ?? []) }

  /// The tool and what it was called for.
  fileprivate var subject: [UInt8] {
    (toolName ?? []) + [0] + (command.map { ShellCommand($0).subject } ?? path ?? input ?? [])
  }
}
