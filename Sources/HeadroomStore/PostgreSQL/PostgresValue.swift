/// A parameter of a statement.
enum PostgresValue {
  case integer(Int), text(String), bytes([UInt8]), null
  /// An array of one of the types above, to be cast in the statement: `$1::bytea[]`.
  case array([PostgresValue])

  init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }
  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  init(_ bytes: [UInt8]?) { self = bytes.map { .bytes($0) } ?? .null }

  /// As it is sent. Bytes go as they are, all else as text.
  var encoded: (bytes: [UInt8]?, isBinary: Bool) {
    switch self {
    case .integer(let number): (Array(String(number).utf8), false)
    case .text(let text): (PostgresValue.storable(text), false)
    case .bytes(let bytes): (bytes, true)
    case .array(let elements): (PostgresValue.array(elements), false)
    case .null: (nil, false)
    }
  }

  /// PostgreSQL's texts cannot hold a zero.
  private static func storable(_ text: String) -> [UInt8] {
    text.utf8.contains(0) ? Array(text.replacing("\0", with: "\u{fffd}").utf8) : Array(text.utf8)
  }

  /// `{1,NULL,"text","\\x6279"}`
  private static func array(_ elements: [PostgresValue]) -> [UInt8] {
    var literal: [UInt8] = [UInt8(ascii: "{")]
    for (index, element) in elements.enumerated() {
      if index > 0 { literal.append(UInt8(ascii: ",")) }
      switch element {
      case .integer(let number): literal += String(number).utf8
      case .null: literal += "NULL".utf8
      case .array(let elements): literal += array(elements)
      case .text(let text):
        literal.append(UInt8(ascii: "\""))
        for byte in storable(text) {
          if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { literal.append(UInt8(ascii: "\\")) }
          literal.append(byte)
        }
        literal.append(UInt8(ascii: "\""))
      case .bytes(let bytes):
        literal += #""\\x"#.utf8
        for byte in bytes {
          literal.append(digits[Int(byte >> 4)])
          literal.append(digits[Int(byte & 15)])
        }
        literal.append(UInt8(ascii: "\""))
      }
    }
    return literal + [UInt8(ascii: "}")]
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
