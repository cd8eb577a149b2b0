/// The version of the library and of the commands.
public let version = "0.1.0"

/// How ``compress(_:model:options:)-([UInt8],_,_)`` works.
public struct Options: Sendable {
  /// What happens with what was found.
  public enum Mode: String, Sendable, CaseIterable {
    /// The body is shortened, originals of cut blocks are stored.
    case optimize
    /// The body stays as it is; the records say what would have been saved.
    case audit
    /// As `optimize`, but nothing is stored: for looking at, not for sending, as its handles lead nowhere.
    case simulate
  }

  public var level: Level
  public var mode: Mode
  /// What to look for when rows must be chosen, instead of the user's words in the conversation.
  public var query: String?
  /// Where originals of cut blocks are kept. Without a store nothing is cut, whatever the level.
  public var store: (any OriginalStore)?
  /// Where decisions are kept, for whoever sends a conversation turn by turn: what was sent once is then sent the same for ever. Without a
  /// ledger every call decides anew.
  public var ledger: (any VerdictLedger)?
  /// Tokens of the prompt that the body does not show. With a ledger, nothing is shortened that would make the prompt too short for the
  /// provider's cache.
  public var hiddenTokens = 0
  /// What markers tell a model to do to see the rest.
  public var retrieval: RetrievalPath
  /// How the past of a conversation is compacted; nil when it is not. Needs a ledger, and a store to take anything out of the prompt.
  public var context: ContextOptions?
  /// What is known about the tool call, when the body is one text. A request says it itself.
  public var hint: Hint
  /// Whether records say which segments there are and what was tried with each. It takes as long again.
  public var explains: Bool

  public init(
    level: Level = .balanced, mode: Mode = .optimize, query: String? = nil, store: (any OriginalStore)? = nil,
    ledger: (any VerdictLedger)? = nil, retrieval: RetrievalPath = .none, context: ContextOptions? = nil,
    hint: Hint = Hint(), explains: Bool = false
  ) {
    self.level = level
    self.mode = mode
    self.query = query
    self.store = store
    self.ledger = ledger
    self.retrieval = retrieval
    self.context = context
    self.hint = hint
    self.explains = explains
  }
}

/// What ``compress(_:model:options:)-([UInt8],_,_)`` did.
public struct CompressionResult: Sendable {
  /// The body to send. The same bytes that came in wherever nothing was gained.
  public var body: [UInt8]
  /// The model that tokens were counted for.
  public var model: String
  /// Tokens of all tool results (of the text, when it was one) before and after, as the model counts them.
  public var tokensBefore: Int
  public var tokensAfter: Int
  /// Whether the counts are those of the model's own vocabulary.
  public var isExact: Bool
  /// The wire format of the body, such as `anthropic-messages`; nil when it counts as one text.
  public var format: String?
  /// One record a tool result, in the order of the body.
  public var blocks: [BlockRecord]
  /// What the context manager did; nil without one.
  public var context: ContextReport?
  /// Why the body went through as it was; nil when something was shortened.
  public var passedThrough: PassThrough?

  /// ``body`` as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

/// Why a body went through unchanged.
public enum PassThrough: String, Sendable {
  /// There is no tool result in it.
  case noBlocks
  /// Nothing in it is worth shortening.
  case nothingSaved
  /// The mode is ``Options/Mode/audit``.
  case audit
}

/// What became of one tool result.
public struct BlockRecord: Sendable {
  /// Where it is: `messages[2].content[0]`, or `text`.
  public var path: String
  /// What it is, by its largest part: `json`, `log`, `diff`, `text`…
  public var kind: String
  /// What shortened it: `json table`, `log`…; nil when it stays as it is.
  public var encoder: String?
  public var fidelity: Fidelity
  public var tokensBefore: Int
  public var tokensAfter: Int
  /// Whether it was decided on now, and not when it was sent before.
  public var isNew: Bool
  /// The name of the stored original, when content was cut.
  public var handle: Handle?
  /// Why nothing was cut although the level allows it: the store's failure.
  public var storeFailure: String?
  /// Its parts and what was tried with them, when ``Options/explains`` is set.
  public var segments: [SegmentRecord] = []
}

/// Makes the tool results of a request shorter: the same body with far fewer tokens.
///
///     let result = compress(body, model: "gpt-4o")
///     send(result.body)
///
/// - Parameters:
///   - body: a request body (Anthropic Messages, OpenAI Chat or Responses, Gemini), a list of messages, or any text, which counts as one
///     tool result.
///   - model: the model it is for, which decides how tokens are counted; by default the one the body names.
/// - Returns: the body to send and what was done. There are no errors: whatever is not understood stays as it is, byte for byte.
public func compress(_ body: [UInt8], model: String? = nil, options: Options = Options()) -> CompressionResult {
  let job = CompressionJob(body, model: model, options: options)
  return job.result(job.blocks.indices.map { job.outcome($0) })
}

/// ``compress(_:model:options:)-([UInt8],_,_)`` for text.
public func compress(_ body: String, model: String? = nil, options: Options = Options()) -> CompressionResult {
  compress(Array(body.utf8), model: model, options: options)
}

/// ``compress(_:model:options:)-([UInt8],_,_)`` with the blocks shortened in parallel. The result is the same.
@concurrent
public func compress(_ body: [UInt8], model: String? = nil, options: Options = Options()) async -> CompressionResult {
  let job = CompressionJob(body, model: model, options: options)
  return job.result(await job.outcomesInParallel())
}

/// ``compress(_:model:options:)-([UInt8],_,_)`` for a request that is indexed already, against a clock.
///
/// - Parameter deadline: returns when there is no more time: what is not done by then stays as it is, and the ledger remembers that it was
///   sent so. Without one, everything is done.
@concurrent
public func compress(
  _ request: RequestBody, model: String? = nil, options: Options = Options(),
  deadline: (@Sendable () async -> Void)? = nil
) async -> CompressionResult {
  let job = CompressionJob(request, model: model, options: options)
  return job.result(await job.outcomesInParallel(until: deadline))
}
