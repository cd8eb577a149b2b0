import TestSupport
import Testing

@testable import Headroom

/// A conversation sent turn by turn: what was sent once is sent the same for ever.
@Suite struct LedgerTests {
  /// A conversation as a list of messages, each raw JSON.
  private struct Conversation {
    var messages: [String] = [#"{"role":"user","content":"Find out why checkouts fail."}"#]

    func body(_ count: Int? = nil) -> [UInt8] {
      let list = messages.prefix(count ?? messages.count).joined(separator: ",")
      return Array(#"{"model":"gpt-4o","system":"now \#(count ?? 0)","messages":[\#(list)]}"#.utf8)
    }

    mutating func add(_ result: String, id: String, command: String = "run") {
      let text = String(decoding: JSONString.quoted(Array(result.utf8)), as: UTF8.self)
      messages.append(
        #"{"role":"assistant","content":[{"type":"tool_use","id":"\#(id)","name":"bash","input":{"command":"\#(command)"}}]}"#
      )
      messages.append(
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":\#(text)}]}"#)
    }
  }

  private func rows(_ count: Int, seed: Int = 1) -> String {
    "["
      + (0..<count).map {
        #"{"id":\#($0 * seed),"name":"row \#($0 * 31 % 577)","state":"open","size":\#($0 * 977 % 1013)}"#
      }
      .joined(separator: ",") + "]"
  }

  /// The requests of a conversation, one for each turn of the assistant.
  private func turns(_ conversation: Conversation) -> [[UInt8]] {
    stride(from: 3, through: conversation.messages.count, by: 2).map { conversation.body($0) }
  }

  private func messages(_ body: [UInt8]) throws -> [ArraySlice<UInt8>] {
    let document = try JSONDocument(body)
    return document.elements(of: document.member("messages", of: 0)).map { body[document.nodes[$0].range] }
  }

  /// Checks that each request begins with the messages of the one before it, byte for byte.
  private func checkPrefix(_ sent: [[UInt8]]) throws {
    for (earlier, later) in zip(sent, sent.dropFirst()) {
      let (a, b) = (try messages(earlier), try messages(later))
      #expect(a.elementsEqual(b.prefix(a.count)) { $0.elementsEqual($1) })
    }
  }

  private func long() -> Conversation {
    var conversation = Conversation()
    for turn in 0..<8 {
      let text =
        turn % 3 == 2
        ? rows(60) + "\n" + (turn..<turn + 30).map { ProseGenerator.line($0) + "\n" }.joined()
        : rows(120, seed: turn + 1)
      conversation.add(text, id: "call_\(turn)")
    }
    return conversation
  }

  @Test(arguments: [Level.lossless, .balanced, .aggressive])
  func earlierMessagesStayAsTheyWereSent(_ level: Level) throws {
    let options = Options(level: level, store: MemoryStore(), ledger: MemoryLedger())
    let sent = turns(long()).map { compress($0, options: options).body }
    #expect(sent.last!.count < long().body().count)
    try checkPrefix(sent)
  }

  /// Another level, model or version of the encoders in the middle changes nothing that was sent before.
  @Test func aChangeOfOptionsHoldsForNewResultsOnly() throws {
    let ledger = MemoryLedger()
    let levels: [Level] = [.lossless, .aggressive, .balanced, .lossless]
    let sent = turns(long()).enumerated().map { turn, body in
      compress(
        body, model: turn % 2 == 0 ? "gpt-4o" : "gpt-4",
        options: Options(level: levels[turn % 4], query: "row \(turn)", store: MemoryStore(), ledger: ledger)
      ).body
    }
    try checkPrefix(sent)
  }

  @Test func aConversationMetInTheMiddleStaysAsItIs() throws {
    let options = Options(level: .lossless, ledger: MemoryLedger())
    let conversation = long()
    // Everything but the last result was sent before, by somebody else.
    let met = compress(conversation.body(11), options: options)
    #expect(met.blocks.dropLast().allSatisfy { $0.encoder == nil })
    #expect(met.blocks.last?.encoder != nil)
    let later = compress(conversation.body(), options: options)
    try checkPrefix([met.body, later.body])
    #expect(later.blocks.prefix(4).allSatisfy { $0.encoder == nil })
  }

  @Test func renewedIDsFindWhatWasSent() throws {
    let options = Options(level: .lossless, ledger: MemoryLedger())
    var first = Conversation()
    first.add(rows(100), id: "a")
    let sent = compress(first.body(), options: options)
    var renewed = Conversation()
    renewed.add(rows(100), id: "b")
    renewed.add("ok", id: "c")
    let again = compress(renewed.body(), options: options)
    #expect(again.blocks[0].tokensAfter == sent.blocks[0].tokensAfter)
  }

  @Test func aReferenceHoldsOnlyWhileItsTargetIsThere() throws {
    let lines = (0..<160).map { ProseGenerator.line($0) + "\n" }.joined()
    let options = Options(level: .lossless, ledger: MemoryLedger())
    var conversation = Conversation()
    conversation.add("intro\n" + lines, id: "a", command: "cat a.txt")
    _ = compress(conversation.body(), options: options)
    conversation.add("head\n" + lines + "tail\n", id: "b", command: "cat b.txt")
    let referring = compress(conversation.body(), options: options)
    #expect(String(decoding: referring.body, as: UTF8.self).contains("as in tool result 1"))
    #expect(compress(conversation.body(), options: options).body == referring.body)
    // The client has shortened its history: the first result is gone.
    var shorter = conversation
    shorter.messages.removeSubrange(1...2)
    #expect(compress(shorter.body(), options: options).body == shorter.body())
    // Or another one stands in its place.
    var other = conversation
    other.messages[2].replace("intro", with: "other")
    let written = compress(other.body(), options: options)
    #expect(!String(decoding: written.body, as: UTF8.self).contains("as in tool result"))
  }

  /// What cannot be written down is not done, as it could not be done again.
  @Test func withoutAWorkingLedgerNothingIsShortened() {
    struct Broken: VerdictLedger {
      var reads: Bool
      func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
        if reads { return identities.map { _ in nil } }
        throw StoreError(.failed, "no disk")
      }
      func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
        throw StoreError(.failed, "no disk")
      }
    }
    var conversation = Conversation()
    conversation.add(rows(100), id: "a")
    for reads in [true, false] {
      let result = compress(conversation.body(), options: Options(level: .lossless, ledger: Broken(reads: reads)))
      #expect(result.body == conversation.body())
      #expect(result.tokensAfter == result.tokensBefore)
    }
  }

  @Test func parallelSessionsAgree() async throws {
    let ledger = MemoryLedger()
    let body = long().body(3)
    let sent = await withTaskGroup(of: [UInt8].self) { group in
      for n in 0..<12 {
        group.addTask {
          compress(
            body, options: Options(level: n % 2 == 0 ? .lossless : .aggressive, store: MemoryStore(), ledger: ledger)
          ).body
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sent.allSatisfy { $0 == sent[0] })
  }
}
