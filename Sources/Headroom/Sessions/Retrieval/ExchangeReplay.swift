/// Puts exchanges that a client never saw back into its request, so that the upstream reads what it has read.
///
/// The client sends one answer where the upstream gave several. It is parted where the results stood; what the client's answer holds stays
/// the client's bytes, and what it does not hold is written as it came.
struct ExchangeReplay {
  private let document: JSONDocument
  private let format: ToolFormat

  init(_ document: JSONDocument, _ format: ToolFormat) {
    self.document = document
    self.format = format
  }

  /// The edits of the request for the exchanges behind its turns. They ascend and do not overlap.
  func splices(_ conversation: ConversationTurns, _ exchanges: [HiddenExchange?]) -> [Splice] {
    var splices: [Splice] = []
    for (index, turn) in conversation.turns.enumerated() {
      guard let exchange = exchanges[index] else { continue }
      let next = index + 1 < conversation.turns.count ? conversation.turns[index + 1].items.first : nil
      let edits =
        switch format {
        case .anthropic: anthropic(turn, exchange, next)
        case .chat: chat(turn, exchange, next)
        case .responses: responses(turn, exchange, next)
        }
      splices += edits ?? []
    }
    return splices
  }

  private typealias Exchange = (closed: ArraySlice<HiddenExchange.Round>, open: HiddenExchange.Round?)

  /// The rounds that end in results of their own, and the one whose results stand in the next turn, if there is a next turn.
  private func parted(_ exchange: HiddenExchange, _ next: Int?) -> Exchange {
    guard exchange.isOpen else { return (exchange.rounds[...], nil) }
    return (exchange.rounds.dropLast(), next == nil ? nil : exchange.rounds.last)
  }

  // MARK: Anthropic Messages

  private func anthropic(_ turn: ConversationTurns.Turn, _ exchange: HiddenExchange, _ next: Int?) -> [Splice]? {
    guard turn.items.count == 1, let message = turn.items.first, let content = document.member("content", of: message)
    else { return nil }
    let rounds = parted(exchange, next)
    var parts = PartMatch(document, Array(document.elements(of: content)))
    var before: [UInt8] = []
    for round in rounds.closed {
      var blocks: [[UInt8]] = []
      for part in round.parts {
        let place = part.isHidden ? nil : parts.find(part.json)
        blocks += place.map { taken(parts.take(through: $0), as: part) } ?? [part.json]
      }
      before += ToolFormat.message("assistant", blocks) + [comma] + ToolFormat.message("user", round.results) + [comma]
    }
    let start = document.nodes[message].range.lowerBound
    var splices = before.isEmpty ? [] : [Splice(range: start..<start, replacement: before)]
    if document.nodes[content].kind == .string {
      let said = rounds.closed.flatMap { $0.parts.flatMap { text(of: "text", in: $0.json) } }
      if let cut = cutting(said, from: content) { splices.append(cut) }
    } else if parts.rest.isEmpty {
      // The last answer said nothing.
      return [Splice(range: document.nodes[message].range, replacement: before.dropLast())]
    } else {
      splices += document.removing(elements: parts.taken, of: content)
    }
    if let open = rounds.open, let next, let list = document.member("content", of: next),
      let results = format.beginning(open.results, of: list, in: document), !parts.rest.isEmpty
    {
      splices += insertions(of: open, among: &parts)
      splices.append(results)
    }
    return splices
  }

  /// The client's parts up to one, which is written as the upstream saw it: clients trim texts and drop members. Only a breakpoint that the
  /// client has set in it is worth more.
  private func taken(_ parts: ArraySlice<Int>, as part: HiddenExchange.Part) -> [[UInt8]] {
    parts.map { $0 != parts.last || document.hasMember("cache_control", of: $0) ? document.lexeme(of: $0) : part.json }
  }

  // MARK: Chat Completions

  private func chat(_ turn: ConversationTurns.Turn, _ exchange: HiddenExchange, _ next: Int?) -> [Splice]? {
    guard turn.items.count == 1, let message = turn.items.first else { return nil }
    let rounds = parted(exchange, next)
    var splices: [Splice] = []
    var before: [UInt8] = []
    var said: [UInt8] = []
    for round in rounds.closed {
      guard let answer = round.message else { return nil }
      for item in [answer] + round.results { before += item + [comma] }
      said += text(of: "content", in: answer)
    }
    let range = document.nodes[message].range
    if !before.isEmpty { splices.append(Splice(range: range.lowerBound..<range.lowerBound, replacement: before)) }
    if !said.isEmpty {
      var content = document.member("content", of: message)
      if let list = content, document.nodes[list].kind == .array {
        content = document.member("text", of: document.elements(of: list).first { _ in true })
      }
      guard let content, let cut = cutting(said, from: content) else { return nil }
      splices.append(cut)
    }
    if let open = rounds.open, let calls = document.member("tool_calls", of: message) {
      var parts = PartMatch(document, Array(document.elements(of: calls)))
      guard !parts.rest.isEmpty else { return splices }
      splices += insertions(of: open, among: &parts)
      splices.append(
        Splice(range: range.upperBound..<range.upperBound, replacement: open.results.flatMap { [comma] + $0 }))
    }
    // Members of a message stand in any order.
    return splices.inOrder
  }

  // MARK: Responses

