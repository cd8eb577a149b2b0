import CHeadroom

extension [UInt8] {
  /// Appends `lines`, each that is not empty with so many spaces before it.
  mutating func append(_ lines: UnsafeBufferPointer<UInt8>, indentedBy width: Int) {
    var start = 0
    while start < lines.count {
      let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.count
      if lines[start] != UInt8(ascii: "\n") { append(contentsOf: repeatElement(UInt8(ascii: " "), count: width)) }
      append(contentsOf: UnsafeBufferPointer(rebasing: lines[start..<end]))
      start = end
    }
  }

  /// Appends `lines`, each that is not empty with so many spaces before it.
  mutating func append(_ lines: ArraySlice<UInt8>, indentedBy width: Int) {
    lines.withUnsafeBufferPointer { append($0, indentedBy: width) }
  }
}

extension ByteWriter {
  /// Appends `lines`, each that is not empty with so many spaces before it.
  mutating func append(_ lines: UnsafeBufferPointer<UInt8>, indentedBy width: Int) {
    guard let base = lines.baseAddress else { return }
    var start = 0
    while start < lines.count {
      let end = min(start + headroom_find_byte(base + start, lines.count - start, UInt8(ascii: "\n")) + 1, lines.count)
      if base[start] != UInt8(ascii: "\n") { append(repeating: UInt8(ascii: " "), count: width) }
      append(base + start, end - start)
      start = end
    }
  }
}
