import Headroom
public import HeadroomStore
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import UnixSignals

/// The proxy: a server that forwards what it is sent to the providers, with tool results shortened.
public struct ProxyServer: Service {
  private let configuration: ProxyConfiguration
  private let storage: Storage
  private let logger: Logger
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - storage: where decisions, originals and savings are kept.
  ///   - onRunning: called once it listens, with the port.
  public init(
    _ configuration: ProxyConfiguration, storage: Storage, logger: Logger,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.storage = storage
    self.logger = logger
    self.onRunning = onRunning
  }

  /// Serves until the task is cancelled, or told to shut down gracefully: then no more requests are taken, and answers that were begun go on to
  /// their end.
  /// - Throws: when it cannot listen.
  public func run() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let upstream = UpstreamClient(eventLoopGroup: group)
    let recorder = Recorder(storage.savings, logger)
    let access = AccessPolicy(configuration)
    let recent = RecentRequests()
    let responder = ProxyResponder(
      configuration: configuration, access: access,
      operations: Operations(
        configuration: configuration, access: access, originals: storage.originals,
        readiness: Readiness(upstreams: configuration.upstreams, verdicts: storage.verdicts, client: upstream),
        dashboard: Dashboard(
          savings: storage.savings, recent: recent, mode: configuration.mode.rawValue, started: Clock.milliseconds())),
      preparer: RequestPreparer(configuration, storage),
      upstream: upstream, storage: storage, webSockets: WebSocketOpener(), recorder: recorder, recent: recent,
      logger: logger)
    let onRunning = onRunning
    let server = ClientConnection(responder: responder, heldBytes: configuration.inspectedBytes).server(
      configuration: ServerConfiguration(
        address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
      onServerRunning: { await onRunning($0.localAddress?.port ?? 0) }, eventLoopGroup: group, logger: logger)
    let services = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: recorder), .init(service: server)], logger: logger))
    do {
      try await services.run()
    } catch {
      try? await upstream.shutdown()
      throw error
    }
    try await upstream.shutdown()
  }

  /// As ``run()``, until the process is told to end by SIGTERM or SIGINT.
  public func runUntilSignal() async throws {
    var configuration = ServiceGroupConfiguration(
      services: [self], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(3600)
    try await ServiceGroup(configuration: configuration).run()
  }
}

extension ProxyServer: CustomStringConvertible {
  /// Services are named in logs, and their settings hold the token.
  public var description: String { "proxy" }
}
