/// One format's way through the answers that a client has as one: what goes on to it, what is held back, and how the calls are answered.
///
/// An answer of the upstream is a round. It comes as events or as one body; when it ended in calls of the tool alone, another round follows.
protocol AnswerRounds: Sendable {
  var state: AnswerState { get set }
  /// How the round ended.
  var end: RoundEnd { get }
  /// The calls that it ended in.
  var calls: [HeldCall] { get }

  /// Takes an event of the round and returns what goes to the client now.
  mutating func take(_ event: ServerSentEvent) -> [UInt8]

  /// The stream of the round has come to its end.
  mutating func finish()

  /// Takes a round that is no stream and returns what goes to the client.
  mutating func take(body: [UInt8]) -> [UInt8]

  /// The round as it is sent again, without results; whether the client has calls to answer in it, too; and what the client still gets of it
  /// then. Nil when it cannot be told exactly.
  mutating func hold() -> (round: HiddenExchange.Round, isShared: Bool, tail: [UInt8])?

  /// Ends the answer with a round whose calls the client answers, too.
  mutating func share(_ round: HiddenExchange.Round)

  /// Gets ready for the next round.
  mutating func startRound()
}

extension AnswerRounds {
  mutating func finish() {}

  mutating func share(_ round: HiddenExchange.Round) { state.record(open: round) }
}

enum RoundEnd {
  /// More is to come.
  case open
  /// The client has all of its answer.
  case over
  /// The calls are to be answered.
  case calls
  /// The answer cannot be gone on with.
  case failed
}

/// A call of the tool that the client does not see.
struct HeldCall {
  /// A JSON string.
  var id: [UInt8]
  /// Nil when it is longer than calls may be.
  var input: [UInt8]?
}

/// What all formats remember of an answer.
struct AnswerState {
  let format: ToolFormat
  /// The request that the round answers.
  var sent: [UInt8]
  /// The conversation before the answer, and what the client sees of the answer itself.
  private let chain: [UInt8]
  var words: TurnWords
  /// Whether later requests may name the response.
  let isKept: Bool
  /// The rounds before this one.
  private(set) var rounds: [HiddenExchange.Round] = []
  /// What they were billed.
  var usage = UsageSum()
  /// What is to be written down before anything more is sent to the client.
  var records: [(key: JournalKey, entry: [UInt8])] = []

  var isFirst: Bool { rounds.isEmpty }

  init(_ session: RetrievalSession, format: ToolFormat, sent: [UInt8]) {
    self.format = format
    self.sent = sent
    chain = session.chain
    words = session.begun
    isKept = session.isKept
  }

  /// Ends a round that only the tool answers; nil when the request cannot be gone on with.
  mutating func close(_ round: HiddenExchange.Round) -> [UInt8]? {
    guard let body = format.continuing(sent, with: round) else { return nil }
    sent = body
    rounds.append(round)
    return body
  }

  /// Has the exchange written down, once the client has all of the answer. `open` is a round that the client answers, too.
  mutating func record(open: HiddenExchange.Round? = nil) {
    let exchange = HiddenExchange(rounds: rounds + (open.map { [$0] } ?? []), isOpen: open != nil)
    if exchange.rounds.isEmpty { return }
    records.append((.exchange(words.digest(after: chain, isFromModel: true)), exchange.entry))
  }
}

extension ServerSentEvent {
  /// The event with edits of its data, all other bytes as they were.
  func editing(_ splices: [Splice]) -> [UInt8] {
    if splices.isEmpty { return raw }
    if let place = dataRange?.lowerBound {
      return raw.applying(
        splices.map {
          Splice(range: $0.range.lowerBound + place..<$0.range.upperBound + place, replacement: $0.replacement)
        })
    }
    // Data on several lines: JSON may be on one as well.
    let line = (data ?? []).applying(splices).map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    let name = name.isEmpty ? [] : Array("event: ".utf8) + name + [UInt8(ascii: "\n")]
    return name + Array("data: ".utf8) + line + Array("\n\n".utf8)
  }
}
