import Foundation
import Headroom
import HeadroomStore
import Testing

/// What people see who run the commands by hand.
@Suite struct TerminalTests {
  private let program: Program
  private let body = Samples.chat([Samples.logEntries(300), Samples.logEntries(20), "done"])

  init() throws {
    program = try Program()
    try program.file("request.json", body)
  }

  @Test func aTerminalShowsTheTableInsteadOfTheBody() throws {
    let outcome = try program.runOnTerminal(["compress", "request.json"], environment: ["NO_COLOR": "1"])
    #expect(outcome.status == 0)
    #expect(!outcome.text.contains("PG-5523"))
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.first?.hasPrefix("result") == true)
    #expect(lines.contains { $0.hasPrefix("messages[2].content") && $0.contains("lossy #") && $0.hasSuffix(" %") })
    #expect(lines.contains { $0.hasPrefix("all results") })
    #expect(lines.allSatisfy { $0.count <= 80 })
    let ends = Set(lines.filter { $0.hasSuffix(" %") }.map(\.count))
    #expect(ends.count == 1, "numbers are aligned")
  }

  @Test func theBodyIsShownWhereItIsAskedFor() throws {
    let outcome = try program.runOnTerminal(["compress", "request.json", "--level", "lossless", "--output", "-"])
    #expect(outcome.text.hasPrefix("{\"model\""))
    let report = try program.runOnTerminal(["compress", "request.json", "--mode", "simulate", "--json"])
    #expect(try program.report(report.output).blocks.count == 3)
  }

  @Test func coloursAreForTerminalsThatWantThem() throws {
    let escape = "\u{1b}["
    for command in [["demo"], ["compress", "request.json", "--mode", "simulate"]] {
      #expect(try program.runOnTerminal(command).text.contains(escape))
      #expect(!(try program.runOnTerminal(command, environment: ["NO_COLOR": "1"]).text.contains(escape)))
      #expect(!(try program.runOnTerminal(command, environment: ["TERM": "dumb"]).text.contains(escape)))
      #expect(!(try program.run(command).text.contains(escape)))
    }
  }

  @Test func nobodyWaitsForATerminalToBeRead() throws {
    let outcome = try program.runOnTerminal(["compress"])
    #expect(outcome.status == 2)
    #expect(outcome.text.hasPrefix("headroom: nothing to read"))
  }

  @Test func aRetrievedPartEndsItsLineOnATerminalOnly() throws {
    let id = try Stores.open(program.storeURL).originals.put(Array("text".utf8)).name
    let command = ["retrieve", id, "--store", program.storeURL]
    #expect(try program.runOnTerminal(command).text == "text\n")
    #expect(try program.run(command).text == "text")
  }
}
