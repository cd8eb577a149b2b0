import Synchronization

/// Verdicts in memory, for a library user with one conversation after the other in one process.
public final class MemoryLedger: VerdictLedger {
  private struct State {
    var verdicts: [BlockIdentity: Verdict] = [:]
    var latest: [[UInt8]: Verdict] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  public func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) -> [Verdict?] {
    state.withLock { state in
      zip(identities, orLatest).map { identity, orLatest in
        state.verdicts[identity] ?? (orLatest ? state.latest[identity.digest] : nil)
      }
    }
  }

  public func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) -> [Verdict] {
    state.withLock { state in
      verdicts.map { identity, verdict in
        if let standing = state.verdicts[identity] { return standing }
        state.verdicts[identity] = verdict
        state.latest[identity.digest] = verdict
        return verdict
      }
    }
  }
}
