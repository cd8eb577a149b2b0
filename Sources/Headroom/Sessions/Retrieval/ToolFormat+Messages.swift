extension ToolFormat {
  /// A message of Anthropic Messages.
  static func message(_ role: StaticString, _ blocks: [[UInt8]]) -> [UInt8] {
    Array("{\"role\":\"\(role)\",\"content\":[".utf8) + joined(blocks) + Array("]}".utf8)
  }

  /// The result of a call as this format writes it.
  /// - Parameter id: the id of the call, as a JSON string.
  func result(_ answer: RetrievalTool.Answer, ofCall id: [UInt8]) -> [UInt8] {
    let text = JSONString.quoted(answer.text.withUnsafeBufferPointer { UTF8Validity.repaired($0) })
    let parts: (before: StaticString, between: StaticString, after: StaticString) =
      switch self {
      case .anthropic:
        (
          #"{"type":"tool_result","tool_use_id":"#, #","content":"#, answer.isError ? #","is_error":true}"# : "}"
        )
      case .chat: (#"{"role":"tool","tool_call_id":"#, #","content":"#, "}")
      case .responses: (#"{"type":"function_call_output","call_id":"#, #","output":"#, "}")
      }
    return Array("\(parts.before)".utf8) + id + Array("\(parts.between)".utf8) + text + Array("\(parts.after)".utf8)
  }

  /// The request that gives the model the results of its calls: `body` with its answer and the results behind all else.
  /// - Returns: nil when `body` is no request of this format.
  func continuing(_ body: [UInt8], with round: HiddenExchange.Round) -> [UInt8]? {
    guard let document = try? JSONDocument(body) else { return nil }
    switch self {
    case .anthropic:
      guard let messages = document.array("messages") else { return nil }
      let answer = Self.message("assistant", round.parts.map(\.json))
      return body.applying([
        document.appending(Self.joined([answer, Self.message("user", round.results)]), to: messages)
      ])
    case .chat:
      guard let messages = document.array("messages"), let answer = round.message else { return nil }
      return body.applying([document.appending(Self.joined([answer] + round.results), to: messages)])
    case .responses:
      let items = Self.joined(round.parts.map(\.json) + round.results)
      if let input = document.array("input") { return body.applying([document.appending(items, to: input)]) }
      guard let input = document.member("input", of: 0), document.nodes[input].kind == .string else { return nil }
      let list =
        [UInt8(ascii: "[")] + Self.userMessage(document.lexeme(of: input)) + [comma] + items + [UInt8(ascii: "]")]
      return body.applying([document.replacing(input, with: list)])
    }
  }

  /// The edit that puts results before all else in a list of parts or items, or before a text that stands in the place of one.
  func beginning(_ results: [[UInt8]], of list: Int, in document: JSONDocument) -> Splice? {
    let range = document.nodes[list].range
    switch document.nodes[list].kind {
    case .array:
      let isEmpty = document.nodes[list].next == list + 1
      return Splice(
        range: range.lowerBound + 1..<range.lowerBound + 1,
        replacement: Self.joined(results) + (isEmpty ? [] : [comma]))
    case .string:
      let text = document.lexeme(of: list)
      let part =
        self == .anthropic ? Array(#"{"type":"text","text":"#.utf8) + text + Array("}".utf8) : Self.userMessage(text)
      return document.replacing(list, with: [UInt8(ascii: "[")] + Self.joined(results + [part]) + [UInt8(ascii: "]")])
    default: return nil
    }
  }

  private static func userMessage(_ text: [UInt8]) -> [UInt8] {
    Array(#"{"role":"user","content":"#.utf8) + text + Array("}".utf8)
  }

  static func joined(_ elements: [[UInt8]]) -> [UInt8] { Array(elements.joined(separator: CollectionOfOne(comma))) }
}

extension JSONDocument {
  fileprivate func array(_ name: StaticString) -> Int? {
    member(name, of: 0).flatMap { nodes[$0].kind == .array ? $0 : nil }
  }
}

private let comma = UInt8(ascii: ",")
