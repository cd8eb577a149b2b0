/// Answers of Chat Completions. Calls are taken out of the chunks that they come in; all else in them goes on.
///
/// The chunks of later rounds carry the id of the first, as the client has one completion, and not its role again.
struct ChatRounds: AnswerRounds {
  private struct Call {
    var index: Int?
    var clientIndex: Int
    var value: StreamedValue
    var isHidden: Bool
    /// Bytes of its arguments.
    var size = 0

    var isTooLong: Bool { isHidden && size > RetrievalTool.longestInput }
  }

  var state: AnswerState
  private(set) var end = RoundEnd.open
  private var message = StreamedValue()
  private var held: [Call] = []
  private var usage = UsageSum()
  private var isExact = true
  private var hasFinished = false
  /// Whether the round ends in calls that are held.
  private var endsInCalls = false
  private var tail: [UInt8] = []
  /// `id` and `created` of the completion that the client has.
  private var identity: [(member: StaticString, lexeme: [UInt8])] = []
  /// What earlier rounds said, as it stands between quotes, where the answer is no stream.
  private var shownText: [UInt8] = []

  init(_ state: AnswerState) { self.state = state }

  // MARK: Streams

  mutating func take(_ event: ServerSentEvent) -> [UInt8] {
    guard event.isComplete, let data = event.data else {
      if event.raw.count > 1 << 20 || !event.isComplete { isExact = false }
      return event.raw
    }
    if data.elementsEqual("[DONE]".utf8) {
      guard endsInCalls else { return event.raw }
      tail += event.raw
      return []
    }
    guard let document = try? JSONDocument(data), let choices = document.member("choices", of: 0) else {
      return event.raw
    }
    let choice = document.elements(of: choices).first { _ in true }
    if choice != nil { remember(document) }
    var splices = state.isFirst ? [] : replacingIdentity(document)
    if let present = document.member("usage", of: 0), document.nodes[present].kind == .object {
      usage.update(UsageSum(document, present))
      if !state.isFirst { splices += state.usage.adding(usage).splices(into: present, in: document) }
    }
    var isEmptied = false
    var finish: Int?
    if let choice {
      if let delta = document.member("delta", of: choice), document.nodes[delta].kind == .object {
        isEmptied = take(delta, document, &splices)
      }
      finish = document.member("finish_reason", of: choice)
    }
    let edited = event.editing(splices.inOrder)
    if let finish, document.nodes[finish].kind == .string {
      finishRound(document, finish)
    } else if isEmptied, !document.hasMember("usage", of: 0, where: { $0.kind == .object }) {
      return []
    }
    guard endsInCalls else { return edited }
    tail += edited
    return []
  }

  private mutating func remember(_ document: JSONDocument) {
    guard identity.isEmpty else { return }
    for member in ["id", "created"] as [StaticString] {
      if let value = document.member(member, of: 0) { identity.append((member, document.lexeme(of: value))) }
    }
  }

  private func replacingIdentity(_ document: JSONDocument) -> [Splice] {
    identity.compactMap { member, lexeme in document.member(member, of: 0).map { document.replacing($0, with: lexeme) }
    }
  }

  /// Takes a delta and adds what has to change in it. Returns whether nothing is left of it.
  private mutating func take(_ delta: Int, _ document: JSONDocument, _ splices: inout [Splice]) -> Bool {
    message.merge(document, delta, without: ["role", "tool_calls"])
    var gone: [Int] = []
    if !state.isFirst, let role = document.member("role", of: delta) { gone.append(role) }
    if let list = document.member("tool_calls", of: delta) {
      let elements = Array(document.elements(of: list))
      let calls = elements.map { take(call: $0, document) }
      let hidden = zip(elements, calls).filter { held[$1].isHidden }.map(\.0)
      if !hidden.isEmpty, hidden.count == elements.count {
        gone.append(list)
      } else {
        for (element, call) in zip(elements, calls) where !held[call].isHidden {
          if let index = document.member("index", of: element), held[call].clientIndex != held[call].index {
            splices.append(document.replacing(index, with: Array("\(held[call].clientIndex)".utf8)))
          }
        }
        splices += document.removing(elements: hidden, of: list)
      }
    }
    if gone.isEmpty { return false }
    splices += document.removing(members: gone, of: delta)
    var isEmpty = true
    document.forEachMember(of: delta) { _, value in
      if !gone.contains(value), document.nodes[value].kind != .null, !document.isString(value, "") { isEmpty = false }
    }
    return isEmpty
  }

