import Headroom

/// What `headroom compress` did, for machines. Programs rely on its names.
struct Report {
  let result: CompressionResult
  let level: Level
  /// The time that compression took.
  let elapsed: Duration

  init(_ result: CompressionResult, level: Level, elapsed: Duration) {
    self.result = result
    self.level = level
    self.elapsed = elapsed
  }

  var json: String {
    let blocks = result.blocks.map { block in
      var members: [(name: String, value: JSONText)] = [
        ("path", .string(block.path)), ("kind", .string(block.kind)),
        ("encoder", .string(block.encoder ?? "none")), ("fidelity", .string(block.fidelity.rawValue)),
        ("tokens_before", .integer(block.tokensBefore)), ("tokens_after", .integer(block.tokensAfter)),
      ]
      if let handle = block.handle { members.append(("id", .string(handle.name))) }
      if !block.segments.isEmpty { members.append(("segments", .array(block.segments.map(segment)))) }
      return JSONText.object(members)
    }
    return JSONText.object([
      ("model", .string(result.model)), ("level", .string(level.rawValue)),
      ("tokens_before", .integer(result.tokensBefore)), ("tokens_after", .integer(result.tokensAfter)),
      ("elapsed_ms", .decimal(milliseconds)), ("blocks", .array(blocks)),
    ]).lines
  }

  private func segment(_ segment: SegmentRecord) -> JSONText {
    .object([
      ("kind", .string(segment.kind)), ("first_line", .integer(segment.lines.lowerBound)),
      ("last_line", .integer(segment.lines.upperBound)), ("tokens", .integer(segment.tokens)),
      (
        "candidates",
        .array(
          segment.candidates.map {
            .object([
              ("encoder", .string($0.encoder)), ("fidelity", .string($0.fidelity.rawValue)),
              ("tokens", .integer($0.tokens)), ("verdict", .string($0.verdict.rawValue)),
            ])
          })
      ),
    ])
  }

  /// With three digits after the point: no clock here is better than that.
  private var milliseconds: Double { (elapsed / .microseconds(1)).rounded() / 1000 }
}

extension Duration {
  /// For people: `12 ms`, `3 s`.
  var rounded: String {
    let milliseconds = Int((self / .milliseconds(1)).rounded())
    return milliseconds < 2000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }
}
