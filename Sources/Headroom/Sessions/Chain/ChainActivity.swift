import Synchronization

/// When conversations were last sent, so that it can be told whether their prompts may still stand in a provider's cache.
///
/// The times are in memory. A journal keeps them through a restart, coarsely: which places of a conversation were sent, and in which hour.
/// What is not known counts as warm, as only a prompt that is certainly gone may be written anew for nothing.
public final class ChainActivity: Sendable {
  private struct Use {
    /// Until when the prompt may stand in a cache, in seconds since 1970.
    var warmUntil: Int64
    /// Whether the provider said that it neither read the prompt from a cache nor wrote it to one.
    var isUncached = false
  }

  /// The places used lately, and those used before: when the first are many, they take the place of the others.
  private struct Uses {
    var young: [[UInt8]: Use] = [:]
    var old: [[UInt8]: Use] = [:]
    subscript(place: [UInt8]) -> Use? { young[place] ?? old[place] }
  }

  private let state = Mutex(Uses())
  private let journal: (any SessionJournal)?
  private let limit: Int

  /// - Parameters:
  ///   - journal: where times outlive the process; without one a restart forgets them.
  ///   - limit: of how many places the times are kept in memory, at least.
  public init(journal: (any SessionJournal)? = nil, limit: Int = 50_000) {
    self.journal = journal
    self.limit = limit
  }

  /// Takes note that the provider billed a request without its cache. Only those that write where the client has set breakpoints say so.
  /// - Parameter conversation: ``ContextReport/conversation`` of the request.
  public func answered(_ usage: TokenUsage, to conversation: [UInt8]) {
    guard usage.input > 0, usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong == 0 else { return }
    state.withLock { $0.young[conversation]?.isUncached = true }
  }

  /// How many items at the beginning of the request may stand in the provider's cache.
  func warmItems(_ chain: ConversationChain, now: Int64) -> Int {
    let ends = chain.requestEnds
    let uses = state.withLock { uses in ends.map { uses[chain.digests[$0]] } }
    let isAgain = uses[uses.count - 1].map { now <= $0.warmUntil } ?? false
    if isAgain { return ends[ends.count - 1] }
    guard ends.count > 1 else { return 0 }
    let last = ends[ends.count - 2]
    guard let use = uses[uses.count - 2] else {
      return remembered(chain.digests[last], now: now).map { now > $0 } ?? false ? 0 : last
    }
    if use.isUncached { return 0 }
    for (end, use) in zip(ends, uses).reversed() {
      if let use, now <= use.warmUntil { return end }
    }
    return 0
  }

  /// Takes note that a request goes out. Its beginning is what earlier requests of the conversation were, so they count as used too.
  /// - Parameter life: see ``CacheRetention``; nil when nothing is kept.
  func touch(_ chain: ConversationChain, life: Int64?, now: Int64) {
    let warmUntil = life.map { CacheRetention.end(of: $0, from: now) } ?? now - 1
    state.withLock { uses in
      if uses.young.count >= limit {
        uses.old = uses.young
        uses.young = [:]
      }
      for end in chain.requestEnds {
        let place = chain.digests[end]
        uses.young[place] = Use(warmUntil: max(warmUntil, uses[place]?.warmUntil ?? warmUntil))
      }
    }
    guard let journal else { return }
    // Most places are sent once, so that they cost one entry. A second one tells of an hour that is not the first.
    let entry = Array("\(now) \(life ?? 0)".utf8)
    guard let standing = try? journal.record(entry, for: key(chain.end)), let first = Entry(standing),
      first.hour != now / 3_600
    else { return }
    _ = try? journal.record(entry, for: key(chain.end, hour: now / 3_600))
  }

  // MARK: What the journal knows

  private struct Entry {
    var time: Int64
    var life: Int64
    var hour: Int64 { time / 3_600 }
    /// It may have been sent again in the same hour, of which there is no entry.
    var warmUntil: Int64 { CacheRetention.end(of: life, from: (hour + 1) * 3_600) }

    init?(_ entry: [UInt8]) {
      let fields = String(decoding: entry, as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
      guard fields.count == 2 else { return nil }
      (time, life) = (fields[0], fields[1])
    }
  }

  /// Until when a place may be warm, as far as the journal says; nil when it does not know the place.
  private func remembered(_ place: [UInt8], now: Int64) -> Int64? {
    guard let journal, let known = try? journal.entries([key(place)]), let entry = known.first.flatMap({ $0 }),
      let first = Entry(entry)
    else { return nil }
    // What was sent before these hours is gone, whatever its life.
    let earliest = max(first.hour, (now - CacheRetention.end(of: CacheRetention.longest, from: 3_600)) / 3_600)
    guard earliest <= now / 3_600 else { return .max }
    let hours = (earliest...now / 3_600).map { key(place, hour: $0) }
    guard let later = try? journal.entries(hours) else { return .max }
    return later.compactMap { $0.flatMap(Entry.init)?.warmUntil }.reduce(first.warmUntil, max)
  }

  private func key(_ place: [UInt8], hour: Int64? = nil) -> JournalKey {
    let suffix = hour.map { Array(" \($0)".utf8) } ?? []
    return JournalKey(topic: "touch", digest: SHA256.digest(place + suffix))
  }
}
