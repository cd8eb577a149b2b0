import AsyncHTTPClient
import HTTPTypes
import Headroom
import HeadroomStore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Relays an answer in whose request the retrieval tool was added: its calls are answered here, by further requests, and the client has one
/// answer.
struct InterceptedRelay {
  /// The client's request, for those that follow: only the body is another.
  let method: HTTPMethod
  let address: String
  let headers: HTTPHeaders

  let upstream: UpstreamClient
  let originals: any OriginalStore
  let journal: any SessionJournal
  let logger: Logger

  /// An upstream that says no in the middle of an answer may say this much.
  private static let longestRefusal = 1 << 20

  /// The client's answer broke off because what it was made of did.
  private struct BrokenOff: Error {}

  /// - Parameters:
  ///   - response: the upstream's first answer.
  ///   - observe: gets what the client gets.
  /// - Returns: the status that the client got.
  func relay(
    _ response: HTTPClientResponse, _ interceptor: AnswerInterceptor, through sink: ResponseSink,
    observe: (ByteBuffer) -> Void
  ) async throws -> Int {
    var interceptor = interceptor
    var answer = response
    var client = ClientAnswer(sink: sink, head: response, isWhole: !interceptor.isStream)
    if interceptor.isStream { try await client.begin() }
    while true {
      for try await chunk in answer.body {
        try await send(interceptor.receive(Array(chunk.readableBytesView)), to: &client, observe)
      }
      switch interceptor.finish() {
      case .answered(let output):
        try await send(output, to: &client, observe, isLast: true)
        try await sink.end()
        return Int(response.status.code)
      case .broken(let output):
        try await send(output, to: &client, observe)
        throw BrokenOff()
      case .calls(let output): try await send(output, to: &client, observe)
      }
      let (next, later) = await look(interceptor)
      interceptor = later
      switch next {
      case .send(let body):
        answer = try await upstream.send(method, address, headers, .bytes(ByteBuffer(bytes: body)))
        guard interceptor.accepts(answer) else {
          return try await refuse(answer, interceptor, client, observe)
        }
      case .answered(let output):
        try await send(output, to: &client, observe, isLast: true)
        try await sink.end()
        return Int(response.status.code)
      case .broken: throw BrokenOff()
      }
    }
  }

  /// Looks the calls up, not on an event loop: it reads a disk.
  @concurrent
  private func look(_ interceptor: AnswerInterceptor) async -> (AnswerInterceptor.Next, AnswerInterceptor) {
    var interceptor = interceptor
    let next = interceptor.answer(from: originals)
    return (next, interceptor)
  }

  private func send(
    _ output: AnswerInterceptor.Output, to client: inout ClientAnswer, _ observe: (ByteBuffer) -> Void,
    isLast: Bool = false
  ) async throws {
    for record in output.records {
      do { _ = try journal.record(record.entry, for: record.key) } catch {
        // The next request goes without what is not remembered; this answer is right all the same.
        logger.warning("an exchange is not remembered", metadata: ["error": "\(error)"])
      }
    }
    guard !output.bytes.isEmpty else { return }
    let buffer = ByteBuffer(bytes: output.bytes)
    try await client.write(buffer, isLast: isLast)
    observe(buffer)
  }

  /// An upstream that does not go on. A client that has nothing yet gets its answer; one that has a part of a stream gets its words, where the
  /// format has an event for them, and an end that is none.
  private func refuse(
    _ answer: HTTPClientResponse, _ interceptor: AnswerInterceptor, _ client: ClientAnswer,
    _ observe: (ByteBuffer) -> Void
  ) async throws -> Int {
    logger.warning("the upstream does not go on", metadata: ["status": "\(answer.status.code)"])
    guard interceptor.isStream else {
      var client = ClientAnswer(sink: client.sink, head: answer, isWhole: false)
      try await client.begin()
      for try await chunk in answer.body {
        try await client.write(chunk, isLast: false)
        observe(chunk)
      }
      try await client.sink.end()
      return Int(answer.status.code)
    }
    let body = try await answer.body.collect(upTo: Self.longestRefusal)
    let words = interceptor.refused(Array(body.readableBytesView))
    guard !words.isEmpty else { throw BrokenOff() }
    var client = client
    try await client.write(ByteBuffer(bytes: words), isLast: false)
    observe(ByteBuffer(bytes: words))
    try await client.sink.end()
    return Int(answer.status.code)
  }
}

/// What the client gets: the head of the upstream's answer, and a body that may be another.
private struct ClientAnswer {
  let sink: ResponseSink
  let head: HTTPClientResponse
  /// Whether all of the body comes at once, so that its length is known; unless bytes come earlier, which are the upstream's own.
  let isWhole: Bool
  private var hasBegun = false

  init(sink: ResponseSink, head: HTTPClientResponse, isWhole: Bool) {
    self.sink = sink
    self.head = head
    self.isWhole = isWhole
  }

  /// Sends the head. A stream's length is never known.
  mutating func begin(length: Int? = nil) async throws {
    var fields = ForwardedHeaders.response(head.headers)
    if let length { fields[.contentLength] = "\(length)" }
    hasBegun = true
    try await sink.head(
      HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase), fields)
  }

  mutating func write(_ buffer: ByteBuffer, isLast: Bool) async throws {
    if !hasBegun { try await begin(length: isLast ? buffer.readableBytes : nil) }
    do { try await sink.write(buffer) } catch { throw ClientLeft() }
  }
}

/// The answer could not be handed on. This may be noticed before the end of the connection is.
struct ClientLeft: Error {}

extension AnswerInterceptor {
  /// The interceptor of an answer; nil for one that goes on as it is: a refusal, or what is neither a stream of events nor JSON, or is coded.
  init?(_ session: RetrievalSession, sent: [UInt8], response: HTTPClientResponse, model: String) {
    guard let isStream = response.isPlainStream else { return nil }
    self.init(session, sent: sent, isStream: isStream, model: model)
  }

  /// Whether an answer is one that the client's can go on with.
  fileprivate func accepts(_ response: HTTPClientResponse) -> Bool { response.isPlainStream == isStream }
}

extension HTTPClientResponse {
  /// Whether the body is a stream of events, or one of JSON; nil when it is neither, or cannot be read.
  fileprivate var isPlainStream: Bool? {
    guard status == .ok, ContentCoding.list(headers[canonicalForm: "content-encoding"])?.isEmpty == true,
      let type = headers.first(name: "content-type")?.lowercased()
    else { return nil }
    if type.hasPrefix("text/event-stream") { return true }
    return type.hasPrefix("application/json") ? false : nil
  }
}
