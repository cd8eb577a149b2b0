/// The grammar of a column's name: the path of a member below its row, `user.login` or `labels[0].name`.
///
/// A key that is not plain stands as a JSON string: `metadata."app.kubernetes.io/name"`.
enum Name {
  /// One step down from an object or array.
  enum Step: Hashable {
    /// A member, by the lexeme of its key.
    case key([UInt8])
    /// An element of an array whose length is the same everywhere.
    case index(Int)
  }

  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "/"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  /// Whether the text between the quotes of `lexeme` says the key by itself.
  static func isPlain(lexeme: ArraySlice<UInt8>) -> Bool {
    lexeme.count > 2 && lexeme[lexeme.startIndex + 1] != UInt8(ascii: "-")
      && lexeme.dropFirst().dropLast().allSatisfy(isPlain)
  }

  static func write(key lexeme: ArraySlice<UInt8>, into out: inout [UInt8]) {
    out += isPlain(lexeme: lexeme) ? lexeme.dropFirst().dropLast() : lexeme
  }

  static func write(_ path: [Step], into out: inout [UInt8]) {
    for (position, step) in path.enumerated() {
      switch step {
      case .key(let lexeme):
        if position > 0 { out.append(UInt8(ascii: ".")) }
        write(key: lexeme[...], into: &out)
      case .index(let index): out += "[\(index)]".utf8
      }
    }
  }

  /// Reads a path at `position` and moves behind it. Nil when there is none.
  static func read(_ bytes: [UInt8], at position: inout Int, end: Int) -> [Step]? {
    var path: [Step] = []
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "["):
        guard !path.isEmpty else { return nil }
        var i = position + 1
        var index = 0
        while i < end, bytes[i] &- 0x30 < 10, index < 1_000 {
          index = index * 10 + Int(bytes[i] - 0x30)
          i += 1
        }
        guard i > position + 1, i < end, bytes[i] == UInt8(ascii: "]") else { return nil }
        path.append(.index(index))
        position = i + 1
      case UInt8(ascii: ".") where !path.isEmpty:
        position += 1
        guard let key = readKey(bytes, at: &position, end: end) else { return nil }
        path.append(.key(key))
      default:
        guard path.isEmpty else { return path }
        guard let key = readKey(bytes, at: &position, end: end) else { return nil }
        path.append(.key(key))
      }
    }
    return path.isEmpty ? nil : path
  }

  /// Reads one key at `position` as a lexeme and moves behind it.
  static func readKey(_ bytes: [UInt8], at position: inout Int, end: Int) -> [UInt8]? {
    guard position < end else { return nil }
    if bytes[position] == UInt8(ascii: "\"") {
      guard let stop = JSONString.end(bytes, at: position, end: end) else { return nil }
      defer { position = stop }
      return Array(bytes[position..<stop])
    }
    let start = position
    while position < end, isPlain(bytes[position]) { position += 1 }
    guard position > start else { return nil }
    return [UInt8(ascii: "\"")] + bytes[start..<position] + [UInt8(ascii: "\"")]
  }
}
