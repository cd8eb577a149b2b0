/// A provider's prompt cache: which part of each prompt it has seen before, and what it bills.
///
/// A prompt is a list of units, in the provider's order; what counts is whether their bytes are the same. A prefix is named by a chain of
/// hashes, so that each unit is hashed once. When a request comes is for the caller to say.
///
/// Not modelled: that an old thinking block is dropped from the prompt when the user speaks again, what a provider forgets early, and which
/// machine a request comes to. They would bear on both sides of a comparison alike.
struct PromptCache {
  /// A prefix that can be read.
  private struct Entry {
    var life: Int64
    /// When it is forgotten.
    var end: Int64
  }

  let rules: PromptCacheRules
  private var entries: [PromptPrefix: Entry] = [:]

  init(_ rules: PromptCacheRules) { self.rules = rules }

  /// What the provider bills for `prompt`, sent at `time` (milliseconds of any clock that goes forward).
  mutating func send(_ prompt: [PricedUnit], at time: Int64) -> TokenUsage {
    var ends: [Int] = []
    ends.reserveCapacity(prompt.count)
    for unit in prompt { ends.append((ends.last ?? 0) + unit.tokens) }
    let total = ends.last ?? 0
    guard total >= rules.leastTokens else { return TokenUsage(input: total) }
    switch rules.matching {
    case .anywhere(let step): return sendAnywhere(prompt, ends, total, step: step, at: time)
    case .breakpoints(let most, let lookBack, let isAutomatic):
      var places = prompt.indices.filter { prompt[$0].breakpoint != nil }
      if isAutomatic, let last = prompt.indices.last, places.last != last { places.append(last) }
      places = Array(places.suffix(most)).filter { ends[$0] >= rules.leastTokens }
      return send(prompt, ends, total, breakpoints: places, lookBack: lookBack, at: time)
    }
  }

  private func isAlive(_ prefix: PromptPrefix, at time: Int64) -> Bool {
    entries[prefix].map { $0.end >= time } ?? false
  }

  private mutating func sendAnywhere(
    _ prompt: [PricedUnit], _ ends: [Int], _ total: Int, step: Int, at time: Int64
  ) -> TokenUsage {
    let hit = prompt.indices.last { isAlive(prompt[$0].prefix, at: time) }
    let read = hit.map { ends[$0] / step * step } ?? 0
    for unit in prompt { entries[unit.prefix] = Entry(life: rules.life, end: time + rules.life) }
    return read < rules.leastTokens ? TokenUsage(input: total) : TokenUsage(input: total - read, cacheRead: read)
  }

  private mutating func send(
    _ prompt: [PricedUnit], _ ends: [Int], _ total: Int, breakpoints: [Int], lookBack: Int, at time: Int64
  ) -> TokenUsage {
    var hit: Int?
    for place in breakpoints {
      let found = (max(0, place - lookBack + 1)...place).last { isAlive(prompt[$0].prefix, at: time) }
      hit = [hit, found].compactMap { $0 }.max()
    }
    let read = hit.map { ends[$0] } ?? 0
    if let hit {
      // What is used stays, and so does all that it begins with.
      for unit in prompt[...hit] {
        if let entry = entries[unit.prefix], entry.end >= time { entries[unit.prefix]?.end = time + entry.life }
      }
    }
    // Longer-lived prefixes come first in a prompt.
    let long = breakpoints.last { prompt[$0].breakpoint == .long }.map { max(read, ends[$0]) } ?? read
    let written = breakpoints.last.map { max(long, ends[$0]) } ?? read
    for place in breakpoints {
      let life = prompt[place].breakpoint == .long ? rules.longLife : rules.life
      entries[prompt[place].prefix] = Entry(life: life, end: time + life)
    }
    return TokenUsage(input: total - written, cacheRead: read, cacheWrite: written - long, cacheWriteLong: long - read)
  }
}

/// A prefix of a prompt: 128 bits of the chain of hashes up to its end.
struct PromptPrefix: Hashable {
  let high: UInt64
  let low: UInt64

  static let empty = PromptPrefix(high: 0, low: 0)

  /// The prefix that `unit` makes this one.
  func appending(_ unit: [UInt8]) -> PromptPrefix {
    func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    func value(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    let digest = SHA256.digest(bytes(high) + bytes(low) + unit)
    return PromptPrefix(high: value(digest[..<8]), low: value(digest[8..<16]))
  }
}

/// A unit of a prompt as the cache sees it.
struct PricedUnit {
  /// The prompt up to the end of this unit.
  var prefix: PromptPrefix
  var tokens: Int
  /// Whether the client has set a breakpoint behind it.
  var breakpoint: CacheLife?
}

/// How long a client wants a prefix to be kept.
public enum CacheLife: Sendable, Equatable {
  /// Some minutes (Anthropic: five).
  case short
  /// An hour.
  case long
}
