/// Undoes ``compress(_:model:options:)-([UInt8],_,_)``, as far as the visible text says what was there; with a store also what was cut.
///
/// - Parameters:
///   - body: a request body, a list of messages, or any text.
///   - store: where originals were kept; without it cut tables come back with the rows that are in view and their markers.
/// - Returns: the body with every block in its long form. Text that is not in one of our forms stays as it is.
public func expand(_ body: [UInt8], store: (any OriginalStore)? = nil) -> [UInt8] {
  guard let request = RequestBody(body) else { return expand(text: body, store: store) }
  var replacements: [Int: [UInt8]] = [:]
  var results: [TextLines?] = []
  for index in request.blocks.indices {
    guard let payload = request.payload(of: index) else {
      results.append(nil)
      continue
    }
    let expanded = RepeatReference.resolve(in: expand(text: payload, store: store), results)
    results.append(TextLines(expanded))
    if expanded != payload { replacements[index] = expanded }
  }
  return request.replacing(replacements)
}

/// The long form of one text.
func expand(text: [UInt8], store: (any OriginalStore)? = nil) -> [UInt8] {
  if let original = originalOfCut(text, store) { return original }
  if text.starts(with: LineEnds.note) {
    return LineEnds.withReturns(expand(text: Array(text[LineEnds.note.count...]), store: store))
  }
  var out: [UInt8] = []
  var copied = 0
  var position = 0
  var handles: [Handle] = []
  while position < text.count {
    let lineEnd = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    var end = lineEnd
    if text[position] == UInt8(ascii: "[") {
      if let json = JSONNotation.decode(text, at: position) {
        handles += JSONNotation.handles(text, in: position..<json.end)
        out += text[copied..<position] + json.json
        end = json.end
        copied = end
      } else if let lines = TextEncoders.decode(text, at: position) {
        handles += JSONNotation.handles(text, in: position..<lines.end)
        out += text[copied..<position] + lines.lines
        end = lines.end
        copied = end
      }
    }
    // Behind a form, which ends before a newline, as behind any other line.
    position = max(end, end == lineEnd ? lineEnd + 1 : end)
  }
  // A block is stored whole, so its original is the long form of all of it.
  for handle in handles {
    if let original = try? store?.original(handle) { return original }
  }
  return copied == 0 ? text : out + text[copied...]
}

/// The original of a text whose first line is the marker of cut lines, or which is a stub.
private func originalOfCut(_ text: [UInt8], _ store: (any OriginalStore)?) -> [UInt8]? {
  guard let store, text.first == UInt8(ascii: "[") else { return nil }
  let lineEnd = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
  guard let marker = ResultStub(text)?.marker ?? CutMarker(text, 0..<lineEnd),
    let original = try? store.original(marker.handle),
    TextLines(original).count == marker.total
  else { return nil }
  return original
}
