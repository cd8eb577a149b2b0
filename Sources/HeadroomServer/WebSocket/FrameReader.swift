import NIOCore

/// Finds the frames in the bytes of one direction of a WebSocket, as they come.
///
/// The pieces put together are the bytes that came in, so whoever passes them on passes on everything, even what is not a frame.
struct FrameReader {
  enum Piece {
    /// The header of a frame, and the bytes it was read from.
    case header(FrameHeader, ByteBuffer)
    /// Some of the payload of the frame; the last of it when nothing is left.
    case payload(ByteBuffer, left: Int)
  }

  private var waiting = ByteBuffer()
  private var left = 0

  /// Whether everything so far was whole frames.
  var isBetweenFrames: Bool { left == 0 && waiting.readableBytes == 0 }

  mutating func append(_ bytes: ByteBuffer) {
    if waiting.readableBytes == 0 {
      waiting = bytes
    } else {
      waiting.writeImmutableBuffer(bytes)
    }
  }

  /// The next piece; nil when more bytes are needed for one. A frame without payload has no piece but its header.
  mutating func next() -> Piece? {
    if left > 0 {
      guard let bytes = waiting.readSlice(length: min(left, waiting.readableBytes)), bytes.readableBytes > 0 else {
        return nil
      }
      left -= bytes.readableBytes
      return .payload(bytes, left: left)
    }
    guard let (header, size) = FrameHeader.read(at: waiting), let bytes = waiting.readSlice(length: size) else {
      return nil
    }
    left = header.length
    return .header(header, bytes)
  }

  /// Takes what is waiting to become a piece.
  mutating func takeRest() -> ByteBuffer {
    defer { waiting = ByteBuffer() }
    return waiting
  }
}
