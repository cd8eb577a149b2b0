import Headroom

/// Claude Code: `~/.claude/projects/…/SESSION.jsonl`.
///
///     {"type":"user","uuid":"…","parentUuid":null,"timestamp":"…","message":{"role":"user","content":"…"}}
///     {"type":"assistant","uuid":"…","parentUuid":"…","message":{"id":"msg_1","model":"…","content":[…],"usage":{…}}}
///
/// Each part of an answer has a line of its own, and so has each result. The request has one message for all parts with the id of an answer,
/// and one for all results that follow. Lines form a tree: where one continues from an earlier place, the user went back there. A helper's
/// lines are marked with its name.
struct ClaudeCodeLog: SessionLogFormat {
  let agent = "claude-code"

  func matches(_ log: LogRecords) -> Bool {
    log.values.contains { record in
      record["sessionId"] != nil && ClaudeCodeLog.isMessage(record)
    }
  }

  private static func isMessage(_ record: JSONValue) -> Bool {
    guard record["type"]?.isString("user") == true || record["type"]?.isString("assistant") == true else {
      return false
    }
    return record["message"]?["content"] != nil
  }

  func conversations(in log: LogRecords, name: String) -> [Conversation] {
    var helpers: [String] = []
    var records: [String: [JSONValue]] = [:]
    for record in log.values {
      let helper = record["agentId"]?.string ?? (record["isSidechain"]?.kind == .true ? "helper" : "")
      if records[helper] == nil { helpers.append(helper) }
      records[helper, default: []].append(record)
    }
    let named = helpers.filter { records[$0]?.contains(where: ClaudeCodeLog.isMessage) == true }
    return named.map { helper in
      Reader(records[helper] ?? [], name: named.count == 1 || helper.isEmpty ? name : "\(name)#\(helper)").conversation
    }.filter { !$0.turns.isEmpty }
  }

  /// A message of a request, put together from lines.
  fileprivate struct Message {
    /// The id of an answer; nil for the user.
    var answer: String?
    /// The raw JSON string of a message that is one text.
    var text: ArraySlice<UInt8>?
    var parts: [ArraySlice<UInt8>] = []
    var model: [UInt8]?
    var time: Int64?
    var usage: TokenUsage?
    /// The lines that it was made of.
    var lines: Set<String> = []
  }

  private struct Reader {
    private var history: LogHistory
    private var messages: [Message] = []
    /// How many messages an earlier history had.
    private var kept = 0
    /// For each line that is no message the one before it.
    private var parents: [String: String?] = [:]
    private let isTree: Bool

    var conversation: Conversation { history.conversation }

    init(_ records: [JSONValue], name: String) {
      isTree = records.contains { $0["parentUuid"]?.kind == .string }
      let hasLongLife = records.contains {
        ($0["message"]?["usage"]?["cache_creation"]?["ephemeral_1h_input_tokens"]?.integer ?? 0) > 0
      }
      history = LogHistory(name: name, model: nil, cacheLife: hasLongLife ? .long : .short)
      for record in records { read(record) }
      flush()
    }

    private mutating func read(_ record: JSONValue) {
      let id = record["uuid"]?.string
      let parent = record["parentUuid"]?.string
      if record["subtype"]?.isString("compact_boundary") == true { restart(keeping: 0) }
      guard isMessage(record), let message = record["message"], let content = message["content"] else {
        if let id { parents.updateValue(parent, forKey: id) }
        return
      }
      if record["type"]?.isString("assistant") == true {
        // What the client itself says in the model's place is not sent.
        if message["model"]?.isString("<synthetic>") != true { readAnswer(record, message, content, id) }
        return
      }
      let isResult = content.elements.contains { $0["type"]?.isString("tool_result") == true }
      if !isResult, isTree { branch(at: parent) }
      if messages.last?.answer != nil || messages.isEmpty { messages.append(Message()) }
      let last = messages.count - 1
      if content.kind == .string {
        if messages[last].parts.isEmpty, messages[last].text == nil {
          messages[last].text = content.lexeme
        } else {
          appendPart(Array(#"{"type":"text","text":"#.utf8) + content.lexeme + Array("}".utf8), to: last)
        }
      } else {
        for part in content.elements { appendPart(Array(part.lexeme), to: last) }
      }
      messages[last].time = record["timestamp"]?.time ?? messages[last].time
      if let id { messages[last].lines.insert(id) }
    }

    private mutating func appendPart(_ part: [UInt8], to index: Int) {
      if let text = messages[index].text {
        messages[index].parts.append((Array(#"{"type":"text","text":"#.utf8) + text + Array("}".utf8))[...])
        messages[index].text = nil
      }
      messages[index].parts.append(part[...])
    }

    private mutating func readAnswer(_ record: JSONValue, _ message: JSONValue, _ content: JSONValue, _ id: String?) {
      let answer = message["id"]?.string ?? id ?? "answer"
      // Parts may come while the first calls are answered already.
      var place = messages.suffix(2).lastIndex { $0.answer == answer }
      if place == nil {
        messages.append(Message(answer: answer))
        place = messages.count - 1
      }
      guard let place else { return }
      if content.kind == .string {
        appendPart(Array(#"{"type":"text","text":"#.utf8) + content.lexeme + Array("}".utf8), to: place)
      } else {
        messages[place].parts += content.elements.map(\.lexeme)
      }
      messages[place].model = message["model"].map { Array($0.lexeme) }
      messages[place].usage = message["usage"].flatMap(ClaudeCodeLog.usage)
      messages[place].time = record["timestamp"]?.time
      if let id { messages[place].lines.insert(id) }
    }

    /// Goes back to the message that a line of the user continues from.
    private mutating func branch(at parent: String?) {
      var line = parent
      while let id = line, !messages.contains(where: { $0.lines.contains(id) }) {
        line = parents[id] ?? nil
      }
      let place = line.flatMap { id in messages.lastIndex { $0.lines.contains(id) } }
      // Results of calls side by side hang from different lines of the last two messages.
      if let place, place + 2 < messages.count || place + 1 < messages.count && messages[place].answer == nil {
        restart(keeping: place + 1)
      } else if place == nil, !messages.isEmpty {
        restart(keeping: 0)
      }
    }

    private mutating func restart(keeping count: Int) {
      flush()
      messages.removeSubrange(count...)
      kept = count
    }

    private mutating func flush() {
      let model = messages.compactMap(\.model).last ?? Array(#""claude""#.utf8)
      history.add(
        messages.map(\.item), LogHistory.Frame(members: [("model", model)], list: "messages"), keeping: kept)
      kept = messages.count
    }
  }

  fileprivate static func usage(_ usage: JSONValue) -> TokenUsage? {
    guard let input = usage["input_tokens"]?.integer else { return nil }
    let written = usage["cache_creation_input_tokens"]?.integer ?? 0
    let long = usage["cache_creation"]?["ephemeral_1h_input_tokens"]?.integer ?? 0
    return TokenUsage(
      input: input, cacheRead: usage["cache_read_input_tokens"]?.integer ?? 0, cacheWrite: max(0, written - long),
      cacheWriteLong: long, output: usage["output_tokens"]?.integer ?? 0)
  }
}

extension ClaudeCodeLog.Message {
  fileprivate var item: LogItem {
    let content = text.map { Array($0) } ?? Array("[".utf8) + parts.joined(separator: Array(",".utf8)) + Array("]".utf8)
    let role = answer == nil ? "user" : "assistant"
    return LogItem(
      bytes: Array(#"{"role":"\#(role)","content":"#.utf8) + content + Array("}".utf8), isFromModel: answer != nil,
      time: time, usage: usage)
  }
}
