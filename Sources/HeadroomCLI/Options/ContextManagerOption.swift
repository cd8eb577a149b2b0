import ArgumentParser
import Headroom

/// When the past of a conversation is compacted.
struct ContextManagerOption: ParsableArguments {
  @Option(
    name: .customLong("context-manager"),
    help: ArgumentHelp(
      "When old tool results make way for one line each: never, when the provider's cache is cold, or also when it pays.",
      valueName: "mode"))
  var mode = ContextOptions.Mode.off

  /// A context manager that remembers as long as the process lives; nil when it would do nothing.
  var inMemory: ContextOptions? {
    mode == .off ? nil : ContextOptions(mode: mode, journal: MemoryJournal(), activity: ChainActivity(), now: 0)
  }
}
