import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// The connections to upstreams.
///
/// Answers come as they are: nothing is decoded, no redirect is followed, nothing is tried again, and no time limit is set but for connecting,
/// as a model may think for long.
struct UpstreamClient: Sendable {
  private let client: HTTPClient

  init(eventLoopGroup: any EventLoopGroup) {
    var configuration = HTTPClient.Configuration()
    configuration.decompression = .disabled
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(10))
    configuration.connectionPool.idleTimeout = .seconds(30)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: configuration)
  }

  enum Body: Sendable {
    case none
    case bytes(ByteBuffer)
    case streaming(BodyPipe, length: Int?)
  }

  /// Sends a request and waits for the head of its answer.
  func send(
    _ method: HTTPMethod, _ address: String, _ headers: HTTPHeaders, _ body: Body
  ) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: address)
    request.method = method
    request.headers = headers
    switch body {
    case .none: break
    case .bytes(let buffer): request.body = .bytes(buffer)
    case .streaming(let pipe, let length):
      request.body = .stream(pipe, length: length.map { .known(Int64($0)) } ?? .unknown)
    }
    return try await client.execute(request, deadline: .distantFuture)
  }

  func shutdown() async throws { try await client.shutdown() }
}
