import NIOCore

/// Reads the text messages in the bytes that an upstream sends, which go on to the client without waiting for this.
struct MessageTap {
  private let limit: Int
  private var reader = FrameReader()
  /// The text of the message under way; nil when it is not text, or too large.
  private var message: [UInt8]?
  private var isControl = false
  private var isLastFrame = false

  /// - Parameter limit: the largest message that is read, in bytes.
  init(limit: Int) { self.limit = limit }

  /// Whether everything so far was whole frames.
  var isBetweenFrames: Bool { reader.isBetweenFrames }

  mutating func append(_ bytes: ByteBuffer) { reader.append(bytes) }

  /// The next message that is complete; nil when more bytes are needed for one.
  mutating func next() -> [UInt8]? {
    while let piece = reader.next() {
      switch piece {
      case .header(let header, _):
        begin(header)
        if header.length == 0, let complete = endOfFrame() { return complete }
      case .payload(let bytes, let left):
        if !isControl { message?.append(contentsOf: bytes.readableBytesView) }
        if left == 0, let complete = endOfFrame() { return complete }
      }
    }
    return nil
  }

  private mutating func begin(_ header: FrameHeader) {
    isControl = header.isControl
    guard !isControl else { return }
    isLastFrame = header.isFinal
    if header.opcode != FrameHeader.Opcode.continuation {
      message = header.opcode == FrameHeader.Opcode.text ? [] : nil
    }
    let isReadable = header.mask == nil && header.reserved == 0
    guard isReadable, header.length <= limit - (message?.count ?? 0) else { return message = nil }
  }

  private mutating func endOfFrame() -> [UInt8]? {
    guard !isControl, isLastFrame else { return nil }
    defer { message = nil }
    return message
  }
}
