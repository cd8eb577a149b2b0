import ArgumentParser
import Foundation
import Headroom
import HeadroomAgents
import HeadroomStore

/// `headroom simulate`: what a recorded conversation would have cost.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Replay recorded conversations and price them, as they are and shortened.",
    discussion: """
      Takes the session logs of agents (Claude Code, Codex, Gemini CLI, OpenCode, Pi), and request bodies that hold \
      whole conversations. Each is sent again turn by turn, directly and through Headroom, with the provider's prompt \
      cache and its prices: what is read from the cache is cheap, what changed is written anew. Costs are those of the \
      prompts; the answers cost the same either way. Nothing is sent anywhere.

      EXAMPLES:
        headroom simulate ~/.claude/projects/*/*.jsonl
        headroom simulate session.json --level lossless --json
      """)

  @Argument(help: ArgumentHelp("The conversations.", valueName: "session"), completion: .file())
  var files: [String]
  @OptionGroup var level: LevelOption
  @OptionGroup var model: ModelOption
  @OptionGroup var contextManager: ContextManagerOption
  @Option(
    help: ArgumentHelp(
      "Where originals are kept meanwhile: sqlite:PATH or memory:.", valueName: "url"))
  var store = "memory:"
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let originals = try Stores.open(store).originals
    var simulations: [Simulation] = []
    let conversations = try files.flatMap(read)
    let progress = Progress(bytes: conversations.reduce(0) { $0 + $1.bytes })
    for conversation in conversations {
      let options = Options(
        level: level.value, store: originals, ledger: MemoryLedger(), context: contextManager.inMemory)
      if let simulation = await simulate(conversation, model: model.name, options: options) {
        simulations.append(simulation)
      }
    }
    progress.end()
    try Output.standard.write(
      json ? report(simulations) : SimulationTable(simulations: simulations).text(on: .standard))
    if let failure = simulations.lazy.compactMap(divergence).first { throw failure }
  }

  /// The file's name, with its folder where several have it.
  private func title(_ file: String) -> String {
    let parts = (file as NSString).pathComponents
    let isAmbiguous = files.filter { ($0 as NSString).lastPathComponent == parts.last }.count > 1
    return parts.suffix(isAmbiguous ? 2 : 1).joined(separator: "/")
  }

  private func read(_ file: String) throws -> [Conversation] {
    let bytes = try InputFile(name: file).read()
    let name = title(file)
    if let conversation = Conversation(name: name, body: bytes) { return [conversation] }
    let log = SessionLogs.conversations(in: bytes, name: name)
    guard let conversations = log?.conversations, !conversations.isEmpty else {
      throw CommandFailure(
        log.map { "\(file) is a log of \($0.agent) in which no model answered" }
          ?? "\(file) is no conversation: neither a list of messages that the model answered nor an agent's log")
    }
    return conversations
  }

  /// What is sent must begin with what was sent before. Where it does not, that is a fault of the program.
  private func divergence(_ simulation: Simulation) -> CommandFailure? {
    simulation.divergences.first.map { divergence in
      CommandFailure(
        "\(simulation.name): turn \(divergence.turn) does not begin with what was sent before: "
          + "\(divergence.sharedSent) parts are the same, \(divergence.shared) should be; this is an error in headroom")
    }
  }

  private func report(_ simulations: [Simulation]) -> String {
    let list = simulations.map { simulation in
      let (direct, shortened) = (simulation.direct, simulation.shortened)
      func cost(_ millionths: Int) -> JSONText {
        simulation.unit == .dollars ? .decimal(Double(millionths) / 1_000_000) : .integer(millionths)
      }
      return JSONText.object([
        ("name", .string(simulation.name)), ("model", .string(simulation.model)),
        ("turns", .integer(simulation.turns.count)), ("tokens_direct", .integer(direct.tokens)),
        ("tokens_proxy", .integer(shortened.tokens)), ("cache_read_direct", .integer(direct.cacheRead)),
        ("cache_read_proxy", .integer(shortened.cacheRead)), ("cache_write_direct", .integer(direct.cacheWrite)),
        ("cache_write_proxy", .integer(shortened.cacheWrite)), ("cost_direct", cost(direct.cost)),
        ("cost_proxy", cost(shortened.cost)), ("cost_saved", cost(direct.cost - shortened.cost)),
        ("epochs", .integer(simulation.epochs.count)),
        ("cost_unit", .string(simulation.unit == .dollars ? "usd" : "input_tokens")),
      ])
    }
    return JSONText.object([("sessions", .array(list))]).lines
  }
}
