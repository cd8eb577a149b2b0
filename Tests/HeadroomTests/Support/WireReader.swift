import Foundation

/// Reads the payloads of tool results out of a request with Foundation, knowing nothing of spans: a second opinion.
enum WireReader {
  struct Payload: Equatable, CustomStringConvertible {
    let id: String?
    let text: String
    var description: String { "\(id ?? "-"): \(text.prefix(60))" }
  }

  static func payloads(of json: Any) -> [Payload] {
    if let messages = json as? [Any] { return messages.flatMap(inMessage) }
    guard let body = json as? [String: Any] else { return [] }
    if let messages = body["messages"] as? [Any] { return messages.flatMap(inMessage) }
    let response = body["response"] as? [String: Any]
    return ((body["input"] ?? response?["input"]) as? [Any] ?? []).flatMap(inItem)
  }

  private static func inMessage(_ message: Any) -> [Payload] {
    guard let message = message as? [String: Any] else { return [] }
    switch message["role"] as? String {
    case "user":
      return (message["content"] as? [[String: Any]] ?? [])
        .filter { $0["type"] as? String == "tool_result" }
        .flatMap { texts($0["content"], id: $0["tool_use_id"] as? String, types: ["text"]) }
    case "tool", "function":
      return texts(message["content"], id: (message["tool_call_id"] ?? message["name"]) as? String, types: ["text"])
    default: return []
    }
  }

  private static func inItem(_ item: Any) -> [Payload] {
    guard let item = item as? [String: Any], let type = item["type"] as? String,
      ["function_call_output", "custom_tool_call_output", "local_shell_call_output"].contains(type)
    else { return [] }
    return texts(item["output"], id: item["call_id"] as? String, types: ["input_text", "output_text"])
  }

  private static func texts(_ content: Any?, id: String?, types: [String]) -> [Payload] {
    if let text = content as? String { return [Payload(id: id, text: text)] }
    return (content as? [[String: Any]] ?? [])
      .filter { types.contains($0["type"] as? String ?? "") }
      .compactMap { ($0["text"] as? String).map { Payload(id: id, text: $0) } }
  }
}
