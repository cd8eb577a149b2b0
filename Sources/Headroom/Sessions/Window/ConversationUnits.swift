/// A conversation in parts that can be taken out of it whole, so that what is left is a conversation still.
///
///     user: Why do the tests fail?            ┐
///     assistant: (calls)  tool: (results)     │ a step    ┐ an exchange
///     assistant: (calls)  tool: (results)     │ a step    │
///     assistant: Because …                    ┘           ┘
///     user: And now?                          the next exchange
///
/// A step is one turn of the model with the results of its calls; an exchange goes from words of the user to the next. Without either, calls
/// and results are pairs as before, the user still speaks first, and the two still take turns. Whatever does not fit the picture stays.
struct ConversationUnits {
  struct Unit {
    /// The items, by their numbers.
    var items: [Int]
    /// The exchange it belongs to.
    var exchange: Int
    /// Whether it is one step of its exchange, or what is left of that without its steps.
    var isStep: Bool
    /// Whether it must stay.
    var isKept: Bool
  }

  private(set) var units: [Unit] = []
  private(set) var exchanges = 0

  /// - Parameter keptTurns: how many turns of the model at the end stay.
  init(_ request: RequestBody, keptTurns: Int) {
    let items = request.items
    guard !items.isEmpty else { return }
    let links = ItemLinks(request, items)
    let turns = ConversationUnits.turns(items)
    let firstKept = turns.suffix(max(1, keptTurns)).first?.lowerBound ?? 0
    var exchangeOf = [Int](repeating: 0, count: items.count)
    for i in items.indices.dropFirst() {
      let isSpoken = links.isSpoken(i) && !links.isSpoken(i - 1) && !items[i - 1].isInstruction
      exchangeOf[i] = exchangeOf[i - 1] + (isSpoken ? 1 : 0)
    }
    exchanges = exchangeOf[items.count - 1] + 1
    var isInStep = [Bool](repeating: false, count: items.count)
    for turn in turns {
      // The model's items and the results behind them, nothing else.
      var end = turn.upperBound
      while end < items.count, links.isResult(end) { end += 1 }
      let step = turn.lowerBound..<end
      let isStep = end > turn.upperBound && links.areClosed(step) && !step.contains(where: { links.mustStay($0) })
      guard isStep, end == items.count || items[end].isFromModel || exchangeOf[end] != exchangeOf[end - 1] else {
        continue
      }
      for i in step { isInStep[i] = true }
      units.append(
        Unit(
          items: Array(step), exchange: exchangeOf[turn.lowerBound], isStep: true,
          isKept: end > firstKept || end == items.count))
    }
    var start = 0
    for exchange in 0..<exchanges {
      let all = start..<(items.indices[start...].first { exchangeOf[$0] > exchange } ?? items.count)
      start = all.upperBound
      let rest = all.filter { !isInStep[$0] && !items[$0].isInstruction }
      guard let last = all.last, !rest.isEmpty else { continue }
      let isKept =
        exchange == exchanges - 1 || last >= firstKept || !links.areClosed(all) || rest.contains { links.mustStay($0) }
        || !rest.contains { links.isSpoken($0) }
      units.append(Unit(items: rest, exchange: exchange, isStep: false, isKept: isKept))
    }
  }

  /// The turns of the model: its items that stand together.
  private static func turns(_ items: [ConversationItem]) -> [Range<Int>] {
    var turns: [Range<Int>] = []
    for i in items.indices where items[i].isFromModel {
      if let last = turns.last, last.upperBound == i {
        turns[turns.count - 1] = last.lowerBound..<i + 1
      } else {
        turns.append(i..<i + 1)
      }
    }
    return turns
  }
}

/// Which items hold calls, which hold results, and which belong together.
private struct ItemLinks {
  private enum Role { case spoken, results, mixed, other }

  private let items: [ConversationItem]
  private var roles: [Role] = []
  /// The items that each item's results answer; nil for a result whose call is not here.
  private var calls: [[Int?]] = []
  /// The items with the results of each item's calls, and how many calls are unanswered.
  private var answers: [[Int]] = []
  private var isCompaction: [Bool] = []

