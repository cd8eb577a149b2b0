/// Answers of Anthropic Messages.
///
///     {"type": "message_start", "message": {"model": "…", "usage": {"input_tokens": 9, "cache_creation_input_tokens": 700, …}}}
///     {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 15}}
///     {"type": "message_stop"}
///
/// Counts are those of the whole answer so far, and a later one stands for an earlier. Cached tokens are not among the input tokens. An
/// answer that is no stream is what stands in `message`.
struct AnthropicAnswer: AnswerFormat {
  let name = "anthropic-messages"

  func mayTell(_ event: [UInt8]) -> Bool {
    event.isEmpty || event.starts(with: "message".utf8) || event.elementsEqual("error".utf8)
  }

  func read(_ message: JSONDocument, into facts: inout AnswerFacts) {
    let type = message.member("type", of: 0)
    if message.isString(type, "message_start") {
      let start = message.member("message", of: 0)
      facts.name(message.member("model", of: start), in: message)
      readUsage(message.member("usage", of: start), in: message, into: &facts)
    } else if message.isString(type, "message_delta") {
      readUsage(message.member("usage", of: 0), in: message, into: &facts)
    } else if message.isString(type, "message_stop") {
      facts.isFinished = true
    } else if message.isString(type, "error") {
      facts.isFailed = true
    } else if message.isString(type, "message") {
      facts.name(message.member("model", of: 0), in: message)
      readUsage(message.member("usage", of: 0), in: message, into: &facts)
    }
  }

  /// The counts that are kept between messages, each as the last message has it.
  private enum Count: Int, CaseIterable {
    case input, cacheRead, cacheWrite, cacheWriteLong, output
  }

  private func readUsage(_ usage: Int?, in document: JSONDocument, into facts: inout AnswerFacts) {
    if facts.counts.isEmpty { facts.counts = Count.allCases.map { _ in -1 } }
    let split = document.member("cache_creation", of: usage)
    let told: [(Count, Int?)] = [
      (.input, document.count("input_tokens", of: usage)),
      (.cacheRead, document.count("cache_read_input_tokens", of: usage)),
      (.cacheWrite, document.count("cache_creation_input_tokens", of: usage)),
      (.cacheWriteLong, document.count("ephemeral_1h_input_tokens", of: split)),
      (.output, document.count("output_tokens", of: usage)),
    ]
    for (count, value) in told { facts.counts[count.rawValue] = value ?? facts.counts[count.rawValue] }
    guard facts.counts.contains(where: { $0 >= 0 }) else { return }
    func last(_ count: Count) -> Int { max(0, facts.counts[count.rawValue]) }
    let long = last(.cacheWriteLong)
    var sum = TokenUsage(
      input: last(.input), cacheRead: last(.cacheRead), cacheWrite: max(0, last(.cacheWrite) - long),
      cacheWriteLong: long,
      output: last(.output))
    // A compaction by the provider is billed too, but the counts above are without it.
    for step in document.elements(of: document.member("iterations", of: usage))
    where document.isString(document.member("type", of: step), "compaction") {
      sum.input += document.count("input_tokens", of: step) ?? 0
      sum.cacheRead += document.count("cache_read_input_tokens", of: step) ?? 0
      sum.cacheWrite += document.count("cache_creation_input_tokens", of: step) ?? 0
      sum.output += document.count("output_tokens", of: step) ?? 0
    }
    facts.usage = sum
  }
}
