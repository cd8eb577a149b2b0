/// How the past of a conversation is compacted: at few chosen moments, each time for good.
public struct ContextOptions: Sendable {
  /// When old tool results may be taken out of the prompt.
  public enum Mode: String, Sendable, CaseIterable {
    /// Never. What was taken out before stays out.
    case off
    /// When the provider's cache is certainly cold, so that the prompt is written anew in any case.
    case cold
    /// Also when the context window fills up, and when the tokens saved over the turns to come pay for what has to be written anew.
    case auto
  }

  public var mode: Mode
  /// Where plans are kept. What was taken out of a prompt once stays out of it for ever, so plans must live as long as verdicts.
  public var journal: any SessionJournal
  /// When conversations were last sent.
  public var activity: ChainActivity
  /// Watches what changes before conversations; nil when nothing does.
  public var drift: DriftMonitor?
  /// Whether what has proven volatile in the instructions is told at the end of the conversation instead, so that the beginning of the prompt
  /// stays as it is. Begins with new or cold conversations alone, and holds for all their life.
  public var aligns: Bool
  /// The time of this request, in seconds since 1970.
  public var now: Int64
  /// The tokens that the model's context window holds; by default what is known of the model. Nil for a model that is not known: then nothing
  /// is done because of it.
  public var window: Int?

  public init(
    mode: Mode = .off, journal: any SessionJournal, activity: ChainActivity, drift: DriftMonitor? = nil,
    aligns: Bool = false, now: Int64, window: Int? = nil
  ) {
    self.mode = mode
    self.journal = journal
    self.activity = activity
    self.drift = drift
    self.aligns = aligns
    self.now = now
    self.window = window
  }
}

/// What the context manager saw and did in one request.
public struct ContextReport: Sendable, Equatable {
  /// What identifies the conversation up to this request: a SHA-256.
  public var conversation: [UInt8]
  /// What all requests of the conversation have in common: a SHA-256.
  public var root: [UInt8]
  /// How many results stand as stubs in the request, of this epoch and earlier ones.
  public var stubs: Int
  /// The epoch that this request began; nil for nearly all requests.
  public var epoch: Epoch?
  /// What changed before the conversation since its last request; nil when nothing did.
  public var drift: PrefixDrift?
  /// Whether volatile values in the instructions are told at the end of the conversation instead.
  public var isAligned: Bool

  /// A compaction, at the moment it happens.
  public struct Epoch: Sendable, Equatable {
    public var reason: EpochReason
    /// How many results were taken out of the prompt.
    public var results: Int
    /// By how many tokens the prompt is shorter.
    public var tokensRemoved: Int
    /// How many tokens have to be written to the provider's cache anew because of it.
    public var tokensRewritten: Int
  }
}

/// Why a compaction happened.
public enum EpochReason: String, Sendable, CaseIterable {
  /// The provider's cache was cold.
  case cold
  /// The context window was filling up.
  case pressure
  /// What it saves over the turns to come is more than it costs.
  case gain
}
