public import Headroom

/// Savings records of every kind: all ends, with and without usage and prices, audited or not, some that cost more than they saved.
public struct SavingsRecordGenerator {
  private var generator: SeededGenerator
  public var providers = ["anthropic", "openai", "gemini"]
  public var agents = ["claude-cli", "codex_cli_rs", "", "aider"]
  public var models = ["claude-sonnet-4-5", "gpt-5.1", "gemini-3-pro", "claude-haiku-4-5"]
  /// Milliseconds since 1970 that times lie in.
  public var times: Range<Int64> = 1_772_000_000_000..<1_773_000_000_000

  public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  public mutating func records(_ count: Int) -> [SavingsRecord] { (0..<count).map { _ in record() } }

  public mutating func record() -> SavingsRecord {
    var record = SavingsRecord(
      time: .random(in: times, using: &generator), provider: pick(providers), format: "anthropic-messages",
      agent: pick(agents), model: pick(models), session: pick(["00000000000000aa", "00000000000000bb", ""]))
    record.end = pick(SavingsRecord.End.allCases)
    record.status = record.end == .failed ? pick([0, 429, 529]) : 200
    record.isAudit = number(0...9) == 0
    record.bytesBefore = number(0...2_000_000)
    record.bytesSent = number(0...2_000_000)
    record.tokensBefore = number(0...500_000)
    record.tokensSent = number(0...500_000)
    record.newTokensBefore = number(0...record.tokensBefore)
    record.newTokensSent = number(0...record.tokensSent)
    record.blocks = number(0...300)
    record.shortened = number(0...record.blocks)
    if number(0...4) > 0 {
      record.usage = TokenUsage(
        input: number(0...50_000), cacheRead: number(0...500_000), cacheWrite: number(0...50_000),
        cacheWriteLong: number(0...5_000), output: number(0...8_000))
      if number(0...4) > 0 { record.cost = number(0...900_000) }
      if number(0...4) > 0 { record.directCost = number(0...900_000) }
    }
    record.addedMicroseconds = number(0...number(1...200_000))
    record.firstByteMilliseconds = number(0...9_000)
    for kind in ["json", "log", "search", "diff"] where number(0...2) == 0 {
      record.savedByKind[kind] = number(-200...40_000)
    }
    return record
  }

  public mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }

  public mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
}
