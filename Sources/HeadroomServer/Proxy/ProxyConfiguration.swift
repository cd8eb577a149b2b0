public import Headroom

/// How a proxy listens, where it sends requests, and what it may do to them.
public struct ProxyConfiguration: Sendable {
  /// What happens to requests.
  public enum Mode: String, Sendable, CaseIterable {
    /// Tool results are shortened.
    case optimize
    /// Everything is forwarded as it came; records say what would have been saved.
    case audit
  }

  public var host: String
  /// 0 for any free port.
  public var port: Int
  public var upstreams: Upstreams
  /// Other upstreams that a request may name in the header `x-headroom-upstream`, as addresses.
  public var allowedUpstreams: [String]
  /// What others than this user have to send in the header `x-headroom-token`. Needed beyond loopback.
  public var token: String?
  /// Names besides those of loopback by which clients may call the proxy, as they stand in `Host`.
  public var allowedHosts: [String]

  public var mode: Mode
  public var level: Level
  /// How models get at what was cut.
  public var retrieval: RetrievalMode
  /// When old tool results make way for one line each.
  public var contextManager: ContextOptions.Mode
  /// Whether volatile values in instructions are told at the end of conversations, so that the beginning of prompts stays as it is.
  public var aligns: Bool
  /// How long the results that a request brings may be worked on before they go out as they came, in milliseconds.
  public var deadlineMilliseconds: Int
  /// Bodies of more bytes are forwarded as they come, unread.
  public var inspectedBytes: Int

  public init(
    host: String = "127.0.0.1", port: Int = 8787, upstreams: Upstreams = Upstreams(), allowedUpstreams: [String] = [],
    token: String? = nil, allowedHosts: [String] = [], mode: Mode = .optimize, level: Level = .balanced,
    retrieval: RetrievalMode = .auto, contextManager: ContextOptions.Mode = .off, aligns: Bool = false,
    deadlineMilliseconds: Int = 500, inspectedBytes: Int = 64 << 20
  ) {
    self.host = host
    self.port = port
    self.upstreams = upstreams
    self.allowedUpstreams = allowedUpstreams
    self.token = token
    self.allowedHosts = allowedHosts
    self.mode = mode
    self.level = level
    self.retrieval = retrieval
    self.contextManager = contextManager
    self.aligns = aligns
    self.deadlineMilliseconds = deadlineMilliseconds
    self.inspectedBytes = inspectedBytes
  }

  /// Whether only this machine can connect.
  public var isLoopback: Bool { AccessPolicy.isLoopback(host) }
}
