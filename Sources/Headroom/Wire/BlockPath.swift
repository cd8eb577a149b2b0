/// The way to a value, written as it is walked: `messages[2].content`.
struct BlockPath {
  /// The most bytes that are written out. Keys are the client's, and a long one may stand before many blocks.
  private static let longest = 256

  private var bytes: [UInt8] = []

  var text: String {
    bytes.count <= Self.longest
      ? String(decoding: bytes, as: UTF8.self) : String(decoding: bytes.prefix(Self.longest), as: UTF8.self) + "…"
  }

  /// What ``end(at:)`` takes to come back here.
  var mark: Int { bytes.count }

  mutating func member(_ name: StaticString) {
    member(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  mutating func member(_ name: some Sequence<UInt8>) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ".")) }
    bytes.append(contentsOf: name)
  }

  mutating func element(_ index: Int) {
    bytes.append(UInt8(ascii: "["))
    bytes.append(contentsOf: String(index).utf8)
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func end(at mark: Int) { bytes.removeSubrange(mark...) }
}
