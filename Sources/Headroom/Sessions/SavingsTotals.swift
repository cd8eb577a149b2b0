extension SavingsRecord {
  /// Bytes of what went upstream: in audit mode nothing is changed.
  public var bytesForwarded: Int { isAudit ? bytesBefore : bytesSent }
  /// Tokens of all tool results as they went upstream.
  public var tokensForwarded: Int { isAudit ? tokensBefore : tokensSent }
  /// The part that stood in the request for the first time.
  public var newTokensForwarded: Int { isAudit ? newTokensBefore : newTokensSent }
  /// Tokens that an audited request would have saved.
  public var tokensAudited: Int { isAudit ? tokensBefore - tokensSent : 0 }
  /// What the request cost and what it would have, where both are known.
  public var price: (cost: Int, direct: Int)? {
    guard let cost, let directCost else { return nil }
    return (cost, directCost)
  }
}

/// Sums over savings records. Every figure shown anywhere is one of these, or a quotient of two.
///
/// The sum over some records and the sum over the others add up to the sum over all.
public struct SavingsTotals: Sendable, Equatable {
  public private(set) var requests = 0
  /// Of the requests, those that did not end well, and those of which nothing was changed because the mode is `audit`.
  public private(set) var failed = 0
  public private(set) var truncated = 0
  public private(set) var cancelled = 0
  public private(set) var audited = 0

  /// Bytes of the clients' bodies, and of what went upstream.
  public private(set) var bytesBefore = 0
  public private(set) var bytesSent = 0
  /// Tokens of all tool results in the clients' bodies, and as they went upstream.
  public private(set) var tokensBefore = 0
  public private(set) var tokensSent = 0
  /// The part of both that stood in a request for the first time: each result is counted once.
  public private(set) var newTokensBefore = 0
  public private(set) var newTokensSent = 0
  /// Tokens that the audited requests would have saved. They are in no other sum.
  public private(set) var tokensAudited = 0
  /// Tool results in the requests, and those not sent as they came.
  public private(set) var blocks = 0
  public private(set) var shortened = 0

  /// What the providers say they billed, and for how many requests they say it.
  public private(set) var usage = TokenUsage()
  public private(set) var billed = 0
  /// What the requests cost, and our estimate of what the clients' own bodies would have, in millionths of a dollar; and for how many
  /// requests both are known.
  public private(set) var cost = 0
  public private(set) var directCost = 0
  public private(set) var priced = 0

  /// From the client's last byte to the first byte upstream, in microseconds.
  public private(set) var addedMicroseconds = Distribution()
  /// From the first byte upstream to the answer's first byte, in milliseconds, where there was an answer.
  public private(set) var firstByteMilliseconds = Distribution()
  /// Tokens saved by kind of content, of the results that stood in a request for the first time.
  public private(set) var savedByKind: [String: Int] = [:]

  public init() {}

  public init(_ records: some Sequence<SavingsRecord>) {
    for record in records { add(record) }
  }

  /// Tokens not sent; negative when more was sent than came.
  public var tokensSaved: Int { tokensBefore - tokensSent }
  public var newTokensSaved: Int { newTokensBefore - newTokensSent }

  /// What was saved, in millionths of a dollar, the prices of the prompt cache included; negative when it cost more.
  public var difference: Int { directCost - cost }

  /// Which part of the prompt tokens was read from the prompt cache, from 0 to 1; nil when none were billed.
  public var cacheHitRate: Double? { usage.prompt > 0 ? Double(usage.cacheRead) / Double(usage.prompt) : nil }

  public mutating func add(_ record: SavingsRecord) {
    requests += 1
    switch record.end {
    case .complete: break
    case .failed: failed += 1
    case .truncated: truncated += 1
    case .cancelled: cancelled += 1
    }
    audited += record.isAudit ? 1 : 0
    bytesBefore += record.bytesBefore
    bytesSent += record.bytesForwarded
    tokensBefore += record.tokensBefore
    tokensSent += record.tokensForwarded
    newTokensBefore += record.newTokensBefore
    newTokensSent += record.newTokensForwarded
    tokensAudited += record.tokensAudited
    blocks += record.blocks
    shortened += record.isAudit ? 0 : record.shortened
    if let usage = record.usage {
      self.usage += usage
      billed += 1
    }
    if let price = record.price {
      cost += price.cost
      directCost += price.direct
      priced += 1
    }
    addedMicroseconds.add(record.addedMicroseconds)
    if record.status > 0 { firstByteMilliseconds.add(record.firstByteMilliseconds) }
    if !record.isAudit { savedByKind.merge(record.savedByKind, uniquingKeysWith: +) }
  }

  public static func += (left: inout SavingsTotals, right: SavingsTotals) {
    left.requests += right.requests
    left.failed += right.failed
    left.truncated += right.truncated
    left.cancelled += right.cancelled
    left.audited += right.audited
    left.bytesBefore += right.bytesBefore
    left.bytesSent += right.bytesSent
    left.tokensBefore += right.tokensBefore
    left.tokensSent += right.tokensSent
    left.newTokensBefore += right.newTokensBefore
    left.newTokensSent += right.newTokensSent
    left.tokensAudited += right.tokensAudited
    left.blocks += right.blocks
    left.shortened += right.shortened
    left.usage += right.usage
    left.billed += right.billed
    left.cost += right.cost
    left.directCost += right.directCost
    left.priced += right.priced
    left.addedMicroseconds += right.addedMicroseconds
    left.firstByteMilliseconds += right.firstByteMilliseconds
    left.savedByKind.merge(right.savedByKind, uniquingKeysWith: +)
  }
}

extension TokenUsage {
  public static func += (left: inout TokenUsage, right: TokenUsage) {
    left.input += right.input
    left.cacheRead += right.cacheRead
    left.cacheWrite += right.cacheWrite
    left.cacheWriteLong += right.cacheWriteLong
    left.output += right.output
  }
}
