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
  let upstream: UpstreamClient
  let recorder: Recorder
  let logger: Logger

  func run(through sink: ResponseSink) async throws {
    let start = ContinuousClock.now
    let (body, draft) = await outgoing()
    var record = draft
    record?.addedMicroseconds = (ContinuousClock.now - start).microseconds
    defer { if let record { recorder.add(record) } }
    let sent = ContinuousClock.now
    let response: HTTPClientResponse
    do {
      response = try await upstream.send(
        HTTPMethod(request.head.method), address, ForwardedHeaders.request(request.head.headerFields), body)
    } catch {
      record?.end = Task.isCancelled ? .cancelled : .failed
      if Task.isCancelled { throw error }
      logger.warning("upstream not reached", metadata: ["upstream": "\(address.origin)", "error": "\(error)"])
      return try await sink.answer(ProblemText.proxy("cannot reach \(address.origin): \(error)"), status: 502)
    }
    record?.status = Int(response.status.code)
    record?.firstByteMilliseconds = (ContinuousClock.now - sent).milliseconds
    if response.status.code >= 400 { record?.end = .failed }
    var observer = record.map { AnswerObserver(format: $0.format, headers: response.headers) }
    do {
      try await relay(response, through: sink) { observer?.observe($0) }
    } catch {
      record?.end = Task.isCancelled ? .cancelled : .truncated
      observer?.finish(&record)
      throw error
    }
    observer?.finish(&record)
  }

  /// What is sent upstream, and what is to be written down about it.
  private func outgoing() async -> (UpstreamClient.Body, SavingsRecord?) {
    switch request.body {
    case .streaming(let pipe, let length): return (.streaming(pipe, length: length), nil)
    case .complete(let buffer):
      guard route.isInspected, !isSigned, request.head.headerFields[.contentEncoding] == nil else {
        return (buffer.readableBytes == 0 && request.head.method == .get ? .none : .bytes(buffer), nil)
      }
      let bytes = Array(buffer.readableBytesView)
      let prepared = await preparer.prepare(bytes, model: modelInPath)
      guard let result = prepared.result else { return (.bytes(buffer), nil) }
      var record: SavingsRecord?
      if !route.isCount {
        record = SavingsRecord(
          time: Clock.milliseconds(), provider: route.provider.rawValue, format: "", agent: agent, model: "")
        record?.take(result, before: bytes.count)
        record?.isAudit = preparer.isAudit
      }
      return (.bytes(prepared.body == bytes ? buffer : ByteBuffer(bytes: prepared.body)), record)
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
      try await sink.write(chunk)
      observe(chunk)
    }
    try await sink.end()
  }
}

extension String {
  /// Scheme and host of an address, which may be shown: a path or query may hold more than it should.
  fileprivate var origin: String {
    let scheme = firstRange(of: "://")?.upperBound ?? startIndex
    return String(self[..<(self[scheme...].firstIndex(of: "/") ?? endIndex)])
  }
}
