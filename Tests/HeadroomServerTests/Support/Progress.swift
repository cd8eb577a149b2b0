import Synchronization

/// How often something has happened.
final class Progress: Sendable {
  private let count = Mutex(0)

  func step() { count.withLock { $0 += 1 } }

  /// The count once it has stayed the same for a while.
  func whenStill() async -> Int {
    var last = -1
    var repeats = 0
    while repeats < 20 {
      try? await Task.sleep(for: .milliseconds(25))
      let now = count.withLock { $0 }
      repeats = now == last ? repeats + 1 : 0
      last = now
    }
    return last
  }
}
