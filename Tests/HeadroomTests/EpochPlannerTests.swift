import TestSupport
import Testing

@testable import Headroom

/// Which results go: those that later calls made obsolete, then those that are old and not used any more. What a conversation still works
/// with stays.
@Suite struct EpochPlannerTests {
  private func prose(_ seed: Int, _ lines: Int = 40) -> String {
    (0..<lines).map { ProseGenerator.line(seed * 1_000 + $0) }.joined(separator: "\n")
  }

  /// What goes from a conversation, as the texts of the stubs by the number of the result.
  private func plan(_ conversation: GeneratedConversation, saving: Int? = nil) throws -> [Int: String] {
    let request = try #require(RequestBody(conversation.body()))
    let chain = try #require(ConversationChain(request))
    let tokenizer = Tokenizer(model: "gpt-4o")
    let starts = chain.requestEnds.dropLast().map { request.items[$0].range.lowerBound }
    let results = try request.blocks.indices.map { block in
      let payload = try #require(request.payload(of: block))
      let tokens = tokenizer.count(payload)
      return PastResult(
        block: block, turn: starts.count { $0 < request.blocks[block].range.lowerBound }, payload: payload,
        hint: request.hint(of: block), isError: request.blocks[block].isError,
        sent: Verdict(
          form: nil, kind: "text", encoder: nil, fidelity: .identical, tokensBefore: tokens, tokensAfter: tokens))
    }
    return tokenizer.withCounter { counter in
      let planner = EpochPlanner(
        past: ConversationPast(results, in: request, chain), counter: counter, retrieval: .none)
      return Dictionary(
        uniqueKeysWithValues: planner.plan(saving: saving).map {
          ($0.block, String(decoding: $0.stub.form ?? [], as: UTF8.self))
        })
    }
  }

  private func start() -> GeneratedConversation {
    var conversation = GeneratedConversation(.anthropic)
    conversation.user("Find the bug.")
    return conversation
  }

  private func pass(_ turns: Int, _ conversation: inout GeneratedConversation) {
    for turn in 0..<turns { conversation.call(.bash("./pass\(turn)", "ok"), saying: "Hm.") }
  }

  @Test func aFileThatWasEditedSince() throws {
    var conversation = start()
    conversation.call(.read("/src/a.py", prose(1)))
    conversation.call(.read("/src/b.py", prose(2)))
    conversation.call(.edit("/src/a.py"))
    pass(8, &conversation)
    let gone = try plan(conversation)
    #expect(Array(gone.keys) == [0])
    #expect(gone[0]?.hasPrefix("[Read /src/a.py; edited since; 40 of 40 lines stored #") == true)
    // An edit that failed is none.
    var failed = start()
    failed.call(.read("/src/a.py", prose(1)))
    failed.call(.init(tool: "Edit", input: #"{"file_path":"/src/a.py"}"#, result: "no such text", isError: true))
    pass(8, &failed)
    #expect(try plan(failed).isEmpty)
  }

  @Test func whatWasLookedUpAgain() throws {
    var conversation = start()
    conversation.call(.bash("git status", prose(1)))
    conversation.call(.bash("sed -n '1,40p' src/a.py", prose(2)))
    conversation.call(.bash("./run", prose(3)))
    conversation.call(.bash("git status", prose(4)))
    conversation.call(.bash("cat /x/src/a.py", prose(5)))
    conversation.call(.bash("./run", prose(6)))
    // Neither the last looks nor anything else is old yet.
    pass(4, &conversation)
    let gone = try plan(conversation)
    #expect(gone.keys.sorted() == [0, 1])
    #expect(gone[0]?.hasPrefix("[git status; again below; ") == true)
    // A program may say something else the next time.
    var runs = start()
    runs.call(.bash("./run", prose(3)))
    runs.call(.bash("./run", prose(6)))
    pass(7, &runs)
    #expect(try plan(runs).isEmpty)
  }

  /// Parts of one result are no repeats of one another.
  @Test func severalPartsOfOneResult() throws {
    var conversation = start()
    conversation.calls([.bash("ls", prose(1)), .bash("ls", prose(2))])
    pass(9, &conversation)
    #expect(try plan(conversation).isEmpty)
  }

  @Test func whatIsOldAndNotUsed() throws {
    var conversation = start()
    conversation.call(.bash("./show", prose(1) + "\nfound walrusEngine in it"))
    conversation.call(.bash("./show2", prose(2) + "\nfound lemurEngine in it"))
    pass(4, &conversation)
    conversation.call(.bash("grep lemurEngine src", "none"))
    pass(6, &conversation)
    #expect(try plan(conversation).keys.sorted() == [0])
    // Twenty turns later it is not used any more either.
    pass(14, &conversation)
    #expect(try plan(conversation).keys.sorted() == [0, 1])
    // What the user speaks of is used, too.
    var asked = start()
    asked.call(.bash("./show", prose(1) + "\nfound walrusEngine in it"))
    pass(10, &asked)
    #expect(try plan(asked).count == 1)
    asked.say("Done.")
    asked.user("And the walrusEngine?")
    #expect(try plan(asked).isEmpty)
  }

  @Test func aNameThatIsEverywhereSaysNothing() throws {
    var conversation = start()
    for turn in 0..<5 { conversation.call(.bash("./show\(turn)", prose(turn) + "\nthe commonName")) }
    pass(6, &conversation)
    conversation.call(.bash("grep commonName src", "none"))
    pass(6, &conversation)
    #expect(try plan(conversation).count == 5)
  }

  @Test func whatIsNeverTouched() throws {
    var conversation = start()
    conversation.call(.init(tool: "TodoWrite", input: #"{"todos":[]}"#, result: prose(1)))
    conversation.call(.read("/src/CLAUDE.md", prose(2)))
    conversation.call(.init(tool: "Task", input: #"{"prompt":"look"}"#, result: prose(3)))
    conversation.call(.bash("headroom retrieve k3m9qz", prose(4)))
    conversation.call(.bash("make", prose(5) + "\nerror: broken", isError: true))
    conversation.call(.bash("cargo test", prose(6) + "\nerror: test failed, to rerun pass"))
    conversation.call(.bash("./short", "a few words"))
    pass(30, &conversation)
    #expect(try plan(conversation).isEmpty)
    // An error that was resolved may go.
    conversation.call(.bash("make", "ok"))
    conversation.call(.bash("cargo test", "ok"))
    #expect(try plan(conversation).keys.sorted() == [4, 5])
  }

  @Test func aTargetIsReachedInOrder() throws {
    var conversation = start()
    conversation.call(.bash("./big", prose(1, 200)))
    conversation.call(.bash("git status", prose(2)))
    conversation.call(.read("/src/a.py", prose(3)))
    conversation.call(.edit("/src/a.py"))
    conversation.call(.bash("git status", prose(4)))
    pass(12, &conversation)
    #expect(try plan(conversation, saving: 1).keys.sorted() == [2])
    #expect(try plan(conversation, saving: 600).keys.sorted() == [1, 2])
    #expect(try plan(conversation, saving: 1_200).keys.sorted() == [0, 1, 2])
    #expect(try plan(conversation, saving: 0).isEmpty)
  }

  @Test func aStubSaysHowItWent() throws {
    var conversation = start()
    conversation.call(.bash("swift test", prose(1) + "\nTest run with 12 tests passed after 1 second."))
    pass(12, &conversation)
    #expect(
      try plan(conversation)[0]?.hasPrefix("[swift test; Test run with 12 tests passed after 1 second.; 41 of 41 lines")
        == true)
  }
}
