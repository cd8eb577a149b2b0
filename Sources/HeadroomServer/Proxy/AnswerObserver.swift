import Headroom
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Reads from a copy of an answer what the provider billed. The answer itself goes on as it is, whatever is found in the copy.
struct AnswerObserver {
  /// More than this no answer of a model has, decoded.
  private static let longest = 256 << 20

  /// Nil when the answer cannot be read: its format or its coding is unknown, or it was damaged.
  private var reader: UsageReader?
  /// Nil for an answer as it is.
  private let decoder: BodyDecoder?

  init(format: String, headers: HTTPHeaders, logger: Logger) {
    reader = UsageReader(format: format)
    guard let codings = ContentCoding.list(headers[canonicalForm: "content-encoding"]) else {
      reader = nil
      decoder = nil
      return
    }
    do {
      decoder = codings.isEmpty ? nil : try BodyDecoder(codings, limit: Self.longest)
    } catch {
      error.sayOnce(logger)
      reader = nil
      decoder = nil
    }
  }

  mutating func observe(_ chunk: ByteBuffer) {
    guard reader != nil else { return }
    do throws(CodingError) {
      try chunk.withUnsafeReadableBytes { bytes in
        Result { () throws(CodingError) in
          guard let decoder else { return reader?.feed(bytes) ?? () }
          try decoder.decode(bytes) { reader?.feed($0) }
        }
      }.get()
    } catch {
      reader = nil
    }
  }

  /// Notes in a record what the answer told.
  mutating func finish(_ record: inout SavingsRecord?) {
    guard var reader, record != nil else { return }
    reader.finish()
    record?.usage = reader.usage
    if record?.model.isEmpty == true, let model = reader.model { record?.model = model }
    switch (record?.end, reader.end) {
    case (.complete, let end?): record?.end = end
    // Clients leave when they have read the event that is the last.
    case (.cancelled, .complete), (.truncated, .complete): record?.end = .complete
    default: break
    }
  }
}

extension CodingError {
  private static let said = Mutex<Set<ContentCoding>>([])

  /// Logs that a library is missing, the first time that it is missed.
  func sayOnce(_ logger: Logger) {
    guard case .libraryMissing(let coding) = self, Self.said.withLock({ $0.insert(coding).inserted }) else { return }
    logger.notice("bodies in a coding are not inspected", metadata: ["coding": "\(coding.rawValue)", "why": "\(self)"])
  }
}
