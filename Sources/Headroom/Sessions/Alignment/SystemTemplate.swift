/// The instructions of a prompt with what is volatile in them left open: the same for all requests in which only that differs.
struct SystemTemplate: Sendable, Equatable {
  /// One place that is left open.
  struct Slot: Sendable, Equatable {
    var kind: VolatileKind
    /// Where its value stands in the body.
    var range: Range<Int>
    var value: [UInt8]
    /// What stands before and behind it on its line, and whether that is cut.
    var before: [UInt8]
    var after: [UInt8]
    var isCutBefore: Bool
    var isCutAfter: Bool
  }

  private(set) var slots: [Slot] = []
  /// A SHA-256 of all that is fixed.
  let digest: [UInt8]

  /// More places than this are no template but a text of dates.
  private static let mostSlots = 32
  /// How much of its line is told with a value.
  private static let longestContext = 60

  /// Nil when there is nothing volatile, or too much.
  init?(_ head: PromptHead) {
    var fixed: [UInt8] = []
    for part in head.texts {
      fixed += part.path.utf8 + [0]
      var copied = 0
      for piece in VolatileText.pieces(in: part.bytes[...]) {
        let range = piece.range
        fixed += part.bytes[copied..<range.lowerBound] + [0] + piece.kind.rawValue.utf8
        copied = range.upperBound
        let line = SystemTemplate.line(around: range, in: part.bytes)
        let (before, after) = (
          part.bytes[line.lowerBound..<range.lowerBound], part.bytes[range.upperBound..<line.upperBound]
        )
        slots.append(
          Slot(
            kind: piece.kind, range: part.offset + range.lowerBound..<part.offset + range.upperBound,
            value: Array(part.bytes[range]),
            before: Array(before.suffix(SystemTemplate.longestContext)),
            after: Array(after.prefix(SystemTemplate.longestContext)),
            isCutBefore: before.count > SystemTemplate.longestContext,
            isCutAfter: after.count > SystemTemplate.longestContext))
      }
      fixed += part.bytes[copied...] + [0]
    }
    guard !slots.isEmpty, slots.count <= SystemTemplate.mostSlots else { return nil }
    digest = SHA256.digest(fixed)
  }

  /// The line that a piece stands on, by the newlines that are spelled out in the string.
  private static func line(around range: Range<Int>, in text: [UInt8]) -> Range<Int> {
    func isBreak(_ i: Int) -> Bool {
      i >= 0 && i + 1 < text.count && text[i] == UInt8(ascii: "\\") && text[i + 1] == UInt8(ascii: "n")
        && (i == 0 || text[i - 1] != UInt8(ascii: "\\"))
    }
    var start = range.lowerBound
    while start > 0, !isBreak(start - 2) { start -= 1 }
    var end = range.upperBound
    while end < text.count, !isBreak(end) { end += 1 }
    return start..<end
  }

  /// The slots whose values are others than in an earlier request of the same template; nil when it is another template.
  func changes(since earlier: SystemTemplate) -> [Int]? {
    guard earlier.digest == digest else { return nil }
    return slots.indices.filter { slots[$0].value != earlier.slots[$0].value }
  }
}
