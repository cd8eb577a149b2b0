import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A provider's stand-in on loopback: keeps what arrives, byte for byte, and answers as it is told.
final class FakeUpstream: Sendable {
  struct Arrival: Sendable {
    var method: String
    var target: String
    var headers: HTTPFields
    var body: [UInt8]
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [(String, String)] = [("content-type", "application/json")]
    var chunks: [[UInt8]] = [Array("{}".utf8)]
    /// How long is waited before each chunk.
    var pause = Duration.zero
    /// What is waited for before each chunk, after the pause.
    var gate: (@Sendable () async -> Void)?
    /// Whether the connection is broken off after the chunks.
    var isCut = false
  }

  private struct Cut: Error {}

  let port: Int
  private let service: Task<Void, Never>

  /// Starts to listen.
  /// - Parameter answer: what is answered; by default an empty object.
  init(_ answer: @escaping @Sendable (Arrival) async -> Answer = { _ in Answer() }) async throws {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let record = Recording()
    var logger = Logger(label: "upstream")
    logger.logLevel = .critical
    let app = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in
        let body = try await request.body.collect(upTo: 256 << 20)
        let arrival = Arrival(
          method: request.method.rawValue, target: request.head.path ?? "", headers: request.headers,
          body: Array(body.readableBytesView))
        record.arrived.withLock { $0.append(arrival) }
        let answer = await answer(arrival)
        var headers = HTTPFields()
        for (name, value) in answer.headers { headers.append(HTTPField(name: .init(name)!, value: value)) }
        return Response(
          status: .init(code: answer.status), headers: headers,
          body: ResponseBody { writer in
            do {
              for chunk in answer.chunks {
                if answer.pause > .zero { try await Task.sleep(for: answer.pause) }
                await answer.gate?()
                try await writer.write(ByteBuffer(bytes: chunk))
              }
              if answer.isCut { throw Cut() }
              try await writer.finish(nil)
            } catch {
              if !(error is Cut) { record.gone.withLock { $0 += 1 } }
              throw error
            }
          })
      },
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
    service = Task { try? await app.run() }
    var iterator = ports.makeAsyncIterator()
    port = await iterator.next() ?? 0
    recording = record
  }

  private final class Recording: Sendable {
    let arrived = Mutex<[Arrival]>([])
    let gone = Mutex(0)
  }

  private let recording: Recording

  deinit { service.cancel() }

  var address: String { "http://127.0.0.1:\(port)" }

  /// Everything that arrived so far.
  var arrivals: [Arrival] { recording.arrived.withLock { $0 } }

  /// How many answers could not be written to their end because the other side had left.
  var abandoned: Int { recording.gone.withLock { $0 } }
}
