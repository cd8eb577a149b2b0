import Synchronization

/// A value that one task waits for and another brings.
final class Box<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiter: CheckedContinuation<Value, Never>?
  }

  private let state = Mutex(State())

  var isEmpty: Bool { state.withLock { $0.value == nil } }

  func put(_ value: Value) {
    let waiter = state.withLock { state in
      if state.waiter == nil { state.value = value }
      return state.waiter.take()
    }
    waiter?.resume(returning: value)
  }

  @discardableResult func take() async -> Value {
    await withCheckedContinuation { continuation in
      let value = state.withLock { state in
        if state.value == nil { state.waiter = continuation }
        return state.value.take()
      }
      if let value { continuation.resume(returning: value) }
    }
  }
}
