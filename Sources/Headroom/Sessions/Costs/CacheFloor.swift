/// The size that a prompt must have for its provider to keep it.
///
/// A prompt below it is billed in full with every turn, so shortening results until the prompt is below it may cost more than it saves: the
/// client's own would have been read at the price of the cache from some turn on. While that is so, results stay as they are. What pays in this
/// turn may not in those to come, so it is not asked for.
enum CacheFloor {
  /// Text of more bytes for each token that is asked for is long enough without counting.
  private static let bytesPerToken = 16

  /// Whether a request is too short to be kept when tokens are taken out of it. Of a model that is not known nothing is assumed.
  ///
  /// - Parameters:
  ///   - saved: the tokens that are taken out.
  ///   - hidden: tokens of the prompt that the request does not show.
  static func isBelow(_ request: RequestBody, model: String, saved: Int, hidden: Int) -> Bool {
    guard let costs = CostModel(model: model) else { return false }
    let tokenizer = Tokenizer(model: model)
    // An estimate may be wrong by a quarter.
    let floor = tokenizer.isExact ? costs.rules.leastTokens : costs.rules.leastTokens * 5 / 4
    guard request.document.bytes.count <= floor * bytesPerToken, !continuesElsewhere(request) else { return false }
    let prompt = PromptReader.units(request)
    if case .breakpoints(_, _, isAutomatic: false) = costs.rules.matching {
      // Who asks for no cache gets none.
      guard prompt.contains(where: { $0.breakpoint != nil }) else { return false }
    }
    var tokens = UnitTokens(tokenizer)
    return tokens.count(prompt) + hidden - saved < floor
  }

  /// Whether the provider has the beginning of the conversation.
  private static func continuesElsewhere(_ request: RequestBody) -> Bool {
    guard let root = request.envelope else { return false }
    let members: [StaticString] = ["previous_response_id", "conversation", "cachedContent", "cached_content"]
    return members.contains { request.document.hasMember($0, of: root) { $0.kind != .null } }
  }
}
