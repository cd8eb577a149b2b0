import Headroom

/// What the savings log says by now. Each record is read once, whichever process wrote it.
actor SavingsReader {
  /// The log up to a place.
  struct Reading: Sendable {
    var summary: SavingsSummary
    /// The newest entries, the oldest first.
    var latest: [SavingsEntry]
    /// The place of the last entry read.
    var place: Int64
  }

  private let log: any SavingsLog
  private let localTime: LocalTime
  private var reading = Reading(summary: SavingsSummary(), latest: [], place: 0)

  /// How many entries are kept one by one.
  static let mostLatest = 1000
  /// How many entries are in memory at once while the log is read.
  private static let page = 4000

  init(_ log: any SavingsLog, localTime: LocalTime) {
    self.log = log
    self.localTime = localTime
  }

  /// Reads what was appended since the last time.
  /// - Throws: `StoreError`.
  func read() throws -> Reading {
    while true {
      let entries = try log.entries(after: reading.place, most: SavingsReader.page)
      for entry in entries {
        reading.summary.add(entry.record, utcOffset: localTime.utcOffset(entry.record.time))
        reading.place = entry.place
      }
      reading.latest = (reading.latest + entries).suffix(SavingsReader.mostLatest)
      if entries.count < SavingsReader.page { return reading }
    }
  }
}
