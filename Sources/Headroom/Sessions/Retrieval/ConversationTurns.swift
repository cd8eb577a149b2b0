/// A conversation as the client sends it, turn by turn, each named by a digest of all up to it.
///
/// The digests hold what survives when clients write their history anew: the texts, without white space, and the ids of calls. What they
/// move or drop on the way is not in them: breakpoints of caches, thinking, notes of the agent, the system's messages. Equal digests mean the
/// same conversation; where the client changed something, all digests from there on are others.
struct ConversationTurns {
  /// What one side said until the other spoke.
  struct Turn {
    /// Its messages or items, as node indexes.
    var items: [Int]
    var isFromModel: Bool
    var words: TurnWords
    /// Of the conversation before it, and with it.
    var before: [UInt8]
    var digest: [UInt8]
  }

  private(set) var turns: [Turn] = []

  /// Of a conversation that starts with its first message.
  static let start = Array("headroom conversation 1".utf8)

  /// Of one that goes on from a response that the provider keeps.
  static func start(after response: [UInt8]) -> [UInt8] { SHA256.digest(start + [0] + response) }

  /// - Parameter mostTurns: how many are read.
  init(_ document: JSONDocument, _ format: any WireFormat, from start: [UInt8] = start, mostTurns: Int = .max) {
    guard let list = format.conversation(in: document) else { return }
    if document.nodes[list].kind == .string {
      add([list], isFromModel: false, document, start)
      return
    }
    var items: [Int] = []
    var isFromModel = false
    for item in document.elements(of: list) {
      if document.isString(document.member("role", of: item), anyOf: ["system", "developer"]) { continue }
      let isModels = format.isFromModel(item, in: document)
      if isModels != isFromModel, !items.isEmpty {
        add(items, isFromModel: isFromModel, document, start)
        if turns.count == mostTurns { return }
        items = []
      }
      isFromModel = isModels
      items.append(item)
    }
    if !items.isEmpty { add(items, isFromModel: isFromModel, document, start) }
  }

  private mutating func add(_ items: [Int], isFromModel: Bool, _ document: JSONDocument, _ start: [UInt8]) {
    var words = TurnWords()
    for item in items { words.add(item, isFromModel: isFromModel, document) }
    if words.isEmpty, turns.isEmpty {
      // A conversation that nothing but notes opens.
      for item in items { words.add(item, isFromModel: true, document) }
    }
    let before = turns.last?.digest ?? start
    turns.append(
      Turn(
        items: items, isFromModel: isFromModel, words: words, before: before,
        digest: words.digest(after: before, isFromModel: isFromModel)))
  }
}

/// What names a turn: its text without white space, and the ids of its calls or results.
struct TurnWords: Equatable {
  private(set) var text: [UInt8] = []
  private var ids: [[UInt8]] = []

  var isEmpty: Bool { text.isEmpty && ids.isEmpty }

  mutating func add(text more: some Sequence<UInt8>) { text.append(contentsOf: more.lazy.filter { $0 > 0x20 }) }

  mutating func add(id: [UInt8]) { ids.append(id) }

  func digest(after previous: [UInt8], isFromModel: Bool) -> [UInt8] {
    var bytes = previous
    bytes.append(isFromModel ? 1 : 0)
    bytes += text
    for id in ids {
      bytes.append(0)
      bytes += id
    }
    return SHA256.digest(bytes)
  }

  /// Adds a message or item of any format, read by its shape.
  mutating func add(_ item: Int, isFromModel: Bool, _ document: JSONDocument) {
    func add(_ value: Int?) {
      guard let value, document.nodes[value].kind == .string, isFromModel || !document.isAgentNote(value),
        let text = document.text(of: value)
      else { return }
      self.add(text: text)
    }
    func addID(_ value: Int?) {
      if let id = document.text(of: value) { self.add(id: id) }
    }
    if document.nodes[item].kind == .string { return add(item) }
    let content = document.member("content", of: item)
    add(content)
    for part in document.elements(of: content) {
      let type = document.member("type", of: part)
      if document.isString(type, anyOf: ["text", "input_text", "output_text"]) {
        add(document.member("text", of: part))
      } else if document.isString(type, "tool_use") {
        addID(document.member("id", of: part))
      } else if document.isString(type, "tool_result") {
        addID(document.member("tool_use_id", of: part))
      }
    }
    for call in document.elements(of: document.member("tool_calls", of: item)) {
      addID(document.member("id", of: call))
    }
    addID(document.member("tool_call_id", of: item))
    addID(document.member("call_id", of: item))
  }
}
