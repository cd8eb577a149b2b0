/// Answers of OpenAI Chat Completions, and of the many servers that speak it.
///
///     {"model": "…", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
///     {"model": "…", "choices": [], "usage": {"prompt_tokens": 900, "prompt_tokens_details": {"cached_tokens": 800}, …}}
///     [DONE]
///
/// Usage comes in the last chunk where the request asked for it, and cached tokens are among the prompt tokens. Without `[DONE]` the answer
/// is at its end when each choice is.
struct OpenAIChatAnswer: AnswerFormat {
  let name = "openai-chat"

  func read(_ message: JSONDocument, into facts: inout AnswerFacts) {
    if let error = message.member("error", of: 0), message.nodes[error].kind != .null {
      facts.isFailed = true
      return
    }
    facts.name(message.member("model", of: 0), in: message)
    for choice in message.elements(of: message.member("choices", of: 0)) {
      let index = message.count("index", of: choice) ?? 0
      guard index < 128 else { continue }
      while facts.counts.count <= index { facts.counts.append(0) }
      if message.member("finish_reason", of: choice).map({ message.nodes[$0].kind == .string }) == true {
        facts.counts[index] = 1
      }
      facts.isFinished = !facts.counts.contains(0)
    }
    readUsage(message.member("usage", of: 0), in: message, into: &facts)
  }

  private func readUsage(_ usage: Int?, in document: JSONDocument, into facts: inout AnswerFacts) {
    let output = document.count("completion_tokens", of: usage)
    guard let prompt = document.count("prompt_tokens", of: usage) ?? output.map({ _ in 0 }) else { return }
    let details = document.member("prompt_tokens_details", of: usage)
    // DeepSeek's name for the same.
    let cached = document.count("cached_tokens", of: details) ?? document.count("prompt_cache_hit_tokens", of: usage)
    facts.usage = TokenUsage(prompt: prompt, cached: cached ?? 0, output: output ?? 0)
  }
}

extension TokenUsage {
  /// As providers say it whose prompt tokens include the cached ones, and who do not bill what they write to their caches.
  init(prompt: Int, cached: Int, output: Int) {
    let read = min(cached, prompt)
    self.init(input: prompt - read, cacheRead: read, output: output)
  }
}
