/// How many tokens a prompt has, item by item: exact for tool results, as those are known, and by their length for all else.
struct PromptSize {
  /// Tokens before the conversation: system and tools.
  private let around: Int
  private let items: [(end: Int, tokens: Int)]

  /// A token of English or of code has about so many bytes.
  private static let bytesPerToken = 4
  /// What a message costs besides its text.
  private static let perItem = 4

  /// - Parameter results: what is sent for the tool results of the request.
  init(_ request: RequestBody, _ tokenizer: Tokenizer, _ results: [PastResult]) {
    let document = request.document
    let sent = Dictionary(results.map { (request.blocks[$0.block].range.lowerBound, $0.sent.tokensAfter) }) { $1 }
    let list = request.items
    items = list.map { item in
      var tokens = PromptSize.perItem
      document.forEachText(in: item.node) { value, _ in
        let range = document.nodes[value].range
        tokens += sent[range.lowerBound] ?? (range.count - 2) / PromptSize.bytesPerToken
      }
      return (item.range.upperBound, tokenizer.modelTokens(tokens))
    }
    let conversation = (list.last?.range.upperBound ?? 0) - (list.first?.range.lowerBound ?? 0)
    around = tokenizer.modelTokens((document.bytes.count - conversation) / PromptSize.bytesPerToken)
  }

  var total: Int { items.reduce(around) { $0 + $1.tokens } }

  /// The tokens from the item at `offset` of the body up to item `end`.
  func tokens(from offset: Int, toItem end: Int) -> Int {
    items.prefix(end).drop { $0.end <= offset }.reduce(0) { $0 + $1.tokens }
  }
}
