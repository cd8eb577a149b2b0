/// The line that stands for a whole tool result: what it was, and the marker of its original.
///
///     [grep -rn parse src; run again below; 120 of 120 lines stored #k3m9qz: headroom retrieve k3m9qz --lines A-B]
struct ResultStub: Equatable {
  /// What the result was and why it is out of view, in a few words.
  var about: [UInt8]
  var marker: CutMarker

  /// The most bytes of a line that one part of ``about`` takes.
  static let longestPart = 96

  /// - Parameters:
  ///   - parts: the words, part by part; empty ones are left out, long ones are cut.
  ///   - lines: how many lines the original has.
  init(_ parts: [[UInt8]], lines: Int, handle: Handle, retrieval: RetrievalPath) {
    about = Array(parts.map(ResultStub.words).filter { !$0.isEmpty }.joined(separator: separator))
    marker = CutMarker(unit: "lines", cut: lines, total: lines, handle: handle, retrieval: retrieval)
  }

  var text: [UInt8] {
    about.isEmpty ? marker.text : [UInt8(ascii: "[")] + about + separator + marker.text.dropFirst()
  }

  /// Reads a text that is a stub and nothing else.
  init?(_ text: [UInt8]) {
    guard text.count < 1_024, text.first == UInt8(ascii: "["), !text.contains(UInt8(ascii: "\n")) else { return nil }
    // The marker is the last part, so its words cannot be taken for those before it.
    var end = text.count - separator.count
    while end > 0, !text[end...].starts(with: separator) { end -= 1 }
    guard end > 0 else { return nil }
    let line = [UInt8(ascii: "[")] + text[(end + separator.count)...]
    guard let marker = CutMarker(line, line.indices), marker.cut == marker.total else { return nil }
    about = Array(text[1..<end])
    self.marker = marker
  }

  /// Words as they may stand in a stub: on one line, no longer than they need to be, and nothing in them that ends a part.
  private static func words(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for byte in text.prefix(longestPart * 4) {
      let isBlank = byte <= 0x20 || byte == 0x7f
      if isBlank, out.last ?? 0x20 == 0x20 { continue }
      out.append(isBlank ? 0x20 : byte == UInt8(ascii: ";") ? UInt8(ascii: ",") : byte)
    }
    while out.last == 0x20 { out.removeLast() }
    guard out.count > longestPart else { return out }
    // Not in the middle of a character.
    var end = longestPart
    while end > 0, out[end] & 0xc0 == 0x80 { end -= 1 }
    return Array(out[..<end]) + "…".utf8
  }
}

private let separator = Array("; ".utf8)
