import CHeadroom

/// How long a provider may keep the prompt of a request in its cache after the last use.
enum CacheRetention {
  private static let minute: Int64 = 60
  private static let hour: Int64 = 3_600

  /// The longest that providers keep a prompt which nobody uses, in seconds.
  static let longest = 24 * hour

  /// Seconds, rounded up generously where a provider makes no promise; nil when nothing of the prompt is kept at all.
  ///
  /// From the providers' documentation: Anthropic keeps what stands before a breakpoint, for five minutes or, where one says `"ttl": "1h"`, for
  /// an hour. OpenAI removes an unused prompt within an hour, or within a day with `prompt_cache_retention`. Of all others a day is assumed.
  static func seconds(of request: RequestBody, model: String) -> Int64? {
    let body = request.document.bytes
    func has(_ text: StaticString) -> Bool { body.withUnsafeBufferPointer { $0.contains(text) } }
    if model.lowercased().contains("claude") {
      // A breakpoint may stand anywhere in the request. One that is only quoted makes the answer longer, which is the safe side.
      guard has("\"cache_control\"") else { return request.format == "anthropic-messages" ? nil : longest }
      return has("\"1h\"") ? hour : 5 * minute
    }
    let name = model.lowercased().split(separator: "/").last ?? ""
    let isOpenAI = ["gpt-", "chatgpt-", "o1", "o3", "o4", "codex"].contains { name.hasPrefix($0) }
    return isOpenAI && !has("\"prompt_cache_retention\"") ? hour : longest
  }

  /// When a prompt that was last used at `time` is gone for certain, in seconds since 1970: clocks differ, and a provider may be late.
  static func end(of life: Int64, from time: Int64) -> Int64 { time + life + life / 5 }
}
