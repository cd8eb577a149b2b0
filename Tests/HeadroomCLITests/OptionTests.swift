import Foundation
import Headroom
import Testing

@testable import HeadroomCLI

/// Every option does something that one can see.
@Suite struct OptionTests {
  private let program: Program

  init() throws { program = try Program() }

  private func compress(_ options: [String], _ body: [UInt8]) throws -> String {
    let outcome = try program.run(["compress", "--store", program.storeURL] + options, input: body)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.text
  }

  @Test func levelsCutMoreAndMore() throws {
    let body = DemoConversation().body
    let lengths = try ["lossless", "balanced", "aggressive"].map { try compress(["--level", $0], body).utf8.count }
    #expect(lengths[0] > lengths[1])
    #expect(lengths[1] > lengths[2])
    #expect(try compress([], body).utf8.count == lengths[1])
    #expect(!(try compress(["--level", "lossless"], body).contains(" stored #")))
  }

  @Test func theModelDecidesHowTokensAreCounted() throws {
    let body = Samples.anthropic(Samples.logEntries(100))
    func report(_ options: [String]) throws -> Program.Report {
      try program.report(program.run(["compress", "--json", "--mode", "audit"] + options, input: body).output)
    }
    let named = try report([])
    #expect(named.model == "claude-sonnet-4-5")
    let chosen = try report(["--model", "gpt-4o"])
    #expect(chosen.model == "gpt-4o")
    #expect(chosen.tokensBefore < named.tokensBefore)
  }

  @Test func theQueryDecidesWhatStays() throws {
    let entries = Samples.logEntries(400)
    let shown = try compress(["--query", "pool exhausted"], Samples.chat([entries]))
    let cut = try #require(
      (entries.split(separator: "\"").first { $0.hasPrefix("Request ") && !shown.contains($0) }).map(String.init))
    #expect(try compress(["--query", cut], Samples.chat([entries])).contains(cut.split(separator: " ")[1]))
  }

  @Test func theCommandOfATextIsWhatRowsAreChosenBy() throws {
    let entries = Samples.logEntries(400)
    let shown = try compress([], Array(entries.utf8))
    let cut = try #require(
      (entries.split(separator: "\"").first { $0.hasPrefix("Request ") && !shown.contains($0) }).map(String.init))
    let number = String(cut.split(separator: " ")[1])
    #expect(try compress(["--command", "grep \(number) service.log"], Array(entries.utf8)).contains(number))
  }

  @Test func aFileThatAToolReadStaysAsItIs() throws {
    let text = Samples.logEntries(100)
    #expect(try compress(["--tool", "read_file"], Array(text.utf8)) == text)
    #expect(try compress(["--tool", "search_logs"], Array(text.utf8)).utf8.count < text.utf8.count)
  }

  @Test func whatWasRetrievedStaysAsItIs() throws {
    let text = Samples.logEntries(300)
    #expect(try compress(["--command", "headroom retrieve k3m9qz | head -300"], Array(text.utf8)) == text)
    #expect(try compress(["--tool", "mcp__headroom__headroom_retrieve"], Array(text.utf8)) == text)
    for (tool, input) in [
      ("Bash", #"{"command":"cd /tmp && headroom retrieve k3m9qz --rows 1-300"}"#),
      ("mcp__headroom__headroom_retrieve", #"{"id":"k3m9qz"}"#),
    ] {
      let body = Samples.anthropic(text, tool: tool, input: input)
      #expect(try compress([], body) == String(decoding: body, as: UTF8.self))
    }
  }

  @Test func markersNameTheWayThatThereIs() throws {
    let body = Samples.chat([Samples.logEntries(300)])
    #expect(try compress([], body).contains(": headroom retrieve "))
    #expect(try compress(["--retrieval", "shell"], body).contains(": headroom retrieve "))
    #expect(try compress(["--retrieval", "tool"], body).contains(": headroom_retrieve "))
    let none = try compress(["--retrieval", "none"], body)
    #expect(none.contains(" rows stored #"))
    #expect(!none.contains("headroom"))
  }

  @Test func modesDifferInWhatComesOut() throws {
    let body = Samples.chat([Samples.logEntries(300)])
    let text = String(decoding: body, as: UTF8.self)
    #expect(try compress(["--mode", "audit"], body) == text)
    #expect(try compress(["--mode", "simulate"], body) == compress(["--mode", "optimize"], body))
    let audit = try program.run(["compress", "--mode", "audit", "--json"], input: body)
    let report = try program.report(audit.output)
    #expect(report.tokensAfter < report.tokensBefore)
  }

  @Test func theVariableMovesTheStore() throws {
    let body = Samples.chat([Samples.logEntries(300)])
    let elsewhere = program.folder.appendingPathComponent("elsewhere").path
    let outcome = try program.run(["compress"], input: body, environment: ["HEADROOM_HOME": elsewhere])
    #expect(outcome.status == 0)
    #expect(FileManager.default.fileExists(atPath: elsewhere + "/headroom.db"))
    #expect(!FileManager.default.fileExists(atPath: program.home.path))
  }

  @Test func tokensCountAndSayWhenTheyEstimate() throws {
    let text = "How many tokens are these?\n"
    let exact = Tokenizer(model: "gpt-4o")
    let count = try program.run(["tokens"], input: Array(text.utf8))
    #expect(count.text == "\(exact.count(text))\(exact.isExact ? "" : " estimated")\n")
    let estimate = try program.run(["tokens", "--model", "claude-sonnet-4-5"], input: Array(text.utf8))
    #expect(estimate.text == "\(Tokenizer(model: "claude-sonnet-4-5").count(text)) estimated\n")
    let json = try program.run(["tokens", "-", "--json", "--model", "gpt-4"], input: Array(text.utf8))
    let object = try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any]
    #expect(object?["tokens"] as? Int == Tokenizer(model: "gpt-4").count(text))
    #expect(object?["model"] as? String == "gpt-4")
    #expect(object?["estimated"] as? Bool == !Tokenizer(model: "gpt-4").isExact)
    let request = try program.run(["tokens"], input: Samples.anthropic("x"))
    #expect(request.text.hasSuffix(" estimated\n"), "the model that the request names")
  }
}
