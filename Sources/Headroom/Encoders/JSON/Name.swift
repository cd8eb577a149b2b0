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

  /// Reads one key at `position`, appends it as JSON and moves behind it. False when there is none.
  static func readKey(_ bytes: [UInt8], at position: inout Int, end: Int, into out: inout ByteWriter) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard position < end, let base = buffer.baseAddress else { return false }
      let start = position
      if base[position] == UInt8(ascii: "\"") {
        guard let stop = JSONString.end(base, at: position, end: end) else { return false }
        position = stop
        out.append(base + start, stop - start)
        return true
      }
      while position < end, isPlain(base[position]) { position += 1 }
      guard position > start else { return false }
      out.append(UInt8(ascii: "\""))
      out.append(base + start, position - start)
      out.append(UInt8(ascii: "\""))
      return true
    }
  }
}
