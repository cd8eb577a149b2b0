import Testing

@testable import Headroom

/// What providers bill for requests that follow each other.
@Suite struct PromptCacheTests {
  /// A provider with a cache, that is sent request bodies.
  private struct Provider {
    var cache: PromptCache
    var meter = PromptMeter()
    var tokens = UnitTokens(Tokenizer(vocabulary: .o200k))

    init(_ rules: PromptCacheRules) { cache = PromptCache(rules) }

    mutating func send(_ body: String, at minute: Int64 = 0) throws -> TokenUsage {
      let units = PromptReader.units(try #require(RequestBody(Array(body.utf8))))
      let prompt = meter.measure(units, hidden: (0, .short), counting: &tokens).prompt
      return cache.send(prompt, at: minute * 60_000)
    }
  }

  /// A text of about `tokens` tokens that begins with `name`.
  private func text(_ name: String, tokens: Int = 1_000) -> String {
    name + String(repeating: " word", count: tokens)
  }

  /// A request of Claude's with texts of a thousand tokens as messages, and a little more as instructions; a name that ends in `*` has a breakpoint, `**` one of an hour.
  private func claude(_ names: [String], system: String = "rules*", tools: String = "t", settings: String = "")
    -> String
  {
    func control(_ name: String) -> String {
      name.hasSuffix("**")
        ? #","cache_control":{"type":"ephemeral","ttl":"1h"}"#
        : name.hasSuffix("*") ? #","cache_control":{"type":"ephemeral"}"# : ""
    }
    func part(_ name: String, tokens: Int = 1_000) -> String {
      #"{"type":"text","text":"\#(text(String(name.prefix { $0 != "*" }), tokens: tokens))"\#(control(name))}"#
    }
    let messages = names.enumerated().map {
      #"{"role":"\#($0 % 2 == 0 ? "user" : "assistant")","content":[\#(part($1))]}"#
    }
    return #"""
      {"model":"claude-sonnet-4-5",\#(settings)"tools":[{"name":"\#(tools)","input_schema":{}}],"system":[\#(part(system, tokens: 1_100))],"messages":[\#(messages.joined(separator: ","))]}
      """#
  }

  private let anthropic = PromptCacheRules.anthropic(leastTokens: 1024)

  @Test func aConversationIsReadUpToWhereItWasWritten() throws {
    var provider = Provider(anthropic)
    let first = try provider.send(claude(["a*"]))
    #expect(first.cacheRead == 0 && first.cacheWrite == first.prompt)
    let second = try provider.send(claude(["a*", "b", "c*"]))
    #expect(second.cacheRead == first.prompt && second.input == 0)
    // The breakpoints have moved on, and the beginning is still found.
    let third = try provider.send(claude(["a", "b", "c*", "d", "e*"]))
    #expect(third.cacheRead == second.prompt)
    // What stands behind the last breakpoint is not kept.
    let open = try provider.send(claude(["a", "b", "c*", "d", "e", "f", "g"]))
    #expect(open.cacheRead == second.prompt && open.input > 3_900 && open.cacheWrite == 0)
  }

  @Test func oneTextAloneIsThePartOfAList() throws {
    var provider = Provider(anthropic)
    let list = try provider.send(claude(["a*"]))
    let alone = claude(["a*", "b", "c*"])
      .replacing(
        #"[{"type":"text","text":"\#(text("a"))","cache_control":{"type":"ephemeral"}}]"#, with: "\"\(text("a"))\"")
    #expect(alone != claude(["a*", "b", "c*"]))
    #expect(try provider.send(alone).cacheRead == list.prompt)
  }

  @Test func aChangeIsWrittenAnewWithAllThatFollows() throws {
    var provider = Provider(anthropic)
    _ = try provider.send(claude(["a*", "b", "c*"]))
    let system = try provider.send(claude(["x*", "b", "c*"]))
    #expect((1_100...1_150).contains(system.cacheRead))
    #expect(try provider.send(claude(["a*", "b", "c*"], tools: "u")).cacheRead == 0)
    #expect(try provider.send(claude(["a*", "b", "c*"], system: "others*")).cacheRead == 0)
  }

  @Test func settingsOfThoughtAndToolsLoseTheMessagesAlone() throws {
    for settings in [#""tool_choice":{"type":"any"},"#, #""thinking":{"type":"enabled","budget_tokens":2048},"#] {
      var provider = Provider(anthropic)
      _ = try provider.send(claude(["a*", "b", "c*"]))
      let changed = try provider.send(claude(["a*", "b", "c*"], settings: settings))
      #expect((1_100...1_150).contains(changed.cacheRead))
    }
  }

  @Test func aPrefixIsForgottenUnlessItIsUsed() throws {
    var provider = Provider(anthropic)
    _ = try provider.send(claude(["a*"]), at: 0)
    #expect(try provider.send(claude(["a*"]), at: 4).cacheRead > 0)
    // It was used four minutes ago.
    #expect(try provider.send(claude(["a*"]), at: 8).cacheRead > 0)
    #expect(try provider.send(claude(["a*"]), at: 14).cacheRead == 0)
    var long = Provider(anthropic)
    let hour = try long.send(claude(["a**"], system: "rules**"), at: 0)
    #expect(hour.cacheWriteLong == hour.prompt)
    #expect(try long.send(claude(["a**"], system: "rules**"), at: 59).cacheRead == hour.prompt)
    // An hour for the system prompt, five minutes for the rest.
    var mixed = Provider(anthropic)
    let both = try mixed.send(claude(["a*"], system: "rules**"), at: 0)
    #expect((1_100...1_150).contains(both.cacheWriteLong) && both.cacheWrite > 990)
    #expect((1_100...1_150).contains(try mixed.send(claude(["a*"], system: "rules**"), at: 30).cacheRead))
  }

  @Test func theProviderLooksTwentyBlocksBack() throws {
    let names = (0..<41).map { "m\($0)" }
    for (added, isFound) in [(18, true), (20, false)] {
      var provider = Provider(anthropic)
      _ = try provider.send(claude(Array(names[..<20]) + ["end*"], system: "rules"))
      let later = Array(names[..<20]) + ["end"] + names[20..<20 + added] + ["last*"]
      let read = try provider.send(claude(later, system: "rules")).cacheRead
      #expect((read > 0) == isFound)
    }
  }

  @Test func fourBreakpointsCount() throws {
    var provider = Provider(anthropic)
    let usage = try provider.send(claude(["a*", "b*", "c*", "d*", "e*"]))
    #expect(usage.cacheWrite == usage.prompt)
    // The fifth from the end wrote nothing.
    #expect(try provider.send(claude(["x*"])).cacheRead == 0)
  }

  @Test func shortPromptsAreNotKept() throws {
    var provider = Provider(.anthropic(leastTokens: 4096))
    for _ in 0..<2 { #expect(try provider.send(claude(["a*"])).input > 2_000) }
    let long = try provider.send(claude(["a*", "b", "c*", "d", "e*"]))
    #expect(long.cacheWrite == long.prompt)
  }

  // MARK: Without breakpoints

  private func chat(_ names: [String], tokens: Int = 1_000) -> String {
    let messages = names.map { #"{"role":"user","content":"\#(text($0, tokens: tokens))"}"# }
    return #"{"model":"gpt-4o","messages":[\#(messages.joined(separator: ","))]}"#
  }

  @Test func whatPromptsShareIsReadInSteps() throws {
    var provider = Provider(.openAI)
    #expect(try provider.send(chat(["a", "b"])).cacheRead == 0)
    let again = try provider.send(chat(["a", "b", "c"]))
    #expect(again.cacheRead == 1_920 && again.cacheWrite == 0)
    #expect(try provider.send(chat(["a", "x", "c"])).cacheRead == 0)
    #expect(try provider.send(chat(["a", "b"], tokens: 400)).input < 1024)
    #expect(try provider.send(chat(["a", "b"]), at: 20).cacheRead == 0)
    var gemini = Provider(.gemini(leastTokens: 2048))
    let first = try gemini.send(chat(["a", "b", "c"]))
    #expect(try gemini.send(chat(["a", "b", "c", "d"])).cacheRead == first.prompt)
    #expect(try gemini.send(chat(["a", "b", "x"])).cacheRead == 0)
  }

  @Test func theProvidersOwnBreakpointIsBehindTheNewestMessage() throws {
    var provider = Provider(.openAIBreakpoints)
    let first = try provider.send(chat(["a", "b"]))
    #expect(first.cacheWrite == first.prompt)
    #expect(try provider.send(chat(["a", "b", "c"])).cacheRead == first.prompt)
    // Nothing ended there.
    #expect(try provider.send(chat(["a", "x"])).cacheRead == 0)
  }
}