  init(_ request: RequestBody, _ items: [ConversationItem]) {
    self.items = items
    let document = request.document
    var lastCall: [[UInt8]: Int] = [:]
    answers = Array(repeating: [], count: items.count)
    for (i, item) in items.enumerated() {
      let ids = CallIDs(item.node, in: document)
      var own: [Int?] = []
      for id in ids.results {
        let call = lastCall[id]
        if let call { answers[call].append(i) }
        own.append(call)
      }
      calls.append(own)
      for id in ids.calls { lastCall[id] = i }
      isCompaction.append(ids.isCompaction)
      roles.append(
        item.isFromModel || item.isInstruction
          ? .other : ids.results.isEmpty ? .spoken : ids.hasWords ? .mixed : .results)
    }
  }

  /// Whether an item holds words of the user and nothing else.
  func isSpoken(_ item: Int) -> Bool { roles[item] == .spoken }
  /// Whether an item holds results and nothing else.
  func isResult(_ item: Int) -> Bool { roles[item] == .results }

  /// Whether an item holds what cannot be had again: the provider's own summary, or the result of a call that is not here.
  func mustStay(_ item: Int) -> Bool { isCompaction[item] || calls[item].contains { $0 == nil } }

  /// Whether no call of these items is answered elsewhere, and no result answers a call elsewhere.
  func areClosed(_ part: some Collection<Int>) -> Bool {
    let members = Set(part)
    return part.allSatisfy { item in
      answers[item].allSatisfy { members.contains($0) }
        && calls[item].allSatisfy { $0.map { members.contains($0) } ?? true }
    }
  }
}

/// The ids of the calls and results in one item, in any format.
struct CallIDs {
  var calls: [[UInt8]] = []
  var results: [[UInt8]] = []
  /// Whether a client's item has parts besides results.
  var hasWords = false
  var isCompaction = false

  init(_ item: Int, in document: JSONDocument) {
    func id(_ value: Int?, _ fallback: Int? = nil) -> [UInt8] { document.text(of: value ?? fallback) ?? [] }
    // Responses: the item is a call or a result itself.
    if let type = document.text(of: document.member("type", of: item)),
      let id = document.text(
        of: document.member("call_id", of: item) ?? document.member("id", of: item))
    {
      if type.hasSuffix("_call") { calls.append(id) }
      if type.hasSuffix("_output") { results.append(id) }
      isCompaction = String(decoding: type, as: UTF8.self).contains("compaction")
    } else if document.isString(document.member("type", of: item), anyOf: ["compaction", "compaction_summary"]) {
      isCompaction = true
    }
    // Chat: calls beside the content, results as messages.
    for call in document.elements(of: document.member("tool_calls", of: item)) {
      calls.append(id(document.member("id", of: call)))
    }
    if let call = document.member("function_call", of: item), document.nodes[call].kind == .object {
      calls.append(id(document.member("name", of: call)))
    }
    if document.isString(document.member("role", of: item), anyOf: OpenAIChat.resultRoles) {
      let value = document.member("tool_call_id", of: item) ?? document.member("name", of: item)
      if value != nil { results.append(id(value)) }
    }
    // Anthropic and Gemini: parts.
    for part in document.elements(of: document.member("content", of: item) ?? document.member("parts", of: item)) {
      let call = document.member("functionCall", of: part) ?? document.member("function_call", of: part)
      let result = document.member("functionResponse", of: part) ?? document.member("function_response", of: part)
      if document.isString(document.member("type", of: part), "tool_use") {
        calls.append(id(document.member("id", of: part)))
      } else if document.isString(document.member("type", of: part), "tool_result") {
        results.append(id(document.member("tool_use_id", of: part)))
      } else if let call {
        calls.append(id(document.member("id", of: call), document.member("name", of: call)))
      } else if let result {
        results.append(id(document.member("id", of: result), document.member("name", of: result)))
      } else {
        hasWords = true
      }
    }
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
