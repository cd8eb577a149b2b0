import Headroom

/// The totals of the savings log and the figures of the process, as Prometheus reads them: text format 0.0.4.
///
/// Counters go on where they were when the process starts anew, as they are sums over the log. There are at most
/// ``SavingsSummary/mostOrigins`` + 1 series of each.
enum Metrics {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  static func text(_ summary: SavingsSummary, _ process: ProcessFigures, now: Int64) -> [UInt8] {
    var page = MetricsPage()
    requests(summary, &page)
    tokens(summary, &page)
    money(summary, &page)
    latency(summary, &page)
    figures(process, now, &page)
    return Array(page.text.utf8)
  }

  private static func labels(_ origin: SavingsSummary.Origin) -> [(String, String)] {
    [("provider", origin.provider), ("agent", origin.agent), ("model", origin.model)]
  }

  private static func requests(_ summary: SavingsSummary, _ page: inout MetricsPage) {
    page.begin("headroom_requests_total", "counter", "Requests whose tool results were looked at, by how they ended.")
    for (origin, totals) in summary.byOrigin {
      for end in SavingsRecord.End.allCases {
        page.sample("headroom_requests_total", labels(origin) + [("end", end.rawValue)], totals.requests(end))
      }
    }
    counter("headroom_audited_requests_total", "Requests in audit mode, which changes nothing.", summary, &page) {
      $0.audited
    }
  }

  private static func tokens(_ summary: SavingsSummary, _ page: inout MetricsPage) {
    counter("headroom_tokens_before_total", "Tokens of tool results in clients' requests.", summary, &page) {
      $0.tokensBefore
    }
    counter("headroom_tokens_sent_total", "Tokens of tool results as they went upstream.", summary, &page) {
      $0.tokensSent
    }
    counter(
      "headroom_new_tokens_before_total", "Tokens of tool results, each counted when it came first.", summary, &page
    ) { $0.newTokensBefore }
    counter(
      "headroom_new_tokens_sent_total", "The same as they went upstream.", summary, &page
    ) { $0.newTokensSent }
    counter("headroom_bytes_before_total", "Bytes of clients' bodies.", summary, &page) { $0.bytesBefore }
    counter("headroom_bytes_sent_total", "Bytes of bodies sent upstream.", summary, &page) { $0.bytesSent }
    page.begin("headroom_billed_tokens_total", "counter", "Tokens that providers say they billed.")
    for (origin, totals) in summary.byOrigin {
      let usage = totals.usage
      for (type, count) in [
        ("input", usage.input), ("cache_read", usage.cacheRead), ("cache_write", usage.cacheWrite),
        ("cache_write_long", usage.cacheWriteLong), ("output", usage.output),
      ] {
        page.sample("headroom_billed_tokens_total", labels(origin) + [("type", type)], count)
      }
    }
    // Of a kind more may be sent than came, so this can go down.
    page.begin("headroom_kind_saved_tokens", "gauge", "Tokens saved by kind of content, each result counted once.")
    for (kind, saved) in summary.totals().savedByKind.sorted(by: { $0.key < $1.key }) {
      page.sample("headroom_kind_saved_tokens", [("kind", kind)], saved)
    }
  }

  private static func money(_ summary: SavingsSummary, _ page: inout MetricsPage) {
    for (name, help, value) in [
      ("headroom_cost_dollars_total", "What requests cost, by the provider's usage.", \SavingsTotals.cost),
      ("headroom_direct_cost_dollars_total", "What clients' own bodies would have cost, estimated.", \.directCost),
    ] {
      page.begin(name, "counter", help)
      for (origin, totals) in summary.byOrigin {
        page.sample(name, labels(origin), MetricsPage.decimal(totals[keyPath: value], digits: 6))
      }
    }
  }

  private static func latency(_ summary: SavingsSummary, _ page: inout MetricsPage) {
    let providers = summary.groups(by: .provider).sorted { $0.name < $1.name }
    let added = "headroom_added_latency_seconds"
    page.begin(added, "histogram", "From the client's last byte to the first byte upstream.")
    for provider in providers {
      page.histogram(
        added, [("provider", provider.name)], provider.totals.addedMicroseconds, digits: 6,
        bounds: [
          100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        ])
    }
    let first = "headroom_first_byte_seconds"
    page.begin(first, "histogram", "From the first byte upstream to the answer's first byte.")
    for provider in providers {
      page.histogram(
        first, [("provider", provider.name)], provider.totals.firstByteMilliseconds, digits: 3,
        bounds: [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000])
    }
  }

  private static func figures(_ process: ProcessFigures, _ now: Int64, _ page: inout MetricsPage) {
    page.begin("headroom_requests_running", "gauge", "Requests whose answers are not at their end.")
    page.sample("headroom_requests_running", [], process.running)
    page.begin("headroom_build_info", "gauge", "The version, as a label.")
    page.sample("headroom_build_info", [("version", version)], 1)
    page.begin("headroom_uptime_seconds", "gauge", "Since the process started.")
    page.sample(
      "headroom_uptime_seconds", [], MetricsPage.decimal(Int(max(now - process.started, 0)), digits: 3))
    page.begin("process_start_time_seconds", "gauge", "When the process started, since 1970.")
    page.sample("process_start_time_seconds", [], MetricsPage.decimal(Int(process.started), digits: 3))
    if let bytes = process.residentBytes {
      page.begin("process_resident_memory_bytes", "gauge", "The memory the process occupies.")
      page.sample("process_resident_memory_bytes", [], bytes)
    }
  }

  private static func counter(
    _ name: String, _ help: String, _ summary: SavingsSummary, _ page: inout MetricsPage,
    _ value: (SavingsTotals) -> Int
  ) {
    page.begin(name, "counter", help)
    for (origin, totals) in summary.byOrigin { page.sample(name, labels(origin), value(totals)) }
  }
}

extension SavingsTotals {
  fileprivate func requests(_ end: SavingsRecord.End) -> Int {
    switch end {
    case .complete: requests - failed - truncated - cancelled
    case .failed: failed
    case .truncated: truncated
    case .cancelled: cancelled
    }
  }
}
