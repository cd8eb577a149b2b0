import Testing

@testable import Headroom

/// Whether a prompt may still stand in a provider's cache: what is not known for certain is warm.
@Suite struct ChainActivityTests {
  private let conversation: GeneratedConversation = {
    var conversation = GeneratedConversation(.anthropic)
    conversation.user("Find the bug.")
    for turn in 0..<4 { conversation.call(.bash("ls \(turn)", "a \(turn)")) }
    conversation.send()
    return conversation
  }()

  private func chain(_ request: Int) throws -> ConversationChain {
    try ConversationChain.of(conversation.bodies[request])
  }

  private let minutes: Int64 = 60
  private let start: Int64 = 1_800_000_000 / 3_600 * 3_600

  @Test func aPromptIsWarmUntilItsLifeIsOver() throws {
    let activity = ChainActivity()
    activity.touch(try chain(2), life: 5 * minutes, now: start)
    let next = try chain(3)
    #expect(activity.warmItems(next, now: start + 4 * minutes) == conversation.requests[2])
    // With a margin, as clocks differ.
    #expect(activity.warmItems(next, now: start + 5 * minutes) == conversation.requests[2])
    #expect(activity.warmItems(next, now: start + 7 * minutes) == 0)
  }

  @Test func whatWasNeverSeenIsWarm() throws {
    let activity = ChainActivity()
    #expect(activity.warmItems(try chain(3), now: start) == conversation.requests[2])
    // A turn was sent past us: an old sight of the beginning proves nothing.
    activity.touch(try chain(1), life: 5 * minutes, now: start)
    #expect(activity.warmItems(try chain(3), now: start + 600 * minutes) == conversation.requests[2])
    // A conversation without an answer has nothing to be warm, unless the very request was sent.
    #expect(activity.warmItems(try chain(0), now: start + 600 * minutes) == 0)
    #expect(activity.warmItems(try chain(0), now: start) == conversation.requests[0])
  }

  @Test func aForkKeepsTheBeginningItSharesWarm() throws {
    let activity = ChainActivity()
    activity.touch(try chain(3), life: 5 * minutes, now: start)
    // Another conversation that goes on from the same second turn.
    var fork = GeneratedConversation(.anthropic)
    fork.user("Find the bug.")
    for turn in 0..<2 { fork.call(.bash("ls \(turn)", "a \(turn)")) }
    fork.call(.bash("other", "x"))
    fork.send()
    let forked = try ConversationChain.of(fork.body())
    activity.touch(forked, life: 5 * minutes, now: start + 30 * minutes)
    #expect(activity.warmItems(try chain(4), now: start + 31 * minutes) == conversation.requests[2])
    #expect(activity.warmItems(try chain(4), now: start + 60 * minutes) == 0)
  }

  @Test func anAnswerWithoutTheCacheProvesThatNothingIsThere() throws {
    let activity = ChainActivity()
    let sent = try chain(2)
    activity.touch(sent, life: 5 * minutes, now: start)
    activity.answered(TokenUsage(input: 9_000, cacheRead: 1, output: 10), to: sent.end)
    #expect(activity.warmItems(try chain(3), now: start) > 0)
    activity.answered(TokenUsage(input: 9_000, output: 10), to: sent.end)
    #expect(activity.warmItems(try chain(3), now: start) == 0)
    // The same request again is warm by itself.
    activity.touch(sent, life: 5 * minutes, now: start)
    #expect(activity.warmItems(try chain(3), now: start) > 0)
  }

  /// After a restart only the hour is known, so a prompt counts as warm for the rest of the hour and its life.
  @Test(arguments: [(0, 5), (40, 5), (0, 60), (59, 60)])
  func aRestartKnowsTheHour(_ minute: Int64, _ life: Int64) throws {
    let journal = MemoryJournal()
    let sent = start + minute * minutes
    ChainActivity(journal: journal).touch(try chain(2), life: life * minutes, now: sent)
    let end = start + 60 * minutes + life * minutes * 6 / 5
    let restarted = ChainActivity(journal: journal)
    #expect(restarted.warmItems(try chain(3), now: sent + 1) > 0)
    #expect(restarted.warmItems(try chain(3), now: end) > 0)
    #expect(restarted.warmItems(try chain(3), now: end + 1) == 0)
    #expect(restarted.warmItems(try chain(3), now: end + 300 * 60 * minutes) == 0)
    // What was sent again in a later hour is warm by that.
    ChainActivity(journal: journal).touch(try chain(2), life: life * minutes, now: end + 100 * minutes)
    #expect(restarted.warmItems(try chain(3), now: end + 101 * minutes) > 0)
    #expect(restarted.warmItems(try chain(3), now: end + 600 * minutes) == 0)
    // And a conversation that the journal does not know is unknown.
    #expect(restarted.warmItems(try chain(4), now: end + 600 * minutes) > 0)
  }

  @Test func aClockThatGoesBackHarmsNothing() throws {
    let journal = MemoryJournal()
    ChainActivity(journal: journal).touch(try chain(2), life: 300, now: start)
    #expect(ChainActivity(journal: journal).warmItems(try chain(3), now: start - 9_000) > 0)
  }

  @Test func theOldestAreForgottenAndCountAsWarm() throws {
    let activity = ChainActivity(limit: 4)
    activity.touch(try chain(2), life: 300, now: start)
    for turn in 0..<8 {
      var other = GeneratedConversation(.chat)
      other.user("other \(turn)")
      activity.touch(try ConversationChain.of(other.body()), life: 300, now: start)
    }
    #expect(activity.warmItems(try chain(3), now: start + 600 * minutes) > 0)
  }

  @Test func howLongAPromptLivesDependsOnTheRequest() throws {
    func life(_ body: String, model: String) throws -> Int64? {
      CacheRetention.seconds(of: try #require(RequestBody(Array(body.utf8))), model: model)
    }
    let plain = #""messages":[{"role":"user","content":"a"}]"#
    let part = #"[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]"#
    #expect(try life(#"{"system":"s",\#(plain)}"#, model: "claude-opus-4-5") == nil)
    #expect(try life(#"{"system":\#(part),\#(plain)}"#, model: "claude-opus-4-5") == 300)
    #expect(
      try life(#"{"system":\#(part.replacing("\"}", with: "\",\"ttl\":\"1h\"}")),\#(plain)}"#, model: "claude-opus-4-5")
        == 3_600)
    #expect(try life(#"{"model":"gpt-5",\#(plain)}"#, model: "gpt-5") == 3_600)
    #expect(try life(#"{"model":"gpt-5","prompt_cache_retention":"24h",\#(plain)}"#, model: "gpt-5") == 86_400)
    #expect(try life(#"{"model":"deepseek-chat",\#(plain)}"#, model: "deepseek-chat") == 86_400)
  }
}
