@testable import Headroom

/// Whether two bodies say the same: equal outside their tool results, and in these the same texts and JSON values.
func sayTheSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  guard let x = RequestBody(a), let y = RequestBody(b) else { return isSameText(a, b) }
  return x.blocks.count == y.blocks.count && rest(x) == rest(y)
    && x.blocks.indices.allSatisfy { isSameText(x.payload(of: $0) ?? [], y.payload(of: $0) ?? []) }
}

private func rest(_ request: RequestBody) -> [ArraySlice<UInt8>] {
  let bytes = request.document.bytes
  let starts = [0] + request.blocks.map(\.range.upperBound)
  let ends = request.blocks.map(\.range.lowerBound) + [bytes.count]
  return zip(starts, ends).map { bytes[$0..<$1] }
}

private func isSameText(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  if a == b { return true }
  // What a terminal would show, as its escape sequences do not come back.
  let (a, b) = (TerminalScreen(a)?.text ?? a, TerminalScreen(b)?.text ?? b)
  let (x, y) = (Segmenter.segments(a), Segmenter.segments(b))
  guard x.map(\.kind) == y.map(\.kind) else { return false }
  return zip(x, y).allSatisfy { left, right in
    switch left.kind {
    case .json: return isSameJSON(a[left.range], b[right.range])
    case .jsonLines:
      let (ours, theirs) = (a[left.range].split(separator: 0x0A), b[right.range].split(separator: 0x0A))
      return ours.count == theirs.count && zip(ours, theirs).allSatisfy { isSameJSON($0, $1) }
    default: return content(a[left.range]) == content(b[right.range])
    }
  }
}

/// The text without its white space and the rules of tables, which are presentation.
private func content(_ text: ArraySlice<UInt8>) -> [UInt8] { text.filter { !" \t\n|+-".utf8.contains($0) } }

private func isSameJSON(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
  guard let x = try? JSONDocument(Array(a)), let y = try? JSONDocument(Array(b)) else { return false }
  return isSameValue(x.root, y.root)
}

/// The same value: numbers as they are spelled, objects in any order.
private func isSameValue(_ a: JSONValue, _ b: JSONValue) -> Bool {
  guard a.kind == b.kind else { return false }
  switch a.kind {
  case .object:
    let (ours, theirs) = (sorted(a.members), sorted(b.members))
    return ours.count == theirs.count
      && zip(ours, theirs).allSatisfy { $0.key.text == $1.key.text && isSameValue($0.value, $1.value) }
  case .array:
    return a.elements.count == b.elements.count && zip(a.elements, b.elements).allSatisfy { isSameValue($0, $1) }
  case .string: return a.text == b.text
  default: return a.lexeme == b.lexeme
  }
}

private func sorted(_ members: [(key: JSONValue, value: JSONValue)]) -> [(key: JSONValue, value: JSONValue)] {
  members.sorted { ($0.key.text ?? []).lexicographicallyPrecedes($1.key.text ?? []) }
}
