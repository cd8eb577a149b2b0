import ArgumentParser
import Headroom

/// `headroom outline`: the declarations of a source file.
struct OutlineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outline",
    abstract: "Print a source file without the bodies of its functions.",
    discussion: """
      Lines that are shown stand as they are in the file; [lines 12-40] stands for those that are not. The language is \
      told by the name of the file.

      EXAMPLES:
        headroom outline Sources/Store.swift
        git show HEAD:src/store.py | headroom outline --language python
      """)

  @OptionGroup var input: InputArgument
  @Option(help: ArgumentHelp("Its language, when its name does not tell.", valueName: "name"))
  var language: SourceLanguage?
  @Flag(help: "Print the declarations with their lines, as JSON.")
  var json = false

  func run() throws {
    let source = try input.read()
    let language = language ?? SourceLanguage(path: Array((input.name ?? "").utf8))
    guard let outline = Headroom.outline(source, language: language) else {
      throw CommandFailure("no outline of \(input.title): it is no text, or has more than 2 MB")
    }
    if let language, !language.hasGrammar {
      Output.error.note(
        "headroom: outlined by indentation, as the grammars are not built in; run scripts/setup.sh and build again")
    }
    if json {
      try Output.standard.write(JSONText.object([("items", .array(outline.items.map(item)))]).lines)
    } else {
      try Output.standard.write(outline.skeleton(of: source) + [UInt8(ascii: "\n")])
    }
  }

  private func item(_ item: Outline.Item) -> JSONText {
    .object([
      ("kind", .string(item.kind.rawValue)), ("name", .string(String(decoding: item.name, as: UTF8.self))),
      ("first", .integer(item.lines.lowerBound)), ("last", .integer(item.lines.upperBound)),
      ("depth", .integer(item.depth)),
    ])
  }
}
