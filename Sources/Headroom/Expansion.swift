/// Undoes ``compress(_:model:options:)-([UInt8],_,_)``, as far as the visible text says what was there; with a store also what was cut.
///
/// - Parameters:
///   - body: a request body, a list of messages, or any text.
///   - store: where originals were kept; without it cut tables come back with the rows that are in view and their markers.
/// - Returns: the body with every block in its long form. Text that is not in one of our forms stays as it is.
public func expand(_ body: [UInt8], store: (any OriginalStore)? = nil) -> [UInt8] {
  guard let request = RequestBody(body) else { return expandText(body, store: store) }
  var replacements: [Int: [UInt8]] = [:]
  for index in request.blocks.indices {
    guard let payload = request.payload(of: index) else { continue }
    let expanded = expandText(payload, store: store)
    if expanded != payload { replacements[index] = expanded }
  }
  return request.replacing(replacements)
}

private func expandText(_ text: [UInt8], store: (any OriginalStore)?) -> [UInt8] {
  var out: [UInt8] = []
  var copied = 0
  var position = 0
  var handles: [Handle] = []
  while position < text.count {
    let lineEnd = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    if text[position] == UInt8(ascii: "["), let (json, end) = JSONNotation.decode(text, at: position) {
      handles += JSONNotation.handles(text, in: position..<end)
      out += text[copied..<position]
      out += json
      copied = end
      position = end
    } else {
      position = lineEnd + 1
    }
  }
  // A block is stored whole, so its original is the long form of all of it.
  for handle in handles {
    if let original = try? store?.original(handle) { return original }
  }
  return copied == 0 ? text : out + text[copied...]
}
