/// The short name of a stored original: `#` and at least six base-32 characters of its SHA-256.
///
/// The alphabet is Crockford's base 32 in lower case; the first character is always a letter, so that a handle never reads as an issue
/// number. Six characters cost 3.7 tokens (o200k_base) where twelve hexadecimal digits cost 7.
public struct Handle: Sendable, Hashable, CustomStringConvertible {
  /// The characters without `#`.
  public let name: String

  /// The shortest characters a handle has.
  public static let shortest = 6

  /// The handle of an original, `length` characters long.
  public init(of original: [UInt8], length: Int = shortest) {
    self.init(digest: SHA256.digest(original), length: length)
  }

  /// The handle that a 32-byte digest starts with.
  public init(digest: [UInt8], length: Int = shortest) {
    var bits: UInt64 = 0
    var available = 0
    var next = 0
    var characters: [UInt8] = []
    while characters.count < length {
      if available < 5 {
        bits = bits << 8 | UInt64(digest[next % digest.count])
        next += 1
        available += 8
      }
      available -= 5
      let value = Int(bits >> UInt64(available) & 31)
      // The first character has 22 letters to choose from instead of 32 signs.
      characters.append(alphabet[characters.isEmpty ? 10 + value % 22 : value])
    }
    name = String(decoding: characters, as: UTF8.self)
  }

  /// A handle as people write it, with or without `#`. Nil when it is not one.
  public init?(_ text: String) {
    let name = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard name.utf8.count >= Handle.shortest, name.utf8.allSatisfy({ alphabet.contains($0) }),
      let first = name.utf8.first,
      first >= UInt8(ascii: "a")
    else { return nil }
    self.name = String(name)
  }

  public var description: String { "#" + name }
}

private let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
