import ArgumentParser
import Foundation
import Headroom
import HeadroomStore

/// Where originals are.
struct StoreOption: ParsableArguments {
  @Option(
    name: .customLong("store"),
    help: ArgumentHelp(
      "Where originals are kept: sqlite:PATH or memory:. (default: sqlite:~/.headroom/headroom.db)", valueName: "url"))
  var url: String?
}
