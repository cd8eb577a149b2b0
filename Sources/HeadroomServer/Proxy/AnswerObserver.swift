import Headroom
import NIOCore
import NIOHTTP1

/// Reads from a copy of an answer what the provider billed.
struct AnswerObserver: Sendable {
  init(format: String, headers: HTTPHeaders) {}
  mutating func observe(_ chunk: ByteBuffer) {}
  mutating func finish(_ record: inout SavingsRecord?) {}
}
