/// A JSON value that is put together from deltas, as streams of chat completions send it. What came stays as it was spelled.
///
///     {"content":"Hel"} {"content":"lo"}      {"content":"Hello"}
struct StreamedValue {
  private indirect enum Kind {
    /// What stands between the quotes.
    case string([UInt8])
    case object([(key: [UInt8], value: StreamedValue)])
    case array([[UInt8]])
    case other([UInt8])
  }

  private var kind: Kind

  init() { kind = .object([]) }

  private init(_ document: JSONDocument, _ value: Int) {
    switch document.nodes[value].kind {
    case .string: kind = .string(Array(document.escapedText(of: value) ?? []))
    case .array: kind = .array(document.elements(of: value).map { document.lexeme(of: $0) })
    case .object:
      kind = .object([])
      merge(document, value)
    default: kind = .other(document.lexeme(of: value))
    }
  }

  /// Merges a delta into an object, without the members named in `others`: texts and lists go on, objects are merged, names of things stay.
  mutating func merge(_ document: JSONDocument, _ delta: Int, without others: [StaticString] = []) {
    guard case .object(var members) = kind, document.nodes[delta].kind == .object else { return }
    document.forEachMember(of: delta) { key, value in
      if document.isString(key, anyOf: others) { return }
      let name = document.lexeme(of: key)
      guard let place = members.firstIndex(where: { $0.key == name }) else {
        members.append((name, StreamedValue(document, value)))
        return
      }
      let isName = document.isString(key, anyOf: ["id", "type", "role", "name", "format"])
      members[place].value.go(on: document, value, isName: isName)
    }
    kind = .object(members)
  }

  private mutating func go(on document: JSONDocument, _ value: Int, isName: Bool) {
    switch (kind, document.nodes[value].kind) {
    case (_, .null): return
    case (.string(let text), .string) where !isName || text.isEmpty:
      kind = .string(text + (document.escapedText(of: value) ?? []))
    case (.string, .string): return
    case (.array(let list), .array): kind = .array(list + document.elements(of: value).map { document.lexeme(of: $0) })
    case (.object, .object): merge(document, value)
    default: self = StreamedValue(document, value)
    }
  }

  /// A member of an object.
  func inner(_ name: StaticString) -> StreamedValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == Array("\"\(name)\"".utf8) }?.value
  }

  /// What stands between the quotes of a member that is a string.
  func escapedText(_ name: StaticString) -> [UInt8]? {
    guard case .string(let text)? = inner(name)?.kind else { return nil }
    return text
  }

  /// Gives a text within an inner object another content.
  mutating func set(_ name: StaticString, of inner: StaticString, to text: [UInt8]) {
    guard case .object(var members) = kind,
      let place = members.firstIndex(where: { $0.key == Array("\"\(inner)\"".utf8) }),
      case .object(var own) = members[place].value.kind,
      let ownPlace = own.firstIndex(where: { $0.key == Array("\"\(name)\"".utf8) })
    else { return }
    own[ownPlace].value.kind = .string(text)
    members[place].value.kind = .object(own)
    kind = .object(members)
  }

  /// The members of an object as they are written, joined by commas.
  var members: [UInt8] {
    guard case .object(let members) = kind else { return [] }
    return ToolFormat.joined(members.map { $0.key + [UInt8(ascii: ":")] + $0.value.json })
  }

  var json: [UInt8] {
    switch kind {
    case .string(let text): [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
    case .object: [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
    case .array(let elements): [UInt8(ascii: "[")] + ToolFormat.joined(elements) + [UInt8(ascii: "]")]
    case .other(let lexeme): lexeme
    }
  }
}
