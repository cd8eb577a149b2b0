import Testing

@testable import Headroom

/// A request as the client sent it, and as it goes out with every block replaced.
struct WireForwarding {
  let client: RequestBody
  let bytes: [UInt8]
  let forwarded: JSONDocument

  init(_ body: WireBody, sourceLocation: SourceLocation = #_sourceLocation) throws {
    client = try #require(RequestBody(body.bytes), sourceLocation: sourceLocation)
    try #require(!client.blocks.isEmpty, sourceLocation: sourceLocation)
    var replacements: [Int: [UInt8]] = [:]
    for index in client.blocks.indices { replacements[index] = Self.replacement(index) }
    bytes = client.replacing(replacements)
    forwarded = try JSONDocument(bytes)
  }

  static func replacement(_ index: Int) -> [UInt8] { Array("[\(index) of 30 \"lines\"]\n".utf8) }

  /// The lexemes of every value that `isChosen` picks, with their paths, in the client's and in the forwarded body.
  func lexemes(where isChosen: (Value) -> Bool) -> (client: [String], forwarded: [String]) {
    (Self.lexemes(client.document, isChosen), Self.lexemes(forwarded, isChosen))
  }

  /// A value on a walk through a document.
  struct Value {
    let path: String
    let key: String?
    let value: JSONValue
  }

  private static func lexemes(_ document: JSONDocument, _ isChosen: (Value) -> Bool) -> [String] {
    values(of: document.root, path: "", key: nil).filter(isChosen).map {
      "\($0.path) \(String(decoding: $0.value.lexeme, as: UTF8.self))"
    }
  }

  /// Every value in document order, the root first.
  static func values(of value: JSONValue, path: String, key: String?) -> [Value] {
    let children: [(String, String?, JSONValue)] =
      value.kind == .object
      ? value.members.map { member in
        let key = String(decoding: member.key.lexeme.dropFirst().dropLast(), as: UTF8.self)
        return (path.isEmpty ? key : "\(path).\(key)", key, member.value)
      }
      : value.elements.enumerated().map { ("\(path)[\($0)]", nil, $1) }
    return [Value(path: path, key: key, value: value)] + children.flatMap { values(of: $2, path: $0, key: $1) }
  }
}
