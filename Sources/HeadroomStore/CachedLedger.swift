package import Headroom
import Synchronization

/// A ledger whose verdicts of late are at hand in memory, as every turn of a conversation asks for all of them again.
///
/// A verdict never changes, so what was read once holds. The ledger behind is asked again now and then, so that it knows what is in use.
package final class CachedLedger: VerdictLedger {
  private struct Entry: Sendable {
    let verdict: Verdict
    /// Whether it is about another call with the same payload.
    let standsIn: Bool
    let asked: ContinuousClock.Instant
  }

  private let ledger: any VerdictLedger
  private let recent: Mutex<RecentValues<BlockIdentity, Entry>>
  private let now: @Sendable () -> ContinuousClock.Instant
  private static let refresh = Duration.seconds(SessionAge.useInterval)

  /// - Parameter limit: the most bytes to keep in memory.
  package init(
    _ ledger: any VerdictLedger, limit: Int = 64 << 20,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.ledger = ledger
    self.now = now
    recent = Mutex(RecentValues(limit: limit))
  }

  package func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
    let time = now()
    var verdicts = [Verdict?](repeating: nil, count: identities.count)
    var asked: [Int] = []
    recent.withLock { recent in
      for (index, identity) in identities.enumerated() {
        guard let entry = recent.value(of: identity), !entry.standsIn || orLatest[index] else {
          asked.append(index)
          continue
        }
        verdicts[index] = entry.verdict
        if time - entry.asked >= Self.refresh { asked.append(index) }
      }
    }
    if asked.isEmpty { return verdicts }
    let found: [Verdict?]
    do {
      found = try ledger.verdicts(asked.map { identities[$0] }, orLatest: asked.map { orLatest[$0] })
    } catch {
      // What is at hand holds. What is not is decided on again, and stands only when the ledger then says so.
      if asked.count < identities.count || verdicts.contains(where: { $0 != nil }) { return verdicts }
      throw error
    }
    for (index, verdict) in zip(asked, found) {
      verdicts[index] = verdicts[index] ?? verdict
      if let verdict = verdicts[index] { keep(verdict, for: identities[index], standsIn: orLatest[index], time) }
    }
    return verdicts
  }

  package func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
    let time = now()
    let standing = try ledger.record(verdicts)
    for ((identity, _), verdict) in zip(verdicts, standing) { keep(verdict, for: identity, standsIn: false, time) }
    return standing
  }

  private func keep(_ verdict: Verdict, for identity: BlockIdentity, standsIn: Bool, _ time: ContinuousClock.Instant) {
    recent.withLock {
      $0.set(
        Entry(verdict: verdict, standsIn: standsIn, asked: time), of: identity, size: verdict.size(with: identity))
    }
  }
}
