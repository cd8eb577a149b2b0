/// Answers of Gemini `generateContent` and `streamGenerateContent`, whose messages are alike.
///
///     {"candidates": [{"content": {…}, "finishReason": "STOP"}], "modelVersion": "…",
///      "usageMetadata": {"promptTokenCount": 900, "cachedContentTokenCount": 800, "candidatesTokenCount": 7, "thoughtsTokenCount": 30}}
///
/// Counts are those of the whole answer so far. Cached tokens are among the prompt tokens; thoughts are not among the candidates' and are
/// billed as output, the results of the provider's own tools as input. Some clients talk to a server that puts each message into a member
/// `response`.
struct GeminiAnswer: AnswerFormat {
  let name = "gemini"

  func read(_ message: JSONDocument, into facts: inout AnswerFacts) {
    if message.isObject(message.member("error", of: 0)) {
      facts.isFailed = true
      return
    }
    let wrapped = message.member("response", of: 0)
    let answer = message.isObject(wrapped) ? wrapped : 0
    facts.name(message.member("modelVersion", of: answer), in: message)
    for candidate in message.elements(of: message.member("candidates", of: answer))
    where message.member("finishReason", of: candidate) != nil {
      facts.isFinished = true
    }
    // A prompt that is refused gets no candidate.
    if message.member("blockReason", of: message.member("promptFeedback", of: answer)) != nil {
      facts.isFinished = true
    }
    readUsage(message.member("usageMetadata", of: answer), in: message, into: &facts)
  }

  private static let counts: [StaticString] = [
    "promptTokenCount", "cachedContentTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount",
    "thoughtsTokenCount",
  ]

  private func readUsage(_ usage: Int?, in document: JSONDocument, into facts: inout AnswerFacts) {
    let told = Self.counts.map { document.count($0, of: usage) }
    guard told.contains(where: { $0 != nil }) else { return }
    if facts.counts.isEmpty { facts.counts = told.map { _ in 0 } }
    for (index, value) in told.enumerated() { facts.counts[index] = value ?? facts.counts[index] }
    let last = facts.counts
    facts.usage = TokenUsage(prompt: last[0] + last[2], cached: last[1], output: last[3] + last[4])
  }
}
