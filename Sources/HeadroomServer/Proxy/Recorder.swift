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

  /// Takes a record of a request that is over, and prices it.
  /// - Returns: the record as it is written.
  func add(_ record: SavingsRecord) -> SavingsRecord {
    var record = record
    CostModel(model: record.model)?.price(&record)
    let priced = record
    waiting.withLock { $0.append(priced) }
    logger.info(
      "request",
      metadata: [
        "format": "\(record.format)", "model": "\(record.model)", "agent": "\(record.agent)",
        "session": "\(record.session)", "status": "\(record.status)", "end": "\(record.end.rawValue)",
        "tokens_before": "\(record.tokensBefore)", "tokens_sent": "\(record.tokensSent)",
        "added_us": "\(record.addedMicroseconds)",
      ])
    return priced
  }

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
