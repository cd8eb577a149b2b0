/// Edits of JSON text that keep every byte they do not have to change.
extension JSONDocument {
  /// The edit that adds `elements`, joined by commas, at the end of an array.
  func appending(_ elements: [UInt8], to array: Int) -> Splice { appending(elements, toContainer: array) }

  /// The edit that adds a member, as `"name":value`, at the end of an object.
  func appending(member: [UInt8], to object: Int) -> Splice { appending(member, toContainer: object) }

  private func appending(_ text: [UInt8], toContainer container: Int) -> Splice {
    var place = nodes[container].range.lowerBound + 1
    var child = container + 1
    while child < nodes[container].next {
      place = nodes[child].range.upperBound
      child = nodes[child].next
    }
    let isEmpty = nodes[container].next == container + 1
    return Splice(range: place..<place, replacement: isEmpty ? text : [UInt8(ascii: ",")] + text)
  }

  /// The edits that take members out of an object, given by the indexes of their values.
  func removing(members values: [Int], of object: Int) -> [Splice] {
    var children: [(span: Range<Int>, isGone: Bool)] = []
    var key = object + 1
    while key < nodes[object].next {
      let value = key + 1
      children.append((nodes[key].range.lowerBound..<nodes[value].range.upperBound, values.contains(value)))
      key = nodes[value].next
    }
    return removing(children)
  }

  /// The edits that take elements out of an array, given by their indexes.
  func removing(elements: [Int], of array: Int) -> [Splice] {
    removing(self.elements(of: array).map { (nodes[$0].range, elements.contains($0)) })
  }

  /// A child goes with what separates it from the next one that stays; behind the last that stays, with what stands before.
  private func removing(_ children: [(span: Range<Int>, isGone: Bool)]) -> [Splice] {
    let lastKept = children.lastIndex { !$0.isGone }
    var splices: [Splice] = []
    for (position, child) in children.enumerated() where child.isGone {
      if let lastKept, position < lastKept {
        splices.append(Splice(range: child.span.lowerBound..<children[position + 1].span.lowerBound, replacement: []))
      } else {
        let start = position > 0 ? children[position - 1].span.upperBound : child.span.lowerBound
        splices.append(Splice(range: start..<child.span.upperBound, replacement: []))
      }
    }
    return splices
  }

  /// The edit that puts `lexeme` in the place of a value.
  func replacing(_ value: Int, with lexeme: [UInt8]) -> Splice {
    Splice(range: nodes[value].range, replacement: lexeme)
  }

  /// The bytes of a value as they stand.
  func lexeme(of value: Int) -> [UInt8] { Array(bytes[nodes[value].range]) }

  /// What stands between the quotes of a string, its escapes as they are; nil for other kinds.
  func escapedText(of value: Int?) -> ArraySlice<UInt8>? {
    guard let value, nodes[value].kind == .string else { return nil }
    return bytes[nodes[value].range].dropFirst().dropLast()
  }

  /// The value of a number without fraction or exponent; nil for all else.
  func integer(of value: Int?) -> Int? {
    guard let value, nodes[value].kind == .number else { return nil }
    return Int(String(decoding: bytes[nodes[value].range], as: UTF8.self))
  }
}
