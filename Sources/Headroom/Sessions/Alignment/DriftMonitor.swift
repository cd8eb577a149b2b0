import Synchronization

/// Watches how the beginning of prompts changes within conversations, and which places do so again and again.
///
/// In memory: what has proven volatile is written down by whoever acts on it.
public final class DriftMonitor: Sendable {
  /// A place has proven volatile when it changed so often.
  static let proof = 2

  private struct State {
    /// The head of the last request that ended at a place of a conversation, and the order in which they came.
    var heads: [[UInt8]: PromptHead] = [:]
    var order: [[UInt8]] = []
    /// How often each slot of a template changed.
    var changes: [[UInt8]: [Int: Int]] = [:]

    /// Keeps a head for the request that follows; the one before it is not needed any more.
    mutating func keep(_ head: PromptHead, as place: [UInt8], replacing last: [UInt8]?, limit: Int) {
      if let last, heads.removeValue(forKey: last) != nil { order.removeAll { $0 == last } }
      if heads[place] == nil { order.append(place) }
      heads[place] = head
      while order.count > limit { heads[order.removeFirst()] = nil }
    }
  }

  private let state = Mutex(State())
  /// Of how many conversations the head is kept, and of how many templates the changes.
  private let limit: Int

  public init(limit: Int = 64) { self.limit = limit }

  /// Compares a request with the one before it in its conversation, and keeps it for the next.
  func note(_ head: PromptHead, _ template: SystemTemplate?, _ chain: ConversationChain, prices: TokenPrices)
    -> PrefixDrift?
  {
    let ends = chain.requestEnds
    let last = ends.count > 1 ? chain.digests[ends[ends.count - 2]] : nil
    let earlier = state.withLock { state in
      let earlier = last.flatMap { state.heads[$0] }
      state.keep(head, as: chain.end, replacing: last, limit: limit)
      return earlier
    }
    guard let earlier, let drift = PrefixDrift.compare(earlier, head, prices: prices) else { return nil }
    if let template, let changed = SystemTemplate(earlier).flatMap({ template.changes(since: $0) }) {
      state.withLock { state in
        if state.changes.count >= limit, state.changes[template.digest] == nil { state.changes = [:] }
        for slot in changed { state.changes[template.digest, default: [:]][slot, default: 0] += 1 }
      }
    }
    return drift
  }

  /// The slots of a template that have proven volatile.
  func proven(_ template: SystemTemplate) -> [Int] {
    let changes = state.withLock { $0.changes[template.digest] ?? [:] }
    return template.slots.indices.filter { changes[$0] ?? 0 >= DriftMonitor.proof }
  }
}
