/// How the model of a conversation gets at what was cut, for one request of it.
///
/// It is chosen at the first request, from the tools that the client declares, and written down. Where the client has neither a shell nor our
/// MCP server, the tool is added as the last one on every request of the conversation; an ``AnswerInterceptor`` answers its calls inside the
/// answer, and what passed is put back into later requests, so that the upstream goes on reading what it has read.
///
///     var session = RetrievalSession(request, settings: settings, journal: journal)
///     let result = compress(session.request, options: options with session.path and session.level)
///     let sent = session.declaringTool(in: result)
package struct RetrievalSession: Sendable {
  /// What the user wants, and what can be done.
  package struct Settings: Sendable {
    package var mode: RetrievalMode
    package var level: Level
    /// Whether answers go through an ``AnswerInterceptor``, and originals are kept.
    package var canInject: Bool

    package init(mode: RetrievalMode = .auto, level: Level = .balanced, canInject: Bool = true) {
      self.mode = mode
      self.level = level
      self.canInject = canInject
    }
  }

  /// What markers name.
  package private(set) var path: RetrievalPath = .none
  /// Whether the tool is one of ours in the client's requests.
  package private(set) var isInjected = false
  /// The request with the exchanges put back that its client never saw: what is to be compressed and sent. The client's own when there are none.
  package private(set) var request: RequestBody

  /// Nil where calls cannot be answered.
  let format: ToolFormat?
  /// What names the answer's turn: the digest of the conversation before it, and what stands of it already.
  private(set) var chain: [UInt8] = []
  private(set) var begun = TurnWords()
  /// Whether calls of the answer can be told apart: it is a single one.
  private(set) var isSingle = true
  /// Whether the provider keeps the response, so that the next request may name it instead of repeating it.
  private(set) var isKept = false

  private let settings: Settings
  private let journal: (any SessionJournal)?
  /// What the choice is written down under.
  private var root: [UInt8]?

  package init(_ request: RequestBody, settings: Settings, journal: (any SessionJournal)?) {
    self.request = request
    self.settings = settings
    self.journal = journal
    format = ToolFormat(rawValue: request.format)
    let tools = ClientTools(request.document)
    switch settings.mode {
    case .none, .inject: break
    case .shell: path = .shell
    case .tool: path = tools.retrievalTool.map { .tool(named: $0) } ?? .none
    case .auto: path = tools.path
    }
    // A tool of the same name is the client's to answer.
    if settings.canInject, !tools.hasOwnName, let facts = Facts(request, tools) { join(facts) }
  }

  /// The level to compress with: nothing may be cut that nobody can get back.
  package var level: Level { path == .none ? .lossless : settings.level }

  // MARK: The choice

  /// A request, as far as the choice depends on it.
  private struct Facts {
    var document: JSONDocument
    var wire: any WireFormat
    var format: ToolFormat
    var tools: ClientTools
    /// The response that it goes on from.
    var previous: Int?

    /// Nil for formats in which calls cannot be answered.
    init?(_ request: RequestBody, _ tools: ClientTools) {
      guard let format = ToolFormat(rawValue: request.format),
        let wire = WireFormats.all.first(where: { $0.name == request.format }), request.document.root.kind == .object
      else { return nil }
      document = request.document
      self.wire = wire
      self.format = format
      self.tools = tools
      if format == .responses, let id = document.member("previous_response_id", of: 0),
        document.nodes[id].kind == .string
      {
        previous = id
      }
    }

    var start: [UInt8] {
      document.text(of: previous).map { ConversationTurns.start(after: $0) } ?? ConversationTurns.start
    }

    func isTrue(_ name: StaticString) -> Bool { document.hasMember(name, of: 0) { $0.kind == .true } }
    func isFalse(_ name: StaticString) -> Bool { document.hasMember(name, of: 0) { $0.kind == .false } }
    func isSet(_ name: StaticString) -> Bool { document.hasMember(name, of: 0) { $0.kind != .null } }

    /// Whether the model's thinking comes back whole, so that it can be sent again with the result of a call.
    var keepsThinking: Bool {
      format != .responses || !isFalse("store")
        || document.elements(of: document.member("include", of: 0)).contains {
          document.isString($0, "reasoning.encrypted_content")
        }
    }

    /// Whether the tool may be added from here on, if this is the first request of the conversation.
    var allowsTool: Bool {
      // Without tools there are no results to cut.
      !tools.isEmpty && keepsThinking && isSingle && !isSet("functions") && !isTrue("background")
        && !isSet("conversation") && previous == nil
    }

    /// Whether one answer is asked for.
    var isSingle: Bool { (document.integer(of: document.member("n", of: 0)) ?? 1) == 1 }
  }

  private mutating func join(_ facts: Facts) {
    let first = ConversationTurns(facts.document, facts.wire, from: facts.start, mostTurns: 2)
    guard let opening = first.turns.first else { return }
    let isFirst = first.turns.count == 1 && facts.previous == nil
    // Conversations may begin with the same words and differ in their tools, as sub-agents do.
    root = SHA256.digest(opening.digest + [facts.tools.path == .none ? 0 : 1])
    if facts.previous == nil, opening.isFromModel { root = nil }
    guard let root, let journal else { return }
    if isFirst {
      let mayInject = mayAdd && path == .none && settings.level != .lossless && facts.allowsTool
      guard mayInject || path != .none else { return }
      let entry = try? journal.record(mayInject ? Self.injected : Self.own, for: .retrieval(root))
      isInjected = entry == Self.injected
    } else {
      isInjected = wasInjected(opening, root, facts, journal)
    }
    if isInjected { putBack(takePart(facts), facts) }
  }

  /// Whether the user wants the tool to be added where there is no other way.
  private var mayAdd: Bool { settings.mode == .auto || settings.mode == .inject }

  private static let injected = Array("injected".utf8)
  private static let own = Array("own".utf8)

  /// Whether the tool was added when the conversation began: with the tools that it has now, or with none that lead anywhere.
  private func wasInjected(
    _ opening: ConversationTurns.Turn, _ root: [UInt8], _ facts: Facts, _ journal: any SessionJournal
  ) -> Bool {
    var keys = [JournalKey.retrieval(root), .retrieval(SHA256.digest(opening.digest + [0]))]
    if facts.previous != nil { keys = [.retrieval(facts.start)] }
    let entries = try? journal.entries(keys)
    return entries?.compactMap(\.self).first == Self.injected
  }

  /// What the journal is told when a response begins that its provider keeps.
  static func record(ofResponse id: [UInt8]) -> (key: JournalKey, entry: [UInt8]) {
    (.retrieval(ConversationTurns.start(after: id)), injected)
  }

  // MARK: The tool

  /// Gets ready to answer calls.
  private mutating func takePart(_ facts: Facts) -> ConversationTurns {
    path = .tool
    isInjected = true
    isSingle = facts.isSingle
    isKept = facts.format == .responses && !facts.isFalse("store")
    let conversation = ConversationTurns(facts.document, facts.wire, from: facts.start)
    if let last = conversation.turns.last {
      chain = last.isFromModel ? last.before : last.digest
      if last.isFromModel { begun = last.words }
    }
    return conversation
  }

  /// Puts what the client never saw back into its request.
  private mutating func putBack(_ conversation: ConversationTurns, _ facts: Facts) {
    let document = facts.document
    var splices = ExchangeReplay(document, facts.format).splices(conversation, exchanges(of: conversation))
    if let previous = facts.previous { splices += resume(previous, document) }
    if !splices.isEmpty, let whole = RequestBody(document.bytes.applying(splices.inOrder)) { request = whole }
  }

  /// The exchange behind each turn of the conversation.
  private func exchanges(of conversation: ConversationTurns) -> [HiddenExchange?] {
    let none = [HiddenExchange?](repeating: nil, count: conversation.turns.count)
    let models = conversation.turns.indices.filter { conversation.turns[$0].isFromModel }
    guard let journal, !models.isEmpty,
      let entries = try? journal.entries(models.map { .exchange(conversation.turns[$0].digest) })
    else { return none }
    var exchanges = none
    for (turn, entry) in zip(models, entries) { exchanges[turn] = entry.flatMap { HiddenExchange($0) } }
    return exchanges
  }

  /// The edits of a request that names a response: the one that holds the whole exchange, and the results that it waits for.
  private func resume(_ previous: Int, _ document: JSONDocument) -> [Splice] {
    guard let journal, let id = document.text(of: previous),
      let entry = try? journal.entries([.exchange(ConversationTurns.start(after: id))]).first.flatMap(\.self),
      let response = HiddenResponse(entry)
    else { return [] }
    var splices: [Splice] = []
    if response.id != document.lexeme(of: previous) { splices.append(document.replacing(previous, with: response.id)) }
    if !response.results.isEmpty, let input = document.member("input", of: 0),
      let splice = ToolFormat.responses.beginning(response.results, of: input, in: document)
    {
      splices.append(splice)
    }
    return splices
  }

  /// The body to send: the compressed one, with the tool as its last where it is ours to add.
  ///
  /// A conversation that lost its beginning, as when its client drops old messages, still holds results that were cut when the tool was there.
  /// Its provider reads it anew in any case, so the tool comes back.
  package mutating func declaringTool(in result: CompressionResult) -> [UInt8] {
    guard let format else { return result.body }
    if !isInjected, path == .none, mayAdd, settings.canInject,
      result.blocks.contains(where: { $0.fidelity == .lossy && $0.handle != nil })
    {
      returnTool()
    }
    return isInjected ? format.declaringTool(in: result.body) ?? result.body : result.body
  }

  private mutating func returnTool() {
    guard let facts = Facts(request, ClientTools(request.document)), !facts.tools.isEmpty, facts.keepsThinking
    else { return }
    if let root { _ = try? journal?.record(Self.injected, for: .retrieval(root)) }
    _ = takePart(facts)
  }
}
