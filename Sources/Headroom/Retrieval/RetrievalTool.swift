/// The tool by which a model gets at what was cut: what it is called, what it takes, and what it answers.
///
/// Its definition is the same bytes wherever it is declared, and for ever: it stands in front of everything that a provider caches.
public enum RetrievalTool {
  public static let name = "headroom_retrieve"

  /// What the tool says of itself, without characters that JSON would escape.
  public static let summary =
    "Get tool output that was stored out of view, in full or in part. A line such as [942 of 1000 rows stored #k3m9qz] says that "
    + "the source is complete and gives the id. Ask for the part you need: it costs less."

  /// The JSON Schema of its input.
  public static let inputSchema =
    #"{"type":"object","properties":{"#
    + #""id":{"type":"string","description":"The id in the marker, such as k3m9qz"},"#
    + #""lines":{"type":"string","description":"Line numbers: 3-17, 100-, -20 for the first twenty, or 7"},"#
    + #""rows":{"type":"string","description":"Row numbers of a table or array, in the same way"},"#
    + #""grep":{"type":"string","description":"A regular expression: the lines or rows that match"},"#
    + #""query":{"type":"string","description":"Words: the lines or rows that have most to do with them"},"#
    + #""path":{"type":"string","description":"A place in JSON: items[3].status"}},"required":["id"]}"#

  /// What a call may return, in tokens of the model, when nothing else is said.
  public static let budget = 1_500
  /// An original of at most so many tokens is returned whole when no part is named.
  public static let smallOriginal = 2_000
  /// The longest input that is read, in bytes.
  public static let longestInput = 64 << 10

  /// What the model gets for a call.
  public struct Answer: Sendable, Equatable {
    /// The bytes of the original, below a line in brackets where they are not all that was asked for; or what is wrong, in plain words.
    public var text: [UInt8]
    public var isError: Bool
    /// Tokens of the text, as the model counts them.
    public var tokens: Int
  }

  /// Answers a call.
  ///
  /// - Parameters:
  ///   - input: the JSON object that the model wrote.
  ///   - store: where originals are.
  ///   - tokenizer: the one of the model that reads the answer.
  ///   - budget: the most tokens to return.
  public static func answer(
    _ input: [UInt8], from store: any OriginalStore, tokenizer: Tokenizer, budget: Int = budget
  ) -> Answer {
    do {
      let call = try RetrievalCall(input)
      let text = try RetrievalPage(of: store.original(call.handle), call, tokenizer: tokenizer, budget: budget).text
      return Answer(text: text, isError: false, tokens: tokenizer.count(text))
    } catch {
      return failure("\(error)", tokenizer)
    }
  }

  /// What a model is told when it may get no more in this turn.
  static func refusal(_ tokenizer: Tokenizer) -> Answer {
    failure("retrieval limit reached: go on with what you have", tokenizer)
  }

  static func failure(_ message: String, _ tokenizer: Tokenizer) -> Answer {
    Answer(text: Array(message.utf8), isError: true, tokens: tokenizer.count(message))
  }
}

/// The input of one call, read.
struct RetrievalCall {
  let handle: Handle
  let selection: Selection

  /// Reads the members that are there; others mean nothing. Numbers may come as numbers.
  /// - Throws: `SelectionError`.
  init(_ input: [UInt8]) throws(SelectionError) {
    guard input.count <= RetrievalTool.longestInput else {
      throw SelectionError(.invalidRange, "the input is too long")
    }
    guard let document = try? JSONDocument(input), document.root.kind == .object else {
      throw SelectionError(.notFound, "the input is no JSON object: give an id, such as {\"id\":\"k3m9qz\"}")
    }
    func text(_ name: StaticString) -> String? {
      guard let value = document.root[name] else { return nil }
      let bytes = value.kind == .string ? value.text : value.kind == .number ? Array(value.lexeme) : nil
      guard let bytes, !bytes.isEmpty else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    guard let id = text("id") else {
      throw SelectionError(.notFound, "no id: give the one in the marker, such as k3m9qz")
    }
    guard let handle = Handle(id.lowercased()) else {
      throw SelectionError(
        .notFound, "no original \(id.prefix(40)): an id is six or more letters and digits, such as k3m9qz")
    }
    self.handle = handle
    selection = Selection(
      path: text("path"), rows: try text("rows").map(RetrievalCall.range),
      lines: try text("lines").map(RetrievalCall.range),
      grep: text("grep"), query: text("query"))
  }

  private static func range(_ text: String) throws(SelectionError) -> NumberRange { try NumberRange(text) }
}
