import NIOCore

/// The way of a client's frames to the upstream: text messages are held until they are complete, so that another can go in their place.
/// Everything else goes on as it came, byte for byte, its masks and its faults included.
///
/// Control frames between the fragments of a message that is held go ahead of it.
struct MessageGate {
  enum Step {
    case pass(ByteBuffer)
    /// The payload of a whole text message. Nothing more comes until ``resume(with:)`` was called.
    case inspect([UInt8])
  }

  private enum State {
    /// The frame goes on as it comes.
    case passing
    case holding
    case inspecting
  }

  /// The bytes of a message's frames, and where the payloads are in them.
  private struct HeldMessage {
    var bytes = ByteBuffer()
    var payloads: [(start: Int, header: FrameHeader)] = []
    var size = 0

    mutating func begin(_ header: FrameHeader, _ headerBytes: ByteBuffer) {
      bytes.writeImmutableBuffer(headerBytes)
      payloads.append((bytes.writerIndex, header))
      size += header.length
    }

    func payload() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: size) { target, count in
        bytes.withUnsafeReadableBytes { bytes in
          for (start, header) in payloads {
            let part = UnsafeMutableRawBufferPointer(target).dropFirst(count).prefix(header.length)
            let slot = UnsafeMutableRawBufferPointer(rebasing: part)
            slot.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + header.length]))
            header.mask?.apply(to: slot)
            count += header.length
          }
        }
      }
    }
  }

  /// The largest message that is held, in bytes of payload.
  private let limit: Int
  private var reader = FrameReader()
  private var state = State.passing
  private var held: HeldMessage?
  private var heldPayload: [UInt8] = []
  /// Whether a message is under way whose beginning went on.
  private var isPassingMessage = false
  /// Whether the client has asked to close the connection.
  private(set) var hasClosed = false

  init(limit: Int) { self.limit = limit }

  /// Whether all that went on were whole frames, so that another frame may follow.
  var isBetweenFrames: Bool { state != .passing || reader.isBetweenFrames }
  var isInspecting: Bool { state == .inspecting }

  mutating func append(_ bytes: ByteBuffer) { reader.append(bytes) }

  /// What to do next; nil when more bytes are needed, or while a message is inspected.
  mutating func next() -> Step? {
    while state != .inspecting, let piece = reader.next() {
      let step =
        switch piece {
        case .header(let header, let bytes): begin(header, bytes)
        case .payload(let bytes, let left): go(on: bytes, left: left)
        }
      if let step { return step }
    }
    return nil
  }

  /// Lets the message that was inspected go on, or the text that takes its place.
  mutating func resume(with replacement: [UInt8]?) -> ByteBuffer {
    guard let message = held else { return ByteBuffer() }
    defer { heldPayload = [] }
    held = nil
    state = .passing
    guard let replacement, replacement != heldPayload else { return message.bytes }
    return FrameHeader.frame(opcode: FrameHeader.Opcode.text, mask: .random(), payload: replacement)
  }

  /// All that has not gone on yet, when nothing more comes.
  mutating func finish() -> ByteBuffer {
    var rest = held?.bytes ?? ByteBuffer()
    held = nil
    rest.writeImmutableBuffer(reader.takeRest())
    return rest
  }

  private mutating func begin(_ header: FrameHeader, _ bytes: ByteBuffer) -> Step? {
    guard !header.isControl else {
      state = .passing
      if header.opcode == FrameHeader.Opcode.close { hasClosed = true }
      return .pass(bytes)
    }
    if canHold(header) {
      held = held ?? HeldMessage()
      held?.begin(header, bytes)
      state = .holding
      return header.length == 0 ? endOfFrame() : nil
    }
    // Too large, not text, or against the protocol: it all goes on.
    state = .passing
    isPassingMessage = !header.isFinal
    guard var before = held?.bytes else { return .pass(bytes) }
    held = nil
    before.writeImmutableBuffer(bytes)
    return .pass(before)
  }

  private func canHold(_ header: FrameHeader) -> Bool {
    let opens = !isPassingMessage && held == nil && header.opcode == FrameHeader.Opcode.text
    let continues = held != nil && header.opcode == FrameHeader.Opcode.continuation
    return (opens || continues) && header.mask != nil && header.reserved == 0
      && header.length <= limit - (held?.size ?? 0) && (held?.payloads.count ?? 0) < 65_536
  }

  private mutating func go(on bytes: ByteBuffer, left: Int) -> Step? {
    guard state == .holding else { return .pass(bytes) }
    held?.bytes.writeImmutableBuffer(bytes)
    return left == 0 ? endOfFrame() : nil
  }

  private mutating func endOfFrame() -> Step? {
    guard let held, let last = held.payloads.last, last.header.isFinal else { return nil }
    state = .inspecting
    heldPayload = held.payload()
    return .inspect(heldPayload)
  }
}
