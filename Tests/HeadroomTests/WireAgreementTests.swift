import Foundation
import TestSupport
import Testing

@testable import Headroom

/// The blocks are those that a reader finds who parses with Foundation and knows nothing of spans.
@Suite struct WireAgreementTests {
  @Test(arguments: [WireBody.claudeCode, .chat, .codex])
  func onHandWrittenRequests(body: WireBody) throws {
    #expect(try compare(body.bytes, "\(body)") > 3)
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func onRecordedRequests() throws {
    var blocks = 0
    for folder in ["workloads", "agents", "headroom/fixtures", "headroom/bench_latency"] {
      for file in RecordedData.files(below: folder, extensions: ["json"]) {
        blocks += try compare([UInt8](try Data(contentsOf: file)), file.lastPathComponent)
      }
    }
    #expect(blocks > 1_500)
  }

  /// Session logs hold one message or item a line; together they are the request of the last turn.
  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func onRecordedSessions() throws {
    var blocks = 0
    for file in RecordedData.files(below: "sessions/claude-code", extensions: ["jsonl"]) {
      let messages = try entries(file).compactMap { $0["message"] as? [String: Any] }.filter { $0["role"] != nil }
      blocks += try compare(request(["model": "claude", "messages": messages]), file.lastPathComponent)
    }
    for file in RecordedData.files(below: "sessions/codex", extensions: ["jsonl"]) {
      let items = try entries(file).filter { $0["type"] as? String == "response_item" }.compactMap { $0["payload"] }
      blocks += try compare(request(["model": "gpt-5", "input": items]), file.lastPathComponent)
    }
    #expect(blocks > 70)
  }

  private func entries(_ file: URL) throws -> [[String: Any]] {
    try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).compactMap {
      (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any]
    }
  }

  private func request(_ object: [String: Any]) throws -> [UInt8] {
    [UInt8](try JSONSerialization.data(withJSONObject: object))
  }

  /// How many blocks there are, all the same for both readers.
  private func compare(_ bytes: [UInt8], _ name: String) throws -> Int {
    guard let body = RequestBody(bytes) else { return 0 }
    let expected = WireReader.payloads(of: try JSONSerialization.jsonObject(with: Data(bytes)))
    let actual = body.blocks.map { block in
      WireReader.Payload(
        id: block.callID.map { String(decoding: $0, as: UTF8.self) },
        text: String(decoding: block.payload(in: body.document) ?? [], as: UTF8.self))
    }
    #expect(actual.count == expected.count, "\(name)")
    for (ours, theirs) in zip(actual, expected) where ours != theirs {
      Issue.record("\(name): \(ours) is not \(theirs)")
    }
    return actual.count
  }
}
