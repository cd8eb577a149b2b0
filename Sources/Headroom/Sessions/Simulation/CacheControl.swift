/// Breakpoints for Anthropic's prompt cache where a recorded conversation has lost them, placed and moved as Claude Code does: behind the last
/// tool, the last block of the system prompt, and the last two messages of the user.
enum CacheControl {
  /// `body` with breakpoints; the same bytes for other formats.
  static func placed(in body: [UInt8], life: CacheLife) -> [UInt8] {
    guard let request = RequestBody(body), request.format == "anthropic-messages" else { return body }
    let document = request.document
    let control: [UInt8] = Array(
      (life == .long ? #""cache_control":{"type":"ephemeral","ttl":"1h"}"# : #""cache_control":{"type":"ephemeral"}"#)
        .utf8)
    var places: [Int] = []
    if let root = request.envelope {
      if document.hasMember("cache_control", of: root) { return body }
      for list in [document.member("tools", of: root), document.member("system", of: root)] {
        if let place = lastPart(list, document), !isMarked(list, document) { places.append(place) }
      }
    }
    let users = request.items.map(\.node).filter { document.isString(document.member("role", of: $0), "user") }
      .compactMap { document.member("content", of: $0) }
    if !users.contains(where: { isMarked($0, document) }) {
      places += users.suffix(2).compactMap { lastPart($0, document) }
    }
    let splices = places.compactMap { splice($0, control, document) }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    return body.applying(splices)
  }

  /// The place of a breakpoint behind a list of parts, or behind a text.
  private static func lastPart(_ list: Int?, _ document: JSONDocument) -> Int? {
    guard let list else { return nil }
    switch document.nodes[list].kind {
    case .array: return Array(document.elements(of: list)).last
    case .string: return document.nodes[list].range.count > 2 ? list : nil
    default: return nil
    }
  }

  private static func isMarked(_ list: Int?, _ document: JSONDocument) -> Bool {
    document.elements(of: list).contains { document.hasMember("cache_control", of: $0) }
  }

  private static func splice(_ part: Int, _ control: [UInt8], _ document: JSONDocument) -> Splice? {
    let node = document.nodes[part]
    switch node.kind {
    case .object:
      let end = node.range.upperBound - 1
      let comma = node.next > part + 1 ? [UInt8(ascii: ",")] : []
      return Splice(range: end..<end, replacement: comma + control)
    case .string:
      let text = Array(#"[{"type":"text","text":"#.utf8) + document.bytes[node.range]
      return Splice(range: node.range, replacement: text + [UInt8(ascii: ",")] + control + Array("}]".utf8))
    default: return nil
    }
  }
}
