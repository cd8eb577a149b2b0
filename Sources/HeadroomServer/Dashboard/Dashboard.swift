import HTTPTypes
import Headroom

/// What an operator sees: `/dashboard`, `/stats` and `/metrics`.
///
/// All but the page itself is for those who may see content and figures; the server checks that before it asks here. The page holds neither.
struct Dashboard: Sendable {
  /// The bodies it shows; whoever sends requests on fills it.
  let recent: RecentRequests
  private let reader: SavingsReader
  private let localTime: LocalTime
  private let mode: String
  private let started: Int64

  /// - Parameters:
  ///   - started: when the process started, in milliseconds since 1970.
  ///   - mode: `optimize` or `audit`.
  init(
    savings: any SavingsLog, recent: RecentRequests, mode: String, started: Int64, localTime: LocalTime = .system
  ) {
    self.recent = recent
    self.mode = mode
    self.started = started
    self.localTime = localTime
    reader = SavingsReader(savings, localTime: localTime)
  }

  /// An answer to a request.
  struct Answer: Sendable {
    var status: HTTPResponse.Status
    var fields: HTTPFields
    var body: [UInt8]
  }

  static let page = "/dashboard"
  private static let details = "/dashboard/requests/"

  /// Whether a path is the dashboard's.
  static func owns(_ path: String) -> Bool {
    path == page || path == "/stats" || path == "/metrics" || path.hasPrefix(page + "/")
  }

  /// The answer to a GET or HEAD.
  /// - Parameters:
  ///   - known: the version that the client has, as `If-None-Match` says it.
  ///   - mostRequests: how many requests `/stats` lists.
  ///   - now: milliseconds since 1970.
  /// - Throws: `StoreError` when the savings log cannot be read.
  func answer(path: String, known: String? = nil, mostRequests: Int = 100, now: Int64) async throws -> Answer {
    switch path {
    case Dashboard.page:
      let page = DashboardPage()
      return Answer(status: .ok, fields: page.fields, body: page.bytes)
    case "/stats": return try await statistics(known, mostRequests, now)
    case "/metrics":
      let process = ProcessFigures.current(started: started, running: recent.running)
      let text = Metrics.text(try await reader.read().summary, process, now: now)
      return Answer(status: .ok, fields: Dashboard.fields(Metrics.contentType), body: text)
    case _ where path.hasPrefix(Dashboard.details): return try detail(path.dropFirst(Dashboard.details.count))
    default: return Dashboard.notFound("there is no \(path)")
    }
  }

  private func statistics(_ known: String?, _ mostRequests: Int, _ now: Int64) async throws -> Answer {
    // Before the log: what changes meanwhile is then new to the next one who asks.
    let version = recent.version
    let listing = recent.listing
    let reading = try await reader.read()
    let tag = "\"\(started)-\(reading.place)-\(version)-\(localTime.dayAndHour(now).hour)-\(mostRequests)\""
    var fields = Dashboard.fields("application/json")
    fields[.eTag] = tag
    if known == tag { return Answer(status: .notModified, fields: fields, body: []) }
    let statistics = Statistics(
      reading, recent: listing, process: .current(started: started, running: recent.running), mode: mode, now: now,
      localTime: localTime, mostRequests: min(max(mostRequests, 0), SavingsReader.mostLatest))
    return Answer(status: .ok, fields: fields, body: try statistics.json)
  }

  /// `NUMBER` or `NUMBER/blocks/INDEX`.
  private func detail(_ path: Substring) throws -> Answer {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let id = Int(parts[0]), let entry = recent.entry(id) else {
      return Dashboard.notFound("the content of this request is not in memory any more")
    }
    if parts.count == 1 { return try Dashboard.json(RequestDetail(entry, localTime: localTime)) }
    guard parts.count == 3, parts[1] == "blocks", let index = Int(parts[2]), let text = BlockText(entry, index: index)
    else { return Dashboard.notFound("there is no such tool result") }
    return try Dashboard.json(text)
  }

  private static func json(_ value: some Encodable) throws -> Answer {
    Answer(status: .ok, fields: fields("application/json"), body: try value.json)
  }

  private static func notFound(_ reason: String) -> Answer {
    Answer(status: .notFound, fields: fields("text/plain; charset=utf-8"), body: Array("headroom: \(reason)\n".utf8))
  }

  /// Nothing is stored, taken for another type, or read by other pages.
  static func fields(_ type: String) -> HTTPFields {
    [
      .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
      HTTPField.Name("cross-origin-resource-policy")!: "same-origin",
    ]
  }
}
