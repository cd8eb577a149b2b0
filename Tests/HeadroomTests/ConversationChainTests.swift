import Testing

@testable import Headroom

/// What identifies a conversation: its content, and nothing that clients move about.
@Suite struct ConversationChainTests {
  private func chain(_ body: String) throws -> ConversationChain {
    try ConversationChain.of(Array(body.utf8))
  }

  @Test(arguments: GeneratedConversation.Format.allCases)
  func aRequestBeginsWithTheOnesBeforeIt(_ format: GeneratedConversation.Format) throws {
    var conversation = GeneratedConversation(format)
    conversation.user("Find the bug.")
    for turn in 0..<4 {
      conversation.calls([.bash("ls \(turn)", "a"), .bash("cat \(turn)", "b")], saying: turn == 1 ? "Well." : "")
    }
    conversation.say("Done.")
    conversation.user("Thanks.")
    conversation.send()
    let chains = try conversation.bodies.map { try ConversationChain.of($0) }
    for (turn, chain) in chains.enumerated() {
      #expect(chain.turns == turn)
      #expect(chain.requestEnds == Array(conversation.requests.prefix(turn + 1)))
      #expect(chain.requestEnds.dropLast().map { chain.digests[$0] } == chains.prefix(turn).map(\.end))
      #expect(chain.root == chains[0].end)
    }
    #expect(Set(chains.map(\.end)).count == chains.count)
  }

  @Test func breakpointsAndSpacesChangeNothing() throws {
    let plain =
      #"{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#
    let moved =
      #"{ "role" : "user", "content": [{"type":"text", "cache_control":{"type":"ephemeral","ttl":"1h"}, "text":"go"}]} , {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}"#
    let a = try chain(#"{"system":"x","messages":[\#(plain)]}"#)
    let b = try chain(#"{"system":"y","tools":[],"messages":[\#(moved)]}"#)
    #expect(a.digests == b.digests)
    // Instructions at the head of the list are what `system` is elsewhere.
    let c = try chain(#"{"model":"gpt-4o","messages":[{"role":"system","content":"it is noon"},\#(plain)]}"#)
    #expect(c.end == a.end)
  }

  @Test func anyOtherChangeIsAnotherConversation() throws {
    let items = [
      #"{"role":"user","content":"go"}"#, #"{"role":"user","content":"go "}"#, #"{"role":"assistant","content":"go"}"#,
      #"{"role":"user","content":[{"type":"text","text":"g"},{"type":"text","text":"o"}]}"#,
      #"{"role":"user","content":[{"type":"text","text":"go","citations":1}]}"#, #"{"role":"user","content":[]}"#,
      #"{"role":"user","content":1.0}"#, #"{"role":"user","content":1}"#,
    ]
    let ends = try items.map { try chain(#"{"system":"x","messages":[{"role":"user","content":"a"},\#($0)]}"#).end }
    #expect(Set(ends).count == items.count)
  }

  @Test func aConversationThatTheProviderKeepsIsNotKnown() throws {
    let body = #"{"model":"gpt-5","previous_response_id":"resp_1","input":[{"role":"user","content":"a"}]}"#
    func isKnown(_ body: String) throws -> Bool {
      let request = try #require(RequestBody(Array(body.utf8)))
      return ConversationChain(request) != nil
    }
    #expect(try !isKnown(body))
    #expect(try !isKnown(#"{"type":"response.create","response":\#(body)}"#))
    let fresh = #"{"model":"gpt-5","previous_response_id":null,"input":[{"role":"user","content":"a"}]}"#
    #expect(try isKnown(fresh))
  }
}
