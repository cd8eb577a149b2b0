import AsyncHTTPClient
import Foundation
import HeadroomServer
import HeadroomStore
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// A proxy on a port of its own, and a client that talks to it.
final class RunningProxy: Sendable {
  let port: Int
  let storage: Storage
  private let group: ServiceGroup
  private let service: Task<Void, any Error>

  /// Starts a proxy; its upstreams are all `upstream` unless the configuration says otherwise.
  init(
    _ upstream: FakeUpstream?, storage: Storage = .memory(),
    configure: (inout ProxyConfiguration) -> Void = { _ in }
  ) async throws {
    var configuration = ProxyConfiguration(port: 0)
    if let address = upstream?.address {
      configuration.upstreams = Upstreams(anthropic: address, openAI: address, gemini: address)
    }
    configure(&configuration)
    var logger = Logger(label: "proxy")
    logger.logLevel = .critical
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = ProxyServer(configuration, storage: storage, logger: logger) { continuation.yield($0) }
    let group = ServiceGroup(services: [server], logger: logger)
    self.group = group
    service = Task {
      defer { continuation.finish() }
      try await group.run()
    }
    self.storage = storage
    var iterator = ports.makeAsyncIterator()
    port = await iterator.next() ?? 0
    if port == 0 { try await service.value }
  }

  deinit { service.cancel() }

  /// Tells the proxy to end when all that is under way has.
  func drain() async { await group.triggerGracefulShutdown() }

  /// Ends the proxy and waits until it is gone.
  func stop() async {
    service.cancel()
    _ = await service.result
  }

  var address: String { "http://127.0.0.1:\(port)" }

  struct Reply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  func send(
    _ method: HTTPMethod = .POST, _ path: String, _ body: [UInt8] = [], headers: [(String, String)] = []
  ) async throws -> Reply {
    try await Client.send(method, address + path, body, headers: headers)
  }
}

/// What talks to servers in tests.
enum Client {
  /// Takes bodies as they come; the shared client decodes them. Tests run side by side on few cores, so neither connections nor time are
  /// scarce.
  private static let plain: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.timeout = .init(connect: .seconds(120))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  static func send(
    _ method: HTTPMethod = .POST, _ address: String, _ body: [UInt8] = [], headers: [(String, String)] = []
  ) async throws -> RunningProxy.Reply {
    var request = HTTPClientRequest(url: address)
    request.method = method
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await plain.execute(request, timeout: .seconds(600))
    let bytes = try await response.body.collect(upTo: 256 << 20)
    return RunningProxy.Reply(
      status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
  }
}
