/// A part of one tool result, and what each encoder made of it: for people who want to know why.
public struct SegmentRecord: Sendable {
  /// What it is: `json`, `log`, `text`…
  public var kind: String
  /// Its first and last line in the original, from 1.
  public var lines: ClosedRange<Int>
  public var tokens: Int
  /// The forms that were tried, in the order of trial.
  public var candidates: [CandidateRecord]
}

/// A form of a segment and its price.
public struct CandidateRecord: Sendable {
  public enum Verdict: String, Sendable {
    /// It was the cheapest that saves enough.
    case taken
    /// Another saves more.
    case dearer
    /// It saves less than a form must.
    case savesTooLittle = "saves too little"
    /// Reading it back does not give what it stands for.
    case doesNotDecode = "does not decode"
  }

  /// The encoder and its form.
  public var encoder: String
  public var fidelity: Fidelity
  public var tokens: Int
  public var verdict: Verdict
}

extension Pipeline {
  /// What ``shorten(_:hint:isError:repeats:)`` tries with a text, all of it priced to the end.
  func explain(_ text: [UInt8], hint: Hint, isError: Bool) -> [SegmentRecord] {
    tokenizer.withCounter { counter in
      guard counter.count(text) >= Gate.smallest, !hint.isRetrieval else { return [] }
      let lines = View(text, nil, isFile: hint.isFileRead).lines
      return SegmentForms.all(of: lines, hint: hint, counter: counter).compactMap { part in
        let own = lines.lines(in: part.segment.range)
        guard !own.isEmpty else { return nil }
        let tokens = counter.count(lines.text, in: part.segment.range)
        var candidates = (part.complete() + part.generalForms()).map { record($0, part, lines.text, tokens, counter) }
        if let best = candidates.indices.filter({ candidates[$0].verdict == .dearer })
          .min(by: { candidates[$0].tokens < candidates[$1].tokens })
        {
          candidates[best].verdict = .taken
        }
        let least = candidates.first { $0.verdict == .taken }?.tokens ?? tokens
        if !isError, let budget = policy.budget(least), least > budget, store != nil, text.count >= Policy.smallestCut,
          let cut = part.cut(request(text, budget, hint))
        {
          let count = counter.count(cut.bytes)
          let isTaken = count <= Gate.limit(least, .lossy)
          if isTaken, let best = candidates.firstIndex(where: { $0.verdict == .taken }) {
            candidates[best].verdict = .dearer
          }
          candidates.append(
            CandidateRecord(
              encoder: cut.name, fidelity: .lossy, tokens: count, verdict: isTaken ? .taken : .savesTooLittle))
        }
        return SegmentRecord(
          kind: part.segment.kind.rawValue, lines: own.number(of: 0)...own.lastNumber(of: own.count - 1),
          tokens: tokens,
          candidates: candidates)
      }
    }
  }

  /// A complete form, not yet compared with the others.
  private func record(
    _ candidate: Candidate, _ part: SegmentForms, _ text: [UInt8], _ tokens: Int, _ counter: TokenCounter
  ) -> CandidateRecord {
    let count = counter.count(candidate.bytes)
    let isGood = part.segment.document != nil || decodes(candidate, to: text[part.segment.range])
    return CandidateRecord(
      encoder: candidate.name, fidelity: candidate.fidelity, tokens: count,
      verdict: !isGood
        ? .doesNotDecode : count > Gate.limit(tokens, candidate.fidelity) ? .savesTooLittle : .dearer)
  }
}
