/// Gemini `generateContent`: the long strings in the `response` of a function response, at any depth.
///
///     {"role": "user", "parts": [{"functionResponse": {"name": "read_file", "response": {"output": "…"}}}]}
///
/// The response is an object of the client's own making. Its short strings are what the object is about (a status, a name) and stay.
/// Keys may be spelled in snake case. Some clients send the request in a member `request`, next to the model and the project.
struct Gemini: WireFormat {
  let name = "gemini"

  func conversation(in document: JSONDocument) -> Int? { contents(in: document)?.node }

  func isFromModel(_ item: Int, in document: JSONDocument) -> Bool {
    document.isString(document.member("role", of: item), "model")
  }

  /// The shortest JSON string that is a block, in bytes. Below this no encoding saves the dozen tokens it must.
  static let shortestBlock = 200
  static let shortestStub = 24

  func matches(_ document: JSONDocument) -> Bool {
    guard let contents = contents(in: document)?.node,
      let first = document.elements(of: contents).first(where: { _ in true })
    else { return false }
    return document.hasMember("parts", of: first)
  }

  func envelope(in document: JSONDocument) -> Int? {
    document.hasMember("contents", of: 0) ? 0 : document.member("request", of: 0)
  }

  private func contents(in document: JSONDocument) -> (node: Int, isWrapped: Bool)? {
    if let node = document.member("contents", of: 0) { return (node, false) }
    return document.member("contents", of: document.member("request", of: 0)).map { ($0, true) }
  }

  func blocks(in document: JSONDocument) -> [Block] {
    guard let contents = contents(in: document) else { return [] }
    var collector = BlockCollector(document)
    if contents.isWrapped { collector.path.member("request") }
    collector.path.member("contents")
    let mark = collector.path.mark
    for (position, content) in document.elements(of: contents.node).enumerated() {
      collector.path.element(position)
      Self.collect(content, into: &collector)
      collector.path.end(at: mark)
    }
    return collector.finish()
  }

  private static func collect(_ content: Int, into collector: inout BlockCollector) {
    let document = collector.document
    let parts = document.elements(of: document.member("parts", of: content))
    if document.isString(document.member("role", of: content), "model") {
      collector.assistantTurn()
      for part in parts {
        guard let call = member("functionCall", or: "function_call", of: part, in: document)?.node else { continue }
        let name = document.member("name", of: call)
        collector.call(
          id: document.member("id", of: call) ?? name, name: name, input: document.member("args", of: call))
      }
      return
    }
    collector.userMessage()
    let mark = collector.path.mark
    for (position, part) in parts.enumerated() {
      collector.userText(document.member("text", of: part))
      guard let result = member("functionResponse", or: "function_response", of: part, in: document),
        let response = document.member("response", of: result.node), document.nodes[response].kind == .object
      else { continue }
      let name = document.member("name", of: result.node)
      collector.result(
        id: document.member("id", of: result.node) ?? name, name: name,
        isError: document.hasMember("error", of: response) { $0.kind != .null })
      collector.path.member("parts")
      collector.path.element(position)
      collector.path.member(result.key)
      collector.path.member("response")
      collectStrings(of: response, into: &collector)
      collector.path.end(at: mark)
    }
  }

  /// The member by either of its names; nil when both are there.
  private static func member(
    _ name: StaticString, or otherName: StaticString, of object: Int, in document: JSONDocument
  ) -> (key: StaticString, node: Int)? {
    switch (document.hasMember(name, of: object), document.hasMember(otherName, of: object)) {
    case (true, false): document.member(name, of: object).map { (name, $0) }
    case (false, true): document.member(otherName, of: object).map { (otherName, $0) }
    default: nil
    }
  }

  /// Makes blocks of the long strings in an array or object. Recursion is bounded by the depth that the document allows.
  private static func collectStrings(of container: Int, into collector: inout BlockCollector) {
    let document = collector.document
    let isObject = document.nodes[container].kind == .object
    let mark = collector.path.mark
    var duplicates: Set<[UInt8]>?
    var position = 0
    var i = container + 1
    while i < document.nodes[container].next {
      let value = isObject ? i + 1 : i
      let node = document.nodes[value]
      // A value shorter than a block holds none, but for what stands in the place of one.
      if node.range.count >= shortestBlock || node.kind == .string && document.isBracketed(node.range),
        node.kind.mayHoldBlocks
      {
        let before = collector.count
        if isObject {
          collector.path.member(document.bytes[document.nodes[i].range].dropFirst().dropLast())
        } else {
          collector.path.element(position)
        }
        if node.kind == .string { collector.block(value) } else { collectStrings(of: value, into: &collector) }
        collector.path.end(at: mark)
        if isObject, collector.count > before {
          let repeated = duplicates ?? document.repeatedKeys(of: container)
          duplicates = repeated
          if !repeated.isEmpty, repeated.contains(document.key(i)) { collector.drop(from: before) }
        }
      }
      position += 1
      i = node.next
    }
  }
}

extension JSONDocument.Kind {
  fileprivate var mayHoldBlocks: Bool { self == .string || self == .array || self == .object }
}

extension JSONDocument {
  /// Whether a string is one of the lines in brackets that stand for more than they say.
  fileprivate func isBracketed(_ range: Range<Int>) -> Bool {
    range.count >= Gemini.shortestStub && bytes[range.lowerBound + 1] == UInt8(ascii: "[")
      && bytes[range.upperBound - 2] == UInt8(ascii: "]")
  }

  /// The text of a key; its lexeme where that is no text.
  fileprivate func key(_ index: Int) -> [UInt8] { text(of: index) ?? Array(bytes[nodes[index].range]) }

  /// The keys that `object` has more than once.
  fileprivate func repeatedKeys(of object: Int) -> Set<[UInt8]> {
    var seen: Set<[UInt8]> = []
    var repeated: Set<[UInt8]> = []
    var i = object + 1
    while i < nodes[object].next {
      let key = key(i)
      if !seen.insert(key).inserted { repeated.insert(key) }
      i = nodes[i + 1].next
    }
    return repeated
  }
}
