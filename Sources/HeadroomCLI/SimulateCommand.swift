import ArgumentParser
import Foundation
import Headroom

/// `headroom simulate`: what a recorded conversation would have cost.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Replay recorded conversations and price them, as they are and shortened.",
    discussion: """
      Takes request bodies that hold whole conversations. Each is sent again turn by turn, directly and through \
      Headroom, with the provider's prompt cache and its prices: what is read from the cache is cheap, what changed is \
      written anew. Costs are in input tokens at the full price. Nothing is sent anywhere, and nothing is stored.

      EXAMPLES:
        headroom simulate session.json
        headroom simulate *.json --level lossless --json
      """)

  @Argument(help: ArgumentHelp("The conversations.", valueName: "file"), completion: .file())
  var files: [String]
  @OptionGroup var level: LevelOption
  @OptionGroup var model: ModelOption
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let sessions = try files.map { file -> (name: String, simulation: Simulation) in
      let body = try InputFile(name: file).read()
      let options = Options(level: level.value, store: MemoryStore())
      guard let simulation = simulate(body, model: model.name, options: options) else {
        throw CommandFailure("\(file) is no conversation: it has no list of messages that the model answered")
      }
      return ((file as NSString).lastPathComponent, simulation)
    }
    try Output.standard.write(json ? report(sessions) : table(sessions))
  }

  private func report(_ sessions: [(name: String, simulation: Simulation)]) -> String {
    let list = sessions.map { name, simulation in
      JSONText.object([
        ("name", .string(name)), ("model", .string(simulation.model)), ("turns", .integer(simulation.turns)),
        ("tokens_direct", .integer(simulation.direct.tokens)),
        ("tokens_proxy", .integer(simulation.shortened.tokens)),
        ("cache_read_direct", .integer(simulation.direct.cacheRead)),
        ("cache_read_proxy", .integer(simulation.shortened.cacheRead)),
        ("cache_write_direct", .integer(simulation.direct.cacheWrite)),
        ("cache_write_proxy", .integer(simulation.shortened.cacheWrite)),
        ("cost_direct", .decimal(Double(simulation.direct.centitokens) / 100)),
        ("cost_proxy", .decimal(Double(simulation.shortened.centitokens) / 100)),
      ])
    }
    return JSONText.object([("sessions", .array(list))]).lines
  }

  private func table(_ sessions: [(name: String, simulation: Simulation)]) -> String {
    var table = Table(columns: [
      .init(title: "conversation"), .init(title: "turns", isNumber: true), .init(title: "tokens", isNumber: true),
      .init(title: "now", isNumber: true), .init(title: "cost", isNumber: true), .init(title: "now", isNumber: true),
      .init(title: "saved", isNumber: true),
    ])
    for (name, simulation) in sessions {
      let (before, after) = (simulation.direct.centitokens / 100, simulation.shortened.centitokens / 100)
      table.rows.append(
        .init(cells: [
          name, "\(simulation.turns)", simulation.direct.tokens.grouped, simulation.shortened.tokens.grouped,
          before.grouped, after.grouped, "\((before - after) * 100 / max(1, before)) %",
        ]))
    }
    return table.text(on: .standard)
  }
}
