import Synchronization

/// Verdicts in memory, for a library user with one conversation after the other in one process.
///
/// Those unused for longest are forgotten when they become too many; their blocks are then sent as they are.
public final class MemoryLedger: VerdictLedger {
  private struct State {
    var verdicts: RecentValues<BlockIdentity, Verdict>
    var latest: RecentValues<[UInt8], Verdict>
  }

  private let state: Mutex<State>

  /// - Parameter byteLimit: the most bytes to keep.
  public init(byteLimit: Int = 256 << 20) {
    state = Mutex(State(verdicts: RecentValues(limit: byteLimit / 2), latest: RecentValues(limit: byteLimit / 2)))
  }

  public func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) -> [Verdict?] {
    state.withLock { state in
      zip(identities, orLatest).map { identity, orLatest in
        state.verdicts.value(of: identity) ?? (orLatest ? state.latest.value(of: identity.digest) : nil)
      }
    }
  }

  public func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) -> [Verdict] {
    state.withLock { state in
      verdicts.map { identity, verdict in
        if let standing = state.verdicts.value(of: identity) { return standing }
        let size = verdict.size(with: identity)
        state.verdicts.set(verdict, of: identity, size: size)
        state.latest.set(verdict, of: identity.digest, size: size)
        return verdict
      }
    }
  }
}

extension Verdict {
  /// About how many bytes of memory it takes, with the block that it is about.
  package func size(with identity: BlockIdentity) -> Int {
    256 + identity.callID.count + (form?.count ?? 0) + targets.count * 64
  }
}
