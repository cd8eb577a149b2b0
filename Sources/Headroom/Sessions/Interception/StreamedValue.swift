/// A JSON value that is put together from deltas, as streams of chat completions send it. What came stays as it was spelled.
///
///     {"content":"Hel"} {"content":"lo"}      {"content":"Hello"}
struct StreamedValue {
  private enum Kind { case string, object, array, other }

  private var kind = Kind.object
  /// What stands between the quotes of a string; all of what is neither string nor container. Texts grow by thousands of deltas, so they are
  /// appended to where they are.
  private var text: [UInt8] = []
  private var elements: [[UInt8]] = []
  private var entries: [(key: [UInt8], value: StreamedValue)] = []

  /// An empty object.
  init() {}

  private init(_ document: JSONDocument, _ value: Int) {
    switch document.nodes[value].kind {
    case .string:
      kind = .string
      text = Array(document.escapedText(of: value) ?? [])
    case .array:
      kind = .array
      elements = document.elements(of: value).map { document.lexeme(of: $0) }
    case .object: merge(document, value)
    default:
      kind = .other
      text = document.lexeme(of: value)
    }
  }

  /// Merges a delta into an object, without the members named in `others`: texts and lists go on, objects are merged, names of things stay.
  mutating func merge(_ document: JSONDocument, _ delta: Int, without others: [StaticString] = []) {
    guard kind == .object, document.nodes[delta].kind == .object else { return }
    var key = delta + 1
    while key < document.nodes[delta].next {
      let value = key + 1
      if !document.isString(key, anyOf: others) {
        let name = document.bytes[document.nodes[key].range]
        if let place = entries.firstIndex(where: { $0.key.elementsEqual(name) }) {
          entries[place].value.go(on: document, value, isName: document.isString(key, anyOf: nameMembers))
        } else {
          entries.append((Array(name), StreamedValue(document, value)))
        }
      }
      key = document.nodes[value].next
    }
  }

  private mutating func go(on document: JSONDocument, _ value: Int, isName: Bool) {
    switch (kind, document.nodes[value].kind) {
    case (_, .null): return
    case (.string, .string): if !isName || text.isEmpty { text += document.escapedText(of: value) ?? [] }
    case (.array, .array): elements += document.elements(of: value).map { document.lexeme(of: $0) }
    case (.object, .object): merge(document, value)
    default: self = StreamedValue(document, value)
    }
  }

  /// A member of an object.
  func inner(_ name: StaticString) -> StreamedValue? { place(of: name).map { entries[$0].value } }

  private func place(of name: StaticString) -> Int? {
    entries.firstIndex { $0.key.elementsEqual("\"\(name)\"".utf8) }
  }

  /// What stands between the quotes of a member that is a string.
  func escapedText(_ name: StaticString) -> [UInt8]? {
    inner(name).flatMap { $0.kind == .string ? $0.text : nil }
  }

  /// Gives a text within an inner object another content.
  mutating func set(_ name: StaticString, of inner: StaticString, to text: [UInt8]) {
    guard let place = place(of: inner), let ownPlace = entries[place].value.place(of: name) else { return }
    entries[place].value.entries[ownPlace].value.text = text
  }

  /// The members of an object as they are written, joined by commas.
  var members: [UInt8] { ToolFormat.joined(entries.map { $0.key + [UInt8(ascii: ":")] + $0.value.json }) }

  var json: [UInt8] {
    switch kind {
    case .string: [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
    case .object: [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
    case .array: [UInt8(ascii: "[")] + ToolFormat.joined(elements) + [UInt8(ascii: "]")]
    case .other: text
    }
  }
}

/// Members whose texts some servers send again with each delta.
private let nameMembers: [StaticString] = ["id", "type", "role", "name", "format"]
