public import Headroom

/// The format in which an agent writes its sessions down.
protocol SessionLogFormat: Sendable {
  /// What the agent is called.
  var agent: String { get }

  /// Whether the records were written by this agent.
  func matches(_ log: LogRecords) -> Bool

  /// The conversations with the model that the records tell of, as requests in the format of the model's provider. Several, where the agent
  /// had others work for it.
  func conversations(in log: LogRecords, name: String) -> [Conversation]
}

/// The session logs of agents.
public enum SessionLogs {
  /// Every format, in the order they are tried. Add yours here; nothing else needs to change.
  static let all: [any SessionLogFormat] = [
    ClaudeCodeLog(), CodexLog(), GeminiLog(), OpenCodeLog(), PiLog(),
  ]

  /// The conversations in the bytes of a log: for each turn of the model the request that was sent, as far as the log says. What is not a
  /// message, and what cannot be read, is passed over.
  ///
  /// - Parameter name: what they are called; those of helpers get the helper's name behind it.
  /// - Returns: nil when no agent writes such logs. The list is empty when no model answered.
  public static func conversations(
    in bytes: [UInt8], name: String
  ) -> (agent: String, conversations: [Conversation])? {
    let log = LogRecords(bytes)
    guard let format = all.first(where: { $0.matches(log) }) else { return nil }
    return (format.agent, format.conversations(in: log, name: name))
  }
}
