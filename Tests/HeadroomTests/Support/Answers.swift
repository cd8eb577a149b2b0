@testable import Headroom

/// Answers of providers as they come over the wire, and what they tell.
enum Answers: String, CaseIterable {
  case anthropicEvents, anthropicMessage, chatEvents, chatMessage, responsesEvents, responsesMessage
  case geminiEvents, geminiArray, geminiMessage

  var format: String {
    switch self {
    case .anthropicEvents, .anthropicMessage: "anthropic-messages"
    case .chatEvents, .chatMessage: "openai-chat"
    case .responsesEvents, .responsesMessage: "openai-responses"
    case .geminiEvents, .geminiArray, .geminiMessage: "gemini"
    }
  }

  var model: String {
    switch self {
    case .anthropicEvents, .anthropicMessage: "claude-opus-4-1-20250805"
    case .chatEvents, .chatMessage: "gpt-4.1-2025-04-14"
    case .responsesEvents, .responsesMessage: "gpt-5.1-codex"
    case .geminiEvents, .geminiArray, .geminiMessage: "gemini-2.5-pro"
    }
  }

  var usage: TokenUsage {
    switch self {
    case .anthropicEvents, .anthropicMessage:
      TokenUsage(input: 12, cacheRead: 40_000, cacheWrite: 700, cacheWriteLong: 300, output: 89)
    case .chatEvents, .chatMessage: TokenUsage(input: 300, cacheRead: 1_024, output: 45)
    case .responsesEvents, .responsesMessage: TokenUsage(input: 500, cacheRead: 2_048, output: 333)
    case .geminiEvents, .geminiArray, .geminiMessage: TokenUsage(input: 1_220, cacheRead: 3_000, output: 160)
    }
  }

  var bytes: [UInt8] { Array(text.utf8) }

  private var text: String {
    switch self {
    case .anthropicEvents:
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-1-20250805","content":[],"stop_reason":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":1000,"cache_read_input_tokens":40000,"cache_creation":{"ephemeral_5m_input_tokens":700,"ephemeral_1h_input_tokens":300},"output_tokens":1,"service_tier":"standard"}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type": "ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße 😀 \\"usage\\":{\\"input_tokens\\":1}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":89}}

      event: message_stop
      data: {"type":"message_stop"}


      """
    case .anthropicMessage:
      #"{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-1-20250805","content":[{"type":"text","#
        + #""text":"[{\"}"}],"stop_reason":"end_turn","usage":{"input_tokens":12,"cache_creation_input_tokens":1000,"#
        + #""cache_read_input_tokens":40000,"cache_creation":{"ephemeral_5m_input_tokens":700,"#
        + #""ephemeral_1h_input_tokens":300},"output_tokens":89}}"#
    case .chatEvents:
      """
      data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

      data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"content":"né"},"finish_reason":null}],"usage":null}

      data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

      data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","choices":[],"usage":{"prompt_tokens":1324,"completion_tokens":45,"total_tokens":1369,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0}}}

      data: [DONE]


      """
    case .chatMessage:
      #"{"id":"c","object":"chat.completion","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"message":{"role":"#
        + #""assistant","content":"né"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1324,"completion_tokens":45,"#
        + #""total_tokens":1369,"prompt_tokens_details":{"cached_tokens":1024}}}"#
    case .responsesEvents:
      """
      event: response.created
      data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"model":"gpt-5.1-codex","usage":null}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"m","output_index":0,"content_index":0,"delta":"né"}

      event: response.completed
      data: {"type":"response.completed","sequence_number":9,"response":\(Self.response)}


      """
    case .responsesMessage: Self.response
    case .geminiEvents: Self.geminiMessages.map { "data: \($0)\r\n\r\n" }.joined()
    case .geminiArray: "[" + Self.geminiMessages.joined(separator: "\n,\r\n") + "\n]\n"
    case .geminiMessage: Self.geminiMessages[1]
    }
  }

  private static let response =
    #"{"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt-5.1-codex","output":[{"type":"#
    + #""message","content":[{"type":"output_text","text":"né"}]}],"usage":{"input_tokens":2548,"input_tokens_details":"#
    + #"{"cached_tokens":2048},"output_tokens":333,"output_tokens_details":{"reasoning_tokens":300},"total_tokens":2881}}"#

  private static let geminiMessages = [
    #"{"candidates":[{"content":{"parts":[{"text":"n\"]é"}],"role":"model"},"index":0}],"usageMetadata":"#
      + #"{"promptTokenCount":4200,"totalTokenCount":4200},"modelVersion":"gemini-2.5-pro"}"#,
    #"{"candidates":[{"content":{"parts":[{"text":"[{"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":"#
      + #"{"promptTokenCount":4200,"cachedContentTokenCount":3000,"toolUsePromptTokenCount":20,"candidatesTokenCount":40,"#
      + #""thoughtsTokenCount":120,"totalTokenCount":4380},"modelVersion":"gemini-2.5-pro"}"#,
  ]
}
