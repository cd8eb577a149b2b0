import TestSupport
import Testing

@testable import Headroom

/// What an answer cost, read from a copy of its bytes.
@Suite struct UsageReaderTests {
  private func read(_ chunks: [[UInt8]], format: String) -> UsageReader {
    var reader = UsageReader(format: format)!
    for chunk in chunks { reader.feed(chunk) }
    reader.finish()
    return reader
  }

  private func read(_ text: String, format: String) -> UsageReader { read([Array(text.utf8)], format: format) }

  @Test(arguments: Answers.allCases)
  func everyCutTellsTheSame(answer: Answers) {
    let bytes = answer.bytes
    let cuts = (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
    for chunks in cuts {
      let reader = read(chunks, format: answer.format)
      #expect(reader.usage == answer.usage)
      #expect(reader.model == answer.model)
      #expect(reader.end == .complete)
    }
  }

  /// A stream that breaks off is never taken for a whole one. What was told before stays known.
  @Test(arguments: Answers.allCases)
  func cutAnswersAreTruncated(answer: Answers) {
    let bytes = answer.bytes
    let whole = bytes.lastIndex { $0 != UInt8(ascii: "\n") }!
    var end = 0
    while read([Array(bytes[..<end])], format: answer.format).end != .complete { end += 1 }
    for cut in 0..<end {
      let reader = read([Array(bytes[..<cut])], format: answer.format)
      #expect(reader.end == .truncated || reader.end == nil && cut < 40, "\(answer) cut at \(cut)")
    }
    // In a stream the end is told before the last byte.
    switch answer {
    case .anthropicMessage, .responsesMessage: #expect(end == whole + 1)
    default: #expect(end <= whole + 1)
    }
    let start = read([Array(bytes.prefix(bytes.count / 2))], format: answer.format)
    if answer == .anthropicEvents { #expect(start.usage?.cacheRead == 40_000 && start.model == answer.model) }
  }

  /// Acceptance: other line ends, comments and unknown events between.
  @Test(arguments: [Answers.anthropicEvents, .chatEvents, .responsesEvents, .geminiEvents], ["\n", "\r", "\r\n"])
  func framing(answer: Answers, lineEnd: String) {
    let lines = String(decoding: answer.bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
    let text = lines.map {
      $0.isEmpty ? ": ping\n\nevent: of_tomorrow\ndata: {\"type\":\"of_tomorrow\"}\n" : String($0)
    }
    let changed = "\u{feff}" + text.joined(separator: "\n").replacing("\n", with: lineEnd)
    let reader = read(changed, format: answer.format)
    #expect(reader.usage == answer.usage && reader.model == answer.model && reader.end == .complete)
  }

  @Test func dataOnSeveralLines() {
    let text = "event: message_delta\ndata: {\"type\":\"message_delta\",\ndata: \"usage\":{\"output_tokens\":5}}\n\n"
    #expect(read(text, format: "anthropic-messages").usage == TokenUsage(output: 5))
  }

  @Test(
    arguments: [
      // A later count stands for an earlier one, and what the later message leaves out stays.
      (
        "anthropic-messages",
        #"data: {"type":"message_start","message":{"usage":{"input_tokens":5,"cache_creation_input_tokens":9}}}"#
          + "\n\n" + #"data: {"type":"message_delta","usage":{"input_tokens":7,"cache_read_input_tokens":null}}"#,
        TokenUsage(input: 7, cacheWrite: 9)
      ),
      // The provider compacted the conversation, which it bills apart from the answer.
      (
        "anthropic-messages",
        #"data: {"type":"message_delta","usage":{"input_tokens":7,"output_tokens":2,"iterations":[{"type":"compaction","#
          + #""input_tokens":100,"output_tokens":30},{"type":"message","input_tokens":7,"output_tokens":2}]}}"#,
        TokenUsage(input: 107, output: 32)
      ),
      (
        "openai-chat",
        #"{"model":"deepseek-chat","choices":[],"usage":{"prompt_tokens":9,"prompt_cache_hit_tokens":4,"completion_tokens":1}}"#,
        TokenUsage(input: 5, cacheRead: 4, output: 1)
      ),
      // An embedding has no output.
      ("openai-chat", #"{"data":[],"usage":{"prompt_tokens":9,"total_tokens":9}}"#, TokenUsage(input: 9)),
      // Never more cached than there was.
      (
        "openai-chat", #"{"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":10}}}"#,
        TokenUsage(cacheRead: 9)
      ),
      (
        "gemini", #"{"response":{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}}"#,
        TokenUsage(input: 3, output: 2)
      ),
    ] as [(String, String, TokenUsage)])
  func counts(format: String, text: String, usage: TokenUsage) {
    #expect(read(text, format: format).usage == usage)
  }

  @Test(
    arguments: [
      ("anthropic-messages", #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#),
      ("anthropic-messages", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n"),
      ("openai-chat", #"{"error":{"message":"bad key","type":"invalid_request_error"}}"#),
      ("openai-chat", "data: {\"error\":{\"message\":\"upstream died\"}}\n\ndata: [DONE]\n\n"),
      (
        "openai-responses",
        "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"usage\":null}}\n\n"
      ),
      ("openai-responses", "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\"}\n\n"),
      ("gemini", #"[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}]"#),
    ])
  func failuresAreTold(format: String, text: String) {
    let reader = read(text, format: format)
    #expect(reader.end == .failed)
    #expect(reader.usage == nil)
  }

  @Test(
    arguments: [
      ("anthropic-messages", #"{"input_tokens": 2095}"#, SavingsRecord.End.complete),
      ("openai-responses", "data: {\"type\":\"response.incomplete\",\"response\":{\"model\":\"m\"}}\n\n", .complete),
      ("openai-chat", "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"length\"}]}\n\n", .complete),
      (
        "openai-chat",
        "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"},{\"index\":1,\"finish_reason\":null}]}\n\n",
        .truncated
      ),
      ("gemini", #"data: {"promptFeedback":{"blockReason":"SAFETY"}}"#, .complete),
      ("gemini", #"data: {"candidates":[{"content":{}}]}"#, .truncated),
      ("openai-chat", "<html>502 Bad Gateway</html>", nil),
      ("anthropic-messages", ": only comments\n\n", nil),
      ("gemini", "", nil),
    ] as [(String, String, SavingsRecord.End?)])
  func ends(format: String, text: String, end: SavingsRecord.End?) {
    #expect(read(text, format: format).end == end)
  }

  @Test func framesOfAWebSocketAreReadOneByOne() throws {
    var reader = try #require(UsageReader(format: "openai-responses"))
    reader.read(message: Array(#"{"type":"response.created","response":{"model":"gpt-5.1-codex"}}"#.utf8))
    #expect(reader.end == .truncated && reader.usage == nil && reader.model == "gpt-5.1-codex")
    reader.read(
      message: Array(#"{"type":"response.completed","response":{"usage":{"input_tokens":3,"output_tokens":4}}}"#.utf8))
    #expect(reader.end == .complete && reader.usage == TokenUsage(input: 3, output: 4))
  }

  // MARK: Hostile input

  @Test func unknownFormatsHaveNoReader() { #expect(UsageReader(format: "bedrock") == nil) }

  @Test(
    arguments: [
      "null", "-1", "1.5", "1e3", "\"7\"", "true", "[7]", "{}", "99999999999999999999", "1000000000000000",
      "7, \"output_tokens\": 8",
    ])
  func whatIsNoCountTellsNothing(value: String) {
    let anthropic = #"{"type":"message","usage":{"output_tokens":\#(value)}}"#
    #expect(read(anthropic, format: "anthropic-messages").usage == nil)
    #expect(
      read(#"{"usage":{"output_tokens":\#(value)},"object":"response"}"#, format: "openai-responses").usage == nil)
  }

  @Test func hugeCountsAddUp() {
    let huge = "999999999999999"
    let answer =
      #"{"usageMetadata":{"promptTokenCount":\#(huge),"toolUsePromptTokenCount":\#(huge),"candidatesTokenCount":\#(huge),"#
      + #""thoughtsTokenCount":\#(huge)}}"#
    #expect(read(answer, format: "gemini").usage?.output == 1_999_999_999_999_998)
  }

  @Test(arguments: Answers.allCases)
  func damagedAnswersDoNotCrash(answer: Answers) {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<500 {
      var bytes = answer.bytes
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        let at = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(Array("[]{}\"\\\n:".utf8).randomElement(using: &generator)!, at: at)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + 30))
        default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 60)], at: at)
        }
      }
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      let whole = read([bytes], format: answer.format)
      let parts = read([Array(bytes[..<cut]), Array(bytes[cut...])], format: answer.format)
      #expect(whole.usage == parts.usage && whole.model == parts.model && whole.end == parts.end)
    }
  }

  /// An object that is too long to keep tells no usage, but that it came whole.
  @Test func tooLongObjects() {
    let long = #"{"type":"message","pad":""# + String(repeating: "a", count: UsageReader.longestObject) + "\""
    let usage = #","usage":{"output_tokens":5}"#
    #expect(read(long + usage + "}", format: "anthropic-messages").usage == nil)
    #expect(read(long + usage + "}", format: "anthropic-messages").end == .complete)
    #expect(read(long + usage, format: "anthropic-messages").end == .truncated)
    // The next element of an array is read again.
    let array = "[" + long + "}," + #"{"candidates":[],"usageMetadata":{"promptTokenCount":3}}]"#
    #expect(read(array, format: "gemini").usage == TokenUsage(input: 3))
  }

  @Test func deepNestingTellsNothing() {
    let deep = #"{"usage":"# + String(repeating: "[", count: 100_000)
    #expect(read(deep, format: "anthropic-messages").end == .truncated)
    #expect(read("data: " + deep + "\n\n", format: "openai-chat").usage == nil)
  }
}
