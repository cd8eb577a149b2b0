/// What all formats share: a walk in document order that meets user texts, tool calls, assistant turns and results, and leaves blocks.
///
/// One pass, linear in the document: a format announces what it meets, and everything a block needs to know is known at the next
/// assistant turn at the latest.
struct BlockCollector {
  let document: JSONDocument
  var path = BlockPath()

  private var blocks: [Block] = []
  private var calls = ToolCalls()
  /// Whether the last thing met was the assistant's.
  private var isInAssistantTurn = false
  /// The first block since the last assistant turn.
  private var firstPending = 0
  /// The result whose payload comes next.
  private var result: (callID: [UInt8]?, toolName: Range<Int>?, input: Range<Int>?, isError: Bool) = (
    nil, nil, nil, false
  )

  /// The text parts of the last user message before the last assistant turn, and of the last one after it.
  private var earlierTexts: [Int] = []
  private var texts: [Int] = []
  private var isNewUserMessage = false
  /// The text of both, while it is the same for one turn after the other.
  private var userText: [UInt8]?

  init(_ document: JSONDocument) { self.document = document }

  // MARK: What the walk meets

  /// An assistant turn: all blocks found so far were sent before it.
  mutating func assistantTurn() {
    if isInAssistantTurn { return }
    isInAssistantTurn = true
    completePending()
    calls.startTurn()
  }

  /// A tool call of the assistant. `input` may be a string or any other value.
  mutating func call(id: Int?, name: Int?, input: Int?) {
    guard let id, document.nodes[id].kind == .string else { return }
    calls.append(.init(id: document.nodes[id].range, name: range(name), input: range(input)))
  }

  /// A message of the user starts; its texts follow.
  mutating func userMessage() {
    isInAssistantTurn = false
    isNewUserMessage = true
  }

  mutating func userText(_ value: Int?) {
    guard let value, document.nodes[value].kind == .string, !document.isAgentNote(value) else { return }
    if isNewUserMessage {
      isNewUserMessage = false
      texts.removeAll(keepingCapacity: true)
    }
    texts.append(value)
    userText = nil
  }

  /// A user message: a text, or a list of parts of which those with a type of `textTypes` hold text.
  mutating func userMessage(_ content: Int?, textTypes: [StaticString]) {
    userMessage()
    userText(content)
    for part in document.elements(of: content)
    where document.isString(document.member("type", of: part), anyOf: textTypes) {
      userText(document.member("text", of: part))
    }
  }

  /// A tool result; its payload follows. `name` is the tool's, if the result itself tells it.
  mutating func result(id: Int?, name: Int? = nil, isError: Bool) {
    isInAssistantTurn = false
    let call = id.flatMap { calls.answer(document.nodes[$0].range, in: document.bytes) }
    result = (document.text(of: id), call?.name ?? range(name), call?.input, isError)
  }

  /// A payload of the result: one block if it is a string. Of a list, each part with a type of `textTypes` is one; all others are opaque.
  mutating func payload(_ value: Int?, textTypes: [StaticString]) {
    guard let value else { return }
    if document.nodes[value].kind == .string { return block(value) }
    let mark = path.mark
    for (position, part) in document.elements(of: value).enumerated() {
      guard document.isString(document.member("type", of: part), anyOf: textTypes),
        let text = document.member("text", of: part), document.nodes[text].kind == .string
      else { continue }
      path.element(position)
      path.member("text")
      block(text)
      path.end(at: mark)
    }
  }

  /// One string of the result's payload, at ``path``.
  mutating func block(_ string: Int) {
    blocks.append(
      Block(
        path: path.text, callID: result.callID, range: document.nodes[string].range, isError: result.isError,
        toolName: result.toolName, input: result.input))
  }

  /// How many blocks there are, and the way back to so many.
  var count: Int { blocks.count }
  mutating func drop(from count: Int) { blocks.removeSubrange(count...) }

  /// The blocks, complete.
  mutating func finish() -> [Block] {
    let sent = firstPending
    completePending()
    for i in 0..<sent { blocks[i].hasAssistantTurnAfter = true }
    return blocks
  }

  // MARK: User text

  private mutating func completePending() {
    if firstPending < blocks.count {
      let text = userText ?? joined(earlierTexts + texts)
      for i in firstPending..<blocks.count { blocks[i].userText = text }
      firstPending = blocks.count
      userText = text
    }
    if !texts.isEmpty {
      swap(&earlierTexts, &texts)
      texts.removeAll(keepingCapacity: true)
      userText = nil
    }
  }

  private func joined(_ texts: [Int]) -> [UInt8] {
    Array(texts.compactMap { document.text(of: $0) }.joined(separator: CollectionOfOne(UInt8(ascii: "\n"))))
  }

  // MARK: Spans

  private func range(_ value: Int?) -> Range<Int>? { value.map { document.nodes[$0].range } }
}
