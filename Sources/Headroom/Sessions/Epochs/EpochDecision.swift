/// Whether this is a moment to compact a conversation.
///
/// A provider bills a prompt by its longest known beginning, so whatever is changed early is paid for: all that follows is written again at
/// the price w instead of read at the price r. It pays when the tokens that are gone would have been read often enough:
///
///     gain = removed · r · turns to come − rewritten · (w − r)
///
/// How long a conversation goes on is estimated by how long it has gone on (Lindy's law), up to a limit.
struct EpochDecision {
  /// The prompt of this request and what is known of its conversation. Tokens are the model's.
  struct Moment {
    var promptTokens: Int
    var window: Int?
    /// Turns of the model so far, and since the last epoch.
    var turns: Int
    var turnsSinceEpoch: Int
    /// Whether the provider's cache has nothing of the prompt for certain.
    var isCold: Bool
    /// Whether the provider keeps nothing of these prompts at all, so that every turn is billed in full.
    var isUncached: Bool
    var prices: TokenPrices
  }

  // Of the window, in per cent: when it is worth thinking about, when something must be done, and what is then aimed at.
  private static let pressure = 70
  private static let force = 85
  static let target = 45
  /// What must come out of the prompt so that it is worth changing it.
  private static let leastRemoved = 15_000
  private static let leastRemovedWhenCold = 2_000
  /// Of the window, in per cent, when something must be done.
  private static let leastRemovedByForce = 5
  private static let leastTurnsBetween = 20
  /// The most turns that are expected to come.
  private static let mostTurns = 50
  /// What must be gained, in per cent of what the turns to come will cost.
  private static let leastGain = 10

  let mode: ContextOptions.Mode
  let moment: Moment

  /// Whether so much of the window is taken that it is worth thinking about, and that something must be done.
  private var isUnderPressure: Bool { isFilled(EpochDecision.pressure) }
  private var isForced: Bool { isFilled(EpochDecision.force) }

  private func isFilled(_ percent: Int) -> Bool {
    moment.window.map { moment.promptTokens * 100 > $0 * percent } ?? false
  }

  /// The tokens that the prompt should come down to, when the window is what it is about; else all that can go goes.
  var targetTokens: Int? {
    guard !moment.isCold, mode == .auto, isUnderPressure, let window = moment.window else { return nil }
    return window * EpochDecision.target / 100
  }

  /// Why the conversation is compacted now; nil when it is not.
  ///
  /// - Parameters:
  ///   - removed: tokens that come out of the prompt.
  ///   - rewritten: tokens that the provider has now and that must be written to its cache anew.
  func reason(removed: Int, rewritten: Int) -> EpochReason? {
    guard mode != .off, removed > 0 else { return nil }
    if moment.isCold { return removed >= EpochDecision.leastRemovedWhenCold ? .cold : nil }
    guard mode == .auto else { return nil }
    if isForced, let window = moment.window, removed * 100 >= window * EpochDecision.leastRemovedByForce {
      return .pressure
    }
    guard removed >= EpochDecision.leastRemoved, moment.turnsSinceEpoch >= EpochDecision.leastTurnsBetween else {
      return nil
    }
    let gain = gain(removed: removed, rewritten: rewritten)
    if gain * 100 >= projectedCost * EpochDecision.leastGain { return .gain }
    return isUnderPressure && gain > 0 ? .pressure : nil
  }

  /// What a compaction saves over the turns to come, in hundredths of an input token.
  func gain(removed: Int, rewritten: Int) -> Int {
    removed * readPrice * turnsToCome - rewritten
      * (percent(moment.prices.cacheWrite) - percent(moment.prices.cacheRead))
  }

  /// A price in hundredths of that of an input token.
  private func percent(_ price: Int) -> Int { price * 100 / max(1, moment.prices.input) }

  private var turnsToCome: Int { min(moment.turns, EpochDecision.mostTurns) }
  private var readPrice: Int { moment.isUncached ? 100 : percent(moment.prices.cacheRead) }

  /// What the turns to come cost, if the conversation goes on to grow as it has: the prompt is read each time, what is new is written once
  /// and read from then on.
  private var projectedCost: Int {
    let turns = turnsToCome
    let growth = moment.promptTokens / max(1, moment.turns)
    let write = moment.isUncached ? 100 : percent(moment.prices.cacheWrite)
    return turns * (moment.promptTokens * readPrice + growth * write) + growth * readPrice * turns * (turns - 1) / 2
  }
}
