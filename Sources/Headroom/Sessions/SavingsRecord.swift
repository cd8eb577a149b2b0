/// The tokens that a provider billed for one request, as its answer says.
public struct TokenUsage: Sendable, Equatable {
  /// Prompt tokens at the full price: neither read from the prompt cache nor written to it.
  public var input = 0
  public var cacheRead = 0
  /// Written to a prompt cache that keeps them for some minutes (Anthropic: five).
  public var cacheWrite = 0
  /// Written to one that keeps them for an hour.
  public var cacheWriteLong = 0
  public var output = 0

  public init(input: Int = 0, cacheRead: Int = 0, cacheWrite: Int = 0, cacheWriteLong: Int = 0, output: Int = 0) {
    self.input = input
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.cacheWriteLong = cacheWriteLong
    self.output = output
  }

  /// All prompt tokens.
  public var prompt: Int { input + cacheRead + cacheWrite + cacheWriteLong }
}

/// One request that went through, and what it saved: the row that every total is a sum of.
///
/// Nothing of the request's content and no credential is in it.
public struct SavingsRecord: Sendable, Equatable {
  /// What became of the request.
  public enum End: String, Sendable, CaseIterable {
    /// The answer came to its end.
    case complete
    /// The upstream refused it or failed; see ``SavingsRecord/status``.
    case failed
    /// The answer broke off.
    case truncated
    /// The client left.
    case cancelled
  }

  /// When the request came, in milliseconds since 1970.
  public var time: Int64
  /// `anthropic`, `openai`, `gemini`.
  public var provider: String
  /// What the request's format is called, such as `anthropic-messages`.
  public var format: String
  /// Which agent it came from: the first word of its user agent, such as `claude-cli`; empty when it names none.
  public var agent: String
  public var model: String
  /// What requests of one conversation have in common, as 16 hexadecimal digits; empty when unknown.
  public var session: String
  /// The status of the answer; 0 when there was none.
  public var status: Int
  public var end: End
  /// Whether nothing was changed because the mode is `audit`; then ``tokensSent`` is what would have been sent.
  public var isAudit: Bool

  /// Bytes of the client's body, and of what was sent upstream.
  public var bytesBefore: Int
  public var bytesSent: Int
  /// Tokens of all tool results in the client's body, and of what was sent for them. The difference is the saving, and it may be negative.
  public var tokensBefore: Int
  public var tokensSent: Int
  /// The part of both that stood in the request for the first time.
  public var newTokensBefore: Int
  public var newTokensSent: Int
  /// Tokens that the provider had to write to its cache anew because a compaction changed what it had. They are priced and not kept.
  public var tokensRewritten = 0
  /// Tool results in the request, and those not sent as they came.
  public var blocks: Int
  public var shortened: Int

  /// What the provider says it billed; nil when its answer does not say.
  public var usage: TokenUsage?
  /// What that costs, and our estimate of what the client's own body would have, in millionths of a dollar; nil when the prices of the model
  /// are unknown.
  public var cost: Int?
  public var directCost: Int?

  /// From the client's last byte to the first byte upstream, in microseconds.
  public var addedMicroseconds: Int
  /// From the first byte upstream to the answer's first byte, in milliseconds.
  public var firstByteMilliseconds: Int
  /// Tokens saved by kind of content, such as `log`, of the results that stood in the request for the first time.
  public var savedByKind: [String: Int]

  public init(time: Int64, provider: String, format: String, agent: String = "", model: String, session: String = "") {
    self.time = time
    self.provider = provider
    self.format = format
    self.agent = agent
    self.model = model
    self.session = session
    status = 0
    end = .complete
    isAudit = false
    bytesBefore = 0
    bytesSent = 0
    tokensBefore = 0
    tokensSent = 0
    newTokensBefore = 0
    newTokensSent = 0
    blocks = 0
    shortened = 0
    addedMicroseconds = 0
    firstByteMilliseconds = 0
    savedByKind = [:]
  }
}

/// Where savings records are kept.
public protocol SavingsLog: Sendable {
  /// Appends records, all or none.
  /// - Throws: `StoreError`.
  func append(_ records: [SavingsRecord]) throws

  /// The records from `time` on (milliseconds since 1970), the oldest first; of too many the newest `most`.
  /// - Throws: `StoreError`.
  func records(since time: Int64, most: Int) throws -> [SavingsRecord]

  /// What ``SavingsSum/sums(of:every:)`` gives for all records from `time` on, without fetching them.
  /// - Parameter interval: in milliseconds; nil is all of the time.
  /// - Throws: `StoreError`.
  func sums(since time: Int64, every interval: Int64?) throws -> [SavingsSum]

  /// The records appended after a place in the log, in the order they were appended, at most `most`. Place 0 is before the first. Whoever
  /// remembers the last place reads each record once, whichever process appended it.
  /// - Throws: `StoreError`.
  func entries(after place: Int64, most: Int) throws -> [SavingsEntry]
}

extension SavingsLog {
  public func sums(since time: Int64, every interval: Int64? = nil) throws -> [SavingsSum] {
    SavingsSum.sums(of: try records(since: time, most: .max), every: interval)
  }
}

/// A savings record and its place in the log, which later records have larger ones than.
public struct SavingsEntry: Sendable, Equatable {
  public var place: Int64
  public var record: SavingsRecord

  public init(place: Int64, record: SavingsRecord) {
    self.place = place
    self.record = record
  }
}
