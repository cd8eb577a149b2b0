import Headroom
import NIOCore
import NIOHTTP1

/// Reads from a copy of an answer what the provider billed.
struct AnswerObserver: Sendable {
  /// Nil when the answer is encoded, or of a format that nothing is known of.
  private var reader: UsageReader?

  init(format: String, headers: HTTPHeaders) {
    reader = headers.contains(name: "content-encoding") ? nil : UsageReader(format: format)
  }

  mutating func observe(_ chunk: ByteBuffer) { chunk.withUnsafeReadableBytes { reader?.feed($0) } }

  /// Writes down what the answer has told, when it is over.
  mutating func finish(_ record: inout SavingsRecord?) {
    guard reader != nil else { return }
    reader?.finish()
    record?.usage = reader?.usage
    // A connection may end well after an answer that did not.
    if record?.end == .complete, let end = reader?.end { record?.end = end }
  }
}
