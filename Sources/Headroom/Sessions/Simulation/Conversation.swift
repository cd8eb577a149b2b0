/// A recorded conversation, as the requests that made it: one for each turn of the model.
///
/// Requests are the client's bytes of the whole conversation without the items that came later, so they are only made when asked for.
public struct Conversation: Sendable {
  /// One request.
  public struct Turn: Sendable, Equatable {
    /// Which of the bodies it is a part of.
    var body: Int
    /// Where in it the last item ends that had been made by then.
    var end: Int
    /// When it was sent, in milliseconds since 1970; nil when that is not known.
    public var time: Int64?
    /// What the provider billed for it, where the log says so.
    public var usage: TokenUsage?
  }

  /// What people call it, such as the name of its file.
  public var name: String
  public private(set) var turns: [Turn] = []
  /// The model, where a body does not name it.
  public var model: String?
  /// How long the client asks the provider to keep prompts, where the bodies do not say it.
  public var cacheLife = CacheLife.short

  /// Request bodies that hold the conversation. Mostly there is one; a history that the client rewrote begins another.
  private var bodies: [(bytes: [UInt8], itemsEnd: Int)] = []

  /// A conversation without turns; see ``append(_:times:usages:)``.
  public init(name: String) { self.name = name }

  /// The conversation that a request body holds, or a list of messages. Nil when the model has no turn in it.
  public init?(name: String, body: [UInt8]) {
    self.init(name: name)
    append(body)
    if turns.isEmpty { return nil }
  }

  /// Adds the requests that made the conversation in `body`: one for each turn of the model, and the body itself when the model's answer is
  /// still to come.
  ///
  /// - Parameters:
  ///   - first: the first turn of the model that is not in an earlier body already.
  ///   - times: when each turn's request was sent, in milliseconds since 1970; turns behind the last have none.
  ///   - usages: what was billed for each.
  public mutating func append(
    _ body: [UInt8], from first: Int = 0, times: [Int64?] = [], usages: [TokenUsage?] = []
  ) {
    guard let request = RequestBody(body) else { return }
    let items = request.items
    guard let last = items.last else { return }
    var ends = items.indices.dropFirst().filter { items[$0].isFromModel && !items[$0 - 1].isFromModel }
    if !last.isFromModel { ends.append(items.count) }
    for (turn, end) in ends.enumerated().dropFirst(first) {
      turns.append(
        Turn(
          body: bodies.count, end: items[end - 1].range.upperBound,
          time: times.indices.contains(turn) ? times[turn] : nil,
          usage: usages.indices.contains(turn) ? usages[turn] : nil))
    }
    bodies.append((body, last.range.upperBound))
  }

  /// The body of a turn's request.
  public func request(_ turn: Int) -> [UInt8] {
    let turn = turns[turn]
    let body = bodies[turn.body]
    return body.bytes.applying([Splice(range: turn.end..<body.itemsEnd, replacement: [])])
  }

  /// The bytes of all requests together.
  public var bytes: Int {
    turns.reduce(0) { $0 + $1.end + bodies[$1.body].bytes.count - bodies[$1.body].itemsEnd }
  }

  /// The conversation with its first turns alone.
  public func prefix(_ count: Int) -> Conversation {
    var shorter = self
    shorter.turns = Array(turns.prefix(count))
    return shorter
  }

  /// The conversation as one sees it who comes in later, after so many turns.
  public func dropFirst(_ count: Int) -> Conversation {
    var shorter = self
    shorter.turns = Array(turns.dropFirst(count))
    return shorter
  }
}
