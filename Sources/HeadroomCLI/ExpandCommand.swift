import ArgumentParser
import Headroom
import HeadroomStore

/// `headroom expand`: undoes `headroom compress`.
struct ExpandCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expand",
    abstract: "Give shortened tool results their long form back.",
    discussion: """
      Takes what compress gave, and works from the visible text alone. Of tables that were cut, the rows in view come \
      back, with the marker; with --store all of them do.

      EXAMPLES:
        headroom expand smaller.json
        headroom expand smaller.json --store sqlite:originals.db
      """)

  @OptionGroup var input: InputArgument
  @Option(
    help: ArgumentHelp("Take what was cut from there: sqlite:PATH. (default: no store)", valueName: "url"))
  var store: String?

  func run() throws {
    let storage = try store.map { try Stores.open($0, mustExist: true) }
    try storage?.prepare()
    try Output.standard.write(expand(try input.read(), store: storage?.originals))
  }
}
