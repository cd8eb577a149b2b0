/// What a recorded conversation costs, sent as it is and sent through the pipeline turn by turn.
public struct Simulation: Sendable {
  public var model: String
  /// How often the model answered.
  public var turns: Int
  public var direct: PromptBill
  public var shortened: PromptBill
}

/// Replays a conversation turn by turn, as the client that made it did, directly and shortened, and adds up what a provider would bill.
///
/// Tokens are those of the texts in the request, by the model's vocabulary. Every shortened turn is checked to begin with what was sent
/// before, as a provider's cache does: what changes is written, and paid for, anew.
///
/// - Parameters:
///   - conversation: a request body, or a list of messages.
///   - model: the model it is for; by default the one the body names.
///   - options: the options of each turn. Without a ledger one in memory is used.
/// - Returns: nil when it is no conversation.
public func simulate(_ conversation: [UInt8], model: String? = nil, options: Options = Options()) -> Simulation? {
  guard let request = RequestBody(conversation) else { return nil }
  let turns = request.turns
  guard !turns.isEmpty else { return nil }
  var options = options
  options.ledger = options.ledger ?? MemoryLedger()
  let model = model ?? request.model.map { String(decoding: $0, as: UTF8.self) } ?? "gpt-4o"
  let rules = PromptCacheRules(model: model)
  var prices = UnitPrices(Tokenizer(model: model))
  var (direct, shortened) = (PromptCache(rules), PromptCache(rules))
  for turn in turns {
    direct.send(prices.units(turn))
    shortened.send(prices.units(compress(turn, model: model, options: options).body))
  }
  return Simulation(model: model, turns: turns.count, direct: direct.bill, shortened: shortened.bill)
}

/// The tokens of the parts of requests. Most parts come again with every turn, so each is counted once.
private struct UnitPrices {
  private let tokenizer: Tokenizer
  private var known: [[UInt8]: Int] = [:]

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  mutating func units(_ body: [UInt8]) -> [(bytes: ArraySlice<UInt8>, tokens: Int)] {
    guard let request = RequestBody(body) else { return [] }
    let items = request.items.map(\.range)
    guard let first = items.first, let last = items.last else { return [] }
    // System, tools and whatever else stands around the conversation come first in the prompt.
    let around = body[..<first.lowerBound] + body[last.upperBound...]
    return ([around] + items.map { body[$0] }).map { ($0, price($0)) }
  }

  private mutating func price(_ unit: ArraySlice<UInt8>) -> Int {
    let digest = SHA256.digest(Array(unit))
    if let tokens = known[digest] { return tokens }
    let tokens = tokenizer.modelTokens(count(unit))
    known[digest] = tokens
    return tokens
  }

  /// The tokens of the strings that are values, as a provider sees no JSON.
  private func count(_ unit: ArraySlice<UInt8>) -> Int {
    guard let document = try? JSONDocument(Array(unit)) else { return tokenizer.withCounter { $0.count(Array(unit)) } }
    return tokenizer.withCounter { counter in
      var tokens = 0
      document.forEachValue { value in
        if let text = document.text(of: value) { tokens += counter.count(text) }
      }
      return tokens
    }
  }
}

extension JSONDocument {
  /// Calls `body` with every string that is no key of an object.
  fileprivate func forEachValue(_ body: (Int) -> Void) {
    func visit(_ index: Int) {
      switch nodes[index].kind {
      case .string: body(index)
      case .array: for element in elements(of: index) { visit(element) }
      case .object:
        var i = index + 1
        while i < nodes[index].next {
          visit(i + 1)
          i = nodes[i + 1].next
        }
      default: break
      }
    }
    visit(0)
  }
}
