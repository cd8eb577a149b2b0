import Headroom

/// Gemini CLI: `~/.gemini/tmp/…/chats/session-….json`, or `.jsonl` with a record a line.
///
///     {"sessionId":"…","projectHash":"…","messages":[{"type":"user","content":"…"},{"type":"gemini","content":"…","toolCalls":[…],"tokens":{…}}]}
///
/// In lines, a message comes again whenever something of it has changed, `$rewindTo` takes one back with all that follow, and `$set` with
/// messages puts others in the place of all.
struct GeminiLog: SessionLogFormat {
  let agent = "gemini"

  func matches(_ log: LogRecords) -> Bool {
    log.values.first.map { $0["sessionId"] != nil && $0["projectHash"] != nil } ?? false
  }

  func conversations(in log: LogRecords, name: String) -> [Conversation] {
    var state = State(name: name)
    for record in log.values {
      if let id = record["$rewindTo"]?.string {
        state.rewind(to: id)
      } else if record["type"] != nil, record["id"] != nil {
        state.put(record)
      } else if let messages = record["messages"] ?? record["$set"]?["messages"], !messages.elements.isEmpty {
        state.replace(by: messages.elements)
      }
    }
    state.flush()
    return state.history.conversation.turns.isEmpty ? [] : [state.history.conversation]
  }

  private struct State {
    var history: LogHistory
    private var messages: [JSONValue] = []
    /// How many items an earlier history had.
    private var kept = 0

    init(name: String) { history = LogHistory(name: name, model: nil) }

    mutating func put(_ message: JSONValue) {
      if let place = messages.lastIndex(where: { $0["id"]?.text == message["id"]?.text }) {
        messages[place] = message
      } else {
        messages.append(message)
      }
    }

    mutating func rewind(to id: String) {
      guard let place = messages.firstIndex(where: { $0["id"]?.string == id }) else { return }
      flush()
      messages.removeSubrange(place...)
      kept = items.count
    }

    mutating func replace(by others: [JSONValue]) {
      let isFirst = messages.isEmpty
      flush()
      messages = others
      kept = isFirst ? 0 : items.count
    }

    private var items: [LogItem] { messages.flatMap(GeminiLog.items) }

    mutating func flush() {
      history.conversation.model = history.conversation.model ?? messages.compactMap { $0["model"]?.string }.first
      history.add(items, LogHistory.Frame(list: "contents"), keeping: kept)
      kept = items.count
    }
  }

  /// A message as contents of a request: the model's, and the results of its calls.
  private static func items(_ message: JSONValue) -> [LogItem] {
    let time = message["timestamp"]?.time
    var parts = parts(message["content"])
    if message["type"]?.isString("user") == true {
      return parts.isEmpty ? [] : [content("user", parts, isFromModel: false, time: time)]
    }
    guard message["type"]?.isString("gemini") == true else { return [] }
    let calls = message["toolCalls"]?.elements ?? []
    parts += calls.map(call)
    guard !parts.isEmpty else { return [] }
    let usage = message["tokens"].flatMap(usage)
    var items = [content("model", parts, isFromModel: true, time: time, usage: usage)]
    if !calls.isEmpty {
      items.append(
        content("user", calls.flatMap(results), isFromModel: false, time: calls.last?["timestamp"]?.time ?? time))
    }
    return items
  }

  private static func content(
    _ role: String, _ parts: [[UInt8]], isFromModel: Bool, time: Int64?, usage: TokenUsage? = nil
  ) -> LogItem {
    let list = Array(parts.joined(separator: Array(",".utf8)))
    return LogItem(
      bytes: Array(#"{"role":"\#(role)","parts":["#.utf8) + list + Array("]}".utf8), isFromModel: isFromModel,
      time: time, usage: usage)
  }

  /// A text, a part, or a list of these.
  private static func parts(_ content: JSONValue?) -> [[UInt8]] {
    switch content?.kind {
    case .string?:
      guard let content, content.lexeme.count > 2 else { return [] }
      return [Array(#"{"text":"#.utf8) + content.lexeme + Array("}".utf8)]
    case .object?: return content.map { [Array($0.lexeme)] } ?? []
    case .array?: return content?.elements.flatMap { parts($0) } ?? []
    default: return []
    }
  }

  private static func call(_ call: JSONValue) -> [UInt8] {
    Array(#"{"functionCall":{"#.utf8) + named(call) + Array(#","args":"#.utf8)
      + (call["args"].map { Array($0.lexeme) } ?? Array("{}".utf8)) + Array("}}".utf8)
  }

  private static func results(_ call: JSONValue) -> [[UInt8]] {
    let parts = parts(call["result"])
    if !parts.isEmpty { return parts }
    return [
      Array(#"{"functionResponse":{"#.utf8) + named(call) + Array(#","response":{"error":"no result"}}}"#.utf8)
    ]
  }

  private static func named(_ call: JSONValue) -> [UInt8] {
    func raw(_ value: JSONValue?) -> [UInt8] { value.map { Array($0.lexeme) } ?? Array(#""""#.utf8) }
    return Array(#""id":"#.utf8) + raw(call["id"]) + Array(#","name":"#.utf8) + raw(call["name"])
  }

  private static func usage(_ tokens: JSONValue) -> TokenUsage? {
    guard let input = tokens["input"]?.integer else { return nil }
    let read = tokens["cached"]?.integer ?? 0
    return TokenUsage(input: max(0, input - read), cacheRead: read, output: tokens["output"]?.integer ?? 0)
  }
}
