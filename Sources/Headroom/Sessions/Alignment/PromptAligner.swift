/// Keeps the instructions of a conversation the same where their values change: the value is told behind the newest words of the user instead,
/// and stays there in later turns.
///
///     system: Today's date: 2025-11-28.       →  Today's date: (the date given last in the conversation).
///     user: Why do the tests fail?            →  …and a part behind it: [Now: Today's date: 2025-11-28.]
///
/// Every decision is written down before it is sent: that the conversation is aligned, and what was told behind which item. A note is only put
/// behind words of the user. Behind results alone it would be taken for words of the user, which ends a turn of tools for some models, and
/// some providers drop the reasoning before it. So a value that changes while tools run is told with the user's next words; only dates,
/// times and ids are moved, for which that is soon enough.
struct PromptAligner {
  /// The edits, in the order of the body.
  private(set) var splices: [Splice] = []

  private let request: RequestBody
  private let items: [ConversationItem]
  private let chain: ConversationChain
  private let template: SystemTemplate
  private let journal: any SessionJournal

  /// Nil when the conversation is not aligned.
  ///
  /// - Parameters:
  ///   - alignments: what the journal says about places of the conversation, the deepest first.
  ///   - mayBegin: whether it may be aligned from this request on.
  init?(
    _ request: RequestBody, _ items: [ConversationItem], _ chain: ConversationChain, _ template: SystemTemplate,
    _ alignments: [PromptAlignment], _ options: ContextOptions, mayBegin: Bool
  ) {
    self.request = request
    self.items = items
    self.chain = chain
    self.template = template
    journal = options.journal
    writeDown(options.drift?.proven(template) ?? [])
    let spoken = items.indices.filter { isSpoken($0) }
    if let standing = alignments.first(where: { $0.template == template.digest }) {
      guard let notes = notes(behind: spoken, standing) else { return nil }
      align(standing, notes)
    } else {
      guard mayBegin, spoken.last == items.count - 1, let proven = proven(), !proven.isEmpty else { return nil }
      let alignment = PromptAlignment(template: template.digest, slots: proven)
      // What is told comes first: without it nothing may be taken out.
      let place = chain.turnEnds.last.map { chain.digests[$0] } ?? chain.root
      guard let notes = notes(behind: spoken, alignment), notes.contains(where: { $0.item == items.count - 1 }),
        let entry = try? journal.record(alignment.entry, for: PromptAlignment.key(place)),
        let standing = PromptAlignment(entry), standing == alignment
      else { return nil }
      align(alignment, notes)
    }
  }

  // MARK: What has proven volatile

  /// Writes down what has proven volatile in this process, so that it holds in later ones.
  private func writeDown(_ slots: [Int]) {
    for slot in slots { _ = try? journal.record([1], for: PromptAlignment.proofKey(template.digest, slot)) }
  }

  /// The slots that have proven volatile, in any process.
  private func proven() -> [Int]? {
    let keys = template.slots.indices.map { PromptAlignment.proofKey(template.digest, $0) }
    return (try? journal.entries(keys)).map { entries in entries.indices.filter { entries[$0] != nil } }
  }

  // MARK: Notes

  /// Whether an item holds words of the user and no results.
  private func isSpoken(_ index: Int) -> Bool {
    let item = items[index]
    guard !item.isFromModel, !item.isInstruction, CallIDs(item.node, in: request.document).results.isEmpty else {
      return false
    }
    return NotePlace(item.node, in: request) != nil
  }

  /// What was told behind which items, and what is told now; nil when the journal fails.
  private func notes(behind spoken: [Int], _ alignment: PromptAlignment) -> [(item: Int, text: [UInt8])]? {
    let keys = spoken.map { PromptAlignment.noteKey(template.digest, chain.digests[$0 + 1]) }
    guard let entries = keys.isEmpty ? [] : try? journal.entries(keys) else { return nil }
    var notes = zip(spoken, entries).compactMap { item, entry in entry.map { (item: item, text: $0) } }
    guard let last = spoken.last, last == items.count - 1, notes.last?.item != last,
      let text = text(alignment.slots), notes.last?.text != text
    else { return notes }
    guard
      let standing = try? journal.record(text, for: PromptAlignment.noteKey(template.digest, chain.digests[last + 1]))
    else { return notes }
    notes.append((last, standing))
    return notes
  }

