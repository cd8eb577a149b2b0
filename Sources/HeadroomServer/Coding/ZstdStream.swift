/// `zstd` (RFC 8878), by the Zstandard library.
final class ZstdStream: CodingStream {
  /// `ZSTD_inBuffer` and, but for the pointer's type, `ZSTD_outBuffer`.
  private struct Buffer<Pointer> {
    var start: Pointer?
    var size: Int
    var position = 0
  }

  private struct Library: Sendable {
    typealias Create = @Sendable @convention(c) () -> OpaquePointer?
    typealias Free = @Sendable @convention(c) (OpaquePointer) -> Int
    typealias SetParameter = @Sendable @convention(c) (OpaquePointer, CInt, CInt) -> Int
    typealias Decompress =
      @Sendable @convention(c) (OpaquePointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int
    typealias IsError = @Sendable @convention(c) (Int) -> CUnsignedInt

    let create: Create
    let free: Free
    let setParameter: SetParameter
    let decompress: Decompress
    let isError: IsError

    static let system: Library? = {
      guard let library = SystemLibrary(linux: "libzstd.so.1", macOS: "libzstd.1.dylib"),
        let create = library.function("ZSTD_createDStream", as: Create.self),
        let free = library.function("ZSTD_freeDStream", as: Free.self),
        let setParameter = library.function("ZSTD_DCtx_setParameter", as: SetParameter.self),
        let decompress = library.function("ZSTD_decompressStream", as: Decompress.self),
        let isError = library.function("ZSTD_isError", as: IsError.self)
      else { return nil }
      return Library(
        create: create, free: free, setParameter: setParameter, decompress: decompress, isError: isError)
    }()
  }

  /// `ZSTD_d_windowLogMax`.
  private static let windowLogMax: CInt = 100
  /// The largest window that HTTP allows (RFC 9659): 8 MiB. The library would take sixteen times the memory.
  private static let windowLog: CInt = 23

  private let library: Library
  private let state: OpaquePointer
  private(set) var isAtEnd = false

  init() throws(CodingError) {
    guard let library = Library.system else { throw .libraryMissing(.zstd) }
    guard let state = library.create() else { throw .outOfMemory }
    self.library = library
    self.state = state
    _ = library.setParameter(state, Self.windowLogMax, Self.windowLog)
  }

  deinit { _ = library.free(state) }

  func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodingError)
    -> Int
  {
    // With nothing to read, a decoder at the end of a frame would begin the next.
    if isAtEnd, input.isEmpty { return 0 }
    var source = Buffer(start: input.baseAddress, size: input.count)
    var target = Buffer(start: output.baseAddress, size: output.count)
    let hint = library.decompress(state, &target, &source)
    input = UnsafeRawBufferPointer(rebasing: input[source.position...])
    if library.isError(hint) != 0 { throw .damaged(.zstd) }
    isAtEnd = hint == 0
    return target.position
  }
}
