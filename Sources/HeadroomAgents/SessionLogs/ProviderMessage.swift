import Headroom

/// A message as an agent with many providers writes it down, to be put into the format of one of them. All values are raw JSON of the log.
struct ProviderMessage {
  enum Part {
    /// A JSON string.
    case text(ArraySlice<UInt8>)
    case thinking(ArraySlice<UInt8>, signature: ArraySlice<UInt8>?)
    /// The input is any value.
    case call(id: ArraySlice<UInt8>, name: ArraySlice<UInt8>, input: ArraySlice<UInt8>)
    /// The payload is a string, or a list of parts with texts.
    case result(id: ArraySlice<UInt8>, payload: ArraySlice<UInt8>, isError: Bool)
  }

  var isFromModel: Bool
  var parts: [Part] = []
  var time: Int64?
  var usage: TokenUsage?
}

/// The formats that such messages can be put into.
enum ProviderFormat {
  case anthropic, responses, chat

  /// - Parameter provider: what the agent calls the provider or its interface.
  init(provider: String) {
    if provider.contains("anthropic") {
      self = .anthropic
    } else {
      self = provider == "openai" || provider.contains("responses") ? .responses : .chat
    }
  }

  func frame(model: ArraySlice<UInt8>) -> LogHistory.Frame {
    LogHistory.Frame(members: [("model", Array(model))], list: self == .responses ? "input" : "messages")
  }

  func items(_ message: ProviderMessage) -> [LogItem] {
    let pieces: [[UInt8]] =
      switch self {
      case .anthropic: anthropic(message)
      case .responses: message.parts.map { responses($0, message.isFromModel) }
      case .chat: chat(message)
      }
    return pieces.filter { !$0.isEmpty }.map {
      LogItem(bytes: $0, isFromModel: message.isFromModel, time: message.time, usage: message.usage)
    }
  }

  private func anthropic(_ message: ProviderMessage) -> [[UInt8]] {
    let parts = message.parts.map { part -> [UInt8] in
      switch part {
      case .text(let text): raw(#"{"type":"text","text":"#, text, "}")
      case .thinking(let text, let signature):
        raw(#"{"type":"thinking","thinking":"#, text, #","signature":"#, signature ?? Array(#""""#.utf8)[...], "}")
      case .call(let id, let name, let input):
        raw(#"{"type":"tool_use","id":"#, id, #","name":"#, name, #","input":"#, input, "}")
      case .result(let id, let payload, let isError):
        raw(
          #"{"type":"tool_result","tool_use_id":"#, id, #","content":"#, payload,
          isError ? #","is_error":true}"# : "}")
      }
    }
    guard !parts.isEmpty else { return [] }
    let role = message.isFromModel ? "assistant" : "user"
    return [raw(#"{"role":"\#(role)","content":["#, list(parts), "]}")]
  }

  private func responses(_ part: ProviderMessage.Part, _ isFromModel: Bool) -> [UInt8] {
    switch part {
    case .text(let text):
      isFromModel
        ? raw(
          #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"#, text, "}]}")
        : raw(#"{"type":"message","role":"user","content":[{"type":"input_text","text":"#, text, "}]}")
    // What is sent of it is encrypted, and costs what the model thought.
    case .thinking(let text, _):
      raw(#"{"type":"reasoning","summary":[{"type":"summary_text","text":"#, text, "}]}")
    case .call(let id, let name, let input):
      raw(
        #"{"type":"function_call","call_id":"#, id, #","name":"#, name, #","arguments":"#,
        JSONString.quoted(Array(input))[...], "}")
    case .result(let id, let payload, _):
      raw(#"{"type":"function_call_output","call_id":"#, id, #","output":"#, payload, "}")
    }
  }

  private func chat(_ message: ProviderMessage) -> [[UInt8]] {
    var texts: [ArraySlice<UInt8>] = []
    var calls: [[UInt8]] = []
    var results: [[UInt8]] = []
    for part in message.parts {
      switch part {
      case .text(let text): texts.append(text)
      case .thinking: break
      case .call(let id, let name, let input):
        calls.append(
          raw(
            #"{"id":"#, id, #","type":"function","function":{"name":"#, name, #","arguments":"#,
            JSONString.quoted(Array(input))[...], "}}"))
      case .result(let id, let payload, _):
        results.append(raw(#"{"role":"tool","tool_call_id":"#, id, #","content":"#, payload, "}"))
      }
    }
    let content =
      texts.count == 1 ? Array(texts[0]) : raw("[", list(texts.map { raw(#"{"type":"text","text":"#, $0, "}") }), "]")
    if message.isFromModel {
      let said = texts.isEmpty ? Array("null".utf8) : content
      let asked = calls.isEmpty ? [] : raw(#","tool_calls":["#, list(calls), "]")
      return [raw(#"{"role":"assistant","content":"#, said[...], "") + asked + Array("}".utf8)]
    }
    return results + (texts.isEmpty ? [] : [raw(#"{"role":"user","content":"#, content[...], "}")])
  }

  private func list(_ pieces: [[UInt8]]) -> ArraySlice<UInt8> { Array(pieces.joined(separator: Array(",".utf8)))[...] }

  private func raw(_ pieces: any RawPiece...) -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in pieces { piece.append(to: &bytes) }
    return bytes
  }
}

/// A piece of JSON: of ours, or of the log.
private protocol RawPiece {
  func append(to bytes: inout [UInt8])
}

extension String: RawPiece {
  fileprivate func append(to bytes: inout [UInt8]) { bytes += Array(utf8) }
}

extension ArraySlice<UInt8>: RawPiece {
  fileprivate func append(to bytes: inout [UInt8]) { bytes += self }
}
