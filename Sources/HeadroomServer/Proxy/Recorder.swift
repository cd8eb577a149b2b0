import Headroom
import Logging
import ServiceLifecycle
import Synchronization

/// Writes savings records down, some at a time, so that no request waits for the disk.
final class Recorder: Sendable {
  private let savings: any SavingsLog
  private let logger: Logger
  private let waiting = Mutex<[SavingsRecord]>([])

  /// How often records are written.
  private static let interval = Duration.milliseconds(200)

  init(_ savings: any SavingsLog, _ logger: Logger) {
    self.savings = savings
    self.logger = logger
  }

  func add(_ record: SavingsRecord) { waiting.withLock { $0.append(record) } }

  /// Writes down what is waiting.
  func flush() {
    let records = waiting.withLock { records in
      defer { records.removeAll(keepingCapacity: true) }
      return records
    }
    guard !records.isEmpty else { return }
    do {
      try savings.append(records)
    } catch {
      logger.error("savings records were lost", metadata: ["count": "\(records.count)", "error": "\(error)"])
    }
  }
}

extension Recorder: Service {
  /// Writes until the proxy ends, and then the rest.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try? await Task.sleep(for: Recorder.interval)
        self.flush()
      }
    }
    flush()
  }
}
