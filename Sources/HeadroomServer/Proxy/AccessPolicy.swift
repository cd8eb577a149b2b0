import HTTPTypes

/// Who may ask the proxy for anything: programs of this machine, not the pages of a browser.
///
/// A page can make its visitor's browser send requests to loopback, directly or by a name that it lets point there. The first kind names the
/// page in `Origin`, the second that name in `Host`.
struct AccessPolicy: Sendable {
  /// Names by which clients may call, without ports, in lower case.
  private let hosts: Set<String>
  private let token: String?
  private let isLoopback: Bool

  init(_ configuration: ProxyConfiguration) {
    hosts = Set(
      (["localhost", "127.0.0.1", "[::1]", configuration.host] + configuration.allowedHosts).map { $0.lowercased() })
    token = configuration.token
    isLoopback = configuration.isLoopback
  }

  /// Why a request is not served.
  struct Refusal: Sendable, Equatable {
    var status: Int
    var reason: String
  }

  /// Why a request is not served; nil when it is.
  ///
  /// - Parameter isPublic: whether it is for something that needs no token.
  func refusal(authority: String?, headers: HTTPFields, isPublic: Bool = false) -> Refusal? {
    let host = AccessPolicy.name(ofHost: authority ?? "")
    // Beyond loopback a proxy is called by names that it cannot know; there the token keeps strangers out.
    if isLoopback, !host.isEmpty, !hosts.contains(host), !AccessPolicy.isLoopback(host) {
      return Refusal(status: 403, reason: "the proxy is not called \(host); allow it with --allow-host")
    }
    for origin in headers[values: .origin] where !isOwn(origin, host: authority ?? "") {
      return Refusal(status: 403, reason: "pages of other origins are not served")
    }
    if !isLoopback, !isPublic, !hasToken(headers) {
      return Refusal(status: 401, reason: "the header x-headroom-token is missing or wrong")
    }
    return nil
  }

  /// Whether the request has the token. Compared in the same time wherever they differ.
  func hasToken(_ headers: HTTPFields) -> Bool {
    guard let token, let given = headers[AccessPolicy.tokenHeader] else { return false }
    let (a, b) = (Array(token.utf8), Array(given.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// A page that the proxy itself has served.
  private func isOwn(_ origin: String, host: String) -> Bool {
    origin.lowercased() == "http://" + host.lowercased()
  }

  static let tokenHeader = HTTPField.Name("x-headroom-token")!

  /// The name in a `Host`, without its port, in lower case.
  private static func name(ofHost host: String) -> String {
    let lowered = host.lowercased()
    if lowered.hasPrefix("[") { return lowered.firstIndex(of: "]").map { String(lowered[...$0]) } ?? lowered }
    return String(lowered.prefix { $0 != ":" })
  }

  static func isLoopback(_ host: String) -> Bool {
    // 127.0.0.1.example.com is a name.
    ["localhost", "::1", "[::1]"].contains(host.lowercased())
      || host.hasPrefix("127.") && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  }
}
