import Headroom
import TestSupport

@testable import HeadroomAgents

/// Readers of the logs of research agents.
enum ResearchLogs {
  /// Lists of OpenAI Chat messages: tau-bench, mini-swe-agent, HolmesGPT.
  static func chat(_ path: String) throws -> RecordedTask {
    let root = try JSONDocument(try RecordedData.bytes(path)).root
    var task = RecordedTask(name: name(path))
    for message in root["messages"]?.elements ?? root.elements {
      let content = message["content"]
      switch message["role"]?.string {
      case "system"?: task.system = content?.lexeme
      case "tool"?:
        guard let id = message["tool_call_id"], let payload = content else { continue }
        task.add(.result(id: id.lexeme, payload: payload.lexeme, isError: false), isFromModel: false)
      case "assistant"?:
        for text in texts(content) { task.add(.text(text), isFromModel: true) }
        for call in message["tool_calls"]?.elements ?? [] {
          guard let id = call["id"], let function = call["function"], let name = function["name"] else { continue }
          task.add(.call(id: id.lexeme, name: name.lexeme, input: object(function["arguments"])), isFromModel: true)
        }
      default: for text in texts(content) { task.add(.text(text), isFromModel: false) }
      }
    }
    return task
  }

  /// SWE-agent's trajectories: what the agent said and did, and what it saw.
  static func sweAgent(_ path: String) throws -> RecordedTask {
    let root = try JSONDocument(try RecordedData.bytes(path)).root
    var task = RecordedTask(name: name(path))
    var calls = 0
    for entry in root["history"]?.elements ?? [] {
      guard let content = entry["content"], let text = texts(content).first else { continue }
      if entry["role"]?.isString("system") == true {
        task.system = text
      } else if entry["role"]?.isString("assistant") == true {
        calls += 1
        task.add(.text(text), isFromModel: true)
        task.add(call(calls, name: "bash", input: "command", entry["action"] ?? content), isFromModel: true)
      } else if calls == 0 {
        task.add(.text(text), isFromModel: false)
      } else {
        task.add(result(calls, text), isFromModel: false)
      }
    }
    return task
  }

  /// OpenHands' events, one task a line.
  static func openHands(_ path: String) throws -> [RecordedTask] {
    LogRecords(try RecordedData.bytes(path)).values.enumerated().map { number, record in
      var task = RecordedTask(name: "\(name(path)):\(number + 1)")
      var calls = 0
      for event in record["history"]?.elements ?? [] {
        let content = event["content"]
        if let action = event["action"] {
          guard !action.isString("message") else {
            if let content { task.add(.text(content.lexeme), isFromModel: task.messages.last?.isFromModel == false) }
            continue
          }
          calls += 1
          if let thought = event["thought"], thought.kind == .string {
            task.add(.text(thought.lexeme), isFromModel: true)
          }
          let input = event["command"] ?? event["code"] ?? action
          task.add(call(calls, name: "run", input: "command", input), isFromModel: true)
        } else if event["observation"] != nil, let content, content.kind == .string, calls > 0 {
          task.add(result(calls, content.lexeme), isFromModel: false)
        }
      }
      return task
    }
  }

  private static func name(_ path: String) -> String {
    String(path.split(separator: "/").suffix(2).joined(separator: "/"))
  }

  private static func texts(_ content: JSONValue?) -> [ArraySlice<UInt8>] {
    switch content?.kind {
    case .string?: content.map { [$0.lexeme] } ?? []
    case .array?: content?.elements.compactMap { $0["text"]?.lexeme } ?? []
    default: []
    }
  }

  /// The arguments of a call, which are JSON in a string.
  private static func object(_ arguments: JSONValue?) -> ArraySlice<UInt8> {
    guard let text = arguments?.text, (try? JSONDocument(text)) != nil else { return Array("{}".utf8)[...] }
    return text[...]
  }

  private static func call(_ number: Int, name: String, input: String, _ value: JSONValue) -> ProviderMessage.Part {
    .call(
      id: Array("\"call_\(number)\"".utf8)[...], name: Array("\"\(name)\"".utf8)[...],
      input: (Array("{\"\(input)\":".utf8) + value.lexeme + Array("}".utf8))[...])
  }

  private static func result(_ number: Int, _ payload: ArraySlice<UInt8>) -> ProviderMessage.Part {
    .result(id: Array("\"call_\(number)\"".utf8)[...], payload: payload, isError: false)
  }
}

extension RecordedTask {
  /// Adds a part to the last message, or to a new one.
  fileprivate mutating func add(_ part: ProviderMessage.Part, isFromModel: Bool) {
    if messages.last?.isFromModel != isFromModel { messages.append(ProviderMessage(isFromModel: isFromModel)) }
    messages[messages.count - 1].parts.append(part)
  }
}
