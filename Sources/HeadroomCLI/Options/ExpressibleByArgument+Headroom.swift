public import ArgumentParser
public import Headroom

// Values of options. Help and shell completions list them with what they mean.

extension Level: ExpressibleByArgument {
  public static var allValueDescriptions: [String: String] {
    [
      "lossless": "another form, the same information",
      "balanced": "large tables may lose rows, which are stored first",
      "aggressive": "as balanced, from a smaller size on",
    ]
  }
}

extension Options.Mode: ExpressibleByArgument {
  public static var allValueDescriptions: [String: String] {
    [
      "optimize": "shorten",
      "audit": "shorten nothing, only report what would be saved",
      "simulate": "shorten, but store nothing: to look at, not to send",
    ]
  }
}

extension RetrievalMode: ExpressibleByArgument {
  public static var allValueDescriptions: [String: String] {
    [
      "auto": "by what the client has: a shell, our MCP tool, or else a tool that is added",
      "shell": "run headroom retrieve, even where no shell is known",
      "tool": "call our MCP tool, where the client has it",
      "inject": "call a tool that is added to every conversation",
      "none": "not at all, so nothing is cut",
    ]
  }
}

extension ContextOptions.Mode: ExpressibleByArgument {
  public static var allValueDescriptions: [String: String] {
    [
      "off": "never; what was taken out before stays out",
      "cold": "when the provider's cache has certainly forgotten the conversation",
      "auto": "also when the window fills up, and when it costs less over the turns to come",
    ]
  }
}

/// The ways to what was cut, as the command line calls them.
enum RetrievalChoice: String, CaseIterable, ExpressibleByArgument {
  case shell
  case tool
  case none

  static var allValueDescriptions: [String: String] {
    [
      "shell": "run headroom retrieve",
      "tool": "call the tool headroom_retrieve",
      "none": "nothing",
    ]
  }

  var path: RetrievalPath {
    switch self {
    case .shell: .shell
    case .tool: .tool
    case .none: .none
    }
  }
}

extension SourceLanguage: ExpressibleByArgument {}
