/// Totals of savings records by day, provider, agent and model, and of the last two days by hour.
///
/// Its size is bounded, whatever the records say: see ``mostOrigins``. Records are added in the order of the log, so that every process sees the
/// same.
public struct SavingsSummary: Sendable, Equatable {
  /// Where a request came from and where it went.
  public struct Origin: Sendable, Hashable {
    public var provider: String
    public var agent: String
    public var model: String
  }

  /// The totals of what has a name in common.
  public struct Group: Sendable, Equatable {
    public var name: String
    public var totals: SavingsTotals
  }

  /// What records are grouped by.
  public enum Dimension: Sendable, CaseIterable {
    case provider, agent, model
  }

  /// Names of agents and models are the clients' choice. Origins beyond so many are counted under the name ``other``.
  public static let mostOrigins = 200
  /// Longer names are cut, in bytes of UTF-8.
  static let longestName = 80
  public static let other = "other"
  /// For how many hours there are totals.
  public static let mostHours = 48

  /// By the day since 1 January 1970, in local time.
  private var cells: [Int: [Origin: SavingsTotals]] = [:]
  private var hourly: [Int: SavingsTotals] = [:]
  private var origins: Set<Origin> = []

  public init() {}

  /// Adds a record.
  /// - Parameter utcOffset: what local time is ahead of UTC at the time of the record, in seconds.
  public mutating func add(_ record: SavingsRecord, utcOffset: Int = 0) {
    let hour = SavingsSummary.hour(of: record.time, utcOffset: utcOffset)
    let day = hour >= 0 ? hour / 24 : (hour - 23) / 24
    cells[day, default: [:]][origin(of: record), default: SavingsTotals()].add(record)
    let newest = max(hourly.keys.max() ?? hour, hour)
    guard hour > newest - SavingsSummary.mostHours else { return }
    hourly[hour, default: SavingsTotals()].add(record)
    for old in hourly.keys.filter({ $0 <= newest - SavingsSummary.mostHours }) { hourly[old] = nil }
  }

  /// The hour since 1 January 1970 in local time that a time (milliseconds since 1970, UTC) is in.
  public static func hour(of time: Int64, utcOffset: Int) -> Int {
    let seconds = Int(time >= 0 ? time / 1000 : (time - 999) / 1000) + utcOffset
    return seconds >= 0 ? seconds / 3600 : (seconds - 3599) / 3600
  }

  private mutating func origin(of record: SavingsRecord) -> Origin {
    let origin = Origin(
      provider: short(record.provider), agent: short(record.agent), model: short(record.model))
    if origins.contains(origin) { return origin }
    if origins.count < SavingsSummary.mostOrigins {
      origins.insert(origin)
      return origin
    }
    return Origin(provider: SavingsSummary.other, agent: SavingsSummary.other, model: SavingsSummary.other)
  }

  private func short(_ name: String) -> String {
    guard name.utf8.count > SavingsSummary.longestName else { return name }
    var end = name.utf8.index(name.utf8.startIndex, offsetBy: SavingsSummary.longestName)
    // Not in the middle of a character.
    while end.samePosition(in: name.unicodeScalars) == nil { end = name.utf8.index(before: end) }
    return name[..<end] + "…"
  }

  /// The days there are records of, since 1 January 1970, in local time.
  public var days: [Int] { cells.keys.sorted() }

  /// The totals of a day and all later ones; of all without one.
  public func totals(since day: Int = .min) -> SavingsTotals {
    var totals = SavingsTotals()
    for (_, origin) in since(day) { totals += origin }
    return totals
  }

  /// The totals of one day.
  public func totals(on day: Int) -> SavingsTotals {
    var totals = SavingsTotals()
    for origin in cells[day, default: [:]].values { totals += origin }
    return totals
  }

  /// The totals of one hour, of the last ``mostHours`` before the newest record.
  public func totals(inHour hour: Int) -> SavingsTotals { hourly[hour] ?? SavingsTotals() }

  /// The totals by a dimension since a day, those with the most requests first.
  public func groups(by dimension: Dimension, since day: Int = .min) -> [Group] {
    var groups: [String: SavingsTotals] = [:]
    for (origin, totals) in since(day) {
      let name =
        switch dimension {
        case .provider: origin.provider
        case .agent: origin.agent
        case .model: origin.model
        }
      groups[name, default: SavingsTotals()] += totals
    }
    return groups.map { Group(name: $0.key, totals: $0.value) }
      .sorted { ($1.totals.requests, $0.name) < ($0.totals.requests, $1.name) }
  }

  /// The totals by origin, in the order of their names.
  public var byOrigin: [(origin: Origin, totals: SavingsTotals)] {
    var groups: [Origin: SavingsTotals] = [:]
    for (origin, totals) in since(.min) { groups[origin, default: SavingsTotals()] += totals }
    return groups.map { (origin: $0.key, totals: $0.value) }
      .sorted {
        ($0.origin.provider, $0.origin.agent, $0.origin.model) < ($1.origin.provider, $1.origin.agent, $1.origin.model)
      }
  }

  private func since(_ day: Int) -> [(Origin, SavingsTotals)] {
    cells.filter { $0.key >= day }.flatMap { $0.value.map { ($0.key, $0.value) } }
  }
}
