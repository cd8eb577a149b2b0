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
    if other.count > 1 {
      while count - place >= other.count {
        place += headroom_find_pair(start + place, count - place, first, other[1])
        if has(other, at: place) { return true }
        place += 1
      }
      return false
    }
    while count - place >= other.count {
      place += headroom_find_byte(start + place, count - place - other.count + 1, first)
      if has(other, at: place) { return true }
      place += 1
    }
    return false
  }

  /// Whether `text` stands at `place`.
  @inline(__always)
  func has(_ text: StaticString, at place: Int) -> Bool {
    has(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), at: place)
  }

  @inline(__always)
  func starts(_ prefix: StaticString) -> Bool { has(prefix, at: 0) }

  func ends(_ suffix: StaticString) -> Bool { has(suffix, at: count - suffix.utf8CodeUnitCount) }

  func contains(_ part: StaticString) -> Bool {
    contains(UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount))
  }

  /// Whether the bytes in `range` are `word`, which is in lower case, whatever their case.
  func isWord(_ word: StaticString, in range: Range<Int>) -> Bool {
    range.count == word.utf8CodeUnitCount && hasWord(word, at: range.lowerBound)
  }

  /// Whether `word`, which is in lower case, stands at `place`, whatever its case.
  @inline(__always)
  func hasWord(_ word: StaticString, at place: Int) -> Bool {
    guard place >= 0, count - place >= word.utf8CodeUnitCount else { return false }
    for i in 0..<word.utf8CodeUnitCount {
      let byte = self[place + i]
      guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == word.utf8Start[i] else { return false }
    }
    return true
  }

  /// Whether `word`, which is in lower case, stands anywhere in `range`.
  func containsWord(_ word: StaticString, in range: Range<Int>) -> Bool {
    guard range.count >= word.utf8CodeUnitCount else { return false }
    return (range.lowerBound...range.upperBound - word.utf8CodeUnitCount).contains { hasWord(word, at: $0) }
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
