/// Where the context manager meets the results of a request.
///
/// A stub takes the place of a verdict, so all that holds for verdicts holds for it: it is replayed, it is not decided on again, and what
/// refers to a result that is not in view any more is written out.
extension CompressionJob {
  /// Puts the stubs of earlier epochs in the place of verdicts.
  mutating func takeStubs() {
    guard let history else { return }
    let places = Dictionary(
      uniqueKeysWithValues: blocks.enumerated().compactMap { place, work in
        work.index.map { ($0, place) }
      })
    let stubs = context?.stubs { number in places[number].map { history.identities[$0].digest } ?? [] }
    take(stubs ?? [:])
  }

  private mutating func take(_ stubs: [Int: Verdict]) {
    for (place, work) in blocks.enumerated() {
      if let stub = work.index.flatMap({ stubs[$0] }) { history?.verdicts[place] = stub }
    }
  }

  /// The outcomes with those that are decided on as they were decided.
  func withVerdicts(_ outcomes: [Pipeline.Outcome]) -> [Pipeline.Outcome] {
    zip(outcomes, history?.verdicts ?? []).map { outcome, verdict in verdict.map { Pipeline.Outcome($0) } ?? outcome }
  }

  /// This job after a compaction, if this is the moment for one.
  ///
  /// - Parameters:
  ///   - independent: the outcomes of blocks by themselves.
  ///   - outcomes: what would be sent without it.
  func atEpoch(_ independent: [Pipeline.Outcome], _ outcomes: [Pipeline.Outcome]) -> CompressionJob? {
    guard var context, history != nil, context.epoch == nil, options.mode != .audit, options.level != .lossless,
      let store = pipeline.store
    else { return nil }
    let before = context.results(blocks, outcomes.map { Verdict($0) })
    guard let plan = context.plan(before, pipeline.tokenizer, options.retrieval) else { return nil }
    var job = self
    job.take(Dictionary(uniqueKeysWithValues: plan.replacements.map { ($0.block, $0.stub) }))
    let after = context.results(blocks, job.referring(job.withVerdicts(independent)).map { Verdict($0) })
    guard context.adopt(plan, before: before, after: after, pipeline.tokenizer, store) else { return nil }
    // The plan that stands may be another's.
    job = self
    job.context = context
    job.takeStubs()
    return job
  }
}
