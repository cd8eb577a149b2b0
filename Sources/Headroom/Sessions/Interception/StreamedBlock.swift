/// A content block of Anthropic Messages that is put together from its deltas. Its texts are what came, joined; all else is as it started.
///
///     {"type":"thinking","thinking":"","signature":""}  thinking_delta "Let"  thinking_delta " me"  signature_delta "Eq…"
///     {"type":"thinking","thinking":"Let me","signature":"Eq…"}
struct StreamedBlock {
  private let start: JSONDocument
  private var texts: [(member: StaticString, text: [UInt8])] = []
  private var input: [UInt8] = []
  private var citations: [[UInt8]] = []
  /// False when something came that is not understood: then the block cannot be sent again.
  private(set) var isExact = true

  /// - Parameter block: the value of `content_block`.
  init?(_ document: JSONDocument, _ block: Int) {
    guard let start = try? JSONDocument(document.lexeme(of: block)), start.root.kind == .object else { return nil }
    self.start = start
  }

  func isType(_ type: StaticString) -> Bool { start.isString(start.member("type", of: 0), type) }

  /// A string that the block started with, as it stands.
  func lexeme(_ member: StaticString) -> [UInt8]? { start.member(member, of: 0).map { start.lexeme(of: $0) } }

  func text(_ member: StaticString) -> [UInt8]? { start.text(of: start.member(member, of: 0)) }

  /// The bytes of the input that came so far.
  var inputSize: Int { input.count }

  mutating func add(_ document: JSONDocument, _ delta: Int?) {
    let kinds: [(type: StaticString, member: StaticString)] = [
      ("text_delta", "text"), ("thinking_delta", "thinking"), ("signature_delta", "signature"),
      ("input_json_delta", "partial_json"),
    ]
    let type = document.member("type", of: delta)
    if let kind = kinds.first(where: { document.isString(type, $0.type) }),
      let text = document.escapedText(of: document.member(kind.member, of: delta))
    {
      if document.isString(type, "input_json_delta") {
        input += text
      } else if let place = texts.firstIndex(where: { $0.member.utf8Start == kind.member.utf8Start }) {
        texts[place].text += text
      } else {
        texts.append((kind.member, Array(text)))
      }
    } else if document.isString(type, "citations_delta"), let citation = document.member("citation", of: delta) {
      citations.append(document.lexeme(of: citation))
    } else {
      isExact = false
    }
  }

  /// The input of a call, as JSON; nil when what came is none.
  var inputJSON: [UInt8]? {
    if input.isEmpty { return lexeme("input") }
    let text = JSONString.unescape(input, in: input.indices)
    return text.flatMap { (try? JSONDocument($0)) == nil ? nil : $0 }
  }

  /// The text of a text block, its escapes resolved.
  var text: [UInt8] {
    let all = Array(start.escapedText(of: start.member("text", of: 0)) ?? []) + (texts.first?.text ?? [])
    return isType("text") ? JSONString.unescape(all, in: all.indices) ?? [] : []
  }

  /// The block as it started, with an empty input.
  var withoutInput: [UInt8] {
    guard let input = start.member("input", of: 0) else { return start.bytes }
    return start.bytes.applying([start.replacing(input, with: Array("{}".utf8))])
  }

  /// The block, complete; nil when it cannot be told exactly.
  var json: [UInt8]? {
    guard isExact else { return nil }
    var splices: [Splice] = []
    var added: [[UInt8]] = []
    func set(_ member: StaticString, _ lexeme: [UInt8]) {
      if let value = start.member(member, of: 0) {
        splices.append(start.replacing(value, with: lexeme))
      } else {
        added.append(Array("\"\(member)\":".utf8) + lexeme)
      }
    }
    for (member, text) in texts {
      let begun = start.escapedText(of: start.member(member, of: 0)) ?? []
      set(member, [UInt8(ascii: "\"")] + begun + text + [UInt8(ascii: "\"")])
    }
    if !input.isEmpty {
      guard let input = inputJSON else { return nil }
      set("input", input)
    }
    if !citations.isEmpty {
      let begun = start.elements(of: start.member("citations", of: 0)).map { start.lexeme(of: $0) }
      set("citations", [UInt8(ascii: "[")] + ToolFormat.joined(begun + citations) + [UInt8(ascii: "]")])
    }
    if !added.isEmpty { splices.append(start.appending(member: ToolFormat.joined(added), to: 0)) }
    return start.bytes.applying(splices.inOrder)
  }
}
