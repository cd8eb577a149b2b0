import ArgumentParser
import Headroom

/// Where originals are.
struct StoreOption: ParsableArguments {
  @Option(
    name: .customLong("store"),
    help: ArgumentHelp(
      "Where things are kept: sqlite:PATH, postgres://… or memory:. (default: sqlite:~/.headroom/headroom.db; HEADROOM_HOME moves the folder)",
      valueName: "url"))
  var url: String?
}
