import NIOCore
import Synchronization

/// A request body that goes on while it comes in: what the client sends waits until the upstream takes it.
///
/// One side writes, one reads. At most ``capacity`` bytes wait.
final class BodyPipe: AsyncSequence, Sendable {
  typealias Element = ByteBuffer

  private struct State {
    var waiting: [ByteBuffer] = []
    var bytes = 0
    var isFinished = false
    var failure: (any Error)?
    var reader: CheckedContinuation<Void, Never>?
    var writer: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int = 1 << 20) { self.capacity = capacity }

  /// Adds bytes, and waits while too many are waiting. What comes after the end is dropped.
  func write(_ buffer: ByteBuffer) async {
    let (reader, isFull) = state.withLock { state in
      guard !state.isFinished else { return (nil as CheckedContinuation<Void, Never>?, false) }
      state.waiting.append(buffer)
      state.bytes += buffer.readableBytes
      return (state.reader.take(), state.bytes > capacity)
    }
    reader?.resume()
    guard isFull else { return }
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { state in
        if state.bytes <= capacity || state.isFinished { return true }
        state.writer = continuation
        return false
      }
      if goesOn { continuation.resume() }
    }
  }

  /// Ends the body; with an error when it broke off.
  func finish(_ failure: (any Error)? = nil) {
    let (reader, writer) = state.withLock { state in
      if !state.isFinished {
        state.isFinished = true
        state.failure = failure
      }
      return (state.reader.take(), state.writer.take())
    }
    reader?.resume()
    writer?.resume()
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    let pipe: BodyPipe
    mutating func next() async throws -> ByteBuffer? { try await pipe.next() }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pipe: self) }

  private func next() async throws -> ByteBuffer? {
    while true {
      let (buffer, writer, isOver) = try state.withLock { state in
        guard !state.waiting.isEmpty else {
          if let failure = state.failure { throw failure }
          return (nil as ByteBuffer?, nil as CheckedContinuation<Void, Never>?, state.isFinished)
        }
        let buffer = state.waiting.removeFirst()
        state.bytes -= buffer.readableBytes
        return (buffer, state.bytes <= capacity ? state.writer.take() : nil, false)
      }
      writer?.resume()
      if buffer != nil || isOver { return buffer }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let goesOn = state.withLock { state in
            if !state.waiting.isEmpty || state.isFinished { return true }
            state.reader = continuation
            return false
          }
          if goesOn { continuation.resume() }
        }
      } onCancel: {
        finish(CancellationError())
      }
    }
  }
}
