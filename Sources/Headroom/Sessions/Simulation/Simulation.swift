/// What a provider bills for the prompts of a conversation.
public struct PromptBill: Sendable, Equatable {
  /// Prompt tokens of all turns together, by how they are billed. The model's answers cost the same either way and are not in it.
  public internal(set) var usage = TokenUsage()
  /// In millionths of a millionth of the unit.
  var exactCost = 0

  public var tokens: Int { usage.prompt }
  /// Of these, those read from the cache and those written to it.
  public var cacheRead: Int { usage.cacheRead }
  public var cacheWrite: Int { usage.cacheWrite + usage.cacheWriteLong }
  /// In millionths of a dollar; in tokens, when the unit of the simulation is that.
  public var cost: Int { CostModel.rounded(exactCost) }

  mutating func add(_ billed: TokenUsage, _ costs: CostModel) {
    usage.input += billed.input
    usage.cacheRead += billed.cacheRead
    usage.cacheWrite += billed.cacheWrite
    usage.cacheWriteLong += billed.cacheWriteLong
    exactCost += costs.exactCost(of: billed)
  }
}

/// What a recorded conversation costs, sent as it is and sent through the pipeline turn by turn.
public struct Simulation: Sendable {
  /// What costs are counted in.
  public enum Unit: String, Sendable {
    case dollars
    /// Input tokens at the full price, where prices are unknown.
    case tokens
  }

  /// A turn whose request did not begin with what was sent before, although the client's did.
  public struct Divergence: Sendable, Equatable {
    /// The turn, from 1.
    public var turn: Int
    /// How many units of the prompt (tools, parts of messages) the client's request shared with the one before, and how many what was sent.
    public var shared: Int
    public var sharedSent: Int
  }

  /// What a provider bills for the prompt of one turn.
  public struct Turn: Sendable, Equatable {
    public var direct: TokenUsage
    public var shortened: TokenUsage
  }

  public var name: String
  public var model: String
  public var unit: Unit
  public var turns: [Turn] = []
  /// The sums of all turns.
  public var direct = PromptBill()
  public var shortened = PromptBill()
  /// None, unless something is wrong with the pipeline. That an epoch begins is no divergence.
  public var divergences: [Divergence] = []
  /// The compactions, by the turn in which they began, from 1.
  public var epochs: [(turn: Int, epoch: ContextReport.Epoch)] = []
}

/// Replays a conversation turn by turn, as the client that made it did, directly and shortened, and adds up what a provider would bill.
///
/// Tokens are those of the texts in the request, by the model's vocabulary. What the log does not have of the prompt, tools and instructions,
/// is taken from what was billed, where the log says that. A request shortened is checked to begin with what was sent before.
///
/// - Parameters:
///   - model: the model it is for; by default the one that the requests name.
///   - options: the options of each turn. Without a ledger one in memory is used.
/// - Returns: nil when there are no turns.
public func simulate(
  _ conversation: Conversation, model: String? = nil, options: Options = Options()
) -> Simulation? {
  guard var replay = Replay(conversation, model: model) else { return nil }
  for turn in conversation.turns.indices {
    let body = replay.body(turn)
    let result = compress(body, model: replay.simulation.model, options: replay.options(options, turn))
    replay.send(body, result.body, turn, epoch: result.context?.epoch)
  }
  return replay.simulation
}

/// ``simulate(_:model:options:)-(Conversation,_,_)`` with the blocks of each turn shortened in parallel. The result is the same.
@concurrent
public func simulate(
  _ conversation: Conversation, model: String? = nil, options: Options = Options()
) async -> Simulation? {
  guard var replay = Replay(conversation, model: model) else { return nil }
  for turn in conversation.turns.indices {
    let body = replay.body(turn)
    let result = await compress(body, model: replay.simulation.model, options: replay.options(options, turn))
    replay.send(body, result.body, turn, epoch: result.context?.epoch)
  }
  return replay.simulation
}

/// ``simulate(_:model:options:)-(Conversation,_,_)`` with the shortening done by `forward`, which is given a turn's body and when it was sent, and returns what
/// goes upstream.
public func simulate(
  _ conversation: Conversation, model: String? = nil, forward: (_ body: [UInt8], _ time: Int64?) throws -> [UInt8]
) rethrows -> Simulation? {
  guard var replay = Replay(conversation, model: model) else { return nil }
  for turn in conversation.turns.indices {
    let body = replay.body(turn)
    replay.send(body, try forward(body, conversation.turns[turn].time), turn)
  }
  return replay.simulation
}

/// The state of a simulation: both sides' caches and prompts.
private struct Replay {
  var simulation: Simulation
  private let conversation: Conversation
  private let costs: CostModel
  private var direct: (cache: PromptCache, meter: PromptMeter)
  private var shortened: (cache: PromptCache, meter: PromptMeter)
  private var tokens: UnitTokens
  let hidden: (tokens: Int, life: CacheLife)
  private var time: Int64 = 0
  /// What serves when the caller has no ledger.
  private let ledger = MemoryLedger()

  init?(_ conversation: Conversation, model: String?) {
    guard !conversation.turns.isEmpty, let first = RequestBody(conversation.request(0)) else { return nil }
    let named = first.model.map { String(decoding: $0, as: UTF8.self) }
    let model = model ?? named ?? conversation.model ?? "gpt-4o"
    let known = CostModel(model: model)
    self.conversation = conversation
    costs = known ?? .inTokens(format: first.format)
    simulation = Simulation(name: conversation.name, model: model, unit: known == nil ? .tokens : .dollars)
    direct = (PromptCache(costs.rules), PromptMeter())
    shortened = direct
    tokens = UnitTokens(Tokenizer(model: model))
    let billed = conversation.turns[0].usage?.prompt ?? 0
    hidden = (max(0, billed - tokens.count(PromptReader.units(first))), conversation.cacheLife)
  }

  /// The options of a turn.
  func options(_ options: Options, _ turn: Int) -> Options {
    var options = options
    options.ledger = options.ledger ?? ledger
    options.hiddenTokens = hidden.tokens
    options.context?.now = max(time, conversation.turns[turn].time ?? time) / 1_000
    return options
  }

  /// What the client sent.
  func body(_ turn: Int) -> [UInt8] {
    CacheControl.placed(in: conversation.request(turn), life: conversation.cacheLife)
  }

  mutating func send(_ body: [UInt8], _ sent: [UInt8], _ turn: Int, epoch: ContextReport.Epoch? = nil) {
    time = max(time, conversation.turns[turn].time ?? time)
    if let epoch { simulation.epochs.append((turn + 1, epoch)) }
    guard let request = RequestBody(body) else { return }
    let units = PromptReader.units(request)
    let client = direct.meter.measure(units, hidden: hidden, counting: &tokens)
    let sentUnits = sent == body ? units : RequestBody(sent).map(PromptReader.units) ?? []
    let ours = shortened.meter.measure(sentUnits, hidden: hidden, counting: &tokens)
    let billed = Simulation.Turn(
      direct: direct.cache.send(client.prompt, at: time), shortened: shortened.cache.send(ours.prompt, at: time))
    simulation.turns.append(billed)
    simulation.direct.add(billed.direct, costs)
    simulation.shortened.add(billed.shortened, costs)
    if ours.shared < client.shared, epoch == nil {
      simulation.divergences.append(
        Simulation.Divergence(turn: turn + 1, shared: client.shared, sharedSent: ours.shared))
    }
  }
}
