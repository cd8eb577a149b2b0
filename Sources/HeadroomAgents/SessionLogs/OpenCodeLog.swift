import Headroom

/// OpenCode: what `opencode export` prints.
///
///     {"info":{"id":"ses_…"},"messages":[{"info":{"role":"assistant","modelID":"…"},"parts":[{"type":"tool","callID":"…","state":{…}}]}]}
///
/// One message of the assistant holds all steps until it was done; each step is a request. A call and its result are one part.
struct OpenCodeLog: SessionLogFormat {
  let agent = "opencode"

  func matches(_ log: LogRecords) -> Bool {
    guard log.values.count == 1, let first = log.values[0]["messages"]?.elements.first else { return false }
    return first["info"] != nil && first["parts"]?.kind == .array
  }

  func conversations(in log: LogRecords, name: String) -> [Conversation] {
    let messages = log.values[0]["messages"]?.elements ?? []
    let infos = messages.compactMap { $0["info"] }
    guard let answer = infos.first(where: { $0["role"]?.isString("assistant") == true }), let model = answer["modelID"]
    else { return [] }
    let format = ProviderFormat(provider: answer["providerID"]?.string ?? "")
    var history = LogHistory(name: name, model: model.string)
    var items: [LogItem] = []
    var kept = 0
    for message in messages {
      guard let info = message["info"] else { continue }
      let said = OpenCodeLog.messages(info, message["parts"]?.elements ?? [])
      if info["summary"]?.kind == .true {
        // The summary takes the place of all that came before.
        history.add(items, format.frame(model: model.lexeme), keeping: kept)
        items = said.flatMap { message in
          var message = message
          message.isFromModel = false
          return format.items(message)
        }
        kept = items.count
      } else {
        items += said.flatMap(format.items)
      }
    }
    history.add(items, format.frame(model: model.lexeme), keeping: kept)
    return history.conversation.turns.isEmpty ? [] : [history.conversation]
  }

  /// The user's message, or the answers of all steps, each with the results of its calls.
  private static func messages(_ info: JSONValue, _ parts: [JSONValue]) -> [ProviderMessage] {
    let isFromModel = info["role"]?.isString("assistant") == true
    var time = info["time"]?["created"]?.time
    var messages: [ProviderMessage] = []
    var answer = ProviderMessage(isFromModel: isFromModel, time: time)
    var results = ProviderMessage(isFromModel: false)
    func finish() {
      if !answer.parts.isEmpty { messages.append(answer) }
      if !results.parts.isEmpty { messages.append(results) }
    }
    for part in parts {
      switch part["type"]?.string {
      case "step-start"?:
        finish()
        answer = ProviderMessage(isFromModel: isFromModel, time: time)
        results = ProviderMessage(isFromModel: false)
      case "step-finish"?: answer.usage = part["tokens"].flatMap(usage)
      case "text"?: if let text = part["text"] { answer.parts.append(.text(text.lexeme)) }
      case "reasoning"?:
        if let text = part["text"], text.lexeme.count > 2 {
          answer.parts.append(.thinking(text.lexeme, signature: part["metadata"]?["anthropic"]?["signature"]?.lexeme))
        }
      case "tool"?:
        guard let id = part["callID"], let name = part["tool"], let state = part["state"] else { continue }
        let isError = state["status"]?.isString("error") == true
        guard let output = state["output"] ?? (isError ? state["error"] : nil), output.kind == .string else { continue }
        answer.parts.append(
          .call(id: id.lexeme, name: name.lexeme, input: state["input"]?.lexeme ?? Array("{}".utf8)[...]))
        results.parts.append(.result(id: id.lexeme, payload: output.lexeme, isError: isError))
        time = state["time"]?["end"]?.time ?? time
        results.time = time
      default: continue
      }
    }
    finish()
    return messages
  }

  private static func usage(_ tokens: JSONValue) -> TokenUsage? {
    guard let input = tokens["input"]?.integer else { return nil }
    return TokenUsage(
      input: input, cacheRead: tokens["cache"]?["read"]?.integer ?? 0,
      cacheWrite: tokens["cache"]?["write"]?.integer ?? 0, output: tokens["output"]?.integer ?? 0)
  }
}
