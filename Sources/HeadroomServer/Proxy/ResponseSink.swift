import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Where an answer goes: one request's part of a client's connection.
final class ResponseSink: Sendable {
  private let outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
  /// Whether an answer to this request has a body.
  private let hasBody: Bool

  init(_ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>, method: HTTPRequest.Method) {
    self.outbound = outbound
    hasBody = method != .head
  }

  func head(_ status: HTTPResponse.Status, _ fields: HTTPFields) async throws {
    try await outbound.write(.head(HTTPResponse(status: status, headerFields: fields)))
  }

  /// Hands bytes to the connection, and waits while it is not taking any.
  func write(_ buffer: ByteBuffer) async throws { try await outbound.write(.body(buffer)) }

  func end() async throws { try await outbound.write(.end(nil)) }

  /// A whole answer.
  func answer(_ status: HTTPResponse.Status, _ fields: HTTPFields, _ body: ByteBuffer) async throws {
    var fields = fields
    if fields[.contentLength] == nil { fields[.contentLength] = "\(body.readableBytes)" }
    let head = HTTPResponsePart.head(HTTPResponse(status: status, headerFields: fields))
    try await outbound.write(contentsOf: hasBody ? [head, .body(body), .end(nil)] : [head, .end(nil)])
  }
}
