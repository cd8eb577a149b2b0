import TestSupport
import Testing

@testable import Headroom

/// Volatile values in the instructions are told at the end of the conversation, and nothing that was sent ever changes because of it.
@Suite struct PromptAlignerTests {
  typealias Format = GeneratedConversation.Format

  private struct Proxy {
    var ledger: any VerdictLedger = MemoryLedger()
    var journal: any SessionJournal = MemoryJournal()
    var activity = ChainActivity()
    var drift = DriftMonitor()
    var aligns = true
    var now: Int64 = 1_800_000_000

    func send(_ body: [UInt8], model: String = "claude-opus-4-5") -> CompressionResult {
      compress(
        body, model: model,
        options: Options(
          level: .lossless, ledger: ledger,
          context: ContextOptions(journal: journal, activity: activity, drift: drift, aligns: aligns, now: now)))
    }

    mutating func restart() {
      activity = ChainActivity(journal: journal)
      drift = DriftMonitor()
    }
  }

  private static func system(_ time: Int) -> String {
    "You help.\\nToday's date: 2025-11-28. It is 10:\(10 + time):00 now.\\nBe \\\"exact\\\"."
  }

  private static func head(_ format: Format, _ time: Int) -> String {
    switch format {
    case .anthropic:
      #""model":"claude-opus-4-5","system":[{"type":"text","text":"\#(system(time))","cache_control":{"type":"ephemeral"}}],"#
    case .responses: #""model":"gpt-5","instructions":"\#(system(time))","#
    case .gemini: #""systemInstruction":{"parts":[{"text":"\#(system(time))"}]},"#
    case .chat: #""model":"gpt-4o","#
    }
  }

