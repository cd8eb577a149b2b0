import Synchronization

/// Pieces of work that run side by side, against somebody else's clock: what is done when time is up counts, the rest is nil.
///
/// Work that is late goes on to its end, as an encoder cannot be stopped, but nobody waits for it.
final class Race<Result: Sendable>: Sendable {
  private struct State {
    var results: [Result?]
    var open: Int
    var isOver = false
    var waiting: CheckedContinuation<[Result?], Never>?
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count), open: count)) }

  func finish(_ index: Int, _ result: Result) {
    end { state in
      guard !state.isOver else { return false }
      state.results[index] = result
      state.open -= 1
      return state.open == 0
    }
  }

  /// The results, when all are there or `deadline` has returned.
  func results(until deadline: (@Sendable () async -> Void)?) async -> [Result?] {
    let timer = deadline.map { deadline in
      Task {
        await deadline()
        end { !$0.isOver }
      }
    }
    defer { timer?.cancel() }
    return await withCheckedContinuation { continuation in
      let results: [Result?]? = state.withLock { state in
        if state.isOver || state.open == 0 { return state.results }
        state.waiting = continuation
        return nil
      }
      if let results { continuation.resume(returning: results) }
    }
  }

  /// Ends the race when `body` says so.
  private func end(_ body: (inout State) -> Bool) {
    let (waiting, results) = state.withLock { state in
      guard body(&state) else { return (nil as CheckedContinuation<[Result?], Never>?, [Result?]()) }
      state.isOver = true
      return (state.waiting.take(), state.results)
    }
    waiting?.resume(returning: results)
  }
}
