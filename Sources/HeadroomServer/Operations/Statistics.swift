import Foundation
import Headroom

/// What `/stats` says, as JSON: totals of today, of seven days and of all, by hour and by day, and the newest requests.
///
/// Sums and rows have the same members, so that each sum can be checked on the rows. Money is in millionths of a dollar, as whole numbers add up
/// exactly.
struct Statistics: Encodable {
  var version = Headroom.version
  /// The local time that days and hours are of.
  var now: String
  var started: String
  var uptimeSeconds: Int
  var residentBytes: Int?
  /// `optimize` or `audit`.
  var mode: String
  var today: Period
  var sevenDays: Period
  var all: Period
  /// The last two days by hour; and by day those since the first request, but a week at least and 400 at most. None is left out, also where
  /// there were no requests.
  var hours: [Bar]
  var days: [Bar]
  /// The newest first.
  var requests: [RequestRow]
  /// Requests whose answers are not at their end, or have come to it so lately that they are not in the log yet. They are in no sum.
  var running: [RequestRow]

  /// The totals since the beginning of a day.
  struct Period: Encodable {
    var since: String?
    var totals: TotalsRow
    var providers: [NamedTotals]
    var agents: [NamedTotals]
    var models: [NamedTotals]
    var kinds: [Kind]
  }

  struct NamedTotals: Encodable {
    var name: String
    var totals: TotalsRow
  }

  struct Kind: Encodable {
    var name: String
    var newTokensSaved: Int
  }

  /// The totals of an hour or day.
  struct Bar: Encodable {
    var start: String
    var requests: Int
    var tokensBefore: Int
    var tokensSent: Int
    var cost: Int
    var directCost: Int
    var priced: Int
  }

  /// How many days there are bars of.
  private static let mostDays = 400

  init(
    _ reading: SavingsReader.Reading, recent: RecentRequests.Listing, process: ProcessFigures, mode: String, now: Int64,
    localTime: LocalTime, mostRequests: Int
  ) {
    let (today, hour) = localTime.dayAndHour(now)
    let summary = reading.summary
    self.now = localTime.text(now)
    started = localTime.text(process.started)
    uptimeSeconds = Int(max(now - process.started, 0) / 1000)
    residentBytes = process.residentBytes
    self.mode = mode
    self.today = Period(summary, since: today)
    sevenDays = Period(summary, since: today - 6)
    all = Period(summary, since: nil)
    hours = (hour - SavingsSummary.mostHours + 1...hour).map {
      Bar(LocalTime.text(hour: $0), summary.totals(inHour: $0))
    }
    let first = min(max(summary.days.first ?? today, today - Statistics.mostDays + 1), today - 6)
    days = (first...today).map { Bar(CivilDate(daysSince1970: $0).description, summary.totals(on: $0)) }
    var waiting = recent.entries
    // In the log they stand as they ended.
    let newestFirst = reading.latest.sorted { ($0.record.time, $0.place) > ($1.record.time, $1.place) }
    requests = newestFirst.map { entry in
      // Of records that are alike in everything each has a detail of its own.
      let place = waiting.lastIndex { $0.isFinished && $0.record == entry.record }
      return RequestRow(entry.record, place: entry.place, detail: place.map { waiting.remove(at: $0).id }, localTime)
    }
    requests.removeLast(max(requests.count - mostRequests, 0))
    let newest = requests.lazy.compactMap(\.detail).max() ?? 0
    running = waiting.reversed().filter { !$0.isFinished || $0.id > newest }.map { RequestRow($0, localTime) }
  }
}

extension Statistics.Period {
  fileprivate init(_ summary: SavingsSummary, since day: Int?) {
    let since = day ?? .min
    let totals = summary.totals(since: since)
    func named(_ dimension: SavingsSummary.Dimension) -> [Statistics.NamedTotals] {
      summary.groups(by: dimension, since: since)
        .map { Statistics.NamedTotals(name: $0.name, totals: TotalsRow($0.totals)) }
    }
    self.init(
      since: (day ?? summary.days.first).map { CivilDate(daysSince1970: $0).description }, totals: TotalsRow(totals),
      providers: named(.provider), agents: named(.agent), models: named(.model),
      kinds: totals.savedByKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { Statistics.Kind(name: $0.key, newTokensSaved: $0.value) })
  }
}

extension Statistics.Bar {
  fileprivate init(_ start: String, _ totals: SavingsTotals) {
    self.init(
      start: start, requests: totals.requests, tokensBefore: totals.tokensBefore, tokensSent: totals.tokensSent,
      cost: totals.cost, directCost: totals.directCost, priced: totals.priced)
  }
}

extension Encodable {
  /// As JSON, with the members in one order.
  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}
