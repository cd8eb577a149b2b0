/// What a tool call tells about its result. It orders the trials of encoders; it is never a verdict.
public struct Hint: Sendable, Equatable {
  /// The tool, as the client named it.
  public var toolName: [UInt8]?

  /// The input of the call: raw JSON, or the text where the tool takes plain text. Nil when it is longer than 64 KiB: that is a file to
  /// write, and its result is short.
  public var input: [UInt8]?

  /// The command line, for shell tools.
  public var command: [UInt8]?

  /// The file or folder, for file tools.
  public var path: [UInt8]?

  /// What relevance is judged by: the last user message before the assistant turn that made the call, and, on a line of its own, the last
  /// one between the result and the assistant turn after it. Text that the agent wrote in the user's name is left out.
  public var userText: [UInt8]

  public init(
    toolName: [UInt8]? = nil, input: [UInt8]? = nil, command: [UInt8]? = nil, path: [UInt8]? = nil,
    userText: [UInt8] = []
  ) {
    self.toolName = toolName
    self.input = input
    self.command = command
    self.path = path
    self.userText = userText
  }
}
