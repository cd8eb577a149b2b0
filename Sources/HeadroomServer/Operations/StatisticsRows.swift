import Headroom

/// Sums over requests, as JSON.
struct TotalsRow: Encodable {
  var requests: Int
  var failed: Int
  var truncated: Int
  var cancelled: Int
  var audited: Int
  var bytesBefore: Int
  var bytesSent: Int
  var tokensBefore: Int
  var tokensSent: Int
  var tokensSaved: Int
  var tokensAudited: Int
  var newTokensBefore: Int
  var newTokensSent: Int
  var blocks: Int
  var shortened: Int
  var usage: UsageRow
  /// Requests whose answers say what was billed.
  var billed: Int
  var cost: Int
  var directCost: Int
  var difference: Int
  /// Requests whose costs are known on both sides.
  var priced: Int
  /// From 0 to 1; absent when nothing was billed.
  var cacheHitRate: Double?
  var addedMicroseconds: Percentiles
  var firstByteMilliseconds: Percentiles

  init(_ totals: SavingsTotals) {
    requests = totals.requests
    failed = totals.failed
    truncated = totals.truncated
    cancelled = totals.cancelled
    audited = totals.audited
    bytesBefore = totals.bytesBefore
    bytesSent = totals.bytesSent
    tokensBefore = totals.tokensBefore
    tokensSent = totals.tokensSent
    tokensSaved = totals.tokensSaved
    tokensAudited = totals.tokensAudited
    newTokensBefore = totals.newTokensBefore
    newTokensSent = totals.newTokensSent
    blocks = totals.blocks
    shortened = totals.shortened
    usage = UsageRow(totals.usage)
    billed = totals.billed
    cost = totals.cost
    directCost = totals.directCost
    difference = totals.difference
    priced = totals.priced
    cacheHitRate = totals.cacheHitRate
    addedMicroseconds = Percentiles(totals.addedMicroseconds)
    firstByteMilliseconds = Percentiles(totals.firstByteMilliseconds)
  }
}

struct UsageRow: Encodable {
  var input: Int
  var cacheRead: Int
  var cacheWrite: Int
  var cacheWriteLong: Int
  var output: Int

  init(_ usage: TokenUsage) {
    input = usage.input
    cacheRead = usage.cacheRead
    cacheWrite = usage.cacheWrite
    cacheWriteLong = usage.cacheWriteLong
    output = usage.output
  }
}

/// To two significant digits, rounded up; absent when there are no values.
struct Percentiles: Encodable {
  var p50: Int?
  var p90: Int?
  var p99: Int?

  init(_ values: Distribution) {
    p50 = values.percentile(50)
    p90 = values.percentile(90)
    p99 = values.percentile(99)
  }
}

/// One request, as JSON. Its figures are those that are added up.
struct RequestRow: Encodable {
  /// Its place in the log; absent while it runs.
  var place: Int64?
  /// Its number among the requests whose content is still in memory: `/dashboard/requests/NUMBER`.
  var detail: Int?
  var time: String
  var provider: String
  var format: String
  var agent: String
  var model: String
  var session: String
  /// Absent while it runs.
  var status: Int?
  var end: String?
  var audit: Bool
  var bytesBefore: Int
  var bytesSent: Int
  var tokensBefore: Int
  var tokensSent: Int
  var tokensSaved: Int
  var tokensAudited: Int
  var newTokensBefore: Int
  var newTokensSent: Int
  var blocks: Int
  var shortened: Int
  var usage: UsageRow?
  /// Absent unless both costs are known.
  var cost: Int?
  var directCost: Int?
  var difference: Int?
  var addedMicroseconds: Int
  var firstByteMilliseconds: Int?

  init(_ record: SavingsRecord, place: Int64?, detail: Int?, _ localTime: LocalTime) {
    self.place = place
    self.detail = detail
    time = localTime.text(record.time)
    provider = record.provider
    format = record.format
    agent = record.agent
    model = record.model
    session = record.session
    status = place == nil ? nil : record.status
    end = place == nil ? nil : record.end.rawValue
    audit = record.isAudit
    bytesBefore = record.bytesBefore
    bytesSent = record.bytesForwarded
    tokensBefore = record.tokensBefore
    tokensSent = record.tokensForwarded
    tokensSaved = record.tokensBefore - record.tokensForwarded
    tokensAudited = record.tokensAudited
    newTokensBefore = record.newTokensBefore
    newTokensSent = record.newTokensForwarded
    blocks = record.blocks
    shortened = record.isAudit ? 0 : record.shortened
    usage = record.usage.map { UsageRow($0) }
    cost = record.price?.cost
    directCost = record.price?.direct
    difference = record.price.map { $0.direct - $0.cost }
    addedMicroseconds = record.addedMicroseconds
    firstByteMilliseconds = record.status > 0 ? record.firstByteMilliseconds : nil
  }

  /// A request that may still run.
  init(_ item: RecentRequests.Listing.Item, _ localTime: LocalTime) {
    self.init(item.record, place: nil, detail: item.id, localTime)
    guard item.isFinished else { return }
    status = item.record.status
    end = item.record.end.rawValue
  }
}
