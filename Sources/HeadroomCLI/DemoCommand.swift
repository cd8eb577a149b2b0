import ArgumentParser
import Headroom

/// `headroom demo`: the main job on a sample, with what it promises checked.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Shorten a sample conversation, and get a cut part back.",
    discussion: """
      Needs nothing and writes nothing: the sample is in the program, and originals stay in memory.

      EXAMPLES:
        headroom demo
        headroom demo --request > request.json
      """)

  @Flag(help: "Print the sample, to try the other commands on.")
  var request = false

  func run() async throws {
    if request { return try Output.standard.write(DemoConversation().body) }
    let demo = try await Demo()
    let checks = demo.checks()
    let page = DemoPage(demo: demo, terminal: .standard)
    try Output.standard.write(try page.text + page.text(of: checks))
    if let broken = checks.first(where: { !$0.holds }) { throw CommandFailure("this does not hold: \(broken.promise)") }
  }
}
