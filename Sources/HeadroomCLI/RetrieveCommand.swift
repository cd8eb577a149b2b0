import ArgumentParser
import Headroom

/// `headroom retrieve`: an original that was stored, or a part of it.
struct RetrieveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieve",
    abstract: "Print a stored original, or a part of it.",
    discussion: """
      A marker such as [942 of 1000 rows stored #k3m9qz] names the original. Without a selection it comes back whole, \
      byte for byte. Selections narrow one another: a path, then rows or lines, then matches, then the best of those.

      headroom retrieve k3m9qz --rows 10-40
      headroom retrieve k3m9qz --grep 'timeout|refused'
      """)

  @Argument(help: ArgumentHelp("The handle in the marker, with or without #.", valueName: "id"))
  var id: String
  @Option(
    help: ArgumentHelp("Lines, counted from 1: 3-17, 100-, -20 (the first twenty) or 7.", valueName: "a-b"),
    transform: NumberRange.init)
  var lines: NumberRange?
  @Option(
    help: ArgumentHelp("Rows of the largest table, counted in the same way.", valueName: "a-b"),
    transform: NumberRange.init)
  var rows: NumberRange?
  @Option(help: ArgumentHelp("Lines or rows that match a regular expression.", valueName: "re"))
  var grep: String?
  @Option(help: ArgumentHelp("Lines or rows that have most to do with these words.", valueName: "words"))
  var query: String?
  @Option(help: ArgumentHelp("A place in JSON: items[3].status.", valueName: "path"))
  var path: String?
  @OptionGroup var store: StoreOption

  func run() throws {
    guard let handle = Handle(id.lowercased()) else { throw CommandFailure("no original \(id) in this store") }
    let original = try LazyStore(store.url).original(handle)
    let selection = Selection(path: path, rows: rows, lines: lines, grep: grep, query: query)
    try Output.standard.write(try Retrieval.part(of: original, selection))
  }
}
