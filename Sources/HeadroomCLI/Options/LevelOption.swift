import ArgumentParser
import Headroom

/// How much is allowed.
struct LevelOption: ParsableArguments {
  @Option(name: .customLong("level"), help: "What may happen to tool results.")
  var value = Level.balanced
}
