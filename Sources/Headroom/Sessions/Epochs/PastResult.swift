/// A tool result of an earlier turn, as a compaction sees it.
struct PastResult {
  /// The number of the block among those of the request.
  var block: Int
  /// The turn of the model that it answers, from 1.
  var turn: Int
  var payload: [UInt8]
  var hint: Hint
  var isError: Bool
  /// What is sent for it now.
  var sent: Verdict
}

/// The past of a conversation: its results, and which names were used when.
struct ConversationPast {
  let results: [PastResult]
  let actions: [ToolAction]
  /// The turns of the model so far.
  let turns: Int
  private(set) var references = ForwardReferences()
  /// The names in each result.
  private let names: [Set<UInt64>]

  /// - Parameters:
  ///   - results: all results of the request, in order.
  ///   - request: where they stand.
  init(_ results: [PastResult], in request: RequestBody, _ chain: ConversationChain) {
    self.results = results
    actions = results.map { ToolAction($0.hint) }
    turns = chain.turns
    names = results.map { ForwardReferences.names(in: $0.payload) }
    for names in names { references.add(names) }
    let blocks = Set(request.blocks.map(\.range.lowerBound))
    var turn = 0
    for (index, item) in request.items.enumerated() {
      // What follows the results of a turn was said with them in view.
      if chain.requestEnds.contains(index) { turn += 1 }
      request.document.forEachText(in: item.node) { value, text in
        if !blocks.contains(request.document.nodes[value].range.lowerBound) { references.use(text(), inTurn: turn) }
      }
    }
  }

  /// Turns of the model since a result came.
  func age(_ index: Int) -> Int { turns - results[index].turn }

  /// How many names of a result were used in the last turns.
  func references(to index: Int, inLast count: Int) -> Int {
    references.count(names[index], after: results[index].turn, since: turns - count + 1)
  }
}

extension JSONDocument {
  /// Calls `body` with every string below a value that is read as text, and a function that gives its text: no keys, and nothing that is
  /// data, such as images and signatures.
  func forEachText(in value: Int, _ body: (Int, () -> [UInt8]) -> Void) {
    switch nodes[value].kind {
    case .string: body(value) { text(of: value) ?? [] }
    case .array: for element in elements(of: value) { forEachText(in: element, body) }
    case .object:
      forEachMember(of: value) { key, member in
        if !isString(key, anyOf: dataKeys) { forEachText(in: member, body) }
      }
    default: break
    }
  }
}

/// Members that hold what no model reads as text.
private let dataKeys: [StaticString] = [
  "data", "signature", "encrypted_content", "encrypted_index", "thoughtSignature", "thought_signature", "image_url",
  "file_data", "cache_control",
]
