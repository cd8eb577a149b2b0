import ArgumentParser
import Headroom
import HeadroomStore

/// `headroom retrieve`: an original that was stored, or a part of it.
struct RetrieveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieve",
    abstract: "Print a stored original, or a part of it.",
    discussion: """
      A marker such as [942 of 1000 rows stored #k3m9qz] names the original. Without a selection it comes back whole, \
      byte for byte. Selections narrow one another: a path, then rows or lines, then matches, then the best of those.

      EXAMPLES:
        headroom retrieve k3m9qz
        headroom retrieve k3m9qz --rows 10-40
        headroom retrieve k3m9qz --grep 'timeout|refused'
        headroom retrieve k3m9qz --path 'items[3].status'
      """)

  @Argument(help: ArgumentHelp("The handle in the marker, with or without #.", valueName: "id"))
  var id: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Lines, counted from 1: 3-17, 100-, -20 for the first twenty, or 7.", valueName: "a-b"),
    transform: NumberRange.init)
  var lines: NumberRange?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rows of the table or array, counted in the same way.", valueName: "a-b"),
    transform: NumberRange.init)
  var rows: NumberRange?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Lines or rows that match a regular expression, numbered.", valueName: "re"))
  var grep: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Lines or rows that have most to do with these words, numbered.", valueName: "words"))
  var query: String?
  @Option(help: ArgumentHelp("A place in JSON: items[3].status.", valueName: "path"))
  var path: String?
  @OptionGroup var store: StoreOption

  func validate() throws {
    if lines != nil, rows != nil { throw ValidationError("Choose --lines or --rows, not both.") }
  }

  func run() throws {
    guard let handle = Handle(id.lowercased()) else {
      throw CommandFailure("no original \(id): a handle is six or more letters and digits, such as #k3m9qz")
    }
    let original = try Stores.open(store.url, mustExist: true).originals.original(handle)
    let selection = Selection(path: path, rows: rows, lines: lines, grep: grep, query: query)
    let excerpt = try Retrieval.excerpt(of: original, selection)
    if excerpt.found == 0, grep != nil || query != nil {
      throw CommandFailure("nothing in the \(excerpt.total.grouped) \(excerpt.unit)s of \(handle) matches")
    }
    try Output.standard.write(excerpt.bytes)
    // So that a shell's prompt starts on its own line; never in what a program reads.
    if Output.standard.isTerminal, excerpt.bytes.last != UInt8(ascii: "\n") { try Output.standard.write("\n") }
  }
}