  private func responses(_ turn: ConversationTurns.Turn, _ exchange: HiddenExchange, _ next: Int?) -> [Splice]? {
    let rounds = parted(exchange, next)
    var parts = PartMatch(document, turn.items)
    var splices: [Splice] = []
    for round in rounds.closed {
      splices += insertions(of: round, among: &parts)
      splices += round.results.compactMap {
        insertion(of: $0, before: parts.rest) ?? insertion(of: $0, behind: turn.items)
      }
    }
    if let open = rounds.open, let next {
      splices += insertions(of: open, among: &parts)
      splices += open.results.compactMap { insertion(of: $0, before: [next]) }
    }
    return splices
  }

  // MARK: Pieces

  /// The edits that put the hidden parts of a round, and those that the client has dropped, in their places among the client's.
  private func insertions(of round: HiddenExchange.Round, among parts: inout PartMatch) -> [Splice] {
    var splices: [Splice] = []
    for part in round.parts {
      if !part.isHidden, let place = parts.find(part.json) {
        if format == .responses, let item = parts.take(through: place).last {
          splices.append(document.replacing(item, with: part.json))
        } else {
          _ = parts.take(through: place)
        }
      } else if part.isHidden || format == .responses,
        let splice = insertion(of: part.json, before: parts.rest) ?? insertion(of: part.json, behind: parts.taken)
      {
        splices.append(splice)
      }
    }
    return splices
  }

  private func insertion(of element: [UInt8], before rest: some Collection<Int>) -> Splice? {
    rest.first.map {
      let place = document.nodes[$0].range.lowerBound
      return Splice(range: place..<place, replacement: element + [comma])
    }
  }

  private func insertion(of element: [UInt8], behind parts: some BidirectionalCollection<Int>) -> Splice? {
    parts.last.map {
      let place = document.nodes[$0].range.upperBound
      return Splice(range: place..<place, replacement: [comma] + element)
    }
  }

  private func text(of member: StaticString, in json: [UInt8]) -> [UInt8] {
    guard let document = try? JSONDocument(json) else { return [] }
    return document.text(of: document.member(member, of: 0)) ?? []
  }

  /// The edit that takes `said` from the beginning of a string, whatever became of the white space; nil when the string does not begin so.
  private func cutting(_ said: [UInt8], from string: Int) -> Splice? {
    guard let text = document.escapedText(of: string) else { return nil }
    let words = said.filter { $0 > 0x20 }
    var spaces = said.reversed().prefix { $0 <= 0x20 }.count
    var place = text.startIndex
    var matched = 0
    while matched < words.count || spaces > 0 {
      guard let (character, end) = character(at: place, in: text) else { break }
      if matched == words.count {
        guard character.allSatisfy({ $0 <= 0x20 }) else { break }
        spaces -= character.count
      }
      for byte in character where byte > 0x20 {
        guard matched < words.count, words[matched] == byte else { return nil }
        matched += 1
      }
      place = end
    }
    return matched == words.count ? Splice(range: text.startIndex..<place, replacement: []) : nil
  }

  /// The character that stands at a place of a string, perhaps as an escape, and where it ends; a byte of it where there is none.
  private func character(at place: Int, in text: ArraySlice<UInt8>) -> (text: [UInt8], end: Int)? {
    guard place < text.endIndex else { return nil }
    guard text[place] == UInt8(ascii: "\\"), place + 1 < text.endIndex else { return ([text[place]], place + 1) }
    // A character beyond the first plane is two escapes.
    let lengths = text[place + 1] == UInt8(ascii: "u") ? [6, 12] : [2]
    for length in lengths where place + length <= text.endIndex {
      if let character = JSONString.unescape(document.bytes, in: place..<place + length) {
        return (character, place + length)
      }
    }
    return nil
  }
}

/// The client's parts of an answer, walked beside those that the model gave.
private struct PartMatch {
  private let document: JSONDocument
  private let parts: [Int]
  private var next = 0

  init(_ document: JSONDocument, _ parts: [Int]) {
    self.document = document
    self.parts = parts
  }

  var taken: [Int] { Array(parts[..<next]) }
  var rest: ArraySlice<Int> { parts[next...] }

  /// The place of the next part of the client that is this one.
  func find(_ json: [UInt8]) -> Int? {
    guard let part = try? JSONDocument(json) else { return nil }
    let names = part.partNames(of: 0)
    return parts[next...].firstIndex { !document.partNames(of: $0).isDisjoint(with: names) }
  }

  /// The parts up to a place, which are done with.
  mutating func take(through place: Int) -> ArraySlice<Int> {
    defer { next = place + 1 }
    return parts[next...place]
  }
}

extension JSONDocument {
  /// What a part of an answer is known by, however its client writes it: ids, signatures, or its text.
  fileprivate func partNames(of part: Int) -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    for (number, key) in namingMembers.enumerated() {
      if let name = text(of: member(key, of: part)), !name.isEmpty { names.insert([UInt8(number)] + name) }
    }
    guard names.isEmpty || isString(member("type", of: part), "message") else { return names }
    var words = TurnWords()
    words.add(part, isFromModel: true, self)
    for key in ["text", "thinking"] as [StaticString] {
      if let text = text(of: member(key, of: part)) { words.add(text: text) }
    }
    return names.union([[UInt8.max] + words.text])
  }
}

private let namingMembers: [StaticString] = ["id", "call_id", "tool_use_id", "signature", "data", "encrypted_content"]
private let comma = UInt8(ascii: ",")