  /// Six requests with one turn of tools each, and words of the user before every second one. The time changes with each.
  private static func bodies(_ format: Format, topic: String, from time: Int = 0, turns: Int = 6) -> [[UInt8]] {
    var conversation = GeneratedConversation(format)
    conversation.user("About \(topic).")
    for turn in 0..<turns {
      conversation.call(.bash("./\(topic)\(turn)", "done \(turn)"))
      if turn % 2 == 1 {
        conversation.say("Well.")
        conversation.user("Go on, \(turn).")
      }
    }
    conversation.send()
    return conversation.requests.enumerated().map { index, count in
      var request = conversation
      request.head = head(format, time + index)
      if format == .chat {
        request.replaceItem(0) { $0 = #"{"role":"system","content":"\#(system(time + index))"}"# }
      }
      return request.body(count)
    }
  }

  private func model(_ format: Format) -> String {
    format == .anthropic ? "claude-opus-4-5" : format == .gemini ? "gemini-2.5-pro" : "gpt-5"
  }

  /// What stands before the conversation, and its items.
  private func parts(_ body: [UInt8]) throws -> (head: [[UInt8]], items: [[UInt8]]) {
    let request = try #require(RequestBody(body))
    return (
      PromptHead(request).parts.map(\.bytes), request.items.filter { !$0.isInstruction }.map { Array(body[$0.range]) }
    )
  }

  @Test(arguments: Format.allCases)
  func theBeginningStaysAsItIs(_ format: Format) throws {
    var proxy = Proxy()
    // The first conversation proves what is volatile, and stays as it is.
    for body in Self.bodies(format, topic: "first") {
      let result = proxy.send(body, model: model(format))
      #expect(result.body == body && result.context?.isAligned == false)
    }
    let second = Self.bodies(format, topic: "second", from: 20)
    var last: (head: [[UInt8]], items: [[UInt8]])?
    for (turn, body) in second.enumerated() {
      // Neither a restart nor another setting changes what was begun.
      if turn == 3 { proxy.restart() }
      if turn == 5 { proxy.aligns = false }
      let result = proxy.send(body, model: model(format))
      #expect(result.context?.isAligned == true)
      #expect(result.context?.drift != nil || turn == 0 || turn == 3)
      let sent = try parts(result.body)
      #expect(throws: Never.self) { try JSONDocument(result.body) }
      let text = String(decoding: result.body, as: UTF8.self)
      #expect(text.contains("It is (the time given last in the conversation) now."))
      // The date has not changed, so it stays.
      #expect(text.contains("Today's date: 2025-11-28."))
      if let last {
        #expect(sent.head == last.head, "turn \(turn)")
        #expect(sent.items.prefix(last.items.count).elementsEqual(last.items), "turn \(turn)")
      }
      last = sent
    }
    // Told once for each words of the user, with the value of that moment.
    let text = String(decoding: try #require(last).items.joined(), as: UTF8.self)
    let told = text.matches(of: /It is 10:(\d\d):00 now/).map { String($0.output.1) }
    #expect(told == ["30", "33", "36", "39"].prefix(told.count).map { $0 } && told.count >= 3)
    // Without the notes and the wording it is the client's.
    let client = try parts(try #require(second.last))
    #expect(try #require(last).items.count == client.items.count)
  }

  @Test func itBeginsOnlyWhereNothingIsWarm() throws {
    let proxy = Proxy()
    for body in Self.bodies(.anthropic, topic: "first") { _ = proxy.send(body) }
    // A conversation in the middle, known or not, goes on as it is.
    let known = Self.bodies(.anthropic, topic: "known", from: 20)
    var off = proxy
    off.aligns = false
    for body in known.prefix(3) { #expect(off.send(body).body == body) }
    #expect(proxy.send(known[3]).body == known[3])
    let unknown = Self.bodies(.anthropic, topic: "unknown", from: 40)
    #expect(proxy.send(unknown[3]).body == unknown[3])
    // The same first request once more, which stands in the cache as it was sent.
    let again = Self.bodies(.anthropic, topic: "again", from: 30)
    #expect(off.send(again[0]).body == again[0])
    #expect(proxy.send(again[0]).body == again[0])
    // After hours nothing is left of it, and the user speaks.
    var later = proxy
    later.now += 8 * 3_600
    let spoken = try #require(
      known.indices.dropFirst(4).first {
        RequestBody(known[$0])!.items.last.map { !$0.isFromModel } == true
          && String(decoding: known[$0], as: UTF8.self).contains("Go on, 3")
      })
    for body in known[4..<spoken] { _ = off.send(body) }
    let cold = later.send(known[spoken])
    #expect(cold.context?.isAligned == true && cold.body != known[spoken])
    let next = later.send(known[spoken + 1])
    #expect(try parts(next.body).items.prefix(parts(cold.body).items.count).elementsEqual(parts(cold.body).items))
    #expect(try parts(next.body).head == parts(cold.body).head)
  }

  @Test func itIsNotAskedForOrNotProven() throws {
    var proxy = Proxy()
    proxy.aligns = false
    for topic in ["a", "b"] {
      for body in Self.bodies(.anthropic, topic: topic) { #expect(proxy.send(body).body == body) }
    }
    // One change is no proof.
    let fresh = Proxy()
    for body in Self.bodies(.anthropic, topic: "c").prefix(2) { _ = fresh.send(body) }
    let next = Self.bodies(.anthropic, topic: "d")[0]
    #expect(fresh.send(next).body == next)
  }

  @Test func instructionsThatChangeOtherwiseGoOutAsTheyAre() throws {
    let proxy = Proxy()
    for body in Self.bodies(.anthropic, topic: "first") { _ = proxy.send(body) }
    let bodies = Self.bodies(.anthropic, topic: "second", from: 20)
    #expect(proxy.send(bodies[0]).context?.isAligned == true)
    let other = Array(String(decoding: bodies[1], as: UTF8.self).replacing("You help.", with: "You help a lot.").utf8)
    #expect(proxy.send(other).body == other)
    // And back.
    #expect(proxy.send(bodies[2]).context?.isAligned == true)
  }

  /// A client that marks its last message writes it as a list of one part, and later as a text again.
  @Test func breakpointsThatMoveChangeNothing() throws {
    let proxy = Proxy()
    for body in Self.bodies(.anthropic, topic: "first") { _ = proxy.send(body) }
    let bodies = Self.bodies(.anthropic, topic: "second", from: 20).map { String(decoding: $0, as: UTF8.self) }
    let marked = bodies[0].replacing(
      #""content":"About second.""#,
      with: #""content":[{"type":"text","text":"About second.","cache_control":{"type":"ephemeral"}}]"#)
    let first = try #require(RequestBody(proxy.send(Array(marked.utf8)).body))
    let second = try #require(RequestBody(proxy.send(Array(bodies[1].utf8)).body))
    func texts(_ request: RequestBody) -> [[UInt8]] {
      var found: [[UInt8]] = []
      request.document.forEachText(in: request.items[0].node) { _, text in found.append(text()) }
      return found.filter { $0 != Array("text".utf8) && $0 != Array("user".utf8) }
    }
    #expect(texts(first) == texts(second) && texts(first).count == 2)
    #expect(first.document.member("content", of: first.items[0].node).map { first.document.nodes[$0].kind } == .array)
    #expect(
      second.document.member("content", of: second.items[0].node).map { second.document.nodes[$0].kind } == .array)
  }

  @Test func whatCannotBeWrittenDownIsNotDone() throws {
    struct Failing: SessionJournal {
      let journal = MemoryJournal()
      func entries(_ keys: [JournalKey]) throws -> [[UInt8]?] { journal.entries(keys) }
      func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8] {
        if entry.starts(with: "align".utf8) || entry.starts(with: "[Now".utf8) { throw StoreError(.failed, "no disk") }
        return journal.record(entry, for: key)
      }
    }
    var proxy = Proxy()
    proxy.journal = Failing()
    for topic in ["a", "b"] {
      for body in Self.bodies(.anthropic, topic: topic) { #expect(proxy.send(body).body == body) }
    }
  }

  @Test func whatIsVolatileIsFoundByItsLook() {
    func kinds(_ text: String) -> [VolatileKind] { VolatileText.pieces(in: Array(text.utf8)[...]).map(\.kind) }
    #expect(
      kinds(#"Today is Friday, November 28, 2025.\nIt is 10:22:31 (2025-11-28T10:22:31.5Z)."#) == [.date, .time, .time])
    #expect(kinds("session 0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d, build 7f3a9b2c4d1e") == [.uuid, .token])
    #expect(kinds("on the 28th of May") == [])
    #expect(kinds("28 Nov 2025 and Nov 28, 2025") == [.date, .date])
    #expect(kinds("You may use 3 tools in src/a.py, version 1.2.3, at most 20 times; see RFC 7231.") == [])
    #expect(kinds("May I help? March on. On Monday.") == [])
  }
}
