/// How models get at what was cut, as the user wants it.
public enum RetrievalMode: String, Sendable, CaseIterable {
  /// By what the client has: a shell, else the tool of our MCP server; else the tool is added to its requests.
  case auto
  /// By running `headroom retrieve`, even where no shell is known.
  case shell
  /// By the tool of our MCP server, where the client has it.
  case tool
  /// By the tool, added to the requests of every conversation.
  case inject
  /// Not at all: then nothing is cut.
  case none
}
