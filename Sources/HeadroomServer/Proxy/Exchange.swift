import AsyncHTTPClient
import HTTPTypes
import Headroom
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// One request on its way to the upstream, and its answer on the way back.
struct Exchange: Sendable {
  let route: Route
  let address: String
  let request: ClientRequest
  let preparer: RequestPreparer
  /// Of a request body that is decoded.
  let inspectedBytes: Int
  let upstream: UpstreamClient
  let recorder: Recorder
  let logger: Logger

  func run(through sink: ResponseSink) async throws {
    let start = ContinuousClock.now
    let (body, isDecoded, draft) = await outgoing()
    var record = draft
    var headers = ForwardedHeaders.request(request.head.headerFields)
    if isDecoded { headers.remove(name: "content-encoding") }
    record?.addedMicroseconds = (ContinuousClock.now - start).microseconds
    defer { if let record { recorder.add(record) } }
    let sent = ContinuousClock.now
    let response: HTTPClientResponse
    do {
      response = try await upstream.send(
        HTTPMethod(request.head.method), address, headers, body)
    } catch {
      record?.end = Task.isCancelled ? .cancelled : .failed
      if Task.isCancelled { throw error }
      logger.warning("upstream not reached", metadata: ["upstream": "\(address.origin)", "error": "\(error)"])
      return try await sink.answer(ProblemText.proxy("cannot reach \(address.origin): \(error)"), status: 502)
    }
    record?.status = Int(response.status.code)
    record?.firstByteMilliseconds = (ContinuousClock.now - sent).milliseconds
    if response.status.code >= 400 { record?.end = .failed }
    var observer = record.map { AnswerObserver(format: $0.format, headers: response.headers, logger: logger) }
    do {
      try await relay(response, through: sink) { observer?.observe($0) }
    } catch {
      record?.end = Task.isCancelled || error is ClientLeft ? .cancelled : .truncated
      observer?.finish(&record)
      throw error
    }
    observer?.finish(&record)
  }

  /// What is sent upstream, whether it is without the coding that the client's body was in, and what is to be written down about it.
  private func outgoing() async -> (body: UpstreamClient.Body, isDecoded: Bool, record: SavingsRecord?) {
    switch request.body {
    case .streaming(let pipe, let length): return (.streaming(pipe, length: length), false, nil)
    case .complete(let buffer):
      guard route.isInspected, !isSigned, let bytes = decoded(buffer) else {
        return (buffer.readableBytes == 0 && request.head.method == .get ? .none : .bytes(buffer), false, nil)
      }
      let prepared = await preparer.prepare(bytes, model: modelInPath)
      guard let result = prepared.result else { return (.bytes(buffer), false, nil) }
      var record: SavingsRecord?
      if !route.isCount {
        record = SavingsRecord(
          time: Clock.milliseconds(), provider: route.provider.rawValue, format: "", agent: agent, model: "")
        record?.take(result, before: bytes.count)
        record?.isAudit = preparer.isAudit
      }
      if prepared.body == bytes { return (.bytes(buffer), false, record) }
      let isDecoded = request.head.headerFields[.contentEncoding] != nil
      return (.bytes(ByteBuffer(bytes: prepared.body)), isDecoded, record)
    }
  }

  /// The bytes of a body without the coding it is in; nil when they cannot be had, so that it goes on as it is.
  private func decoded(_ buffer: ByteBuffer) -> [UInt8]? {
    let bytes = Array(buffer.readableBytesView)
    guard let codings = ContentCoding.list(request.head.headerFields[values: .contentEncoding]) else { return nil }
    if codings.isEmpty { return bytes }
    do {
      return try BodyDecoder.decode(bytes, codings, limit: inspectedBytes)
    } catch {
      error.sayOnce(logger)
      return nil
    }
  }

  /// Whether the body is under a signature, which no other body has.
  private var isSigned: Bool {
    request.head.headerFields[.authorization]?.hasPrefix("AWS4-HMAC-SHA256") ?? false
  }

  /// Gemini, Vertex and Bedrock name the model in the path: `/v1beta/models/gemini-2.5-pro:generateContent`.
  private var modelInPath: String? {
    let parts = request.head.pathOnly.split(separator: "/")
    guard let marker = parts.lastIndex(where: { $0 == "models" || $0 == "model" }), marker + 1 < parts.count else {
      return nil
    }
    return String(parts[marker + 1].prefix { $0 != ":" })
  }

  /// The first word of the user agent, without its version.
  private var agent: String {
    let name = request.head.headerFields[.userAgent]?.prefix { $0 != "/" && $0 != " " } ?? ""
    return String(name.prefix(40))
  }

  private func relay(
    _ response: HTTPClientResponse, through sink: ResponseSink, observe: (ByteBuffer) -> Void
  ) async throws {
    try await sink.head(
      HTTPResponse.Status(code: Int(response.status.code), reasonPhrase: response.status.reasonPhrase),
      ForwardedHeaders.response(response.headers))
    for try await chunk in response.body {
      do { try await sink.write(chunk) } catch { throw ClientLeft() }
      observe(chunk)
    }
    try await sink.end()
  }

  /// The answer could not be handed on. This may be noticed before the end of the connection is.
  private struct ClientLeft: Error {}
}

extension String {
  /// Scheme and host of an address, which may be shown: a path or query may hold more than it should.
  fileprivate var origin: String {
    let scheme = firstRange(of: "://")?.upperBound ?? startIndex
    return String(self[..<(self[scheme...].firstIndex(of: "/") ?? endIndex)])
  }
}
