import Headroom

/// Pi: `~/.pi/agent/sessions/…/….jsonl`.
///
///     {"type":"message","id":"b","parentId":"a","timestamp":"…","message":{"role":"toolResult","toolCallId":"…","content":[…]}}
///
/// Entries form a tree; the last one ends the branch that the session is on. A compaction puts a summary in the place of what came before the
/// entry that it names.
struct PiLog: SessionLogFormat {
  let agent = "pi"

  func matches(_ log: LogRecords) -> Bool {
    guard let first = log.values.first else { return false }
    return first["type"]?.isString("session") == true && first["cwd"] != nil
  }

  func conversations(in log: LogRecords, name: String) -> [Conversation] {
    let branch = PiLog.branch(log.values)
    let answers = branch.compactMap { $0["message"] }.filter { $0["role"]?.isString("assistant") == true }
    guard let first = answers.first, let model = first["model"] else { return [] }
    let format = ProviderFormat(provider: (first["api"] ?? first["provider"])?.string ?? "")
    var history = LogHistory(name: name, model: model.string)
    var items: [(entry: String?, item: LogItem)] = []
    var kept = 0
    for entry in branch {
      if entry["type"]?.isString("compaction") == true, let summary = entry["summary"] {
        history.add(items.map(\.item), format.frame(model: model.lexeme), keeping: kept)
        let start = items.firstIndex { $0.entry == entry["firstKeptEntryId"]?.string } ?? items.count
        let text = ProviderMessage(isFromModel: false, parts: [.text(summary.lexeme)], time: entry["timestamp"]?.time)
        items = format.items(text).map { (nil, $0) } + items[start...]
        kept = items.count
      } else if let message = entry["message"].flatMap({ PiLog.message($0, time: entry["timestamp"]?.time) }) {
        items += format.items(message).map { (entry["id"]?.string, $0) }
      }
    }
    history.add(items.map(\.item), format.frame(model: model.lexeme), keeping: kept)
    return history.conversation.turns.isEmpty ? [] : [history.conversation]
  }

  /// The entries from the root to the last one. Before there were trees, that was all.
  private static func branch(_ entries: [JSONValue]) -> [JSONValue] {
    var places: [String: Int] = [:]
    for (place, entry) in entries.enumerated() {
      if let id = entry["id"]?.string { places[id] = place }
    }
    guard entries.last?["parentId"] != nil else { return entries }
    var branch: [JSONValue] = []
    var place: Int? = entries.count - 1
    while let current = place {
      branch.append(entries[current])
      place = entries[current]["parentId"]?.string.flatMap { places[$0] }.flatMap { $0 < current ? $0 : nil }
    }
    return branch.reversed()
  }

  private static func message(_ message: JSONValue, time: Int64?) -> ProviderMessage? {
    guard let content = message["content"] else { return nil }
    if message["role"]?.isString("toolResult") == true {
      guard let id = message["toolCallId"] else { return nil }
      let result = ProviderMessage.Part.result(
        id: id.lexeme, payload: content.lexeme, isError: message["isError"]?.kind == .true)
      return ProviderMessage(isFromModel: false, parts: [result], time: time)
    }
    let isFromModel = message["role"]?.isString("assistant") == true
    guard isFromModel || message["role"]?.isString("user") == true else { return nil }
    let parts = content.kind == .string ? [.text(content.lexeme)] : content.elements.compactMap(part)
    return ProviderMessage(
      isFromModel: isFromModel, parts: parts, time: time, usage: message["usage"].flatMap(usage))
  }

  private static func part(_ part: JSONValue) -> ProviderMessage.Part? {
    switch part["type"]?.string {
    case "text"?: part["text"].map { .text($0.lexeme) }
    case "thinking"?:
      part["thinking"].map { .thinking($0.lexeme, signature: part["thinkingSignature"]?.lexeme) }
    case "toolCall"?:
      part["id"].flatMap { id in
        part["name"].flatMap { name in
          part["arguments"].map { .call(id: id.lexeme, name: name.lexeme, input: $0.lexeme) }
        }
      }
    default: nil
    }
  }

  private static func usage(_ usage: JSONValue) -> TokenUsage? {
    guard let input = usage["input"]?.integer else { return nil }
    return TokenUsage(
      input: input, cacheRead: usage["cacheRead"]?.integer ?? 0, cacheWrite: usage["cacheWrite"]?.integer ?? 0,
      output: usage["output"]?.integer ?? 0)
  }
}