  /// Takes a part of a call and returns the call's place.
  private mutating func take(call: Int, _ document: JSONDocument) -> Int {
    let index = document.integer(of: document.member("index", of: call))
    let id = document.text(of: document.member("id", of: call))
    let function = document.member("function", of: call)
    var place = held.lastIndex { $0.index == index }
    // Without numbers a call begins with its id.
    if index == nil, id?.isEmpty == false { place = nil }
    if place == nil {
      let isOurs = isExact && document.text(of: document.member("name", of: function)) == Array(RetrievalTool.name.utf8)
      held.append(
        Call(
          index: index, clientIndex: held.count { !$0.isHidden }, value: StreamedValue(),
          isHidden: isOurs && id?.isEmpty == false))
    }
    let found = place ?? held.count - 1
    held[found].size += document.escapedText(of: document.member("arguments", of: function))?.count ?? 0
    held[found].value.merge(document, call, without: ["index"])
    if held[found].isTooLong { held[found].value.set("arguments", of: "function", to: Array("{}".utf8)) }
    return found
  }

  private mutating func finishRound(_ document: JSONDocument, _ finish: Int) {
    if hasFinished { return }
    hasFinished = true
    addWords(
      message.escapedText("content") ?? [], held.filter { !$0.isHidden }.map { $0.value.escapedText("id") ?? [] })
    let isWhole = !document.isString(finish, anyOf: ["length", "content_filter"])
    endsInCalls = isWhole && held.contains(where: \.isHidden)
    if !endsInCalls { state.record() }
  }

  private mutating func addWords(_ text: [UInt8], _ ids: [[UInt8]]) {
    state.words.add(text: JSONString.unescape(text, in: text.indices) ?? [])
    for id in ids { state.words.add(id: JSONString.unescape(id, in: id.indices) ?? id) }
  }

  mutating func finish() {
    guard hasFinished else { return }
    end = endsInCalls ? .calls : .over
  }

  // MARK: Bodies

  mutating func take(body: [UInt8]) -> [UInt8] {
    guard let document = try? JSONDocument(body),
      let choice = document.elements(of: document.member("choices", of: 0)).first(where: { _ in true }),
      let message = document.member("message", of: choice)
    else {
      end = state.isFirst ? .over : .failed
      return state.isFirst ? body : []
    }
    remember(document)
    self.message.merge(document, message, without: ["role", "tool_calls"])
    let list = document.member("tool_calls", of: message)
    let elements = Array(document.elements(of: list))
    let calls = elements.map { take(call: $0, document) }
    usage = UsageSum(document, document.member("usage", of: 0))
    let content = document.member("content", of: message)
    let text = Array(document.escapedText(of: content) ?? [])
    addWords(text, held.filter { !$0.isHidden }.map { $0.value.escapedText("id") ?? [] })
    var splices = state.isFirst ? [] : replacingIdentity(document)
    if let list {
      let hidden = zip(elements, calls).filter { held[$1].isHidden }.map(\.0)
      splices +=
        hidden.count == elements.count && !hidden.isEmpty
        ? document.removing(members: [list], of: message) : document.removing(elements: hidden, of: list)
    }
    if !shownText.isEmpty {
      let all = [UInt8(ascii: "\"")] + shownText + text + [UInt8(ascii: "\"")]
      splices.append(
        content.map { document.replacing($0, with: all) }
          ?? document.appending(member: Array("\"content\":".utf8) + all, to: message))
    }
    if !state.isFirst, let present = document.member("usage", of: 0), document.nodes[present].kind == .object {
      splices += state.usage.adding(usage).splices(into: present, in: document)
    }
    shownText += text
    let answer = body.applying(splices.inOrder)
    let isWhole = !document.isString(document.member("finish_reason", of: choice), anyOf: ["length", "content_filter"])
    if isWhole, held.contains(where: \.isHidden) {
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
    held.filter(\.isHidden).map { call in
      let arguments = call.value.inner("function")?.escapedText("arguments") ?? []
      return HeldCall(
        id: [UInt8(ascii: "\"")] + (call.value.escapedText("id") ?? []) + [UInt8(ascii: "\"")],
        input: call.isTooLong ? nil : JSONString.unescape(arguments, in: arguments.indices) ?? [])
    }
  }

  mutating func hold() -> (round: HiddenExchange.Round, isShared: Bool, tail: [UInt8])? {
    let isShared = held.contains { !$0.isHidden }
    guard isExact || isShared else { return nil }
    let parts = held.map { HiddenExchange.Part(json: $0.value.json, isHidden: $0.isHidden) }
    let said = message.members
    let answer =
      Array(#"{"role":"assistant","#.utf8) + said + (said.isEmpty ? [] : [UInt8(ascii: ",")])
      + Array(#""tool_calls":["#.utf8) + ToolFormat.joined(parts.map(\.json)) + Array("]}".utf8)
    return (.init(parts: parts, message: answer, results: []), isShared, tail)
  }

  mutating func startRound() {
    state.usage = state.usage.adding(usage)
    usage = UsageSum()
    message = StreamedValue()
    held = []
    tail = []
    hasFinished = false
    endsInCalls = false
    end = .open
  }
}
