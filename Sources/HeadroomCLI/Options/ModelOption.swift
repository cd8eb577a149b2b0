import ArgumentParser

/// The model that tokens are counted for.
struct ModelOption: ParsableArguments {
  /// Some of the names; any is accepted.
  private static let examples = [
    "gpt-5", "gpt-4.1", "gpt-4o", "gpt-4o-mini", "o3", "gpt-4", "claude-opus-4-1", "claude-sonnet-4-5",
    "gemini-2.5-pro",
  ]

  /// What counts when neither the user nor the request names a model.
  static let fallback = "gpt-4o"

  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "The model to count tokens for. (default: the one that a request names, or gpt-4o)", valueName: "name"),
    completion: .list(examples))
  var name: String?
}
