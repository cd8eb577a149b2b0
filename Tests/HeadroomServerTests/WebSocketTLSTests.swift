import Foundation
import HTTPTypes
import HeadroomStore
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import HeadroomServer

/// WebSockets of upstreams that are asked over TLS.
@Suite(.enabled(if: PythonPeer.isPresent && Certificate.canBeMade, "Python's websockets or openssl is absent"))
struct WebSocketTLSTests {
  @Test func frames() async throws {
    let certificate = try Certificate()
    let server = try PythonPeer.Server(tls: [certificate.file, certificate.key])
    let proxy = try await TunnelServer("https://localhost:\(server.port)/v1/responses", certificates: certificate.file)
    let checks = ["echo", "closes_of_the_server", "closes_of_the_client", "breaks", "refusals"]
    #expect(try await PythonPeer.check("ws://127.0.0.1:\(proxy.port)/v1/responses", checks) == checks)
  }

  /// Whoever is not who the address names gets neither request nor credentials.
  @Test func certificatesAreChecked() async throws {
    let certificate = try Certificate()
    let server = try PythonPeer.Server(tls: [certificate.file, certificate.key])
    let strangers = [
      try await TunnelServer("https://localhost:\(server.port)/", certificates: nil),
      try await TunnelServer("https://127.0.0.1:\(server.port)/", certificates: certificate.file),
    ]
    for proxy in strangers {
      let client = try await RawConnection.connect(port: proxy.port)
      try await client.askForWebSocket("/v1/responses", headers: "authorization: Bearer sk-1\r\n")
      #expect(await client.readHead().hasPrefix("HTTP/1.1 502 "))
    }
  }
}

/// A certificate that nobody but a test trusts, for `localhost`.
private final class Certificate {
  private let folder: URL
  var file: String { folder.appendingPathComponent("certificate.pem").path }
  var key: String { folder.appendingPathComponent("key.pem").path }

  static let canBeMade = (try? Certificate()) != nil

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("certificate-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
      + ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", file]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

/// A server that answers every request for a WebSocket with one of a single upstream.
private final class TunnelServer: Sendable {
  let port: Int
  private let service: Task<Void, any Error>

  private struct Responder: RequestResponder {
    let address: String
    let opener: WebSocketOpener
    let storage = Storage.memory()
    let logger: Logger

    func needsWholeBody(_ head: HTTPRequest) -> Bool { false }

    func respond(to request: ClientRequest, through sink: ResponseSink) async throws {
      let query = request.head.path.flatMap { path in path.firstIndex(of: "?").map { path[$0...] } } ?? ""
      try await WebSocketExchange(
        provider: .openAI, address: address + query, request: request,
        preparer: RequestPreparer(ProxyConfiguration(), storage),
        opener: opener, recorder: Recorder(storage.savings, logger), recent: RecentRequests(), logger: logger
      ).run(through: sink)
    }
  }

  init(_ address: String, certificates: String?) async throws {
    var logger = Logger(label: "tunnel")
    logger.logLevel = .critical
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = ClientConnection(
      responder: Responder(address: address, opener: WebSocketOpener(certificates: certificates), logger: logger),
      heldBytes: 1024
    ).server(
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    service = Task { try await ServiceGroup(services: [server], logger: logger).run() }
    var iterator = ports.makeAsyncIterator()
    port = await iterator.next() ?? 0
  }

  deinit { service.cancel() }
}
