/// The providers that requests go on to, by their addresses.
public struct Upstreams: Sendable, Equatable {
  /// Without a slash at the end, such as `https://api.anthropic.com`.
  public var anthropic: String
  public var openAI: String
  public var gemini: String

  public init(
    anthropic: String = "https://api.anthropic.com", openAI: String = "https://api.openai.com",
    gemini: String = "https://generativelanguage.googleapis.com"
  ) {
    self.anthropic = anthropic
    self.openAI = openAI
    self.gemini = gemini
  }
}
