import Foundation
import Headroom
import Testing

@testable import HeadroomCLI

@Suite struct DemoCommandTests {
  @Test func theSampleShowsWhatItShould() async throws {
    let demo = try await Demo()
    let size = demo.request.document.bytes.count
    #expect((60 << 10...120 << 10).contains(size))
    #expect(demo.result.isExact == Tokenizer(model: "gpt-4o").isExact)
    #expect(demo.result.tokensAfter * 4 < demo.result.tokensBefore)
    #expect(Set(demo.result.blocks.map(\.fidelity)).isSuperset(of: [.lossy, .lossless]))
    #expect(demo.texts(of: 0).after.contains(DemoConversation.needle))
    for check in demo.checks() { #expect(check.holds, "\(check.promise)") }
  }

  @Test func theRetrievalGivesBackWhatIsNotInView() async throws {
    let demo = try await Demo()
    let handle = try #require(demo.result.blocks[0].handle)
    let order = try #require(demo.conversation.failedOrders.first)
    let entries = try demo.retrieve(handle, grep: "order \(order) ").split(separator: "\n")
    #expect(entries.count == 3)
    let message = try #require(entries[1].components(separatedBy: "\"message\":\"").last?.dropLast(2))
    #expect(!demo.texts(of: 0).after.contains(message))
  }

  @Test func itNeedsNothingAndLeavesNothing() throws {
    let program = try Program()
    let outcome = try program.run(["demo"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.text.contains("✓"))
    #expect(!outcome.text.contains("✗"))
    #expect(outcome.text.contains("headroom retrieve"))
    #expect(outcome.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(!FileManager.default.fileExists(atPath: program.home.path))
    #expect(try program.run(["demo", "--request"]).output == DemoConversation().body)
  }
}
