import HTTPTypes
import NIOHTTP1

/// The headers that go on: all of them as they are spelled, but for those that belong to one connection and those meant for the proxy.
enum ForwardedHeaders {
  static let upstream = HTTPField.Name("x-headroom-upstream")!

  /// Headers of one hop (RFC 9110, 7.6.1) and those that say how long a body is, which the next hop says for itself.
  private static let ofOneHop: Set<String> = [
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "content-length", "expect", "host",
  ]

  /// What the upstream gets of a client's headers.
  static func request(_ fields: HTTPFields) -> HTTPHeaders {
    let named = names(inConnection: fields[values: .connection])
    var headers = HTTPHeaders()
    headers.reserveCapacity(fields.count)
    for field in fields {
      let name = field.name.canonicalName
      if ofOneHop.contains(name) || named.contains(name) { continue }
      if field.name == upstream || field.name == AccessPolicy.tokenHeader { continue }
      headers.add(name: field.name.rawName, value: field.value)
    }
    return headers
  }

  /// What the client gets of an answer's headers.
  static func response(_ headers: HTTPHeaders) -> HTTPFields {
    let named = names(inConnection: headers[canonicalForm: "connection"].map(String.init))
    var fields = HTTPFields()
    fields.reserveCapacity(headers.count)
    for (name, value) in headers {
      let lowered = name.lowercased()
      if lowered != "content-length", ofOneHop.contains(lowered) || named.contains(lowered) { continue }
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }

  private static func names(inConnection values: [String]) -> Set<String> {
    Set(values.flatMap { $0.split(separator: ",").map { $0.trimmed().lowercased() } })
  }
}

extension Substring {
  fileprivate func trimmed() -> Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
