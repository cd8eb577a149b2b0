import Synchronization
import TestSupport
import Testing

@testable import Headroom

/// Compaction of a conversation: at one moment, and from then on the same for ever.
@Suite struct EpochTests {
  typealias Format = GeneratedConversation.Format

  /// What a proxy keeps between requests.
  private struct Proxy {
    var ledger: any VerdictLedger = MemoryLedger()
    var journal: any SessionJournal = MemoryJournal()
    var store: any OriginalStore = MemoryStore()
    var activity = ChainActivity()
    var mode = ContextOptions.Mode.auto
    var level = Level.balanced
    var now: Int64 = 1_800_000_000
    var window: Int?

    func send(_ body: [UInt8], model: String = "claude-opus-4-5") -> CompressionResult {
      compress(
        body, model: model,
        options: Options(
          level: level, store: store, ledger: ledger, retrieval: .shell,
          context: ContextOptions(mode: mode, journal: journal, activity: activity, now: now, window: window)))
    }

    mutating func restart() { activity = ChainActivity(journal: journal) }
  }

  /// A text of so many lines that nothing shortens.
  private static func prose(_ seed: Int, _ lines: Int = 60) -> String {
    (0..<lines).map { ProseGenerator.line(seed * 1_000 + $0) }.joined(separator: "\n")
  }

  private static let cachedHead =
    #""model":"claude-opus-4-5","system":[{"type":"text","text":"You help.","cache_control":{"type":"ephemeral"}}],"#

  /// A long session in which nothing is used again.
  private static func session(_ format: Format, turns: Int = 30) -> GeneratedConversation {
    var conversation = GeneratedConversation(format, head: format == .anthropic ? cachedHead : nil)
    conversation.user("Find out why the letters are late.")
    for turn in 0..<turns {
      conversation.calls(
        [.bash("./step\(turn)", prose(turn, 80)), .bash("./look\(turn)", prose(turn + 500, 80))],
        saying: turn % 5 == 0 ? "Next." : "")
      if turn % 15 == 14 {
        conversation.say("So far so good.")
        conversation.user("Go on.")
      }
    }
    conversation.send()
    return conversation
  }

  private func model(_ format: Format) -> String {
    switch format {
    case .anthropic: "claude-opus-4-5"
    case .chat, .responses: "gpt-4o"
    case .gemini: "gemini-2.5-pro"
    }
  }

  /// Sends all requests of a conversation; each but those that begin an epoch must begin with the items of the one before, byte for byte.
  private func sendAll(
    _ conversation: GeneratedConversation, _ proxy: inout Proxy, between: (Int, inout Proxy) -> Void = { _, _ in }
  ) throws -> [CompressionResult] {
    var sent: [CompressionResult] = []
    for (turn, body) in conversation.bodies.enumerated() {
      between(turn, &proxy)
      let result = proxy.send(body, model: model(conversation.format))
      if let last = sent.last, result.context?.epoch == nil {
        let (earlier, later) = (try itemBytes(last.body), try itemBytes(result.body))
        #expect(earlier.elementsEqual(later.prefix(earlier.count)), "turn \(turn)")
      }
      sent.append(result)
    }
    return sent
  }

  @Test(arguments: Format.allCases)
  func anEpochHoldsForAllTurnsToCome(_ format: Format) throws {
    let conversation = Self.session(format)
    var proxy = Proxy()
    let sent = try sendAll(conversation, &proxy) { turn, proxy in
      // A restart, another mode and another level in the middle change nothing that was sent.
      if turn == 26 { proxy.restart() }
      if turn == 28 { (proxy.mode, proxy.level) = (.off, .lossless) }
    }
    let epochs = sent.enumerated().filter { $1.context?.epoch != nil }
    #expect(epochs.count == 1)
    let epoch = try #require(epochs.first?.element.context?.epoch)
    #expect(epoch.reason == .gain && epoch.results >= 20 && epoch.tokensRemoved >= 15_000)
    let last = try #require(sent.last)
    #expect(last.context?.stubs == epoch.results)
    #expect(last.blocks.count { $0.encoder == "stub" } == epoch.results)
    #expect(last.blocks.allSatisfy { $0.encoder != "stub" || $0.handle != nil })
    // Everything comes back from the store.
    let client = try #require(RequestBody(conversation.body()))
    let back = try #require(RequestBody(expand(last.body, store: proxy.store)))
    #expect(client.blocks.indices.map { client.payload(of: $0) } == back.blocks.indices.map { back.payload(of: $0) })
  }

