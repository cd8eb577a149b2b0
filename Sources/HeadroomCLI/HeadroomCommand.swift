import ArgumentParser
import Headroom

@main
struct HeadroomCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headroom",
    abstract: "The context compression layer for AI agents: the same answers, a fraction of the tokens, nothing lost.",
    version: version)
}
