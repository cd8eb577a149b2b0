/// Decodes a body as it comes, whatever it was compressed with and wherever its chunks are cut.
final class BodyDecoder {
  /// The last coding that was applied comes first.
  private let streams: [any CodingStream]
  private let limit: Int
  private var produced = 0
  private let buffers: [UnsafeMutableRawBufferPointer]

  private static let bufferSize = 32 << 10

  /// - Parameters:
  ///   - codings: in the order they were applied, as ``ContentCoding/list(_:)`` gives them.
  ///   - limit: the most bytes that may come out.
  ///   - open: makes the decoder of a coding.
  init(
    _ codings: [ContentCoding], limit: Int,
    open: (ContentCoding) throws(CodingError) -> any CodingStream = { coding throws(CodingError) in
      try coding.systemStream()
    }
  ) throws(CodingError) {
    var streams: [any CodingStream] = []
    for coding in codings.reversed() { streams.append(try open(coding)) }
    self.streams = streams
    self.limit = limit
    buffers = streams.map { _ in .allocate(byteCount: Self.bufferSize, alignment: 16) }
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  /// Decodes the next bytes of the body, and gives what they encode to `receive`, in as many parts as it takes.
  ///
  /// After an error nothing more can be decoded.
  func decode(_ chunk: UnsafeRawBufferPointer, _ receive: (UnsafeRawBufferPointer) -> Void) throws(CodingError) {
    try decode(chunk, from: 0, receive)
  }

  private func decode(
    _ chunk: UnsafeRawBufferPointer, from index: Int, _ receive: (UnsafeRawBufferPointer) -> Void
  ) throws(CodingError) {
    guard index < streams.count else {
      receive(chunk)
      return
    }
    var input = chunk
    while true {
      let before = input.count
      let count = try streams[index].decode(&input, into: buffers[index])
      produced += count
      guard produced <= limit else { throw .tooLarge }
      if count > 0 { try decode(UnsafeRawBufferPointer(rebasing: buffers[index][..<count]), from: index + 1, receive) }
      if count == 0, input.count == before { return }
    }
  }

  /// Says that no more bytes come.
  func finish() throws(CodingError) {
    guard streams.allSatisfy(\.isAtEnd) else { throw .cutShort }
  }

  /// Decodes a whole body.
  /// - Parameters: as for ``init(_:limit:open:)``.
  static func decode(_ body: [UInt8], _ codings: [ContentCoding], limit: Int) throws(CodingError) -> [UInt8] {
    let decoder = try BodyDecoder(codings, limit: limit)
    var decoded: [UInt8] = []
    // `withUnsafeBytes` hands on errors without their type.
    let result = body.withUnsafeBytes { body in
      Result { () throws(CodingError) in
        try decoder.decode(body) { decoded.append(contentsOf: $0) }
        try decoder.finish()
      }
    }
    try result.get()
    return decoded
  }
}
