import Headroom
import TestSupport
import Testing

@testable import HeadroomServer

/// `/metrics`: what Prometheus can read, and the same sums as everywhere.
@Suite struct MetricsTests {
  private struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  /// Reads the text format as its specification says, and fails where it is not kept.
  private static func samples(_ text: String) throws -> [Sample] {
    var types: [String: String] = [:]
    var samples: [Sample] = []
    var seen: Set<String> = []
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("#") {
        let words = line.split(separator: " ", maxSplits: 3)
        if words[1] == "TYPE" {
          #expect(types.updateValue(String(words[3]), forKey: String(words[2])) == nil, "\(line)")
          #expect(["counter", "gauge", "histogram"].contains(words[3]))
        } else {
          #expect(words[1] == "HELP" && words.count == 4)
        }
        continue
      }
      var rest = Substring(line)
      let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      rest.removeFirst(name.count)
      var labels: [String: String] = [:]
      if rest.first == "{" {
        rest.removeFirst()
        while rest.first != "}" {
          let label = String(rest.prefix { $0 != "=" })
          rest.removeFirst(label.count)
          try #require(rest.hasPrefix("=\""))
          rest.removeFirst(2)
          labels[label] = try value(&rest)
          if rest.first == "," { rest.removeFirst() }
        }
        rest.removeFirst()
      }
      try #require(rest.first == " ")
      let number = try #require(Double(rest.dropFirst()), "\(line)")
      let family = ["_bucket", "_sum", "_count"].lazy.filter { name.hasSuffix($0) }
        .map { String(name.dropLast($0.count)) }.first { types[$0] == "histogram" }
      let type = try #require(types[family ?? name], "\(line)")
      if type == "counter" { #expect(name.hasSuffix("_total") && number >= 0, "\(line)") }
      #expect(seen.insert("\(name)\(labels.sorted { $0.key < $1.key })").inserted, "\(line)")
      samples.append(Sample(name: name, labels: labels, value: number))
    }
    return samples
  }

  private static func value(_ rest: inout Substring) throws -> String {
    var value = ""
    while let character = rest.popFirst(), character != "\"" {
      guard character == "\\" else {
        value.append(character)
        continue
      }
      switch rest.popFirst() {
      case "n": value.append("\n")
      case "\\": value.append("\\")
      case "\"": value.append("\"")
      default: Issue.record("no such escape")
      }
    }
    return value
  }

  private static func samples(
    _ records: [SavingsRecord], _ process: ProcessFigures = ProcessFigures(started: 1500, residentBytes: 4096)
  ) throws -> [Sample] {
    var summary = SavingsSummary()
    for record in records { summary.add(record) }
    return try samples(String(decoding: Metrics.text(summary, process, now: 4000), as: UTF8.self))
  }

  private static let records: [SavingsRecord] = {
    var generator = SavingsRecordGenerator(seed: 12)
    return generator.records(500)
  }()

  @Test func seriesAddUpToTheTotals() throws {
    let samples = try Self.samples(Self.records)
    let totals = SavingsTotals(Self.records)
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
      samples.filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0] == $1 } }
        .map(\.value).reduce(0, +)
    }
    #expect(sum("headroom_requests_total") == Double(totals.requests))
    #expect(sum("headroom_requests_total", ["end": "failed"]) == Double(totals.failed))
    #expect(
      sum("headroom_requests_total", ["end": "complete"]) == Double(Self.records.count { $0.end == .complete }))
    #expect(
      sum("headroom_requests_total", ["agent": "aider"]) == Double(Self.records.count { $0.agent == "aider" }))
    #expect(sum("headroom_tokens_before_total") == Double(totals.tokensBefore))
    #expect(sum("headroom_tokens_sent_total") == Double(totals.tokensSent))
    #expect(sum("headroom_billed_tokens_total", ["type": "cache_read"]) == Double(totals.usage.cacheRead))
    #expect(sum("headroom_kind_saved_tokens", ["kind": "log"]) == Double(totals.savedByKind["log"] ?? 0))
    let saved = sum("headroom_direct_cost_dollars_total") - sum("headroom_cost_dollars_total")
    #expect((saved * 1_000_000).rounded() == Double(totals.difference))
    #expect(sum("headroom_added_latency_seconds_count") == Double(totals.requests))
  }

  @Test func histogramsCountUpToTheirBounds() throws {
    let samples = try Self.samples(Self.records)
    let own = Self.records.filter { $0.provider == "openai" }
    let buckets = samples.filter {
      $0.name == "headroom_added_latency_seconds_bucket" && $0.labels["provider"] == "openai"
    }
    #expect(buckets.last?.labels["le"] == "+Inf" && buckets.last?.value == Double(own.count))
    for bucket in buckets.dropLast() {
      let bound = try #require(bucket.labels["le"].flatMap { Double($0) })
      #expect(bucket.value == Double(own.count { Double($0.addedMicroseconds) <= (bound * 1_000_000).rounded() }))
    }
    let sum = samples.first {
      $0.name == "headroom_added_latency_seconds_sum" && $0.labels["provider"] == "openai"
    }
    #expect(sum?.value == Double(own.map(\.addedMicroseconds).reduce(0, +)) / 1_000_000)
  }

  @Test func namesCannotBreakOutOfTheirLabels() throws {
    let names = ["a\"} 1\nheadroom_fake_total{x=\"", "back\\slash\\", "new\nline", "é👩‍💻", "tab\tnul\u{0}"]
    let records = names.map { name in
      SavingsRecord(time: 0, provider: "openai", format: "openai-chat", agent: name, model: name)
    }
    let agents = Set(try Self.samples(records).compactMap { $0.labels["agent"] })
    #expect(agents == Set(names.dropLast() + ["tab\u{fffd}nul\u{fffd}"]))
  }

  @Test func theNumberOfSeriesIsBounded() throws {
    var generator = SavingsRecordGenerator(seed: 13)
    generator.agents = (0..<900).map { "agent-\($0)" }
    let samples = try Self.samples(generator.records(2000))
    #expect(samples.count { $0.name == "headroom_tokens_sent_total" } == SavingsSummary.mostOrigins + 1)
  }

  @Test func theProcessSaysWhatItOccupies() throws {
    let samples = try Self.samples([])
    #expect(samples.contains(Sample(name: "process_resident_memory_bytes", labels: [:], value: 4096)))
    #expect(samples.contains(Sample(name: "process_start_time_seconds", labels: [:], value: 1.5)))
    #expect(samples.contains(Sample(name: "headroom_uptime_seconds", labels: [:], value: 2.5)))
    #expect(samples.contains { $0.name == "headroom_build_info" && $0.labels["version"] == Headroom.version })
    #if os(Linux)
      let here = ProcessFigures.current(started: 0, running: 0)
      #expect(try #require(here.residentBytes) > 1 << 20)
    #endif
  }

  @Test func decimalsAreExact() {
    #expect(MetricsPage.decimal(1_234_567, digits: 6) == "1.234567")
    #expect(MetricsPage.decimal(100, digits: 6) == "0.0001")
    #expect(MetricsPage.decimal(-5, digits: 3) == "-0.005")
    #expect(MetricsPage.decimal(0, digits: 6) == "0")
    #expect(MetricsPage.decimal(250_000_000, digits: 6) == "250")
  }
}
