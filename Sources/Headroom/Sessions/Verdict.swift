/// Which block a decision is about: the provider's id of the call, and the SHA-256 of the payload.
///
/// `system` and `tools` are no part of it: clients change them in ways that providers' caches ignore.
public struct BlockIdentity: Sendable, Hashable {
  /// Empty where the format has no ids.
  public var callID: [UInt8]
  /// 32 bytes.
  public var digest: [UInt8]

  public init(callID: [UInt8], digest: [UInt8]) {
    self.callID = callID
    self.digest = digest
  }

  init(_ callID: [UInt8]?, payload: [UInt8]) {
    self.init(callID: callID ?? [], digest: SHA256.digest(payload))
  }
}

/// What was decided about a block when it was first sent. It holds for ever: the provider's cache is keyed by the bytes sent then.
public struct Verdict: Sendable, Equatable {
  /// What is sent in the place of the payload; nil when the payload itself is.
  public var form: [UInt8]?
  public var kind: String
  /// What shortened it; nil when it stays as it is.
  public var encoder: String?
  public var fidelity: Fidelity
  /// Tokens of the payload and of what is sent, by the vocabulary.
  public var tokensBefore: Int
  public var tokensAfter: Int
  /// The name of the stored original, when content was cut.
  public var handle: Handle?
  /// The earlier results that the form refers to. It is only true while they stand before it, as they were.
  public var targets: [Target]

  /// A result that another refers to.
  public struct Target: Sendable, Hashable {
    /// Its number among the results of the request, from 0.
    public var number: Int
    /// The SHA-256 of its payload.
    public var digest: [UInt8]

    public init(number: Int, digest: [UInt8]) {
      self.number = number
      self.digest = digest
    }
  }

  public init(
    form: [UInt8]?, kind: String, encoder: String?, fidelity: Fidelity, tokensBefore: Int, tokensAfter: Int,
    handle: Handle? = nil, targets: [Target] = []
  ) {
    self.form = form
    self.kind = kind
    self.encoder = encoder
    self.fidelity = fidelity
    self.tokensBefore = tokensBefore
    self.tokensAfter = tokensAfter
    self.handle = handle
    self.targets = targets
  }
}

/// Where verdicts are kept, so that what was sent once is sent the same for ever: in later turns, after a restart, by another version.
public protocol VerdictLedger: Sendable {
  /// For each identity its verdict, or nil. Where `orLatest` says so and there is none for the very identity, the latest for the same
  /// payload: clients may renew ids, and some formats have none.
  /// - Throws: `StoreError`.
  func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?]

  /// Writes verdicts down, all or none, before the request that they are about is sent. Whoever comes first decides: for an identity that
  /// has a verdict already, that one stands.
  /// - Returns: what stands for each.
  /// - Throws: `StoreError`.
  func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict]
}
