/// How a body is compressed on its way (RFC 9110, 8.4.1).
enum ContentCoding: String, Sendable, CaseIterable {
  case gzip, deflate, br, zstd

  /// The codings that `content-encoding` fields list, in the order they were applied; empty for a body as it is. Nil when one is unknown,
  /// or there are more than anyone applies.
  static func list(_ fields: some Sequence<some StringProtocol>) -> [ContentCoding]? {
    var codings: [ContentCoding] = []
    for field in fields {
      for part in field.split(separator: ",") {
        let name = String(part).filter { $0 != " " && $0 != "\t" }.lowercased()
        switch name {
        case "", "identity": break
        case "x-gzip": codings.append(.gzip)
        default:
          guard let coding = ContentCoding(rawValue: name) else { return nil }
          codings.append(coding)
        }
      }
    }
    return codings.count <= 3 ? codings : nil
  }
}

/// Why a body was not decoded.
enum CodingError: Error, Equatable, CustomStringConvertible {
  /// The system library that knows the coding is not on this machine.
  case libraryMissing(ContentCoding)
  case damaged(ContentCoding)
  /// The body ends before what it encodes does.
  case cutShort
  /// More than the caller takes, as of a few bytes that decode to gigabytes.
  case tooLarge
  case outOfMemory

  var description: String {
    switch self {
    case .libraryMissing(let coding): "the library for \(coding.rawValue) is not installed"
    case .damaged(let coding): "damaged \(coding.rawValue)"
    case .cutShort: "cut short"
    case .tooLarge: "too large"
    case .outOfMemory: "out of memory"
    }
  }
}
