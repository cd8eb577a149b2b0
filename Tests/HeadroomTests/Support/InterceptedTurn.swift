import Testing

@testable import Headroom

/// A conversation through an interceptor, as the proxy leads it.
struct InterceptedTurn {
  /// What the client got.
  var client: [UInt8] = []
  /// The bodies that went upstream.
  var sent: [[UInt8]] = []
  var isBroken = false
  /// The places of the client's bytes at which an answer of the upstream began.
  var starts: [Int] = []

  /// Plays one request of the client.
  ///
  /// - Parameters:
  ///   - answers: what the upstream answers, one after the other.
  ///   - size: the bytes of a chunk, or of the first when `isOnce`.
  init(
    _ body: String, _ answers: [[UInt8]], isStream: Bool = true, journal: any SessionJournal,
    store: any OriginalStore = Originals.store(), chunk size: Int = .max, isOnce: Bool = false
  ) throws {
    let request = try #require(RequestBody(Array(body.utf8)))
    var session = RetrievalSession(request, settings: .init(), journal: journal)
    let result = compress(
      session.request.document.bytes, options: Options(level: session.level, store: store, retrieval: session.path))
    let first = session.declaringTool(in: result)
    sent = [first]
    guard var interceptor = AnswerInterceptor(session, sent: first, isStream: isStream, model: result.model) else {
      client = answers.first ?? []
      return
    }
    for answer in answers {
      starts.append(client.count)
      var place = 0
      while place < answer.count {
        let end = isOnce && place > 0 ? answer.count : place + min(size, answer.count - place)
        take(interceptor.receive(Array(answer[place..<end])), journal)
        place = end
      }
      switch interceptor.finish() {
      case .answered(let output):
        take(output, journal)
        return
      case .broken(let output):
        take(output, journal)
        isBroken = true
        return
      case .calls(let output):
        take(output, journal)
        switch interceptor.answer(from: store) {
        case .send(let body): sent.append(body)
        case .answered(let output):
          take(output, journal)
          return
        case .broken:
          isBroken = true
          return
        }
      }
    }
  }

  private mutating func take(_ output: AnswerInterceptor.Output, _ journal: any SessionJournal) {
    for record in output.records { _ = try? journal.record(record.entry, for: record.key) }
    client += output.bytes
  }
}

/// Requests of a client without a shell.
struct ToolClient {
  let format: ToolFormat
  /// Messages or items.
  var items: [String]

  init(_ format: ToolFormat, _ opening: String = "Why did worker 7 stop?") {
    self.format = format
    items = [#"{"role":"user","content":"\#(opening)"}"#]
  }

  /// The request that its history makes now.
  var body: String {
    let list = items.joined(separator: ", ")
    let schema = #"{"type":"object","properties":{"place":{"type":"string"}}}"#
    return switch format {
    case .anthropic:
      #"{"model":"claude-sonnet-4-5","max_tokens":1000,"stream":true,"tools":[{"name":"look","input_schema":\#(schema)}],"messages":[\#(list)]}"#
    case .chat:
      #"{"model":"gpt-5.1","stream":true,"tools":[{"type":"function","function":{"name":"look","parameters":\#(schema)}}],"messages":[\#(list)]}"#
    case .responses:
      #"{"model":"gpt-5.1","stream":true,"store":false,"include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"look","parameters":\#(schema)}],"input":[\#(list)]}"#
    }
  }

  /// Adds the answer, and results of the client's own calls or, without any, what the user says next.
  mutating func goOn(_ answer: StrictClient, say next: String = "And then?") {
    items += answer.items
    switch format {
    case _ where answer.calls.isEmpty: items.append(#"{"role":"user","content":"\#(next)"}"#)
    case .anthropic:
      let results = answer.calls.map { #"{"type":"tool_result","tool_use_id":"\#($0)","content":"seen"}"# }
      items.append(#"{"role":"user","content":[\#(results.joined(separator: ","))]}"#)
    case .chat: items += answer.calls.map { #"{"role":"tool","tool_call_id":"\#($0)","content":"seen"}"# }
    case .responses:
      items += answer.calls.map { #"{"type":"function_call_output","call_id":"\#($0)","output":"seen"}"# }
    }
  }
}

/// The messages or items of a body, as values to compare.
struct SentItems {
  let items: [JSONDocument]

  init(_ body: [UInt8]) throws {
    let root = try JSONDocument(body).root
    items =
      try (root["messages"] ?? root["input"])?.elements.map { try JSONDocument(Array($0.lexeme)).minified() } ?? []
  }

  /// Whether the other begins with all of these.
  func isBeginning(of other: SentItems) -> Bool {
    items.count <= other.items.count && zip(items, other.items).allSatisfy { $0.isEqual(to: $1) }
  }

  var text: String { items.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n") }
}
