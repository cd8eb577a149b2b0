/// Answers of Responses. All events of an item that is a call are held back; the others keep an unbroken row of numbers.
///
/// The client has one response, under the id of the first: those of later rounds are not announced, and the last event has the items and the
/// usage of all.
struct ResponsesRounds: AnswerRounds {
  private struct Item {
    /// In the round, and in the client's response.
    var index: Int
    var clientIndex: Int
    var isHidden: Bool
    /// The item as its last event says.
    var json: [UInt8]?
  }

  var state: AnswerState
  private(set) var end = RoundEnd.open
  private var items: [Item] = []
  private var usage = UsageSum()
  private var isExact = true
  private var tail: [UInt8] = []
  /// How many items of earlier rounds the client has, and those that stand in their responses.
  private var shown = 0
  private var shownItems: [[UInt8]] = []
  /// The items that the round's response holds.
  private var output: [[UInt8]] = []
  /// What the client's response is known by: its own values of the members that every round has anew.
  private var identity: [(member: StaticString, lexeme: [UInt8])] = []
  /// The id of the round's response.
  private var roundID: [UInt8]?
  /// The number of the last event that the client got.
  private var number: Int?

  init(_ state: AnswerState) { self.state = state }

  // MARK: Streams

  mutating func take(_ event: ServerSentEvent) -> [UInt8] {
    guard event.isComplete, let data = event.data, let document = try? JSONDocument(data) else {
      if event.raw.count > 1 << 20 || !event.isComplete { isExact = false }
      return event.raw
    }
    let type = document.member("type", of: 0)
    if let response = document.member("response", of: 0), document.nodes[response].kind == .object {
      remember(response, document)
      if document.isString(type, anyOf: ["response.completed", "response.incomplete", "response.failed"]) {
        return finish(event, document, response, isComplete: document.isString(type, "response.completed"))
      }
      return state.isFirst ? forward(event, document) : []
    }
    if document.isString(type, "error") {
      end = .over
      return forward(event, document)
    }
    guard let index = document.integer(of: document.member("output_index", of: 0)) else {
      return forward(event, document)
    }
    let item = document.member("item", of: 0)
    if document.isString(type, "response.output_item.added") {
      let isHidden = isExact && item.map { Self.isOurs($0, document) } ?? false
      items.append(
        Item(index: index, clientIndex: shown + items.count { !$0.isHidden }, isHidden: isHidden))
    }
    guard let place = items.lastIndex(where: { $0.index == index }) else {
      isExact = false
      return forward(event, document)
    }
    if document.isString(type, "response.output_item.done"), let item { items[place].json = document.lexeme(of: item) }
    return items[place].isHidden ? [] : forward(event, document, items[place])
  }

  private static func isOurs(_ item: Int, _ document: JSONDocument) -> Bool {
    document.isString(document.member("type", of: item), "function_call")
      && document.text(of: document.member("name", of: item)) == Array(RetrievalTool.name.utf8)
      && document.hasMember("call_id", of: item) { $0.kind == .string }
  }

  /// Takes what a response is known by: that of the first round is the client's.
  private mutating func remember(_ response: Int, _ document: JSONDocument) {
    guard let id = document.member("id", of: response) else { return }
    if state.isFirst, identity.isEmpty {
      for member in ["id", "created_at", "previous_response_id"] as [StaticString] {
        if let value = document.member(member, of: response) { identity.append((member, document.lexeme(of: value))) }
      }
      if state.isKept, let id = document.text(of: id) { state.records.append(RetrievalSession.record(ofResponse: id)) }
    }
    roundID = document.lexeme(of: id)
  }

  /// An event that goes on, with the numbers that the client expects.
  private mutating func forward(_ event: ServerSentEvent, _ document: JSONDocument, _ item: Item? = nil) -> [UInt8] {
    var splices: [Splice] = []
    if let item, item.clientIndex != item.index, let index = document.member("output_index", of: 0) {
      splices.append(document.replacing(index, with: Array("\(item.clientIndex)".utf8)))
    }
    splices += numbering(document)
    return event.editing(splices.inOrder)
  }

  private mutating func numbering(_ document: JSONDocument) -> [Splice] {
    guard let value = document.member("sequence_number", of: 0), let present = document.integer(of: value) else {
      return []
    }
    // The first number, and gaps that the upstream makes, are its own as long as nothing was held back.
    let isOwn = state.isFirst && !items.contains(where: \.isHidden)
    let next = isOwn ? present : number.map { $0 + 1 } ?? present
    number = next
    return next == present ? [] : [document.replacing(value, with: Array("\(next)".utf8))]
  }

  private mutating func finish(
    _ event: ServerSentEvent, _ document: JSONDocument, _ response: Int, isComplete: Bool
  ) -> [UInt8] {
    usage = UsageSum(document, document.member("usage", of: response))
    let hidden = items.filter(\.isHidden)
    if items.contains(where: { $0.json == nil }) { isExact = false }
    let held = takeOutput(of: response, document)
    let last = number
    let splices = merged(response, document) + numbering(document)
    let edited = event.editing(splices.inOrder)
    if isComplete, !hidden.isEmpty, held || hidden.allSatisfy({ $0.json != nil }) {
      tail = edited
      number = last
      end = .calls
      return []
    }
    finishAnswer()
    return edited
  }

