/// Where a request goes, and whether its body is read on the way.
struct Route: Sendable, Equatable {
  var provider: Provider
  /// Whether the body is a conversation whose tool results may be shortened.
  var isInspected = false
  /// Whether the answer only counts tokens: nothing is billed, so there is nothing to record.
  var isCount = false

  /// The route of a request.
  ///
  /// - Parameters:
  ///   - path: the path, without its query.
  ///   - hasAnthropicHeader: whether the request has a header that only Anthropic's clients send, for paths that several providers have.
  init(method: String, path: String, hasAnthropicHeader: Bool) {
    provider = Route.provider(path, hasAnthropicHeader)
    guard method == "POST" else { return }
    switch provider {
    case .anthropic:
      isCount = path.hasSuffix("/messages/count_tokens")
      // Vertex and Bedrock name the model and the action in the path.
      isInspected =
        isCount || path.hasSuffix("/messages") || path.hasSuffix(":rawPredict") || path.hasSuffix(":streamRawPredict")
        || path.hasPrefix("/model/") && (path.hasSuffix("/invoke") || path.hasSuffix("/invoke-with-response-stream"))
    case .openAI:
      isCount = path.hasSuffix("/responses/input_tokens")
      isInspected = isCount || path.hasSuffix("/chat/completions") || path.hasSuffix("/responses")
    case .gemini:
      isCount = path.hasSuffix(":countTokens")
      isInspected = path.hasSuffix(":generateContent") || path.hasSuffix(":streamGenerateContent")
    }
  }

  private static func provider(_ path: String, _ hasAnthropicHeader: Bool) -> Provider {
    if path == "/v1/messages" || path.hasPrefix("/v1/messages/") || path == "/v1/complete" { return .anthropic }
    if path.hasPrefix("/model/") || path.contains("/publishers/anthropic/") { return .anthropic }
    if path.hasSuffix(":generateContent") || path.hasSuffix(":streamGenerateContent") || path.hasSuffix(":countTokens")
      || path.hasPrefix("/v1beta/") || path.hasPrefix("/upload/v1beta/")
    {
      return .gemini
    }
    if path.hasSuffix("/chat/completions") || path.hasSuffix("/responses") { return .openAI }
    return hasAnthropicHeader || path.hasSuffix("/messages") || path.hasSuffix("/messages/count_tokens")
      ? .anthropic : .openAI
  }
}
