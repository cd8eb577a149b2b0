/// A library's decoder in the middle of a body.
protocol CodingStream: AnyObject {
  /// Whether all that came so far is complete.
  var isAtEnd: Bool { get }

  /// One step: decodes some of `input` into the start of `output`, and takes what it read off `input`. Where it does neither, it needs more
  /// input. It may keep what found no room in `output`, even when it has read all of `input`.
  /// - Returns: how many bytes it wrote.
  func decode(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodingError)
    -> Int
}

extension ContentCoding {
  /// A decoder of the system's library.
  func systemStream() throws(CodingError) -> any CodingStream {
    switch self {
    case .gzip, .deflate: try ZlibStream(self)
    case .br: try BrotliStream()
    case .zstd: try ZstdStream()
    }
  }
}
