import CHeadroom

extension UnsafeBufferPointer<UInt8> {
  /// Whether both are the same bytes.
  @inline(__always)
  func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count, let start = baseAddress, let otherStart = other.baseAddress else {
      return count == other.count
    }
    return headroom_equal_bytes(start, otherStart, count)
  }

  /// Whether `other` stands at `place`.
  @inline(__always)
  func has(_ other: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    guard place >= 0, count - place >= other.count, let start = baseAddress, let otherStart = other.baseAddress else {
      return other.isEmpty
    }
    return headroom_equal_bytes(start + place, otherStart, other.count)
  }

  /// Whether `other` stands anywhere in this.
  func contains(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = baseAddress, let first = other.first else { return other.isEmpty }
    var place = 0
    while count - place >= other.count {
      place += headroom_find_byte(start + place, count - place - other.count + 1, first)
      if has(other, at: place) { return true }
      place += 1
    }
    return false
  }

  /// What stands behind the last slash; all, when there is none.
  var basename: UnsafeBufferPointer<UInt8> {
    var start = count
    while start > 0, self[start - 1] != UInt8(ascii: "/") { start -= 1 }
    return UnsafeBufferPointer(rebasing: self[start...])
  }
}

extension [UInt8] {
  /// Whether both are the same bytes.
  func isEqual(to other: [UInt8]) -> Bool {
    withUnsafeBufferPointer { bytes in other.withUnsafeBufferPointer { bytes.isEqual(to: $0) } }
  }
}