  /// Only the content of results is replaced: calls and results stay pairs, and what people and the model said stays as it was.
  @Test(arguments: Format.allCases)
  func nothingButResultsIsTouched(_ format: Format) throws {
    let conversation = Self.session(format)
    var proxy = Proxy()
    let body = try #require(try sendAll(conversation, &proxy).last).body
    let (client, sent) = (try #require(RequestBody(conversation.body())), try #require(RequestBody(body)))
    #expect(client.blocks.map(\.callID) == sent.blocks.map(\.callID))
    #expect(client.blocks.map(\.path) == sent.blocks.map(\.path))
    #expect(client.blocks.map(\.isError) == sent.blocks.map(\.isError))
    let around = Dictionary(uniqueKeysWithValues: client.blocks.indices.map { ($0, Array("x".utf8)) })
    #expect(client.replacing(around) == sent.replacing(around))
  }

  @Test func theLastTurnsStay() throws {
    let conversation = Self.session(.anthropic)
    var proxy = Proxy()
    for (turn, result) in try sendAll(conversation, &proxy).enumerated() where result.context?.epoch != nil {
      let recent = result.blocks.suffix(16)
      #expect(recent.allSatisfy { $0.encoder != "stub" }, "turn \(turn)")
    }
  }

  @Test func aForkTakenBeforeDoesNotSeeIt() throws {
    let conversation = Self.session(.anthropic)
    var proxy = Proxy()
    let sent = try sendAll(conversation, &proxy)
    let epoch = try #require(sent.firstIndex { $0.context?.epoch != nil })
    // The user goes back to an earlier turn and says something else.
    for turn in [3, epoch - 1] {
      let items = try itemBytes(conversation.bodies[turn]).map { String(decoding: $0, as: UTF8.self) }
      let body =
        "{\(conversation.head)\"messages\": [\(items.dropLast().joined(separator: ", ")), {\"role\":\"user\",\"content\":\"No.\"}], \"end\":1.0}"
      let fork = proxy.send(Array(body.utf8))
      #expect(fork.context?.stubs == 0 && fork.context?.epoch == nil)
      let (direct, forked) = (try itemBytes(sent[turn].body), try itemBytes(fork.body))
      #expect(direct.dropLast().elementsEqual(forked.dropLast()))
    }
    // And one that is taken later has it.
    let late = conversation.bodies[epoch + 3]
    #expect(proxy.send(late).context?.stubs ?? 0 > 0)
  }

  @Test func aSecondEpochKeepsTheFirst() throws {
    let conversation = Self.session(.anthropic, turns: 50)
    var proxy = Proxy()
    let sent = try sendAll(conversation, &proxy)
    let epochs = sent.compactMap { $0.context?.epoch }
    #expect(epochs.count >= 2)
    let stubs = sent.map { Set($0.blocks.indices(where: { $0.encoder == "stub" })) }
    #expect(zip(stubs, stubs.dropFirst()).allSatisfy { $0.isSubset(of: $1) })
    #expect(sent.last?.context?.stubs == epochs.reduce(0) { $0 + $1.results })
  }

  @Test func clientsThatMoveBreakpointsSeeTheSame() throws {
    let conversation = Self.session(.anthropic)
    var proxy = Proxy()
    let sent = try sendAll(conversation, &proxy)
    let epoch = try #require(sent.firstIndex { $0.context?.epoch != nil })
    // A client that marks the first user message, in parts, and the last result.
    var moved = conversation
    moved.replaceItem(0) { item in
      item =
        #"{"role":"user","content":[{"type":"text","text":"Find out why the letters are late.","cache_control":{"type":"ephemeral"}}]}"#
    }
    let again = proxy.send(moved.bodies[epoch + 2])
    #expect(again.context?.stubs == sent[epoch + 2].context?.stubs)
    #expect(try itemBytes(again.body).dropFirst().elementsEqual(try itemBytes(sent[epoch + 2].body).dropFirst()))
  }

  @Test func aColdCacheIsAMomentAndAnUnknownOneIsNot() throws {
    let conversation = Self.session(.chat, turns: 16)
    var proxy = Proxy()
    proxy.mode = .cold
    let bodies = conversation.bodies
    func turns(_ range: Range<Int>) throws -> [CompressionResult] {
      bodies[range].map { proxy.send($0, model: "gpt-4o") }
    }
    #expect(try turns(0..<12).allSatisfy { $0.context?.epoch == nil })
    // An hour is not enough for certain.
    proxy.now += 3_600
    #expect(proxy.send(bodies[12], model: "gpt-4o").context?.epoch == nil)
    // A proxy that does not know the conversation must take it for warm.
    var other = proxy
    other.now += 8 * 3_600
    other.activity = ChainActivity()
    #expect(other.send(bodies[13], model: "gpt-4o").context?.epoch == nil)
    proxy.now += 8 * 3_600
    let cold = proxy.send(bodies[13], model: "gpt-4o")
    #expect(cold.context?.epoch?.reason == .cold)
    #expect(cold.context?.epoch?.tokensRewritten == 0)
    let next = proxy.send(bodies[14], model: "gpt-4o")
    #expect(next.context?.epoch == nil && next.context?.stubs == cold.context?.stubs)
  }

  /// Where nothing is cached every turn is billed in full: then it is not always the moment, but it pays sooner.
  @Test func withoutBreakpointsItPaysSooner() throws {
    let cached = Self.session(.anthropic)
    var uncached = cached
    uncached.head = #""model":"claude-opus-4-5","system":"You help.","#
    func epochs(_ conversation: GeneratedConversation, _ mode: ContextOptions.Mode) throws -> [Int] {
      var proxy = Proxy()
      proxy.mode = mode
      return try sendAll(conversation, &proxy).indices(where: { $0.context?.epoch != nil })
    }
    let (early, late) = (try epochs(uncached, .auto), try epochs(cached, .auto))
    try #require(early.count == 1 && late.count == 1)
    #expect(early[0] <= late[0])
    #expect(try epochs(uncached, .cold).isEmpty)
  }

  @Test func requestsAtTheSameTimeAgree() throws {
    let conversation = Self.session(.anthropic)
    var proxy = Proxy()
    proxy.mode = .off
    _ = try sendAll(conversation, &proxy)
    proxy.mode = .auto
    let last = conversation.body()
    let first = proxy.send(last)
    #expect(first.context?.epoch != nil)
    // Another process with other settings that comes second must send the same.
    var other = proxy
    other.window = 10_000
    other.activity = ChainActivity()
    #expect(other.send(last).body == first.body)
  }

  @Test func whatCannotBeKeptIsNotDone() throws {
    struct Broken: SessionJournal {
      var reads: Bool
      func entries(_ keys: [JournalKey]) throws -> [[UInt8]?] {
        if reads { return keys.map { _ in nil } }
        throw StoreError(.failed, "no disk")
      }
      func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8] { throw StoreError(.failed, "no disk") }
    }
    struct Full: OriginalStore {
      func put(_ original: [UInt8]) throws -> Handle { throw StoreError(.failed, "no room") }
      func original(_ handle: Handle) throws -> [UInt8] { throw StoreError(.unknownHandle, "none") }
    }
    let conversation = Self.session(.anthropic)
    var plain = Proxy()
    plain.mode = .off
    let expected = try #require(try sendAll(conversation, &plain).last).body
    for change in 0..<4 {
      var proxy = plain
      proxy.mode = .auto
      switch change {
      case 0: proxy.journal = Broken(reads: true)
      case 1: proxy.journal = Broken(reads: false)
      case 2: proxy.store = Full()
      default: proxy.level = .lossless
      }
      let result = proxy.send(conversation.body())
      #expect(result.context?.epoch == nil)
      #expect(result.body == expected)
    }
    plain.mode = .auto
    #expect(plain.send(conversation.body()).context?.epoch != nil)
  }

