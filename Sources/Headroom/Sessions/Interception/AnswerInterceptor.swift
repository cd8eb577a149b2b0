/// Answers the calls of an added tool inside the answer that the client gets.
///
/// It is fed the upstream's answers as they come and hands out what goes on to the client: text and thinking at once, calls never. Nothing is
/// read, sent or waited for here:
///
///     for chunk in answer { forward(interceptor.receive(chunk)) }
///     switch interceptor.finish() {
///     case .answered(let output): forward(output)
///     case .calls: switch interceptor.answer(from: store) { case .send(let body): … the same with the upstream's next answer … }
///     }
///
/// Records have to be written down before the bytes that they come with are sent.
package struct AnswerInterceptor: Sendable {
  /// What goes to the client, and what has to be remembered first.
  package struct Output: Sendable {
    package var bytes: [UInt8] = []
    package var records: [(key: JournalKey, entry: [UInt8])] = []
  }

  /// How the upstream's answer ended.
  package enum Ending: Sendable {
    /// The client has, with this, all that came.
    case answered(Output)
    /// Calls are to be answered.
    case calls(Output)
    /// The answer broke off, or cannot be gone on with: so must the client's.
    case broken(Output)
  }

  /// How calls were answered.
  package enum Next: Sendable {
    /// The body of a further request, whose answer is fed to the interceptor.
    case send([UInt8])
    /// The client has, with this, all of its answer, and calls of its own to answer.
    case answered(Output)
    /// There is no going on.
    case broken
  }

  /// How often calls are answered in one answer, and the tokens that they may return together.
  package static let mostRounds = 3
  package static let mostTokens = 8_000
  /// How often a model is told that there is no more.
  private static let mostRefusals = 2
  /// The longest body that is looked into, in bytes. A longer one passes as it is.
  private static let longestBody = 32 << 20

  /// Whether the answer is a stream. If not, nothing goes to the client before its end.
  package let isStream: Bool
  private var rounds: any AnswerRounds
  private var events: EventStream
  private var body: [UInt8] = []
  private var isPassing = false
  private let tokenizer: Tokenizer
  private var tokens = 0

  /// - Parameters:
  ///   - sent: the body that the upstream answers.
  ///   - isStream: whether its answer is a stream of events, as its content type says.
  ///   - model: the one that reads the results.
  /// - Returns: nil when the answer is the client's as it is.
  package init?(_ session: RetrievalSession, sent: [UInt8], isStream: Bool, model: String) {
    guard session.isInjected, session.isSingle, let format = session.format else { return nil }
    let state = AnswerState(session, format: format, sent: sent)
    rounds =
      switch format {
      case .anthropic: AnthropicRounds(state)
      case .chat: ChatRounds(state)
      case .responses: ResponsesRounds(state)
      }
    self.isStream = isStream
    events = EventStream()
    tokenizer = Tokenizer(model: model)
  }

  /// Takes the next bytes of the upstream's answer.
  package mutating func receive(_ chunk: [UInt8]) -> Output {
    if isPassing { return Output(bytes: chunk) }
    guard isStream else {
      body += chunk
      guard body.count > Self.longestBody, rounds.state.isFirst else { return Output() }
      isPassing = true
      defer { body = [] }
      return Output(bytes: body)
    }
    return take(events.feed(chunk))
  }

  private mutating func take(_ pieces: [ServerSentEvent]) -> Output {
    var output = Output()
    for piece in pieces { output.bytes += rounds.take(piece) }
    output.records = takeRecords()
    return output
  }

  private mutating func takeRecords() -> [(key: JournalKey, entry: [UInt8])] {
    defer { rounds.state.records = [] }
    return rounds.state.records
  }

  /// The upstream's answer has come to its end.
  package mutating func finish() -> Ending {
    var output = Output()
    if isPassing { return .answered(output) }
    if isStream {
      output = take(events.finish().map { [$0] } ?? [])
      rounds.finish()
    } else {
      output.bytes = rounds.take(body: body)
      body = []
      output.records = takeRecords()
    }
    return switch rounds.end {
    case .over: .answered(output)
    case .calls: .calls(output)
    case .open, .failed: .broken(output)
    }
  }

  /// Answers the calls that the upstream's answer ended in.
  package mutating func answer(from store: any OriginalStore) -> Next {
    guard rounds.state.rounds.count < Self.mostRounds + Self.mostRefusals, let held = rounds.hold()
    else { return .broken }
    var round = held.round
    round.results = rounds.calls.map { call in
      rounds.state.format.result(answer(call, store), ofCall: call.id)
    }
    if held.isShared {
      rounds.share(round)
      return .answered(Output(bytes: held.tail, records: takeRecords()))
    }
    guard let body = rounds.state.close(round) else { return .broken }
    rounds.startRound()
    events = EventStream()
    return .send(body)
  }

  private mutating func answer(_ call: HeldCall, _ store: any OriginalStore) -> RetrievalTool.Answer {
    guard let input = call.input else { return RetrievalTool.failure("the input is too long", tokenizer) }
    let left = Self.mostTokens - tokens
    guard rounds.state.rounds.count < Self.mostRounds, left >= 100 else { return RetrievalTool.refusal(tokenizer) }
    let answer = RetrievalTool.answer(input, from: store, tokenizer: tokenizer, budget: min(RetrievalTool.budget, left))
    tokens += answer.tokens
    return answer
  }

  /// What the client is told when the upstream refuses to go on in the middle of a stream: the upstream's own words, where the format has an
  /// event for them. The stream ends there, as one that breaks off.
  package func refused(_ answer: [UInt8]) -> [UInt8] {
    guard isStream, let document = try? JSONDocument(answer), document.root.kind == .object,
      document.hasMember("error", of: 0)
    else { return [] }
    let line = answer.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
    return switch rounds.state.format {
    case .anthropic: Array("event: error\ndata: ".utf8) + line + Array("\n\n".utf8)
    case .chat: Array("data: ".utf8) + line + Array("\n\n".utf8)
    case .responses: []
    }
  }
}
