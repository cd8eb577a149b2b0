/// What requests of one kind have in common, and the sums of their records.
public struct SavingsSum: Sendable, Equatable {
  /// What the records of a sum agree on.
  public struct Group: Sendable, Hashable {
    /// When the interval begins that they came in, in milliseconds since 1970; 0 when it is all of the time.
    public var start: Int64
    public var provider: String
    public var agent: String
    public var model: String
    /// Sums of what was saved and of what would have been are never one.
    public var isAudit: Bool

    public init(start: Int64 = 0, provider: String, agent: String, model: String, isAudit: Bool) {
      self.start = start
      self.provider = provider
      self.agent = agent
      self.model = model
      self.isAudit = isAudit
    }
  }

  public var group: Group
  public var requests = 0
  /// Those whose answer came to its end.
  public var complete = 0
  public var bytesBefore = 0
  public var bytesSent = 0
  public var tokensBefore = 0
  public var tokensSent = 0
  public var newTokensBefore = 0
  public var newTokensSent = 0
  public var blocks = 0
  public var shortened = 0
  public var addedMicroseconds = 0
  /// Of the requests whose answer says what was billed, and how many those are.
  public var usage = TokenUsage()
  public var billed = 0
  /// Of the requests that have both, in millionths of a dollar, and how many those are.
  public var cost = 0
  public var directCost = 0
  public var priced = 0
  public var savedByKind: [String: Int] = [:]

  public init(_ group: Group) { self.group = group }

  /// The sum of one record.
  public init(_ group: Group, of record: SavingsRecord) {
    self.group = group
    requests = 1
    complete = record.end == .complete ? 1 : 0
    bytesBefore = record.bytesBefore
    bytesSent = record.bytesSent
    tokensBefore = record.tokensBefore
    tokensSent = record.tokensSent
    newTokensBefore = record.newTokensBefore
    newTokensSent = record.newTokensSent
    blocks = record.blocks
    shortened = record.shortened
    addedMicroseconds = record.addedMicroseconds
    if let usage = record.usage { (self.usage, billed) = (usage, 1) }
    if let cost = record.cost, let directCost = record.directCost {
      (self.cost, self.directCost, priced) = (cost, directCost, 1)
    }
    savedByKind = record.savedByKind
  }

  /// Adds another sum, whose group this one's then stands for too.
  public mutating func add(_ other: SavingsSum) {
    requests += other.requests
    complete += other.complete
    bytesBefore += other.bytesBefore
    bytesSent += other.bytesSent
    tokensBefore += other.tokensBefore
    tokensSent += other.tokensSent
    newTokensBefore += other.newTokensBefore
    newTokensSent += other.newTokensSent
    blocks += other.blocks
    shortened += other.shortened
    addedMicroseconds += other.addedMicroseconds
    usage.add(other.usage)
    billed += other.billed
    cost += other.cost
    directCost += other.directCost
    priced += other.priced
    savedByKind.merge(other.savedByKind, uniquingKeysWith: +)
  }

  /// The sums of records, one for each group in the order of groups.
  /// - Parameter interval: in milliseconds; the groups of each interval stand by themselves. Nil is all of the time.
  public static func sums(of records: [SavingsRecord], every interval: Int64? = nil) -> [SavingsSum] {
    var sums: [Group: SavingsSum] = [:]
    for record in records {
      let group = Group(
        start: interval.map { $0 > 0 ? record.time / $0 * $0 : 0 } ?? 0, provider: record.provider, agent: record.agent,
        model: record.model, isAudit: record.isAudit)
      sums[group, default: SavingsSum(group)].add(SavingsSum(group, of: record))
    }
    return sums.values.sorted { $0.group < $1.group }
  }
}

extension SavingsSum.Group: Comparable {
  public static func < (one: Self, other: Self) -> Bool {
    (one.start, one.provider, one.agent, one.model, one.isAudit ? 1 : 0)
      < (other.start, other.provider, other.agent, other.model, other.isAudit ? 1 : 0)
  }
}

extension TokenUsage {
  mutating func add(_ other: TokenUsage) {
    input += other.input
    cacheRead += other.cacheRead
    cacheWrite += other.cacheWrite
    cacheWriteLong += other.cacheWriteLong
    output += other.output
  }
}
