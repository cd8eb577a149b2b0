/// `br` (RFC 7932), by the brotli library.
final class BrotliStream: CodingStream {
  private struct Library: Sendable {
    typealias Create = @Sendable @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> OpaquePointer?
    typealias Destroy = @Sendable @convention(c) (OpaquePointer) -> Void
    typealias Decompress =
      @Sendable @convention(c) (
        OpaquePointer, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UnsafePointer<UInt8>?>,
        UnsafeMutablePointer<Int>, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>?
      ) -> CInt

    let create: Create
    let destroy: Destroy
    let decompress: Decompress

    static let system: Library? = {
      guard let library = SystemLibrary(linux: "libbrotlidec.so.1", macOS: "libbrotlidec.1.dylib"),
        let create = library.function("BrotliDecoderCreateInstance", as: Create.self),
        let destroy = library.function("BrotliDecoderDestroyInstance", as: Destroy.self),
        let decompress = library.function("BrotliDecoderDecompressStream", as: Decompress.self)
      else { return nil }
      return Library(create: create, destroy: destroy, decompress: decompress)
    }()
  }

  private enum Result {
    static let error: CInt = 0
    static let success: CInt = 1
  }

  private let library: Library
  private let state: OpaquePointer
  private(set) var isAtEnd = false

  init() throws(CodingError) {
    guard let library = Library.system else { throw .libraryMissing(.br) }
    guard let state = library.create(nil, nil, nil) else { throw .outOfMemory }
    self.library = library
    self.state = state
  }

  deinit { library.destroy(state) }

  func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodingError)
    -> Int
  {
    if isAtEnd {
      guard input.isEmpty else { throw .damaged(.br) }
      return 0
    }
    var availableIn = input.count
    var nextIn = input.withMemoryRebound(to: UInt8.self) { $0.baseAddress }
    var availableOut = output.count
    var nextOut = output.withMemoryRebound(to: UInt8.self) { $0.baseAddress }
    let result = library.decompress(state, &availableIn, &nextIn, &availableOut, &nextOut, nil)
    input = UnsafeRawBufferPointer(rebasing: input[(input.count - availableIn)...])
    if result == Result.error { throw .damaged(.br) }
    isAtEnd = result == Result.success
    return output.count - availableOut
  }
}
