/// Makes a conversation fit into so many tokens, by dropping whole items of it: the same bytes without them.
///
///     let fitted = fit(body, to: 100_000)
///     guard fitted.fits else { … }
///     send(fitted.body)
///
/// For whoever keeps a conversation and sends it without a proxy. Every call decides anew, and what is dropped early in a conversation makes a
/// provider's prompt cache useless from there on: the context manager (``ContextOptions``) is cheaper where it can be had.
///
/// Instructions, the last turns and the last words of the user stay. Calls go with their results, and an answer with its question, so what
/// is left is a conversation that providers take.
///
/// - Parameters:
///   - body: a request body (Anthropic Messages, OpenAI Chat or Responses, Gemini), or a list of messages.
///   - tokens: the most tokens of the whole prompt, instructions and tools included.
///   - model: the model it is for; by default the one the body names.
/// - Returns: the conversation, and whether it fits. There are no errors: what is no conversation comes back as it is.
public func fit(
  _ body: [UInt8], to tokens: Int, model: String? = nil, strategy: FitStrategy = .scored()
) -> FitResult {
  let request = RequestBody(body)
  let named = request?.model.map { String(decoding: $0, as: UTF8.self) }
  let tokenizer = Tokenizer(model: model ?? named ?? "gpt-4o")
  guard let request else {
    let count = tokenizer.count(body)
    return FitResult(
      body: body, fits: count <= tokens, tokensBefore: count, tokensAfter: count, isExact: tokenizer.isExact,
      dropped: [])
  }
  return tokenizer.withCounter { counter in
    var fitter = Fitter(request, tokenizer, counter, limit: tokens, keptTurns: strategy.keptTurns)
    fitter.drop(by: strategy)
    return fitter.result
  }
}

/// ``fit(_:to:model:strategy:)`` for text.
public func fit(_ body: String, to tokens: Int, model: String? = nil, strategy: FitStrategy = .scored()) -> FitResult {
  fit(Array(body.utf8), to: tokens, model: model, strategy: strategy)
}

private struct Fitter {
  private let request: RequestBody
  private let items: [ConversationItem]
  private let tokenizer: Tokenizer
  private let limit: Int
  private let units: [ConversationUnits.Unit]
  private let around: Int
  private let itemTokens: [Int]
  private let isExact: Bool
  /// What each exchange is without its steps, and how many steps are left of it.
  private var rests: [Int: Int] = [:]
  private var steps: [Int: Int] = [:]
  /// Which units are dropped, and the vocabulary's tokens of what is left.
  private var isDropped: [Bool]
  private var left: Int

  init(_ request: RequestBody, _ tokenizer: Tokenizer, _ counter: TokenCounter, limit: Int, keptTurns: Int) {
    self.request = request
    self.tokenizer = tokenizer
    self.limit = limit
    items = request.items
    var tokens = PromptTokens(request.document, counter)
    around = tokens.around(request.conversation)
    itemTokens = items.map { tokens.item($0.node) }
    isExact = tokenizer.isExact && !tokens.hasAttachments
    units = ConversationUnits(request, keptTurns: keptTurns).units
    isDropped = Array(repeating: false, count: units.count)
    left = itemTokens.reduce(around, +)
    for (index, unit) in units.enumerated() {
      if unit.isStep { steps[unit.exchange, default: 0] += 1 } else { rests[unit.exchange] = index }
    }
  }

  private var fits: Bool { tokenizer.modelTokens(left) <= limit }

  private func tokens(of unit: Int) -> Int { units[unit].items.reduce(0) { $0 + itemTokens[$1] } }

  mutating func drop(by strategy: FitStrategy) {
    guard !fits else { return }
    switch strategy.kind {
    case .rollingWindow:
      // The steps of an exchange, then what is left of it.
      let order = units.indices.sorted {
        (units[$0].exchange, units[$0].isStep ? 0 : 1, units[$0].items[0])
          < (units[$1].exchange, units[$1].isStep ? 0 : 1, units[$1].items[0])
      }
      for unit in order where !fits { drop(unit) }
    case .scored(let query, let weights):
      let scores = UnitScores(units, in: request, query: query, weights).scores
      let order = units.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
      // What could not go while its steps were there may go when they are gone.
      var isDone = false
      while !fits, !isDone {
        isDone = true
        for unit in order where !fits && drop(unit) { isDone = false }
      }
      // The last one dropped may have been large: then some that are worth more find room again.
      guard fits else { return }
      for unit in order.reversed() where isDropped[unit] { restore(unit) }
    }
  }

  @discardableResult
  private mutating func drop(_ unit: Int) -> Bool {
    let (exchange, isStep) = (units[unit].exchange, units[unit].isStep)
    guard !units[unit].isKept, !isDropped[unit], isStep || steps[exchange] ?? 0 == 0 else { return false }
    isDropped[unit] = true
    left -= tokens(of: unit)
    if isStep { steps[exchange, default: 0] -= 1 }
    return true
  }

  /// Takes a unit back in if it fits. A step needs the question that it belongs to.
  private mutating func restore(_ unit: Int) {
    if units[unit].isStep, let rest = rests[units[unit].exchange], isDropped[rest] { return }
    let size = tokens(of: unit)
    guard tokenizer.modelTokens(left + size) <= limit else { return }
    isDropped[unit] = false
    left += size
  }

  var result: FitResult {
    let gone = Set(units.indices.filter { isDropped[$0] }.flatMap { units[$0].items })
    let list = items.indices.filter { gone.contains($0) }
    let path = path
    // An item goes with what stands between it and the next; the last one never goes.
    let splices = list.map {
      Splice(range: items[$0].range.lowerBound..<items[$0 + 1].range.lowerBound, replacement: [])
    }
    return FitResult(
      body: request.document.bytes.applying(splices), fits: fits,
      tokensBefore: tokenizer.modelTokens(itemTokens.reduce(around, +)), tokensAfter: tokenizer.modelTokens(left),
      isExact: isExact,
      dropped: list.map {
        FitResult.DroppedItem(
          path: "\(path)[\($0)]", role: role(items[$0].node),
          tokens: tokenizer.modelTokens(itemTokens[$0]))
      })
  }

  /// Where the conversation is: `messages`, or nothing for a list by itself.
  private var path: String {
    func find(in object: Int, _ prefix: String) -> String? {
      var found: String?
      request.document.forEachMember(of: object) { key, value in
        let name = prefix + String(decoding: request.document.text(of: key) ?? [], as: UTF8.self)
        if value == request.conversation { found = name }
        if prefix.isEmpty, found == nil, request.document.nodes[value].kind == .object {
          found = find(in: value, name + ".")
        }
      }
      return found
    }
    return request.document.nodes[0].kind == .object ? find(in: 0, "") ?? "" : ""
  }

  private func role(_ item: Int) -> String {
    let document = request.document
    let role =
      document.text(of: document.member("role", of: item)) ?? document.text(of: document.member("type", of: item))
    return role.map { String(decoding: $0, as: UTF8.self) } ?? "item"
  }
}
