import ArgumentParser
import Headroom

/// `headroom expand`: undoes `headroom compress`.
struct ExpandCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expand",
    abstract: "Undo compress: give tool results back their long form.",
    discussion: """
      Works from the visible text alone. With --store, parts that were cut come back from there too.

      headroom expand smaller.json > request.json
      """)

  @OptionGroup var input: InputArgument
  @OptionGroup var store: StoreOption

  func run() throws {
    let body = try input.read()
    try Output.standard.write(expand(body, store: try store.url.map { try LazyStore($0).open() }))
  }
}