  /// Takes the items of a response. Returns whether one of them is a call.
  private mutating func takeOutput(of response: Int, _ document: JSONDocument) -> Bool {
    let list = Array(document.elements(of: document.member("output", of: response)))
    output = list.map { document.lexeme(of: $0) }
    let visible = list.filter { !Self.isOurs($0, document) }
    shownItems += visible.map { document.lexeme(of: $0) }
    return visible.count < list.count
  }

  /// The edits that make a response the client's: without calls, with what it has of earlier rounds.
  private func merged(_ response: Int, _ document: JSONDocument) -> [Splice] {
    var splices: [Splice] = []
    if let list = document.member("output", of: response), document.nodes[list].kind == .array {
      if !state.isFirst {
        splices.append(
          document.replacing(list, with: [UInt8(ascii: "[")] + ToolFormat.joined(shownItems) + [UInt8(ascii: "]")]))
      } else {
        let hidden = document.elements(of: list).filter { Self.isOurs($0, document) }
        splices += document.removing(elements: hidden, of: list)
      }
    }
    guard !state.isFirst else { return splices }
    for (member, lexeme) in identity {
      if let value = document.member(member, of: response) { splices.append(document.replacing(value, with: lexeme)) }
    }
    if let present = document.member("usage", of: response), document.nodes[present].kind == .object {
      splices += state.usage.adding(usage).splices(into: present, in: document)
    }
    return splices
  }

  /// The client has all of its answer.
  private mutating func finishAnswer() {
    addWords()
    state.record()
    recordResponse(results: [])
    end = .over
  }

  private mutating func recordResponse(results: [[UInt8]]) {
    guard state.isKept, !state.isFirst || !results.isEmpty, let roundID, let first = identity.first?.lexeme,
      let id = JSONString.unescape(first, in: 1..<first.count - 1)
    else { return }
    let response = HiddenResponse(id: roundID, results: results)
    state.records.append((.exchange(ConversationTurns.start(after: id)), response.entry))
  }

  /// Adds what the client sees of the round to what names its turn.
  private mutating func addWords() {
    for item in roundItems {
      guard let document = try? JSONDocument(item), !Self.isOurs(0, document) else { continue }
      state.words.add(0, isFromModel: true, document)
    }
  }

  /// The items of the round as they came, in their order.
  private var roundItems: [[UInt8]] {
    let done = items.sorted { $0.index < $1.index }.compactMap(\.json)
    return done.isEmpty ? output : done
  }

  // MARK: Bodies

  mutating func take(body: [UInt8]) -> [UInt8] {
    guard let document = try? JSONDocument(body), document.hasMember("output", of: 0) else {
      end = state.isFirst ? .over : .failed
      return state.isFirst ? body : []
    }
    remember(0, document)
    usage = UsageSum(document, document.member("usage", of: 0))
    let held = takeOutput(of: 0, document)
    let answer = body.applying(merged(0, document).inOrder)
    if held, document.isString(document.member("status", of: 0), "completed") {
      tail = answer
      end = .calls
      return []
    }
    finishAnswer()
    return answer
  }

  // MARK: Calls

  var calls: [HeldCall] {
    roundItems.compactMap { item in
      guard let document = try? JSONDocument(item), Self.isOurs(0, document), let id = document.member("call_id", of: 0)
      else { return nil }
      let input = document.text(of: document.member("arguments", of: 0)) ?? []
      return HeldCall(
        id: document.lexeme(of: id), input: input.count > RetrievalTool.longestInput ? nil : input)
    }
  }

  mutating func hold() -> (round: HiddenExchange.Round, isShared: Bool, tail: [UInt8])? {
    var parts: [HiddenExchange.Part] = []
    var isShared = false
    for item in roundItems {
      guard let document = try? JSONDocument(item) else { return nil }
      let isHidden = Self.isOurs(0, document)
      isShared = isShared || !isHidden && document.isString(document.member("type", of: 0), anyOf: clientCalls)
      parts.append(.init(json: item, isHidden: isHidden))
    }
    guard isExact || isShared else { return nil }
    addWords()
    return (.init(parts: parts, results: []), isShared, tail)
  }

  mutating func share(_ round: HiddenExchange.Round) {
    state.record(open: round)
    recordResponse(results: round.results)
  }

  mutating func startRound() {
    shown += items.count { !$0.isHidden }
    state.usage = state.usage.adding(usage)
    usage = UsageSum()
    items = []
    output = []
    tail = []
    end = .open
  }
}

/// The items that a client answers.
private let clientCalls: [StaticString] = [
  "function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call", "computer_call",
  "mcp_approval_request",
]
