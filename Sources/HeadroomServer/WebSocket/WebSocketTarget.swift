import NIOCore
import NIOHTTP1

/// Where a WebSocket leads.
struct WebSocketTarget: Sendable, Equatable {
  var isSecure: Bool
  var host: String
  var port: Int
  /// Path and query.
  var uri: String

  /// - Parameter address: with the scheme `ws`, `wss`, or the `http` or `https` that they are an upgrade of.
  init?(_ address: String) {
    guard let scheme = address.firstRange(of: "://") else { return nil }
    switch address[..<scheme.lowerBound].lowercased() {
    case "ws", "http": isSecure = false
    case "wss", "https": isSecure = true
    default: return nil
    }
    let rest = address[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let target = rest[authority.endIndex...]
    uri = target.hasPrefix("/") ? String(target) : "/" + target
    var name = authority
    port = isSecure ? 443 : 80
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      guard let number = UInt16(authority[authority.index(after: colon)...]) else { return nil }
      port = Int(number)
      name = authority[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    guard !name.isEmpty else { return nil }
    host = String(name)
  }

  /// Host and port, as they stand in `Host`.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// What may be shown of the address: a path or query may hold more than it should.
  var origin: String { (isSecure ? "wss://" : "ws://") + authority }

  /// The name that TLS is to check; nil for an address, which servers do not select certificates by.
  var serverName: String? { (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil }

  /// The request that asks this server for a WebSocket.
  ///
  /// - Parameters:
  ///   - headers: those of the client but for its connection's own. Its key goes on too, so that the answer is for the client.
  ///   - offersExtensions: whether the client's offer of extensions goes on.
  func request(_ headers: HTTPHeaders, offersExtensions: Bool) -> HTTPRequestHead {
    var sent = HTTPHeaders([("Host", authority), ("Connection", "Upgrade"), ("Upgrade", "websocket")])
    for (name, value) in headers where offersExtensions || name.lowercased() != "sec-websocket-extensions" {
      sent.add(name: name, value: value)
    }
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: sent)
  }
}
