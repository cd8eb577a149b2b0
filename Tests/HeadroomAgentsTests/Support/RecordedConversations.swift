import Foundation
import Headroom
import TestSupport

@testable import HeadroomAgents

/// All recorded conversations in which the model answered more than once, each in the format of a provider.
enum RecordedConversations {
  /// Where they come from.
  enum Corpus: String, CaseIterable {
    case workloads, miniSWEAgent, sweAgent, openHands, tauBench, holmesGPT, sessions

    func load() throws -> [Conversation] {
      let conversations: [Conversation] =
        switch self {
        case .workloads:
          // Those of one agent's log alone are in the other corpora.
          try files("workloads", ["json"]).filter {
            !$0.contains("needles") && !$0.contains("swe_session") && !$0.contains("tau_")
          }.compactMap { Conversation(name: $0, body: try RecordedData.bytes($0)) }
        case .miniSWEAgent:
          try tasks("agents/mini-swe-agent", ["json"]).enumerated().map { $1.conversation(format($0)) }
        case .sweAgent:
          try files("agents/swe-agent", ["traj"]).map { try ResearchLogs.sweAgent($0).conversation(.anthropic) }
        case .openHands:
          try files("agents/openhands", ["jsonl"]).flatMap { try ResearchLogs.openHands($0) }
            .map { $0.conversation(.chat) }
        case .tauBench:
          try tasks("agents/tau-bench", ["json"]).enumerated().map { $1.conversation(format($0)) }
        case .holmesGPT:
          try tasks("agents/holmesgpt", ["json"]).map { $0.conversation(.anthropic) }
        case .sessions:
          try files("sessions", ["jsonl", "json"]).flatMap {
            SessionLogs.conversations(in: try RecordedData.bytes($0), name: $0)?.conversations ?? []
          }
        }
      return conversations.filter { $0.turns.count > 1 }
    }

    /// Every format has its turn.
    private func format(_ index: Int) -> RecordedTask.Format {
      RecordedTask.Format.allCases[index % RecordedTask.Format.allCases.count]
    }
  }

  /// The paths of files below a folder of the data.
  static func files(_ folder: String, _ extensions: [String]) throws -> [String] {
    let root = RecordedData.root.standardizedFileURL.path + "/"
    return RecordedData.files(below: folder, extensions: extensions)
      .map { String($0.standardizedFileURL.path.dropFirst(root.count)) }
  }

  static func tasks(_ folder: String, _ extensions: [String]) throws -> [RecordedTask] {
    try files(folder, extensions).compactMap { try ResearchLogs.chat($0) }.filter { !$0.messages.isEmpty }
  }

  /// A conversation of at least 200 turns.
  static func long(_ format: RecordedTask.Format) throws -> Conversation {
    RecordedTask.joined(try tasks("agents/mini-swe-agent", ["json"]).filter { $0.messages.count < 130 })
      .conversation(format).prefix(200)
  }
}
