/// How it is chosen what goes out of a conversation that is too long.
public struct FitStrategy: Sendable, Equatable {
  enum Kind: Equatable {
    case rollingWindow
    case scored(query: String?, weights: Weights)
  }

  let kind: Kind

  /// How many turns of the model, counted from the end, always stay.
  public var keptTurns: Int

  /// The oldest goes first.
  public static func rollingWindow(keptTurns: Int = 3) -> FitStrategy {
    FitStrategy(kind: .rollingWindow, keptTurns: keptTurns)
  }

  /// The least important goes first.
  ///
  /// - Parameters:
  ///   - query: what the conversation is about now; by default the last words of the user.
  ///   - weights: what importance is made of.
  public static func scored(query: String? = nil, weights: Weights = Weights(), keptTurns: Int = 3) -> FitStrategy {
    FitStrategy(kind: .scored(query: query, weights: weights), keptTurns: keptTurns)
  }

  /// What the importance of a part of a conversation is made of, in parts of the whole. Each is a number from 0 to 1024 times its weight.
  public struct Weights: Sendable, Equatable {
    /// How near the end it stands.
    public var recency: Int
    /// How much it has to do with the query.
    public var relevance: Int
    /// Whether something failed in it.
    public var errors: Int
    /// Whether names that few other parts have were used again later.
    public var references: Int
    /// How little it repeats itself.
    public var density: Int

    public init(recency: Int = 30, relevance: Int = 25, errors: Int = 15, references: Int = 20, density: Int = 10) {
      self.recency = recency
      self.relevance = relevance
      self.errors = errors
      self.references = references
      self.density = density
    }
  }
}

/// What ``fit(_:to:model:strategy:)`` did.
public struct FitResult: Sendable {
  /// The body without what was dropped; the same bytes that came in when nothing was.
  public var body: [UInt8]
  /// Whether it fits. When not even the least that can be sent does, that is what ``body`` is.
  public var fits: Bool
  /// Tokens of the whole prompt, before and after.
  public var tokensBefore: Int
  public var tokensAfter: Int
  /// Whether the counts are those of the model's own vocabulary, and of text alone.
  public var isExact: Bool
  /// What was dropped, in the order of the body.
  public var dropped: [DroppedItem]

  /// One item that is not in the conversation any more.
  public struct DroppedItem: Sendable, Equatable {
    /// Where it was: `messages[4]`.
    public var path: String
    /// `user`, `assistant`, `tool`, or the item's type where it has no role.
    public var role: String
    public var tokens: Int
  }
}
