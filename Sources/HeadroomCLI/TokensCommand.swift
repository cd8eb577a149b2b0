import ArgumentParser
import Headroom

/// `headroom tokens`: counts.
struct TokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens",
    abstract: "Count the tokens of a text.",
    discussion: """
      Prints the number; then "estimated", where the model's vocabulary is not published.

      EXAMPLES:
        headroom tokens README.md --model gpt-4o
        git diff | headroom tokens --model claude-sonnet-4-5
      """)

  @OptionGroup var input: InputArgument
  @OptionGroup var model: ModelOption
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let bytes = try input.read()
    let named = model.name ?? RequestBody(bytes)?.model.map { String(decoding: $0, as: UTF8.self) }
    let name = named ?? ModelOption.fallback
    let tokenizer = Tokenizer(model: name)
    let count = tokenizer.count(bytes)
    let line =
      json
      ? JSONText.object([
        ("model", .string(name)), ("tokens", .integer(count)), ("estimated", .boolean(!tokenizer.isExact)),
      ]).line
      : tokenizer.isExact ? "\(count)" : "\(count) estimated"
    try Output.standard.write(line + "\n")
  }
}
