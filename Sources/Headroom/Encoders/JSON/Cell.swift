/// The grammar of a cell: how one value is written where a delimiter or the end of the line ends it.
///
///     null true -1.50        as in JSON
///     -                      missing: the object has no such member
///                            nothing at all: the empty string, where the delimiter makes that visible
///     Berlin                 a string, bare
///     "a,b"  "1"  "null"     a string that bare would read as something else
///     {"a":[1,2]}            an array or object as minified JSON; its own brackets end it
///     @2                     the second code of this column's list
///     ^3                     three rows of the nested table stand below
///     <<4                    a string of four lines, which stand below
enum Cell {
  /// Bytes that a bare string must not start with.
  @inline(__always)
  static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "@"), UInt8(ascii: "^"),
      UInt8(ascii: "<"),
      UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "="):
      true
    default: false
    }
  }

  /// Whether a text that starts so may read as a number, a JSON literal or the sign for missing.
  @inline(__always)
  static func mayBeLiteral(_ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "n"), UInt8(ascii: "t"),
      UInt8(ascii: "f"):
      true
    default: false
    }
  }

  /// Whether a bare `text` would read as a number, a JSON literal or the sign for missing.
  static func isLiteral(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch text[0] {
    case UInt8(ascii: "-"): text.count == 1 || isNumber(text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): isNumber(text)
    case UInt8(ascii: "n"): text.elementsEqual("null".utf8)
    case UInt8(ascii: "t"): text.elementsEqual("true".utf8)
    case UInt8(ascii: "f"): text.elementsEqual("false".utf8)
    default: false
    }
  }

  /// The number grammar of RFC 8259.
  static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var i = 0
    func digits() -> Bool {
      let start = i
      while i < text.count, text[i] &- 0x30 < 10 { i += 1 }
      return i > start
    }
    if i < text.count, text[i] == UInt8(ascii: "-") { i += 1 }
    if i < text.count, text[i] == UInt8(ascii: "0") {
      i += 1
    } else if !digits() {
      return false
    }
    if i < text.count, text[i] == UInt8(ascii: ".") {
      i += 1
      guard digits() else { return false }
    }
    if i < text.count, text[i] | 0x20 == UInt8(ascii: "e") {
      i += 1
      if i < text.count, text[i] == UInt8(ascii: "+") || text[i] == UInt8(ascii: "-") { i += 1 }
      guard digits() else { return false }
    }
    return i == text.count
  }

  /// Appends the value `id`, or `-` when it is missing. `delimiter` ends the cell; newline when only the end of the line does.
  static func write(_ id: ValuePool.ID, _ pool: ValuePool, delimiter: UInt8, into out: inout [UInt8]) {
    guard id >= 0 else {
      out.append(UInt8(ascii: "-"))
      return
    }
    if pool.kind(id) == .string {
      let traits = pool.traits(id)
      if traits.isDisjoint(with: quoted(delimiter)) {
        out.append(contentsOf: pool.text(id))
        return
      }
    }
    out.append(contentsOf: pool.lexeme(id))
  }

  /// Whether the core of an affix column stands bare where strings with the traits `quoted` do not. All cells there are strings, so one
  /// that looks like a number may.
  static func isBare(core: UnsafeBufferPointer<UInt8>, quoted: TextTraits) -> Bool {
    let traits = TextTraits(core)
    if traits.isDisjoint(with: quoted) { return true }
    return traits.subtracting(.ambiguous).isDisjoint(with: quoted) && isLiteral(core)
      && !(core.count == 1 && core[0] == UInt8(ascii: "-"))
  }

  /// The traits with which a string is quoted before this delimiter.
  @inline(__always)
  static func quoted(_ delimiter: UInt8) -> TextTraits {
    switch delimiter {
    case UInt8(ascii: ","): [.quotedEverywhere, .comma]
    case UInt8(ascii: "\t"): [.quotedEverywhere, .tab]
    case UInt8(ascii: " "): [.quotedEverywhere, .space, .empty]
    case UInt8(ascii: ";"): [.quotedEverywhere, .semicolon]
    default: [.quotedEverywhere, .empty]
    }
  }

  /// The number of lines of a string that stands below its cell rather than in it: one with line breaks and nothing else to escape.
  static func literalLineCount(_ id: ValuePool.ID, _ pool: ValuePool) -> Int? {
    guard pool.kind(id) == .string, pool.traits(id).contains(.newline), !pool.traits(id).contains(.lexemeOnly) else {
      return nil
    }
    var lines = 1
    for byte in pool.text(id) {
      switch byte {
      case UInt8(ascii: "\n"): lines += 1
      case UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
      case 0..<0x20, 0x7f: return nil
      default: break
      }
    }
    return lines
  }
}
