/// What identifies a conversation up to each of its items: a chain of digests, each over the one before and the next item.
///
/// Two requests that begin alike have the same digests that far, whoever sends them: the beginning *is* the session. What clients change
/// without changing the conversation is no part of it: `cache_control`, white space, a text by itself or as the only part of a list, and
/// leading instructions, which stand in the list of messages in one format and beside it in another.
struct ConversationChain: Sendable {
  /// The digest before each item, and behind the last.
  let digests: [[UInt8]]
  /// How many items the requests of this conversation had: one ended before each turn of the model, the last is this one.
  let requestEnds: [Int]
  /// How many items there are up to the end of each turn of the model.
  let turnEnds: [Int]

  /// The turns of the model so far.
  var turns: Int { turnEnds.count }

  /// Nil where the conversation cannot be told from the request: it is no list, or the provider keeps its beginning.
  init?(_ request: RequestBody) {
    let items = request.items
    guard !items.isEmpty, !request.isContinued else { return nil }
    var digest = SHA256.digest(Array("headroom chain 1".utf8))
    var digests = [digest]
    var requestEnds: [Int] = []
    var turnEnds: [Int] = []
    var isLeading = true
    for (index, item) in items.enumerated() {
      if !item.isInstruction { isLeading = false }
      if !isLeading { digest = SHA256.digest(digest + request.document.canonicalDigest(of: item.node)) }
      digests.append(digest)
      guard item.isFromModel else { continue }
      if index == 0 || !items[index - 1].isFromModel { requestEnds.append(index) }
      if index + 1 == items.count || !items[index + 1].isFromModel { turnEnds.append(index + 1) }
    }
    requestEnds.append(items.count)
    self.digests = digests
    self.requestEnds = requestEnds
    self.turnEnds = turnEnds
  }

  /// What all requests of the conversation have in common: the digest of the first one.
  var root: [UInt8] { digests[requestEnds[0]] }
  /// The digest of this request.
  var end: [UInt8] { digests[digests.count - 1] }
}

extension RequestBody {
  /// What requests of one conversation have in common, as 16 hexadecimal digits: the beginning of the digest of its first item that is no
  /// instruction. Empty where there is none. Conversations that begin with the same words share it.
  public var conversationID: String {
    guard let first = items.first(where: { !$0.isInstruction }) else { return "" }
    let digits = Array("0123456789abcdef".unicodeScalars)
    return document.canonicalDigest(of: first.node).prefix(8)
      .reduce(into: "") { text, byte in
        text.unicodeScalars.append(digits[Int(byte >> 4)])
        text.unicodeScalars.append(digits[Int(byte & 15)])
      }
  }
}

extension RequestBody {
  /// Whether the items go on from what the provider keeps: a response, or a conversation of its own.
  fileprivate var isContinued: Bool {
    [0, document.member("response", of: 0)].contains { request in
      request.map { request in
        keptByProvider.contains { document.hasMember($0, of: request, where: { $0.kind != .null }) }
      } ?? false
    }
  }
}

private let keptByProvider: [StaticString] = ["previous_response_id", "conversation"]

extension JSONDocument {
  /// The SHA-256 of a value without what clients move about: white space, and members `cache_control`. A `content` that is a list of one
  /// text is the text.
  fileprivate func canonicalDigest(of value: Int) -> [UInt8] {
    var out = ByteWriter(capacity: nodes[value].range.count)
    appendCanonical(value, to: &out)
    return SHA256.digest(out.view)
  }

  private func appendCanonical(_ value: Int, to out: inout ByteWriter) {
    let node = nodes[value]
    switch node.kind {
    case .object:
      out.append(UInt8(ascii: "{"))
      forEachMember(of: value) { key, value in
        if isString(key, "cache_control") { return }
        append(key, to: &out)
        out.append(UInt8(ascii: ":"))
        appendCanonical(isString(key, "content") ? onlyText(of: value) ?? value : value, to: &out)
        out.append(UInt8(ascii: ","))
      }
      out.append(UInt8(ascii: "}"))
    case .array:
      out.append(UInt8(ascii: "["))
      for element in elements(of: value) {
        appendCanonical(element, to: &out)
        out.append(UInt8(ascii: ","))
      }
      out.append(UInt8(ascii: "]"))
    default: append(value, to: &out)
    }
  }

  private func append(_ scalar: Int, to out: inout ByteWriter) {
    bytes.withUnsafeBufferPointer { out.append(UnsafeBufferPointer(rebasing: $0[nodes[scalar].range])) }
  }

  /// The text of a list whose only element is `{"type": "text", "text": "…"}`.
  private func onlyText(of list: Int) -> Int? {
    let parts = Array(elements(of: list))
    guard parts.count == 1, isString(member("type", of: parts[0]), "text"), let text = member("text", of: parts[0]),
      nodes[text].kind == .string
    else { return nil }
    var isAlone = true
    forEachMember(of: parts[0]) { key, _ in
      if !isString(key, anyOf: ["type", "text", "cache_control"]) { isAlone = false }
    }
    return isAlone ? text : nil
  }
}