  /// What is told: the lines with the values, as they stand between the quotes of a JSON string.
  private func text(_ slots: [Int]) -> [UInt8]? {
    var lines: [[UInt8]] = []
    for slot in slots {
      guard slot < template.slots.count else { return nil }
      let line = template.slots[slot].line
      if !lines.contains(line) { lines.append(line) }
    }
    return Array("[Now: ".utf8) + lines.joined(separator: " | ".utf8) + [UInt8(ascii: "]")]
  }

  // MARK: Edits

  private mutating func align(_ alignment: PromptAlignment, _ notes: [(item: Int, text: [UInt8])]) {
    for slot in alignment.slots where slot < template.slots.count {
      let slot = template.slots[slot]
      splices.append(Splice(range: slot.range, replacement: Array(slot.kind.wording.utf8)))
    }
    for note in notes {
      if let place = NotePlace(items[note.item].node, in: request) { splices += place.splices(note.text) }
    }
    splices.sort { $0.range.lowerBound < $1.range.lowerBound }
  }
}

extension VolatileKind {
  /// What stands in the place of a value.
  fileprivate var wording: String {
    switch self {
    case .date: "(the date given last in the conversation)"
    case .time: "(the time given last in the conversation)"
    default: "(the id given last in the conversation)"
    }
  }
}

extension SystemTemplate.Slot {
  /// The line of the value, cut at spaces, which are never in the middle of a character or an escape.
  fileprivate var line: [UInt8] {
    let space = UInt8(ascii: " ")
    var head = before[...]
    if isCutBefore { head = head.firstIndex(of: space).map { head[($0 + 1)...] } ?? [] }
    var tail = after[...]
    if isCutAfter { tail = tail.lastIndex(of: space).map { tail[..<$0] } ?? [] }
    while head.first == space { head = head.dropFirst() }
    return Array(head) + value + tail
  }
}

/// Where a note can be put behind the words of an item, so that the item is the same whatever its client makes of breakpoints.
private struct NotePlace {
  private enum Form {
    /// A text by itself, of which the note is a second part, as if the client had sent a list of one.
    case wrapped(Range<Int>)
    /// A text by itself that the note goes on.
    case text(end: Int)
    /// A list of parts.
    case parts(end: Int, type: String)
  }

  private let form: Form

  init?(_ item: Int, in request: RequestBody) {
    let document = request.document
    let isGemini = request.format == Gemini().name
    guard let content = document.member(isGemini ? "parts" : "content", of: item) else { return nil }
    let range = document.nodes[content].range
    switch document.nodes[content].kind {
    case .string where request.format == AnthropicMessages().name: form = .wrapped(range)
    case .string where !isGemini: form = .text(end: range.upperBound - 1)
    case .array:
      var last: Int?
      var hasText = false
      for part in document.elements(of: content) {
        last = part
        if document.member("text", of: part).map({ document.nodes[$0].kind == .string }) ?? false { hasText = true }
      }
      guard let last, hasText else { return nil }
      let type = isGemini ? "" : request.format == OpenAIResponses().name ? "input_text" : "text"
      form = .parts(end: document.nodes[last].range.upperBound, type: type)
    default: return nil
    }
  }

  func splices(_ text: [UInt8]) -> [Splice] {
    func insert(_ bytes: [UInt8], at offset: Int) -> Splice { Splice(range: offset..<offset, replacement: bytes) }
    func part(_ type: String) -> [UInt8] {
      (type.isEmpty ? [] : Array(#""type":"\#(type)","#.utf8)) + Array(#""text":""#.utf8) + text + Array(#""}"#.utf8)
    }
    switch form {
    case .wrapped(let range):
      return [
        insert(Array(#"[{"type":"text","text":"#.utf8), at: range.lowerBound),
        insert(Array("},{".utf8) + part("text") + Array("]".utf8), at: range.upperBound),
      ]
    case .text(let end): return [insert(Array(#"\n\n"#.utf8) + text, at: end)]
    case .parts(let end, let type): return [insert(Array(",{".utf8) + part(type), at: end)]
    }
  }
}
