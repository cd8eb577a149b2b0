import Headroom

/// Codex: `~/.codex/sessions/…/rollout-….jsonl`.
///
///     {"timestamp":"…","type":"response_item","payload":{"type":"function_call_output","call_id":"…","output":"…"}}
///
/// The payloads are the items of the requests. What was billed follows an answer.
struct CodexLog: SessionLogFormat {
  let agent = "codex"

  func matches(_ log: LogRecords) -> Bool {
    log.values.contains { record in
      record["payload"]?.kind == .object
        && (record["type"]?.isString("response_item") == true || record["type"]?.isString("session_meta") == true
          || record["type"]?.isString("turn_context") == true)
    }
  }

  func conversations(in log: LogRecords, name: String) -> [Conversation] {
    let contexts = log.values.filter { $0["type"]?.isString("turn_context") == true }
    let model = contexts.compactMap { $0["payload"]?["model"] }.first
    var frame = LogHistory.Frame(
      members: [("model", model.map { Array($0.lexeme) } ?? Array(#""codex""#.utf8))], list: "input")
    var history = LogHistory(name: name, model: model?.string)
    var items: [LogItem] = []
    var kept = 0
    for record in log.values {
      guard let payload = record["payload"], let type = record["type"] else { continue }
      if type.isString("session_meta") {
        let instructions = payload["base_instructions"]?["text"] ?? payload["instructions"]
        if let instructions, instructions.kind == .string {
          frame.members.append(("instructions", Array(instructions.lexeme)))
        }
      } else if type.isString("response_item"), payload["type"]?.isString("ghost_snapshot") != true {
        items.append(CodexLog.item(payload, time: record["timestamp"]?.time))
      } else if type.isString("event_msg"), payload["type"]?.isString("token_count") == true,
        let usage = payload["info"]?["last_token_usage"], let last = items.indices.last, items[last].isFromModel
      {
        items[last].usage = items[last].usage ?? CodexLog.usage(usage)
      } else if type.isString("compacted") {
        history.add(items, frame, keeping: kept)
        items = CodexLog.compacted(payload, items)
        kept = items.count
      }
    }
    history.add(items, frame, keeping: kept)
    return history.conversation.turns.isEmpty ? [] : [history.conversation]
  }

  private static func item(_ payload: JSONValue, time: Int64?) -> LogItem {
    let type = payload["type"]?.string ?? "message"
    let isFromModel =
      type == "message" ? payload["role"]?.isString("assistant") == true : !type.hasSuffix("_output")
    return LogItem(bytes: Array(payload.lexeme), isFromModel: isFromModel, time: time)
  }

  /// What a conversation goes on with after Codex has summed it up: what the log says, or what the user said and the summary.
  private static func compacted(_ payload: JSONValue, _ items: [LogItem]) -> [LogItem] {
    if let history = payload["replacement_history"], history.kind == .array {
      return history.elements.map { item($0, time: nil) }
    }
    guard let summary = payload["message"], summary.kind == .string else { return [] }
    let said = items.filter { !$0.isFromModel && $0.bytes.starts(with: Array(#"{"type":"message""#.utf8)) }
    let text = Array(#"{"type":"message","role":"user","content":[{"type":"input_text","text":"#.utf8)
    return said + [LogItem(bytes: text + summary.lexeme + Array("}]}".utf8), isFromModel: false)]
  }

  private static func usage(_ usage: JSONValue) -> TokenUsage? {
    guard let input = usage["input_tokens"]?.integer else { return nil }
    let read = usage["cached_input_tokens"]?.integer ?? 0
    return TokenUsage(
      input: max(0, input - read), cacheRead: read, output: usage["output_tokens"]?.integer ?? 0)
  }
}
