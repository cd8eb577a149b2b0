import CHeadroom

/// What the lines of search tools are made of.
enum SearchText {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A number without leading zeros, and where it ends. Tools that count lines print no other.
  @inline(__always)
  static func number(_ text: Bytes, at start: Int, end: Int) -> (value: Int, end: Int)? {
    guard start < end, text[start] &- 0x31 < 9 else { return nil }
    var i = start
    var value = 0
    while i < end, text[i] &- 0x30 < 10 {
      guard i - start < 9 else { return nil }
      value = value * 10 + Int(text[i] &- 0x30)
      i += 1
    }
    return (value, i)
  }

  /// A number between two equal separators that say what kind of line it is: `:12:`, `-13-`.
  @inline(__always)
  static func numbered(_ text: Bytes, at start: Int, end: Int) -> (kind: SearchRun.Kind, number: Int, text: Int)? {
    guard start < end, let kind = SearchRun.Kind(text[start]),
      let (value, stop) = number(text, at: start + 1, end: end), stop < end, text[stop] == text[start]
    else { return nil }
    return (kind, value, stop + 1)
  }

  /// Splits a line at the first `:12:`, as far as what stands before it may be a path.
  static func split(_ text: Bytes, _ line: Range<Int>) -> (path: Range<Int>, number: Int, text: Int)? {
    guard let base = text.baseAddress else { return nil }
    let end = min(line.upperBound, line.lowerBound + 400)
    var i = line.lowerBound
    while i < end {
      i += headroom_find_byte(base + i, end - i, UInt8(ascii: ":"))
      guard i < end else { return nil }
      if i > line.lowerBound, let (_, value, start) = numbered(text, at: i, end: line.upperBound) {
        return (line.lowerBound..<i, value, start)
      }
      i += 1
    }
    return nil
  }

  /// How sure it is that these bytes are a path: 2 with a folder or an extension, 1 for a single word, 0 for what is none.
  static func pathRank(_ text: Bytes, _ path: Range<Int>) -> Int {
    guard !path.isEmpty, path.count <= 400, isPathStart(text[path.lowerBound]) else { return 0 }
    // A last word without an extension, as of prose and of times of day.
    var word = path.upperBound
    while word > path.lowerBound, isWordByte(text[word - 1]) || text[word - 1] == UInt8(ascii: "-") { word -= 1 }
    if word > path.lowerBound, text[word - 1] == UInt8(ascii: " ") { return 0 }
    // Nor one with a space and without an extension, which is what most lines are.
    if word == path.lowerBound || text[word - 1] != UInt8(ascii: "."), let base = text.baseAddress,
      headroom_find_byte(base + path.lowerBound, path.count, UInt8(ascii: " ")) < path.count
    {
      return 0
    }
    var slash = false
    var space = false
    var dot = -1
    for i in path {
      let byte = text[i]
      switch byte {
      case UInt8(ascii: "/"), UInt8(ascii: "\\"):
        slash = true
        dot = -1
      case UInt8(ascii: "."): dot = i
      case UInt8(ascii: " "): space = true
      case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "*"),
        UInt8(ascii: ";"):
        return 0
      default: if byte < 0x20 || byte == 0x7f { return 0 }
      }
    }
    let last = text[path.upperBound - 1]
    if last == UInt8(ascii: " ") || last == UInt8(ascii: "/") || last == UInt8(ascii: ")") && space { return 0 }
    let hasExtension = dot >= 0 && isExtension(text, dot + 1..<path.upperBound)
    if space { return hasExtension ? 2 : 0 }
    if slash || hasExtension { return 2 }
    // A time of day, such as `2024-01-02T12:30:01`, begins with a digit.
    return text[path.lowerBound] &- 0x30 < 10 ? 0 : 1
  }

  static func isExtension(_ text: Bytes, _ part: Range<Int>) -> Bool {
    guard !part.isEmpty, part.count <= 14, text[part.lowerBound] | 0x20 &- UInt8(ascii: "a") < 26 || part.count == 1
    else {
      return false
    }
    for i in part where !isWordByte(text[i]) { return false }
    return true
  }

  @inline(__always)
  static func isWordByte(_ byte: UInt8) -> Bool {
    byte | 0x20 &- UInt8(ascii: "a") < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// What begins a path; the others begin lines of our notation, or lists and quotations.
  @inline(__always)
  static func isPathStart(_ byte: UInt8) -> Bool {
    isWordByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
      || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "\\")
      || byte == UInt8(ascii: "$")
  }

  static func isSeparator(_ text: Bytes, _ line: Range<Int>) -> Bool {
    line.count == 2 && text[line.lowerBound] == UInt8(ascii: "-") && text[line.lowerBound + 1] == UInt8(ascii: "-")
  }

  /// Whether the line is the tool's own word on a file: `Binary file a.png matches`, `grep: a: Permission denied`.
  static func isMessage(_ text: Bytes, _ line: Range<Int>) -> Bool {
    let line = UnsafeBufferPointer(rebasing: text[line])
    for start in ["Binary file ", "grep: ", "rg: ", "git grep: ", "ag: "] as [StaticString] {
      if line.has(UnsafeBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount), at: 0) { return true }
    }
    return false
  }
}
