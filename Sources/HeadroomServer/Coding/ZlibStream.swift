/// `gzip` (RFC 1952) and `deflate` (RFC 1950, and RFC 1951 as some servers send it), by zlib.
final class ZlibStream: CodingStream {
  /// `z_stream` of zlib.h, which has been the same since 1995.
  struct State {
    var nextIn: UnsafePointer<UInt8>?
    var availableIn: CUnsignedInt = 0
    var totalIn: CUnsignedLong = 0
    var nextOut: UnsafeMutablePointer<UInt8>?
    var availableOut: CUnsignedInt = 0
    var totalOut: CUnsignedLong = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: OpaquePointer?
    var dataType: CInt = 0
    var checksum: CUnsignedLong = 0
    var reserved: CUnsignedLong = 0
  }

  private struct Library: Sendable {
    typealias Call = @Sendable @convention(c) (UnsafeMutableRawPointer) -> CInt
    typealias Inflate = @Sendable @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
    typealias Start = @Sendable @convention(c) (UnsafeMutableRawPointer, CInt, UnsafePointer<CChar>, CInt) -> CInt

    let start: Start
    let inflate: Inflate
    let reset: Call
    let end: Call

    static let system: Library? = {
      guard let library = SystemLibrary(linux: "libz.so.1", macOS: "libz.1.dylib"),
        let start = library.function("inflateInit2_", as: Start.self),
        let inflate = library.function("inflate", as: Inflate.self),
        let reset = library.function("inflateReset", as: Call.self),
        let end = library.function("inflateEnd", as: Call.self)
      else { return nil }
      return Library(start: start, inflate: inflate, reset: reset, end: end)
    }()
  }

  private enum Code {
    static let ok: CInt = 0
    static let streamEnd: CInt = 1
    static let outOfMemory: CInt = -4
    /// Nothing could be done.
    static let buffer: CInt = -5
  }

  private let library: Library
  private let coding: ContentCoding
  /// In one place for its whole life: zlib remembers where.
  private let state: UnsafeMutablePointer<State>
  private var isStarted = false
  private(set) var isAtEnd = false

  init(_ coding: ContentCoding) throws(CodingError) {
    guard let library = Library.system else { throw .libraryMissing(coding) }
    self.library = library
    self.coding = coding
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    if isStarted { _ = library.end(state) }
    state.deinitialize(count: 1)
    state.deallocate()
  }

  func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodingError)
    -> Int
  {
    if let first = input.first { try start(with: first) }
    guard isStarted, !isAtEnd else { return 0 }
    let part = input.prefix(Int(CInt.max))
    state.pointee.nextIn = part.withMemoryRebound(to: UInt8.self) { $0.baseAddress }
    state.pointee.availableIn = CUnsignedInt(part.count)
    state.pointee.nextOut = output.withMemoryRebound(to: UInt8.self) { $0.baseAddress }
    state.pointee.availableOut = CUnsignedInt(output.count)
    let code = library.inflate(state, 0)
    input = UnsafeRawBufferPointer(rebasing: input[(part.count - Int(state.pointee.availableIn))...])
    switch code {
    case Code.ok, Code.buffer: break
    case Code.streamEnd: isAtEnd = true
    case Code.outOfMemory: throw .outOfMemory
    default: throw .damaged(coding)
    }
    return output.count - Int(state.pointee.availableOut)
  }

  /// Gets ready for a body, or for the next member of a gzip file, whose first byte is `byte`.
  private func start(with byte: UInt8) throws(CodingError) {
    if isAtEnd {
      guard coding == .gzip, byte == 0x1f, library.reset(state) == Code.ok else { throw .damaged(coding) }
      isAtEnd = false
    }
    guard !isStarted else { return }
    // The width of the window, and what is around the data. The first byte of zlib's format names its method, 8, and no stream without it
    // starts like that.
    let bits: CInt = coding == .gzip ? 15 + 16 : byte & 15 == 8 ? 15 : -15
    guard library.start(state, bits, "1", CInt(MemoryLayout<State>.size)) == Code.ok else { throw .outOfMemory }
    isStarted = true
  }
}
