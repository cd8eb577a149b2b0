/// One unit of a prompt: a tool, a block of the system prompt, a part of a message.
struct PromptUnit {
  enum Place: UInt8 {
    case model, tool, system, settings, messagePart, item
  }

  /// What kind of unit it is, and whether it begins a message and of whom; units of other kinds differ, whatever their bytes.
  let tag: UInt8
  /// The bytes that the provider's cache compares: those of the request, without `cache_control`.
  let bytes: ArraySlice<UInt8>
  /// Whether the bytes are the JSON string of a plain text. A text alone and a list of one part are the same to a provider.
  let isText: Bool
  var breakpoint: CacheLife?

  var place: Place { Place(rawValue: tag >> 4) ?? .item }

  init(
    _ place: Place, _ bytes: ArraySlice<UInt8>, role: Role = .none, startsMessage: Bool = false, isText: Bool = false,
    breakpoint: CacheLife? = nil
  ) {
    tag = place.rawValue << 4 | role.rawValue << 1 | (startsMessage ? 1 : 0)
    self.bytes = bytes
    self.isText = isText
    self.breakpoint = breakpoint
  }

  enum Role: UInt8 { case none, user, assistant, other }

  /// Whether a provider's cache takes both for the same.
  func isSame(as other: PromptUnit) -> Bool {
    guard tag == other.tag, isText == other.isText, bytes.count == other.bytes.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in other.bytes.withUnsafeBufferPointer { bytes.isEqual(to: $0) } }
  }
}

/// A request body as a prompt: its units in the order in which providers read them.
enum PromptReader {
  /// The units of `body`; none when it is no request. The first is the model, which has no tokens.
  static func units(_ request: RequestBody) -> [PromptUnit] {
    let document = request.document
    var units = [PromptUnit(.model, (request.model ?? [])[...])]
    if let root = request.envelope {
      for name in ["tools"] as [StaticString] {
        append(document.member(name, of: root), .tool, document, to: &units)
      }
      for name in ["system", "instructions", "systemInstruction", "system_instruction"] as [StaticString] {
        append(document.member(name, of: root), .system, document, to: &units)
      }
      append(settings: root, document, to: &units)
    }
    for item in request.items.map(\.node) { append(item: item, document, to: &units) }
    if let root = request.envelope, let last = units.indices.last, last > 0,
      let control = document.member("cache_control", of: root)
    {
      units[last].breakpoint = life(control, document)
    }
    return units
  }

  /// Whether a unit belongs to the conversation and not to what stands around it.
  static func isConversation(_ unit: PromptUnit) -> Bool { unit.place == .messagePart || unit.place == .item }

  private static func append(
    _ value: Int?, _ place: PromptUnit.Place, _ document: JSONDocument, to units: inout [PromptUnit]
  ) {
    guard let value else { return }
    if document.nodes[value].kind == .array {
      for element in document.elements(of: value) { units.append(part(element, place, document)) }
    } else {
      units.append(part(value, place, document))
    }
  }

  /// Anthropic's cache of messages, not that of tools and system, is lost when one of these changes.
  private static func append(settings root: Int, _ document: JSONDocument, to units: inout [PromptUnit]) {
    var bytes: [UInt8] = []
    for name in ["tool_choice", "thinking"] as [StaticString] {
      if let value = document.member(name, of: root) { bytes += document.bytes[document.nodes[value].range] }
    }
    if !bytes.isEmpty { units.append(PromptUnit(.settings, bytes[...])) }
  }

  private static func append(item: Int, _ document: JSONDocument, to units: inout [PromptUnit]) {
    let role = role(of: item, document)
    // Where parts are blocks of a cache of their own: the content of Anthropic's messages, the parts of Gemini's.
    guard let content = document.member("content", of: item) ?? document.member("parts", of: item),
      !document.hasMember("tool_calls", of: item), !document.hasMember("tool_call_id", of: item),
      !document.hasMember("type", of: item)
    else {
      units.append(part(item, .item, document, role: role, startsMessage: true))
      return
    }
    guard document.nodes[content].kind == .array else {
      units.append(part(content, .messagePart, document, role: role, startsMessage: true))
      return
    }
    var isFirst = true
    for element in document.elements(of: content) {
      units.append(part(element, .messagePart, document, role: role, startsMessage: isFirst))
      isFirst = false
    }
  }

  private static func role(of item: Int, _ document: JSONDocument) -> PromptUnit.Role {
    let role = document.member("role", of: item)
    if document.isString(role, "user") { return .user }
    return document.isString(role, anyOf: ["assistant", "model"]) ? .assistant : .other
  }

  private static func part(
    _ value: Int, _ place: PromptUnit.Place, _ document: JSONDocument, role: PromptUnit.Role = .none,
    startsMessage: Bool = false
  ) -> PromptUnit {
    let range = document.nodes[value].range
    func unit(_ bytes: ArraySlice<UInt8>, isText: Bool, _ breakpoint: CacheLife? = nil) -> PromptUnit {
      PromptUnit(
        place, bytes, role: role, startsMessage: startsMessage, isText: isText, breakpoint: breakpoint)
    }
    if document.nodes[value].kind == .string { return unit(document.bytes[range], isText: true) }
    let control = document.member("cache_control", of: value)
    let breakpoint = control.flatMap { life($0, document) }
    if let text = plainText(value, document) {
      return unit(document.bytes[document.nodes[text].range], isText: true, breakpoint)
    }
    guard let control else { return unit(document.bytes[range], isText: false) }
    var bytes = Array(document.bytes[range])
    let hole = document.memberRange(of: control, in: value)
    bytes.removeSubrange(hole.lowerBound - range.lowerBound..<hole.upperBound - range.lowerBound)
    return unit(bytes[...], isText: false, breakpoint)
  }

  /// The text of a part that is nothing but a text.
  private static func plainText(_ part: Int, _ document: JSONDocument) -> Int? {
    guard document.isString(document.member("type", of: part), "text"), let text = document.member("text", of: part),
      document.nodes[text].kind == .string
    else { return nil }
    let members = document.hasMember("cache_control", of: part) ? 3 : 2
    return document.memberCount(of: part) == members ? text : nil
  }

  private static func life(_ control: Int, _ document: JSONDocument) -> CacheLife? {
    guard document.nodes[control].kind == .object else { return nil }
    return document.isString(document.member("ttl", of: control), "1h") ? .long : .short
  }
}

extension JSONDocument {
  /// How many members `object` has.
  fileprivate func memberCount(of object: Int) -> Int {
    var count = 0
    var i = object + 1
    while i < nodes[object].next {
      count += 1
      i = nodes[i + 1].next
    }
    return count
  }

  /// The bytes of a member of `object`, with one of the commas around it.
  fileprivate func memberRange(of value: Int, in object: Int) -> Range<Int> {
    let key = nodes[value - 1].range
    let next = nodes[value].next
    let isFirst = value == object + 2
    if !isFirst {
      // The member before it ends where its value does.
      var i = object + 1
      while nodes[i + 1].next < value - 1 { i = nodes[i + 1].next }
      return nodes[i + 1].range.upperBound..<nodes[value].range.upperBound
    }
    return key.lowerBound..<(next < nodes[object].next ? nodes[next].range.lowerBound : nodes[value].range.upperBound)
  }
}
