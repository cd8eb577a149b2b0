import ArgumentParser
import Headroom

/// The root of the command line: the list of subcommands. Add yours here.
struct HeadroomCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headroom",
    abstract: "The context compression layer for AI agents: the same answers, a fraction of the tokens, nothing lost.",
    discussion: """
      Shortens the tool results in a request to a language model. Everything else stays as it is, byte for byte, and \
      what is cut is stored first. Start with: headroom demo
      """,
    version: version,
    subcommands: [
      CompressCommand.self, ExpandCommand.self, RetrieveCommand.self, OutlineCommand.self, TokensCommand.self,
      SimulateCommand.self, DemoCommand.self, ProxyCommand.self,
    ])
}
