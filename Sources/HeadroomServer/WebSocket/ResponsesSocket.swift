import Headroom
import NIOCore
import Synchronization

/// The messages of one WebSocket of the Responses API: tool results in requests are shortened, and each request is written down with what its
/// response costs.
///
///     → {"type": "response.create", "model": "…", "previous_response_id": "resp_1", "input": [{"type": "function_call_output", …}]}
///     ← {"type": "response.created", "response": {"id": "resp_2", …}} …
///     ← {"type": "response.completed", "response": {"id": "resp_2", "usage": {…}}}
///
/// Requests may name a stream; those of one stream are answered one after the other, in their order, and those of different streams at the
/// same time.
final class ResponsesSocket: WebSocketInspector {
  private let provider: Provider
  private let agent: String
  private let preparer: RequestPreparer
  private let recorder: Recorder
  private let recent: RecentRequests
  private let state = Mutex(State())

  /// A request whose response has not come to its end.
  private struct OpenRequest {
    /// Nil when there is nothing to write down.
    var record: SavingsRecord?
    /// Its number among those that are shown.
    var shown: Int?
    var sent = ContinuousClock.now
    /// The response's, once it has begun.
    var id: [UInt8]?
  }

  private struct State {
    /// By the name of the stream, the oldest first; that of requests that name none is empty.
    var streams: [[UInt8]: [OpenRequest]] = [:]
    /// The last response of each stream that came to its end.
    var lastEnded: [[UInt8]: [UInt8]] = [:]
    var inPreparation = 0

    /// The stream that has the request that `event` is about. What names no stream can only be about the one that waits for a response.
    func stream(of event: JSONDocument) -> [UInt8]? {
      let waiting = streams.filter { !$0.value.isEmpty }.keys
      if waiting.contains(event.stream) { return event.stream }
      return event.stream.isEmpty && waiting.count == 1 ? waiting.first : nil
    }
  }

  init(
    provider: Provider, agent: String, preparer: RequestPreparer, recorder: Recorder, recent: RecentRequests
  ) {
    self.provider = provider
    self.agent = agent
    self.preparer = preparer
    self.recorder = recorder
    self.recent = recent
  }

  var isIdle: Bool { state.withLock { $0.inPreparation == 0 && $0.streams.allSatisfy { $0.value.isEmpty } } }

  func outgoing(_ message: [UInt8]) async -> [UInt8]? {
    guard let event = try? JSONDocument(message), event.root["type"]?.isString("response.create") == true else {
      return nil
    }
    state.withLock { $0.inPreparation += 1 }
    let start = ContinuousClock.now
    let prepared = await preparer.prepare(message)
    var request = OpenRequest()
    if let result = prepared.result {
      var record = SavingsRecord(
        time: Clock.milliseconds(), provider: provider.rawValue, format: "", agent: agent, model: "")
      record.take(result, session: prepared.session, before: message.count)
      record.isAudit = preparer.isAudit
      record.addedMicroseconds = (ContinuousClock.now - start).microseconds
      request.record = record
      request.shown = recent.begin(record, body: message, result: result)
    }
    state.withLock { state in
      state.inPreparation -= 1
      state.streams[event.stream, default: []].append(request)
    }
    return prepared.body
  }

  func incoming(_ message: [UInt8]) {
    guard let event = try? JSONDocument(message), let type = event.root["type"]?.text else { return }
    let response = event.root["response"]
    let id = response?["id"]?.text
    let isEnd = Self.ends.contains { type.elementsEqual($0.utf8) }
    let ended = state.withLock { state -> OpenRequest? in
      guard let stream = state.stream(of: event), var request = state.streams[stream]?.first else { return nil }
      // A response may be said to have failed after it ended in an error.
      if let id, id == state.lastEnded[stream] { return nil }
      if request.id == nil {
        request.record?.firstByteMilliseconds = (ContinuousClock.now - request.sent).milliseconds
        request.id = id
      }
      guard isEnd else {
        state.streams[stream]?[0] = request
        return nil
      }
      state.streams[stream]?.removeFirst()
      state.lastEnded[stream] = request.id
      return request
    }
    guard let ended, var record = ended.record else { return }
    var reader = UsageReader(format: record.format)
    reader?.read(message: message)
    record.usage = reader?.usage
    record.end = reader?.end ?? .complete
    // A response over HTTP would have this status.
    record.status = event.root["status"]?.number ?? 200
    write(record, of: ended)
  }

  func ended(byClient: Bool) {
    let open = state.withLock { state in
      defer { state.streams = [:] }
      return state.streams.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap(\.value)
    }
    for request in open {
      guard var record = request.record else { continue }
      record.end = byClient ? .cancelled : .truncated
      write(record, of: request)
    }
  }

  private func write(_ record: SavingsRecord, of request: OpenRequest) {
    let written = recorder.add(record)
    if let shown = request.shown { recent.finish(shown, written) }
  }

  private static let ends = [
    "response.completed", "response.incomplete", "response.failed", "response.cancelled", "error",
  ]
}

extension JSONDocument {
  /// The stream that a message belongs to; empty where it names none.
  fileprivate var stream: [UInt8] { root["stream_id"]?.text ?? [] }
}

extension JSONValue {
  fileprivate var number: Int? { kind == .number ? Int(String(decoding: lexeme, as: UTF8.self)) : nil }
}
