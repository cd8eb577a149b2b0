import Headroom
import HeadroomStore
import TestSupport
import Testing

@testable import HeadroomAgents

/// What happens to conversations between their turns, on recorded ones.
@Suite(.enabled(if: RecordedData.isPresent, "recorded data absent")) struct ReplayScenarioTests {
  private func task() throws -> RecordedTask { try ResearchLogs.chat("agents/mini-swe-agent/sympy__sympy-24443.json") }

  private func options(_ ledger: any VerdictLedger, _ level: Level = .balanced) -> Options {
    Options(level: level, store: MemoryStore(), ledger: ledger)
  }

  private func shortened(_ body: [UInt8], _ ledger: any VerdictLedger) -> [UInt8] {
    compress(body, options: options(ledger)).body
  }

  private func items(_ body: [UInt8]) throws -> [ArraySlice<UInt8>] {
    try JSONDocument(body).root["messages"]?.elements.map(\.lexeme) ?? []
  }

  /// The process ends after every turn, and its successor is of another mind.
  @Test func aRestartBetweenAllTurnsChangesNothing() throws {
    let folder = try TemporaryFolder()
    let conversation = try task().conversation(.anthropic).prefix(30)
    var sent: [[UInt8]] = []
    let levels: [Level] = [.balanced, .lossless, .aggressive]
    let simulated = try simulate(conversation) { body, _ in
      let storage = try Stores.open("sqlite:" + folder.store)
      let options = Options(level: levels[sent.count % 3], store: storage.originals, ledger: storage.verdicts)
      sent.append(compress(body, options: options).body)
      return sent.last ?? body
    }
    let simulation = try #require(simulated)
    #expect(simulation.divergences == [])
    #expect(simulation.shortened.cost < simulation.direct.cost)
  }

  /// Breakpoints move with every turn, and all else of a message stays.
  @Test func breakpointsGoOutWhereTheClientSetThem() throws {
    let ledger = MemoryLedger()
    _ = try simulate(try task().conversation(.anthropic).prefix(30)) { body, _ in
      let sent = compress(body, options: options(ledger)).body
      let (client, ours) = (try JSONDocument(body).root.breakpoints, try JSONDocument(sent).root.breakpoints)
      #expect(client == ours)
      // System, tools, and the last two messages of the user, of which the first request has one.
      #expect(ours.count >= 3)
      return sent
    }
  }

  /// Helpers start from the same beginning, at the same time, and go their own ways.
  @Test func twelveHelpersWithOneBeginningDoNotDisturbEachOther() async throws {
    let ledger = MemoryLedger()
    let task = try task()
    let ways = (0..<12).map { helper -> Conversation in
      var way = task
      // From here on each leaves out something else.
      way.messages.removeSubrange(20 + helper * 2..<22 + helper * 2)
      return way.conversation(.anthropic).prefix(20)
    }
    let bodies = try await withThrowingTaskGroup(of: (Int, [[UInt8]], Simulation?).self) { group in
      for (helper, way) in ways.enumerated() {
        group.addTask {
          var sent: [[UInt8]] = []
          let simulation = simulate(way) { body, _ in
            sent.append(self.shortened(body, ledger))
            return sent.last ?? body
          }
          return (helper, sent, simulation)
        }
      }
      return try await group.reduce(into: [[[UInt8]]](repeating: [], count: 12)) { all, helper in
        #expect(helper.2?.divergences == [])
        all[helper.0] = helper.1
      }
    }
    // Each goes out as it would have gone out alone.
    for helper in [0, 7] {
      let alone = MemoryLedger()
      for (turn, sent) in bodies[helper].enumerated() {
        #expect(shortened(CacheControlled.body(ways[helper], turn), alone) == sent)
      }
    }
  }

  /// A client that rewrites its history gets its own bytes sent, and the old ones never again.
  @Test func aRewrittenHistoryGoesOutAsItWasRewritten() throws {
    let before = try task()
    var after = before
    let place = try #require(after.messages.indices.filter { !after.messages[$0].isFromModel }.dropFirst(6).first)
    guard case .result(let id, _, _)? = after.messages[place].parts.first else { Issue.record("no result"); return }
    let text = Array("\"the result as the client has it now: 4711\"".utf8)
    after.messages[place].parts[0] = .result(id: id, payload: text[...], isError: false)
    let ledger = MemoryLedger()
    func sent(_ conversation: Conversation) throws -> [[UInt8]] {
      var sent: [[UInt8]] = []
      let simulation = simulate(conversation) { body, _ in
        sent.append(compress(body, options: options(ledger)).body)
        return sent.last ?? body
      }
      #expect(simulation?.divergences == [])
      return sent
    }
    let old = try #require(try sent(before.conversation(.chat).prefix(20)).last)
    let new = try #require(try sent(after.conversation(.chat).prefix(20)).last)
    let (first, second) = (try items(old), try items(new))
    // A system message stands before them.
    #expect(first[...place].elementsEqual(second[...place]) { $0.elementsEqual($1) })
    #expect(
      second[place + 1].elementsEqual(
        Array(#"{"role":"tool","tool_call_id":"#.utf8) + id + Array(#","content":"#.utf8) + text + Array("}".utf8)))
  }

  /// A session that is first seen in the middle is left as it was sent before.
  @Test func whoComesInLateLeavesWhatWasSent() throws {
    let ledger = MemoryLedger()
    let conversation = try task().conversation(.chat)
    var isFirst = true
    let simulated = try simulate(conversation.dropFirst(20)) { body, _ in
      let result = compress(body, options: options(ledger))
      if isFirst {
        isFirst = false
        let (client, sent) = (try items(body), try items(result.body))
        #expect(client.dropLast().elementsEqual(sent.dropLast()) { $0.elementsEqual($1) })
      }
      return result.body
    }
    let simulation = try #require(simulated)
    #expect(simulation.divergences == [])
    #expect(simulation.shortened.cost < simulation.direct.cost)
  }
}

/// The bodies that a simulation sends.
private enum CacheControlled {
  static func body(_ conversation: Conversation, _ turn: Int) -> [UInt8] {
    var body: [UInt8] = []
    _ = simulate(conversation.dropFirst(turn).prefix(1)) { sent, _ in
      body = sent
      return sent
    }
    return body
  }
}

extension JSONValue {
  /// The places of all `cache_control` members and their values.
  fileprivate var breakpoints: [String] {
    var found: [String] = []
    func visit(_ value: JSONValue, _ path: String) {
      for (key, member) in value.members {
        let name = String(decoding: key.lexeme, as: UTF8.self)
        if name == "\"cache_control\"" {
          found.append(path + String(decoding: member.lexeme, as: UTF8.self))
        } else {
          visit(member, path + "." + name)
        }
      }
      for (place, element) in value.elements.enumerated() { visit(element, path + "[\(place)]") }
    }
    visit(self, "")
    return found
  }
}
