import ArgumentParser

/// The model that tokens are counted for.
struct ModelOption: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "The model to count tokens for. (default: the one that the request names, or gpt-4o)", valueName: "name"),
    completion: .list([
      "gpt-5", "gpt-4.1", "gpt-4o", "gpt-4o-mini", "o3", "gpt-4", "claude-sonnet-4-5", "gemini-2.5-pro",
    ]))
  var name: String?
}
