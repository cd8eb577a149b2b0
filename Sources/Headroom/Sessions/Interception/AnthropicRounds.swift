/// Answers of Anthropic Messages. Blocks are held from their first event on, so what came before a call is with the client already.
///
/// The blocks of later rounds go on in the numbers of the client's message; their `message_start` is left out, and their usage is added to
/// that of the rounds before.
struct AnthropicRounds: AnswerRounds {
  private struct Block {
    /// In the round, and in the client's message.
    var index: Int
    var clientIndex: Int
    var content: StreamedBlock
    var isHidden: Bool
    var isComplete = false

    var isClientCall: Bool { !isHidden && content.isType("tool_use") }
  }

  var state: AnswerState
  private(set) var end = RoundEnd.open
  private var blocks: [Block] = []
  private var usage = UsageSum()
  private var isExact = true
  /// Whether the round ends in calls that are held.
  private var endsInCalls = false
  private var tail: [UInt8] = []
  /// How many blocks of earlier rounds the client has.
  private var shown = 0
  /// The blocks themselves, and the id of the message, where the answer is no stream.
  private var shownBlocks: [[UInt8]] = []
  private var messageID: [UInt8]?
  private var body: BodyRound?

  init(_ state: AnswerState) { self.state = state }

  // MARK: Streams

  mutating func take(_ event: ServerSentEvent) -> [UInt8] {
    guard event.isComplete, let data = event.data, let document = try? JSONDocument(data) else {
      // Comments pass; of what is too long to be looked into, nobody knows what it was.
      if event.data != nil || event.raw.count > 1 << 20 || !event.isComplete { isExact = false }
      return event.raw
    }
    switch document.text(of: document.member("type", of: 0)).map({ String(decoding: $0, as: UTF8.self) }) {
    case "message_start":
      usage.update(UsageSum(document, document.member("usage", of: document.member("message", of: 0))))
      return state.isFirst ? event.raw : []
    case "content_block_start": return start(event, document)
    case "content_block_delta":
      guard let place = block(document) else { return unknown(event) }
      if blocks[place].isHidden, blocks[place].content.inputSize > RetrievalTool.longestInput { return [] }
      blocks[place].content.add(document, document.member("delta", of: 0))
      return forward(event, document, blocks[place])
    case "content_block_stop":
      guard let place = block(document) else { return unknown(event) }
      blocks[place].isComplete = true
      return forward(event, document, blocks[place])
    case "message_delta": return stop(event, document)
    case "message_stop":
      if endsInCalls {
        tail += event.raw
        end = .calls
        return []
      }
      if end == .open { end = .over }
      return event.raw
    case "error":
      end = .over
      return event.raw
    default: return event.raw
    }
  }

  private mutating func unknown(_ event: ServerSentEvent) -> [UInt8] {
    isExact = false
    return event.raw
  }

  private func block(_ document: JSONDocument) -> Int? {
    document.integer(of: document.member("index", of: 0)).flatMap { index in blocks.lastIndex { $0.index == index } }
  }

  private mutating func start(_ event: ServerSentEvent, _ document: JSONDocument) -> [UInt8] {
    guard let index = document.integer(of: document.member("index", of: 0)),
      let value = document.member("content_block", of: 0), let content = StreamedBlock(document, value)
    else { return unknown(event) }
    // Where the answer cannot be sent again, the client answers all of it.
    let isHidden =
      isExact && blocks.allSatisfy(\.content.isExact) && content.isType("tool_use")
      && content.text("name") == Array(RetrievalTool.name.utf8) && content.text("id") != nil
    let block = Block(
      index: index, clientIndex: shown + blocks.count { !$0.isHidden }, content: content, isHidden: isHidden)
    blocks.append(block)
    return forward(event, document, block)
  }

  private func forward(_ event: ServerSentEvent, _ document: JSONDocument, _ block: Block) -> [UInt8] {
    if block.isHidden { return [] }
    guard block.clientIndex != block.index, let index = document.member("index", of: 0) else { return event.raw }
    return event.editing([document.replacing(index, with: Array("\(block.clientIndex)".utf8))])
  }

  private mutating func stop(_ event: ServerSentEvent, _ document: JSONDocument) -> [UInt8] {
    let present = document.member("usage", of: 0)
    usage.update(UsageSum(document, present))
    for block in blocks where !block.isHidden {
      state.words.add(text: block.content.text)
      if block.isClientCall, let id = block.content.text("id") { state.words.add(id: id) }
    }
    // The client has one start of a message, so the last event says what all rounds were billed.
    let billed = state.usage.adding(usage)
    let edited = event.editing(state.isFirst ? [] : present.map { billed.splices(into: $0, in: document) } ?? [])
    let hidden = blocks.filter(\.isHidden)
    let reason = document.member("stop_reason", of: document.member("delta", of: 0))
    if document.isString(reason, "tool_use"), !hidden.isEmpty, hidden.allSatisfy(\.isComplete) {
      endsInCalls = true
      tail = edited
      return []
    }
    state.record()
    return edited
  }

