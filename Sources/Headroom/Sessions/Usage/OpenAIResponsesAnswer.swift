/// Answers of OpenAI Responses, over HTTP or as the frames of a WebSocket.
///
///     {"type": "response.created", "response": {"model": "…", "usage": null}}
///     {"type": "response.completed", "response": {"model": "…", "usage":
///      {"input_tokens": 900, "input_tokens_details": {"cached_tokens": 800}, "output_tokens": 7}}}
///
/// Cached tokens are among the input tokens. An answer that is no stream is what stands in `response`.
struct OpenAIResponsesAnswer: AnswerFormat {
  let name = "openai-responses"

  private static let ends: [StaticString] = ["response.completed", "response.incomplete", "response.failed"]

  func mayTell(_ event: [UInt8]) -> Bool {
    // The parts of a response have names of three words and more: response.output_text.delta.
    event.count { $0 == UInt8(ascii: ".") } < 2
  }

  func read(_ message: JSONDocument, into facts: inout AnswerFacts) {
    let type = message.member("type", of: 0)
    if message.isString(type, "error") || message.isObject(message.member("error", of: 0)) { facts.isFailed = true }
    let response = message.isString(message.member("object", of: 0), "response") ? 0 : message.member("response", of: 0)
    guard message.isObject(response) else { return }
    facts.name(message.member("model", of: response), in: message)
    if message.isString(message.member("status", of: response), "failed") { facts.isFailed = true }
    if message.isString(type, anyOf: Self.ends) { facts.isFinished = true }
    let usage = message.member("usage", of: response)
    let output = message.count("output_tokens", of: usage)
    guard let input = message.count("input_tokens", of: usage) ?? output.map({ _ in 0 }) else { return }
    let cached = message.count("cached_tokens", of: message.member("input_tokens_details", of: usage))
    facts.usage = TokenUsage(prompt: input, cached: cached ?? 0, output: output ?? 0)
  }
}

extension JSONDocument {
  func isObject(_ value: Int?) -> Bool { value.map { nodes[$0].kind == .object } ?? false }
}
