/// A company whose models are asked, or whoever speaks its protocol.
public enum Provider: String, Sendable, CaseIterable {
  case anthropic
  case openAI = "openai"
  case gemini
}

/// The providers that requests go on to, by their addresses, such as `https://api.anthropic.com`.
public struct Upstreams: Sendable, Equatable {
  public var anthropic: String
  public var openAI: String
  public var gemini: String

  public init(
    anthropic: String = "https://api.anthropic.com", openAI: String = "https://api.openai.com",
    gemini: String = "https://generativelanguage.googleapis.com"
  ) {
    self.anthropic = anthropic
    self.openAI = openAI
    self.gemini = gemini
  }

  public subscript(provider: Provider) -> String {
    switch provider {
    case .anthropic: anthropic
    case .openAI: openAI
    case .gemini: gemini
    }
  }

  /// The address of `target` (a path with its query, as the client asked for it) at `base`.
  ///
  /// A base may end in the version that the path begins with, as clients' base addresses do: it is not doubled.
  static func address(_ base: String, _ target: String) -> String {
    let base = base.hasSuffix("/") ? String(base.dropLast()) : base
    for version in ["/v1", "/v1beta"] where base.hasSuffix(version) {
      if target == version || target.hasPrefix(version + "/") || target.hasPrefix(version + "?") {
        return base + target.dropFirst(version.utf8.count)
      }
    }
    return base + target
  }

  /// Why `address` cannot be an upstream; nil when it can.
  public static func fault(in address: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: { address.hasPrefix($0) }) else {
      return "an address begins with http:// or https://"
    }
    let rest = address.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    if authority.isEmpty { return "it names no host" }
    if rest.contains(where: { $0 == "?" || $0 == "#" || $0 == " " }) { return "it is to hold host, port and path only" }
    if authority.contains("@") { return "credentials are the client's, not the address's" }
    return nil
  }
}