  // MARK: Bodies

  /// A round that is no stream.
  private struct BodyRound {
    var parts: [HiddenExchange.Part]
    var calls: [HeldCall]
    var isShared: Bool
  }

  mutating func take(body: [UInt8]) -> [UInt8] {
    guard let document = try? JSONDocument(body), let content = document.member("content", of: 0) else {
      end = state.isFirst ? .over : .failed
      return state.isFirst ? body : []
    }
    var round = BodyRound(parts: [], calls: [], isShared: false)
    var visible: [[UInt8]] = []
    for part in document.elements(of: content) {
      let isCall = document.isString(document.member("type", of: part), "tool_use")
      let isHidden =
        isCall && document.text(of: document.member("name", of: part)) == Array(RetrievalTool.name.utf8)
      let json = document.lexeme(of: part)
      round.parts.append(.init(json: json, isHidden: isHidden))
      if isHidden, let id = document.member("id", of: part), let input = document.member("input", of: part) {
        round.calls.append(HeldCall(id: document.lexeme(of: id), input: document.lexeme(of: input)))
      } else {
        visible.append(json)
        round.isShared = round.isShared || isCall
        if isCall, let id = document.text(of: document.member("id", of: part)) { state.words.add(id: id) }
        if let text = document.text(of: document.member("text", of: part)),
          document.isString(document.member("type", of: part), "text")
        {
          state.words.add(text: text)
        }
      }
    }
    let id = document.member("id", of: 0)
    messageID = messageID ?? id.map { document.lexeme(of: $0) }
    usage = UsageSum(document, document.member("usage", of: 0))
    shownBlocks += visible
    let isCalled = !round.calls.isEmpty && document.isString(document.member("stop_reason", of: 0), "tool_use")
    var answer = body
    if !state.isFirst || visible.count < round.parts.count {
      var splices = [
        document.replacing(content, with: [UInt8(ascii: "[")] + ToolFormat.joined(shownBlocks) + [UInt8(ascii: "]")])
      ]
      if let id, let messageID, !state.isFirst { splices.append(document.replacing(id, with: messageID)) }
      if !state.isFirst, let present = document.member("usage", of: 0) {
        splices += state.usage.adding(usage).splices(into: present, in: document)
      }
      answer = body.applying(splices.inOrder)
    }
    if isCalled {
      self.body = round
      tail = answer
      end = .calls
      return []
    }
    state.record()
    end = .over
    return answer
  }

  // MARK: Calls

  var calls: [HeldCall] {
    if let body { return body.calls }
    return blocks.filter(\.isHidden).map {
      let isTooLong = $0.content.inputSize > RetrievalTool.longestInput
      return HeldCall(id: $0.content.lexeme("id") ?? [], input: isTooLong ? nil : $0.content.inputJSON ?? [])
    }
  }

  mutating func hold() -> (round: HiddenExchange.Round, isShared: Bool, tail: [UInt8])? {
    if let body { return (.init(parts: Self.sendable(body.parts), results: []), body.isShared, tail) }
    let isShared = blocks.contains(where: \.isClientCall)
    var parts: [HiddenExchange.Part] = []
    for block in blocks {
      var json = block.content.json
      // An input that was cut short or is none is sent again as an empty one.
      if json == nil || block.content.inputSize > RetrievalTool.longestInput, block.isHidden {
        json = block.content.withoutInput
      }
      guard let json else {
        if isShared { continue }
        return nil
      }
      parts.append(.init(json: json, isHidden: block.isHidden))
    }
    guard isExact || isShared else { return nil }
    return (.init(parts: Self.sendable(parts), results: []), isShared, tail)
  }

  /// The provider refuses blocks of empty text that it has written itself.
  private static func sendable(_ parts: [HiddenExchange.Part]) -> [HiddenExchange.Part] {
    parts.filter { part in
      guard let document = try? JSONDocument(part.json), document.isString(document.member("type", of: 0), "text")
      else { return true }
      return document.text(of: document.member("text", of: 0))?.isEmpty == false
    }
  }

  mutating func startRound() {
    shown += blocks.count { !$0.isHidden }
    state.usage = state.usage.adding(usage)
    usage = UsageSum()
    blocks = []
    body = nil
    tail = []
    endsInCalls = false
    end = .open
  }
}
