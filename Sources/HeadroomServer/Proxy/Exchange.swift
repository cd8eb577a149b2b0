import AsyncHTTPClient
import HTTPTypes
import Headroom
import HeadroomStore
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
  let storage: Storage
  let recorder: Recorder
  let recent: RecentRequests
  let logger: Logger

  func run(through sink: ResponseSink) async throws {
    let start = ContinuousClock.now
    let outgoing = await outgoing()
    var record = outgoing.record
    var headers = ForwardedHeaders.request(request.head.headerFields)
    if outgoing.isDecoded { headers.remove(name: "content-encoding") }
    // An answer in which calls are answered has to be read.
    let isIntercepted = outgoing.retrieval?.isInjected ?? false
    if isIntercepted { headers.replaceOrAdd(name: "accept-encoding", value: "identity") }
    record?.addedMicroseconds = (ContinuousClock.now - start).microseconds
    if let context = outgoing.content?.result.context { report(context, session: record?.session ?? "") }
    let shown = record.flatMap { record in
      outgoing.content.map { recent.begin(record, body: $0.body, result: $0.result) }
    }
    defer {
      if let record {
        preparer.answered(record.usage, to: outgoing.content?.result)
        let written = recorder.add(record)
        if let shown { recent.finish(shown, written) }
      }
    }
    let sent = ContinuousClock.now
    let response: HTTPClientResponse
    do {
      response = try await upstream.send(
        HTTPMethod(request.head.method), address, headers, outgoing.body)
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
      if isIntercepted, let interceptor = outgoing.interceptor(of: response) {
        let relay = InterceptedRelay(
          method: HTTPMethod(request.head.method), address: address, headers: headers, upstream: upstream,
          originals: storage.originals, journal: storage.journal, logger: logger)
        let status = try await relay.relay(response, interceptor, through: sink) { observer?.observe($0) }
        record?.status = status
        if status >= 400 { record?.end = .failed }
      } else {
        try await relay(response, through: sink) { observer?.observe($0) }
      }
    } catch {
      record?.end = Task.isCancelled || error is ClientLeft ? .cancelled : .truncated
      observer?.finish(&record)
      throw error
    }
    observer?.finish(&record)
  }

  /// Says what changed before the conversation since its last request, and that it was compacted. Nothing of the content is said.
  private func report(_ context: ContextReport, session: String) {
    if let drift = context.drift {
      logger.info(
        "the beginning of the prompt changed",
        metadata: [
          "session": "\(session)", "tokens": "\(drift.tokensRewritten)",
          "spans":
            "\(drift.spans.map { "\($0.path) at byte \($0.offset): \($0.kind.rawValue)" }.joined(separator: ", "))",
          "aligned": "\(context.isAligned)",
        ])
    }
    if let epoch = context.epoch {
      logger.info(
        "conversation compacted",
        metadata: [
          "session": "\(session)", "reason": "\(epoch.reason.rawValue)", "results": "\(epoch.results)",
          "tokens_removed": "\(epoch.tokensRemoved)", "tokens_rewritten": "\(epoch.tokensRewritten)",
        ])
    }
  }

  /// What is sent upstream, and what is to be written down about it.
  private struct Outgoing {
    var body: UpstreamClient.Body
    /// Whether it is without the coding that the client's body was in.
    var isDecoded = false
    var record: SavingsRecord?
    /// What the client sent, and what was done with it, where that was looked at.
    var content: (body: [UInt8], result: CompressionResult)?
    /// How the model gets at what was cut, and the bytes that are sent.
    var retrieval: RetrievalSession?
    var bytes: [UInt8] = []

    /// What answers the model's calls in an answer; nil for one that goes on as it is.
    func interceptor(of response: HTTPClientResponse) -> AnswerInterceptor? {
      guard let retrieval, let content else { return nil }
      return AnswerInterceptor(retrieval, sent: bytes, response: response, model: content.result.model)
    }
  }

  private func outgoing() async -> Outgoing {
    switch request.body {
    case .streaming(let pipe, let length): return Outgoing(body: .streaming(pipe, length: length))
    case .complete(let buffer):
      guard route.isInspected, !isSigned, let bytes = decoded(buffer) else {
        return Outgoing(body: buffer.readableBytes == 0 && request.head.method == .get ? .none : .bytes(buffer))
      }
      // Bedrock streams answers in a framing of its own.
      let prepared = await preparer.prepare(
        bytes, model: modelInPath, answersCalls: !request.head.pathOnly.hasPrefix("/model/"))
      guard let result = prepared.result else { return Outgoing(body: .bytes(buffer)) }
      var record: SavingsRecord?
      if !route.isCount {
        record = SavingsRecord(
          time: Clock.milliseconds(), provider: route.provider.rawValue, format: "", agent: request.agent, model: "")
        record?.take(result, session: prepared.session, before: bytes.count)
        record?.bytesSent = prepared.body.count
        record?.isAudit = preparer.isAudit
      }
      let isChanged = prepared.body != bytes
      return Outgoing(
        body: .bytes(isChanged ? ByteBuffer(bytes: prepared.body) : buffer),
        isDecoded: isChanged && request.head.headerFields[.contentEncoding] != nil, record: record,
        content: (bytes, result), retrieval: prepared.retrieval, bytes: prepared.body)
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
}

extension String {
  /// Scheme and host of an address, which may be shown: a path or query may hold more than it should.
  fileprivate var origin: String {
    let scheme = firstRange(of: "://")?.upperBound ?? startIndex
    return String(self[..<(self[scheme...].firstIndex(of: "/") ?? endIndex)])
  }
}