  /// A result whose lines later ones refer to goes only with them, or they are written out.
  @Test func nothingRefersToAStub() throws {
    // Long enough for the provider to keep it from the first request on, so that results are shortened from then on.
    let head = Self.cachedHead.replacing("You help.", with: String(repeating: "You help. ", count: 3_000))
    var conversation = GeneratedConversation(.anthropic, head: head)
    conversation.user("Read.")
    let shared = Self.prose(1, 25)
    conversation.call(.bash("./first", "head\n" + Self.prose(7, 50) + "\n" + shared))
    // Refers to a third of the first result, and is still in use.
    conversation.call(.bash("./second", shared + "\nthe end of zebraCrossing"))
    for turn in 0..<30 {
      conversation.calls(
        [.bash("./other\(turn)", Self.prose(turn + 60, 80)), .bash("./more\(turn)", Self.prose(turn + 160, 80))],
        saying: "See zebraCrossing.")
    }
    conversation.send()
    var proxy = Proxy()
    let sent = try sendAll(conversation, &proxy)
    let referring = try #require(sent.firstIndex { $0.blocks.contains { $0.encoder == "repeats" } })
    let epoch = try #require(sent.firstIndex { $0.context?.epoch != nil })
    #expect(epoch > referring)
    #expect(sent[epoch].blocks[0].encoder == "stub")
    #expect(sent[epoch].blocks[1].encoder == nil)
    #expect(!String(decoding: sent[epoch].body, as: UTF8.self).contains("as in tool result 1,"))
  }

  @Test func plansSurviveTheJournal() throws {
    let stub = Verdict(
      form: Array("[a b; 3 of 3 lines stored #abcdef]".utf8), kind: "stack trace", encoder: "stub", fidelity: .lossy,
      tokensBefore: 400, tokensAfter: 12, handle: Handle("#abcdef"))
    let plan = EpochPlan(
      reason: .pressure, turns: 31,
      replacements: [
        .init(block: 4, digest: SHA256.digest([1]), stub: stub),
        .init(block: 9, digest: SHA256.digest([2]), stub: stub),
      ])
    #expect(EpochPlan(plan.entry) == plan)
    for end in 0..<plan.entry.count { #expect(EpochPlan(Array(plan.entry[..<end])) == nil) }
    #expect(EpochPlan(Array("epoch 2 gain 3\n".utf8)) == nil)
  }
}

extension Array {
  fileprivate func indices(where isIncluded: (Element) -> Bool) -> [Int] { indices.filter { isIncluded(self[$0]) } }
}
