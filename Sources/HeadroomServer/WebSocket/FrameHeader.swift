import NIOCore

/// The head of a WebSocket frame (RFC 6455, section 5.2).
///
/// Nothing is judged here: what a peer may not send is the other peer's to refuse.
struct FrameHeader: Equatable {
  enum Opcode {
    static let continuation: UInt8 = 0
    static let text: UInt8 = 1
    static let close: UInt8 = 8
  }

  /// Whether the frame ends its message.
  var isFinal = true
  /// RSV1 to RSV3, which extensions give a meaning: 0 without one.
  var reserved: UInt8 = 0
  var opcode: UInt8
  /// What the payload is masked with; every frame of a client is, none of a server.
  var mask: FrameMask?
  /// Bytes of payload.
  var length: Int

  var isControl: Bool { opcode & 8 != 0 }

  /// The header at the start of what is readable, with its own size in bytes; nil when it is not there in full yet.
  static func read(at start: ByteBuffer) -> (header: FrameHeader, size: Int)? {
    var buffer = start
    guard let first = buffer.readInteger(as: UInt8.self), let second = buffer.readInteger(as: UInt8.self) else {
      return nil
    }
    let length: Int
    switch second & 0x7f {
    case 126:
      guard let word = buffer.readInteger(as: UInt16.self) else { return nil }
      length = Int(word)
    case 127:
      guard let word = buffer.readInteger(as: UInt64.self) else { return nil }
      // A length that no one can send is one that never ends.
      length = Int(clamping: word)
    case let short:
      length = Int(short)
    }
    var mask: FrameMask?
    if second & 0x80 != 0 {
      guard let key = buffer.readInteger(as: UInt32.self) else { return nil }
      mask = FrameMask(key: key)
    }
    let header = FrameHeader(
      isFinal: first & 0x80 != 0, reserved: first >> 4 & 7, opcode: first & 0x0f, mask: mask, length: length)
    return (header, start.readableBytes - buffer.readableBytes)
  }

  /// Writes the header in its shortest form.
  func write(into buffer: inout ByteBuffer) {
    buffer.writeInteger((isFinal ? 0x80 : 0) | reserved << 4 | opcode)
    let masked: UInt8 = mask == nil ? 0 : 0x80
    switch length {
    case ...125: buffer.writeInteger(masked | UInt8(length))
    case ...0xffff: buffer.writeMultipleIntegers(masked | 126, UInt16(length))
    default: buffer.writeMultipleIntegers(masked | 127, UInt64(length))
    }
    if let mask { buffer.writeInteger(mask.key) }
  }

  /// A whole frame that ends its message.
  static func frame(opcode: UInt8, mask: FrameMask?, payload: [UInt8]) -> ByteBuffer {
    let header = FrameHeader(opcode: opcode, mask: mask, length: payload.count)
    var buffer = ByteBufferAllocator().buffer(capacity: payload.count + 14)
    header.write(into: &buffer)
    let size = buffer.readableBytes
    buffer.writeBytes(payload)
    if let mask {
      buffer.withUnsafeMutableReadableBytes { mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: $0[size...])) }
    }
    return buffer
  }
}

/// The key that a client's frame is masked with (RFC 6455, section 5.3): byte i of the payload is combined with byte i mod 4.
struct FrameMask: Equatable {
  /// The four bytes, the first one highest.
  var key: UInt32

  static func random() -> FrameMask { FrameMask(key: .random(in: .min ... .max)) }

  /// Masks a payload, or unmasks it, which is the same.
  func apply(to payload: UnsafeMutableRawBufferPointer) {
    let word = UInt64(key.bigEndian) << 32 | UInt64(key.bigEndian)
    var i = 0
    while i + 8 <= payload.count {
      let masked = payload.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      payload.storeBytes(of: masked ^ word, toByteOffset: i, as: UInt64.self)
      i += 8
    }
    while i < payload.count {
      payload[i] ^= UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32(i & 3)))
      i += 1
    }
  }
}
