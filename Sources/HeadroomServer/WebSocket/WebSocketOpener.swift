import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Opens WebSockets through the proxy: the upstream is asked first, and the client gets its answer.
final class WebSocketOpener: Sendable {
  private let certificates: String?
  private let connectTimeout: TimeAmount
  private let answerTimeout: TimeAmount
  /// Made when it is first needed, as reading the certificates takes longer than all else at the start of the program.
  private let sharedTLS = Mutex<NIOSSLContext?>(nil)

  /// - Parameters:
  ///   - certificates: a file of the certificates that upstreams may have or be vouched for by, as PEM; nil for those of the system.
  ///   - answerTimeout: how long an upstream may take to answer.
  init(
    certificates: String? = nil, connectTimeout: TimeAmount = .seconds(10),
    answerTimeout: TimeAmount = .seconds(60)
  ) {
    self.certificates = certificates
    self.connectTimeout = connectTimeout
    self.answerTimeout = answerTimeout
  }

  private func tls() throws -> NIOSSLContext {
    try sharedTLS.withLock { shared in
      if let shared { return shared }
      var configuration = TLSConfiguration.makeClientConfiguration()
      if let certificates { configuration.trustRoots = .file(certificates) }
      // Another version of HTTP would have to be asked in another way.
      configuration.applicationProtocols = ["http/1.1"]
      let made = try NIOSSLContext(configuration: configuration)
      shared = made
      return made
    }
  }

  /// What became of a request for a WebSocket.
  enum Outcome: Sendable {
    /// The client has its WebSocket, and this is when it is over.
    case opened(over: EventLoopFuture<Void>)
    case refused(Handshake.Refusal)
  }

  /// Asks `target` for the WebSocket that a client of `channel` asks for.
  ///
  /// Without an inspector the two talk to each other by whatever extensions they agree on. With one they are not offered any, as a message that
  /// is compressed cannot be read.
  /// - Parameter headers: the client's headers but for its connection's own.
  /// - Throws: when there is no answer.
  func open(
    _ channel: any Channel, to target: WebSocketTarget, headers: HTTPHeaders, inspector: (any WebSocketInspector)?
  ) async throws -> Outcome {
    let request = target.request(headers, offersExtensions: inspector == nil)
    let tls = target.isSecure ? try tls() : nil
    return try await channel.eventLoop.flatSubmit {
      let opening = Opening(channel, inspector)
      opening.start(target, tls, request, self)
      return opening.outcome.futureResult
    }.get()
  }

  private func connect(
    _ target: WebSocketTarget, _ tls: NIOSSLContext?, on eventLoop: any EventLoop,
    _ configure: @escaping (any Channel) throws -> Void
  ) -> EventLoopFuture<any Channel> {
    let configure = NIOLoopBound(configure, eventLoop: eventLoop)
    return ClientBootstrap(group: eventLoop)
      .connectTimeout(connectTimeout)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: target.serverName)
            try channel.pipeline.syncOperations.addHandler(handler)
          }
          try configure.value(channel)
        }
      }
      .connect(host: target.host, port: target.port)
  }

  /// One request for a WebSocket. All of it happens on the event loop of the client's connection, which is the upstream's too.
  private final class Opening {
    let outcome: EventLoopPromise<Outcome>
    private let client: any Channel
    private let inspector: (any WebSocketInspector)?
    private var upgrade: UpgradeHandler?
    private var upstream: (any Channel)?
    private var timeout: Scheduled<Void>?
    private var isDecided = false

    init(_ client: any Channel, _ inspector: (any WebSocketInspector)?) {
      self.client = client
      self.inspector = inspector
      outcome = client.eventLoop.makePromise()
    }

    func start(
      _ target: WebSocketTarget, _ tls: NIOSSLContext?, _ request: HTTPRequestHead, _ opener: WebSocketOpener
    ) {
      do {
        upgrade = try client.pipeline.syncOperations.handler(type: UpgradeHandler.self)
      } catch {
        return fail(error)
      }
      upgrade?.onEnd = { self.fail(Handshake.Failure.abandoned) }
      opener.connect(target, tls, on: client.eventLoop) { channel in
        self.upstream = channel
        try self.configure(channel)
      }.assumeIsolated().whenComplete { result in
        switch result {
        case .success(let channel): self.send(request, on: channel, timeout: opener.answerTimeout)
        case .failure(let error): self.fail(error)
        }
      }
    }

    private func configure(_ channel: any Channel) throws {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(Handshake(onAccept: accept, onFailure: fail))
      try pipeline.addHandler(HTTPRequestEncoder())
      try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder()))
      try pipeline.addHandler(RefusalReader(onRefusal: refuse, onFailure: fail))
    }

    private func send(_ request: HTTPRequestHead, on channel: any Channel, timeout: TimeAmount) {
      guard !isDecided else { return channel.close(promise: nil) }
      let loopBound = NIOLoopBound(self, eventLoop: client.eventLoop)
      self.timeout = client.eventLoop.scheduleTask(in: timeout) { loopBound.value.fail(Handshake.Failure.timeout) }
      let pipeline = channel.pipeline.syncOperations
      for part in [HTTPClientRequestPart.head(request), .end(nil)] {
        pipeline.write(NIOAny(part), promise: nil)
      }
      pipeline.flush()
    }

    private func accept(_ head: HTTPResponseHead) -> TunnelEnd? {
      guard !isDecided, let upgrade else { return nil }
      let (clientEnd, upstreamEnd) = (TunnelEnd(), TunnelEnd())
      let tunnel = WebSocketTunnel(
        client: clientEnd, upstream: upstreamEnd, eventLoop: client.eventLoop, inspector: inspector)
      clientEnd.tunnel = tunnel
      upstreamEnd.tunnel = tunnel
      guard upgrade.accept(head, as: clientEnd) else {
        fail(Handshake.Failure.abandoned)
        return nil
      }
      decide { $0.succeed(.opened(over: client.closeFuture)) }
      return upstreamEnd
    }

    private func refuse(_ refusal: Handshake.Refusal) { decide { $0.succeed(.refused(refusal)) } }

    private func fail(_ error: any Error) {
      guard !isDecided else { return }
      decide { $0.fail(error) }
      upstream?.close(promise: nil)
    }

    private func decide(_ complete: (EventLoopPromise<Outcome>) -> Void) {
      guard !isDecided else { return }
      isDecided = true
      timeout?.cancel()
      upgrade?.onEnd = nil
      complete(outcome)
    }
  }
}
