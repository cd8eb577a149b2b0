import ArgumentParser
import Headroom

/// `headroom tokens`: counts.
struct TokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens",
    abstract: "Count the tokens of a text.",
    discussion: """
      Prints the number; then "estimated" where the model's vocabulary is not published.

      headroom tokens README.md --model gpt-4o
      """)

  @OptionGroup var input: InputArgument
  @OptionGroup var model: ModelOption
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let bytes = try input.read()
    let tokenizer = Tokenizer(model: model.name ?? "gpt-4o")
    let count = tokenizer.count(bytes)
    try Output.standard.write("\(count)\(tokenizer.isExact ? "" : " estimated")\n")
  }
}
