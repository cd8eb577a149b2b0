/// A place in a JSON document, as people write it: `a.b[3].c`, `$.a`, `.a[-1]`, `a["key with.dots"]`.
struct JSONPath {
  enum Step: Equatable {
    case member([UInt8])
    /// Negative numbers count from the end.
    case element(Int)
  }

  let steps: [Step]

  /// - Throws: `SelectionError` with the code `invalidPath`.
  init(_ text: String) throws(SelectionError) {
    let bytes = Array(text.utf8)
    var steps: [Step] = []
    var offset = bytes.first == UInt8(ascii: "$") ? 1 : 0
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "[") {
        let (step, end) = try JSONPath.bracket(bytes, from: offset + 1)
        steps.append(step)
        offset = end
        continue
      }
      if bytes[offset] == UInt8(ascii: ".") { offset += 1 }
      if offset == bytes.count, steps.isEmpty { break }  // "." alone is the whole document
      let end = bytes[offset...].firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? bytes.count
      if end == offset { throw JSONPath.error(at: offset) }
      steps.append(.member(Array(bytes[offset..<end])))
      offset = end
    }
    self.steps = steps
  }

  /// What follows `[`: a number, or a name between quotes.
  private static func bracket(_ bytes: [UInt8], from start: Int) throws(SelectionError) -> (Step, end: Int) {
    guard start < bytes.count else { throw error(at: start) }
    let quote = bytes[start]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      var name: [UInt8] = []
      var offset = start + 1
      while offset < bytes.count, bytes[offset] != quote {
        if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count { offset += 1 }
        name.append(bytes[offset])
        offset += 1
      }
      guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "]") else { throw error(at: offset) }
      return (.member(name), offset + 2)
    }
    guard let close = bytes[start...].firstIndex(of: UInt8(ascii: "]")),
      let number = Int(String(decoding: bytes[start..<close], as: UTF8.self))
    else { throw error(at: start) }
    return (.element(number), close + 1)
  }

  private static func error(at offset: Int) -> SelectionError {
    SelectionError(.invalidPath, "bad path at character \(offset + 1): write a.b[3].c or a[\"a name\"]")
  }

  /// The value at this path.
  /// - Throws: `SelectionError` with the code `notFound`, saying what is there instead.
  func value(in document: JSONDocument) throws(SelectionError) -> JSONValue {
    var value = document.root
    for (position, step) in steps.enumerated() {
      let place = position == 0 ? "the document" : JSONPath.text(of: steps[..<position])
      switch step {
      case .member(let name): value = try JSONPath.member(name, of: value, place)
      case .element(let number): value = try JSONPath.element(number, of: value, place)
      }
    }
    return value
  }

  private static func member(_ name: [UInt8], of value: JSONValue, _ place: String) throws(SelectionError) -> JSONValue
  {
    let members = value.members
    if let found = members.last(where: { $0.key.text == name }) { return found.value }
    let wanted = String(decoding: name, as: UTF8.self)
    guard value.kind == .object else {
      throw SelectionError(.notFound, "no member \(wanted): \(place) is \(description(of: value))")
    }
    let names = members.prefix(12).map { String(decoding: $0.key.text ?? [], as: UTF8.self) }.joined(separator: ", ")
    let others = members.count > 12 ? " and \(members.count - 12) more" : ""
    throw SelectionError(.notFound, "no member \(wanted) in \(place), which has: \(names)\(others)")
  }

  private static func element(_ number: Int, of value: JSONValue, _ place: String) throws(SelectionError) -> JSONValue {
    let elements = value.elements
    let index = number < 0 ? elements.count + number : number
    guard elements.indices.contains(index) else {
      throw SelectionError(.notFound, "no element [\(number)]: \(place) is \(description(of: value))")
    }
    return elements[index]
  }

  private static func description(of value: JSONValue) -> String {
    switch value.kind {
    case .object: "an object"
    case .array: "an array of \(value.elements.count)"
    case .string: "a string"
    case .number: "a number"
    case .true, .false: "a boolean"
    case .null: "null"
    }
  }

  private static func text(of steps: ArraySlice<Step>) -> String {
    var text = ""
    for step in steps {
      switch step {
      case .member(let name): text += (text.isEmpty ? "" : ".") + String(decoding: name, as: UTF8.self)
      case .element(let number): text += "[\(number)]"
      }
    }
    return text
  }
}
