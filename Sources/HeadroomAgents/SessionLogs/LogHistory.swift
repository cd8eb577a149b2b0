import Headroom

/// An item of a conversation: a message, a call or its result, as raw JSON of the provider's format.
struct LogItem {
  var bytes: [UInt8]
  var isFromModel: Bool
  var time: Int64?
  /// What was billed for the request that this answers.
  var usage: TokenUsage?
}

/// The histories of a conversation, written down as request bodies.
struct LogHistory {
  /// What stands around the items.
  struct Frame {
    /// Raw members before the items, such as `"model":"gpt-5"`.
    var members: [(name: StaticString, value: [UInt8])] = []
    /// The member that holds the items.
    var list: StaticString
  }

  var conversation: Conversation

  init(name: String, model: String?, cacheLife: CacheLife = .short) {
    conversation = Conversation(name: name)
    conversation.model = model
    conversation.cacheLife = cacheLife
  }

  /// Adds a history.
  ///
  /// - Parameters:
  ///   - items: everything that was said up to its end.
  ///   - kept: how many of these an earlier history had too.
  mutating func add(_ items: [LogItem], _ frame: Frame, keeping kept: Int = 0) {
    guard items.count > kept else { return }
    var body = Array("{".utf8)
    for (name, value) in frame.members { body += Array("\"\(name)\":".utf8) + value + Array(",".utf8) }
    body += Array("\"\(frame.list)\":[".utf8) + Array(items.map(\.bytes).joined(separator: Array(",".utf8)))
    body += Array("]}".utf8)
    let starts = items.indices.dropFirst().filter { items[$0].isFromModel && !items[$0 - 1].isFromModel }
    let usages = starts.map { start in items[start...].prefix { $0.isFromModel }.compactMap(\.usage).first }
    conversation.append(
      body, from: starts.filter { $0 < kept }.count,
      times: (starts + [items.count]).map { end in items[..<end].last { $0.time != nil }?.time }, usages: usages)
  }
}
