/// That a conversation is aligned: which places of its instructions are open, for as long as the instructions are the same otherwise.
///
/// In the journal a line of text under the place of the conversation where it began.
struct PromptAlignment: Equatable {
  static let topic = "align"

  /// ``SystemTemplate/digest``.
  var template: [UInt8]
  /// The slots that are open.
  var slots: [Int]

  init(template: [UInt8], slots: [Int]) {
    self.template = template
    self.slots = slots
  }

  private static let version = "align 1"

  var entry: [UInt8] {
    Array("\(PromptAlignment.version) ".utf8) + HexadecimalText.text(template)
      + " \(slots.map { "\($0)" }.joined(separator: ","))".utf8
  }

  /// Reads an entry; nil when it is damaged.
  init?(_ entry: [UInt8]) {
    let fields = entry.split(separator: UInt8(ascii: " "))
    guard fields.count == 4, (fields[0] + [UInt8(ascii: " ")] + fields[1]).elementsEqual(PromptAlignment.version.utf8),
      let template = HexadecimalText.bytes(fields[2]), template.count == 32
    else { return nil }
    let slots = fields[3].split(separator: UInt8(ascii: ",")).map { Int(String(decoding: $0, as: UTF8.self)) }
    guard !slots.isEmpty, !slots.contains(nil) else { return nil }
    self.init(template: template, slots: slots.compactMap(\.self))
  }

  // MARK: Keys

  /// The key of the alignment that began at a place of a conversation.
  static func key(_ place: [UInt8]) -> JournalKey { key("conversation", place) }
  /// The key of what was told behind an item of a conversation.
  static func noteKey(_ template: [UInt8], _ place: [UInt8]) -> JournalKey { key("note", template + place) }
  /// The key of the fact that a slot has proven volatile.
  static func proofKey(_ template: [UInt8], _ slot: Int) -> JournalKey { key("proof \(slot)", template) }

  private static func key(_ what: String, _ digest: [UInt8]) -> JournalKey {
    JournalKey(topic: topic, digest: SHA256.digest(Array("\(what) ".utf8) + digest))
  }
}
