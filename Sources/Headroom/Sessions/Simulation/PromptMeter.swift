/// Follows a conversation's prompts from turn to turn: which units a prompt shares with the one before, and the hashes and tokens of the others.
/// Each unit is hashed and counted when it is first seen.
struct PromptMeter {
  private var units: [PromptUnit] = []
  private var priced: [PricedUnit] = []

  /// The prompt as the cache sees it, and how many units it begins with that the one before had too.
  ///
  /// - Parameter hidden: tokens of tools and system prompt that the log does not have.
  mutating func measure(
    _ prompt: [PromptUnit], hidden: (tokens: Int, life: CacheLife), counting tokens: inout UnitTokens
  ) -> (prompt: [PricedUnit], shared: Int) {
    var shared = 0
    while shared < min(units.count, prompt.count), units[shared].isSame(as: prompt[shared]) { shared += 1 }
    var result = Array(priced.prefix(shared))
    for index in result.indices { result[index].breakpoint = prompt[index].breakpoint }
    for unit in prompt[shared...] {
      let digest = unit.digest
      result.append(
        PricedUnit(
          prefix: (result.last?.prefix ?? .empty).appending(digest), tokens: tokens.count(unit, digest),
          breakpoint: unit.breakpoint))
    }
    (units, priced) = (prompt, result)
    // The model comes first, and what the log does not have belongs right behind it.
    if hidden.tokens > 0, !result.isEmpty {
      result[0].tokens += hidden.tokens
      result[0].breakpoint = hidden.life
    }
    return (result, shared)
  }
}
