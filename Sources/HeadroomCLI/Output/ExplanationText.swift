import Headroom

/// Why each tool result became what it is: its segments, the forms that were tried with them, and their prices.
struct ExplanationText {
  let result: CompressionResult

  func text(on terminal: Terminal) -> String {
    result.blocks.map { block in
      let form = block.encoder.map { "\($0), \(block.fidelity)" } ?? "as it was"
      let head = "\(block.path): \(block.tokensBefore.grouped) → \(block.tokensAfter.grouped) tokens, \(form)"
      return terminal.styled(head, .strong) + "\n"
        + (block.segments.isEmpty ? "" : table(block.segments).text(on: terminal))
    }.joined(separator: "\n")
  }

  private func table(_ segments: [SegmentRecord]) -> Table {
    var table = Table(columns: [
      .init(title: "  lines"), .init(title: "kind or form"), .init(title: "fidelity"),
      .init(title: "tokens", isNumber: true), .init(title: "verdict"),
    ])
    for segment in segments {
      let lines = "  \(segment.lines.lowerBound)-\(segment.lines.upperBound)"
      table.rows.append(.init(cells: [lines, segment.kind, "", segment.tokens.grouped, ""]))
      for candidate in segment.candidates {
        table.rows.append(
          .init(
            cells: [
              "", "  " + candidate.encoder, candidate.fidelity.rawValue, candidate.tokens.grouped,
              candidate.verdict.rawValue,
            ], style: candidate.verdict == .taken ? .good : .faint))
      }
    }
    return table
  }
}
