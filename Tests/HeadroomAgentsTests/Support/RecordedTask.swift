import Headroom

@testable import HeadroomAgents

/// A recorded conversation of an agent that was written down in no provider's format. It can be sent in any.
struct RecordedTask {
  var name: String
  /// A raw JSON string.
  var system: ArraySlice<UInt8>?
  var messages: [ProviderMessage] = []

  enum Format: CaseIterable {
    case anthropic, responses, chat, gemini

    var model: String {
      switch self {
      case .anthropic: "claude-sonnet-4-5"
      case .responses: "gpt-5.1-codex"
      case .chat: "gpt-4o"
      case .gemini: "gemini-2.5-pro"
      }
    }
  }

  /// One task after the other, as a user gives them to an agent without a new session.
  static func joined(_ tasks: [RecordedTask]) -> RecordedTask {
    var all = RecordedTask(name: tasks.map(\.name).joined(separator: "+"), system: tasks.first?.system)
    all.messages = tasks.flatMap(\.messages)
    return all
  }

  /// The conversation, with a minute between turns.
  func conversation(_ format: Format, model: String? = nil) -> Conversation {
    let model = model ?? format.model
    var history = LogHistory(name: name, model: model)
    var frame = LogHistory.Frame(
      members: [("model", Array("\"\(model)\"".utf8))], list: format == .responses ? "input" : "messages")
    var items: [LogItem] = []
    switch format {
    case .anthropic:
      frame.members.append(("tools", Array(#"[{"name":"bash","input_schema":{"type":"object"}}]"#.utf8)))
      if let system { frame.members.append(("system", Array(system))) }
    case .responses:
      if let system { frame.members.append(("instructions", Array(system))) }
    case .chat:
      if let system {
        let message = Array(#"{"role":"system","content":"#.utf8) + system + Array("}".utf8)
        items.append(LogItem(bytes: message, isFromModel: false))
      }
    case .gemini:
      frame = LogHistory.Frame(list: "contents")
      if let system {
        let parts = Array(#"{"parts":[{"text":"#.utf8) + system + Array("}]}".utf8)
        frame.members.append(("systemInstruction", parts))
      }
    }
    for (minute, message) in messages.enumerated() {
      var message = message
      message.time = 1_800_000_000_000 + Int64(minute) * 60_000
      items += format.items(message)
    }
    history.add(items, frame)
    return history.conversation
  }
}

extension RecordedTask.Format {
  fileprivate func items(_ message: ProviderMessage) -> [LogItem] {
    switch self {
    case .anthropic: ProviderFormat.anthropic.items(message)
    case .responses: ProviderFormat.responses.items(message)
    case .chat: ProviderFormat.chat.items(message)
    case .gemini: [geminiContent(message)]
    }
  }

  private func geminiContent(_ message: ProviderMessage) -> LogItem {
    let parts = message.parts.map { part -> [UInt8] in
      switch part {
      case .text(let text), .thinking(let text, _): Array(#"{"text":"#.utf8) + text + Array("}".utf8)
      case .call(_, let name, let input):
        Array(#"{"functionCall":{"name":"#.utf8) + name + Array(#","args":"#.utf8) + input + Array("}}".utf8)
      case .result(_, let payload, _):
        Array(#"{"functionResponse":{"name":"bash","response":{"output":"#.utf8) + payload + Array("}}}".utf8)
      }
    }
    let list = Array(parts.joined(separator: Array(",".utf8)))
    return LogItem(
      bytes: Array(#"{"role":"\#(message.isFromModel ? "model" : "user")","parts":["#.utf8) + list + Array("]}".utf8),
      isFromModel: message.isFromModel, time: message.time)
  }
}
