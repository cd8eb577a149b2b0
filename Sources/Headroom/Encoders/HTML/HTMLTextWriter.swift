/// Lays text out in lines of markdown: white space as a browser collapses it, blank lines between blocks, and what stands before each line
/// inside lists and quotes.
struct HTMLTextWriter: ~Copyable {
  /// What stands before the lines of a block: `marker` before the first, `rest` before the others.
  private struct Prefix {
    var marker: [UInt8]
    var rest: [UInt8]
    var isFirst = true
  }

  private let source: UnsafeBufferPointer<UInt8>
  private var out: ByteWriter
  private var prefixes: [Prefix] = []
  /// Newlines due before the next text.
  private var breaks = 0
  private var isSpaceDue = false
  /// Whether text stands in the line.
  private var isInLine = false
  /// What is due before the next text on its line, such as the bracket of a link.
  private var openers: [UInt8] = []
  /// Above zero, all stands on one line.
  var inline = 0

  init(_ source: UnsafeBufferPointer<UInt8>, capacity: Int) {
    self.source = source
    out = ByteWriter(capacity: capacity)
  }

  var count: Int { out.count }
  var bytes: [UInt8] { out.bytes }
  func bytes(from start: Int) -> [UInt8] { out.bytes(from: start) }
  var isOpenerDue: Bool { !openers.isEmpty }
  /// Whether no item, heading or quote waits for its first text.
  var isMarkerDue: Bool { prefixes.contains { $0.isFirst && !$0.marker.isEmpty } }

  // MARK: Blocks

  /// Ends the line; with `count` 2 a blank line follows.
  mutating func lineBreak(_ count: Int = 1) {
    if inline > 0 {
      isSpaceDue = true
      return
    }
    isSpaceDue = false
    // An item's text starts behind its marker, however it is wrapped.
    breaks = max(breaks, prefixes.last.map { $0.isFirst && !$0.marker.isEmpty } == true ? min(count, 1) : count)
  }

  /// Items stand below each other without blank lines.
  mutating func tighten() { breaks = min(breaks, 1) }

  /// Deeper blocks are not indented further: that would make lines longer than their text.
  private static let deepest = 16

  mutating func push(marker: [UInt8], rest: [UInt8]) {
    prefixes.append(Prefix(marker: marker, rest: prefixes.count < HTMLTextWriter.deepest ? rest : []))
  }

  /// Whether the block has had text.
  @discardableResult
  mutating func pop() -> Bool { !prefixes.removeLast().isFirst }

  private mutating func begin() {
    if breaks > 0 || !isInLine {
      if out.count > 0 {
        for _ in 1..<max(breaks, 1) {
          out.append(UInt8(ascii: "\n"))
          writePrefixes(blank: true)
        }
        out.append(UInt8(ascii: "\n"))
      }
      breaks = 0
      isInLine = true
      writePrefixes(blank: false)
    } else if isSpaceDue {
      out.append(UInt8(ascii: " "))
    }
    isSpaceDue = false
    if !openers.isEmpty {
      out.append(openers)
      openers.removeAll(keepingCapacity: true)
    }
  }

  private mutating func writePrefixes(blank: Bool) {
    let start = out.count
    for i in prefixes.indices {
      if prefixes[i].isFirst, !blank {
        out.append(prefixes[i].marker)
        prefixes[i].isFirst = false
      } else if !prefixes[i].isFirst || !blank {
        out.append(prefixes[i].rest)
      }
    }
    if blank {
      while out.count > start, out[out.count - 1] == UInt8(ascii: " ") { out.truncate(to: out.count - 1) }
    }
  }

  // MARK: Text

  /// What stands before the next text, without a space between.
  mutating func open(_ text: StaticString) {
    openers += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  mutating func dropOpeners() { openers.removeAll(keepingCapacity: true) }

  /// Text of our own.
  mutating func write(_ text: [UInt8]) {
    guard !text.isEmpty else { return }
    begin()
    out.append(text)
  }

  /// Text directly behind what was written last.
  mutating func attach(_ text: [UInt8]) { out.append(text) }

  mutating func space() { isSpaceDue = true }

  /// Text of the page, its white space collapsed and its references resolved.
  mutating func text(_ range: Range<Int>, isRaw: Bool = false) {
    var p = range.lowerBound
    let end = range.upperBound
    while p < end {
      let byte = source[p]
      switch HTMLTextWriter.kinds[Int(byte)] {
      case .space:
        isSpaceDue = true
        p += 1
      case .reference:
        guard !isRaw, let (scalar, next) = HTMLEntities.decode(source, at: p, end: end) else {
          begin()
          out.append(byte)
          p += 1
          continue
        }
        self.scalar(scalar)
        p = next
      case .special:
        let (scalar, length) = UTF8Coding.scalar(in: source, at: p)
        if HTMLTextWriter.isInvisible(scalar) {
          p += length
        } else if scalar == 0xa0,
          isSpaceDue || !isInLine || breaks > 0 || p + 2 >= end || HTMLParser.isSpace(source[p + 2])
        {
          isSpaceDue = true
          p += length
        } else {
          begin()
          out.append(source.baseAddress! + p, length)
          p += length
        }
      case .text:
        var next = p + 1
        while next < end, HTMLTextWriter.kinds[Int(source[next])] == .text { next += 1 }
        begin()
        out.append(source.baseAddress! + p, next - p)
        p = next
      }
    }
  }

  private mutating func scalar(_ scalar: UInt32) {
    if scalar == 0xa0 || scalar <= 0x20 || (0x2002...0x200a).contains(scalar) {
      isSpaceDue = true
    } else if !HTMLTextWriter.isInvisible(scalar) {
      begin()
      _ = out.append(most: 4) { UTF8Coding.write(scalar, to: $0) }
    }
  }

  /// Places where a word may be broken, and marks of byte order.
  private static func isInvisible(_ scalar: UInt32) -> Bool { scalar == 0xad || scalar == 0x200b || scalar == 0xfeff }

  private enum Kind: UInt8 { case text, space, reference, special }

  private static let kinds: [Kind] = (0..<256).map { byte in
    switch byte {
    case 0x00...0x20: .space
    case 0x26: .reference
    // The first bytes of spaces and invisible characters: U+00A0, U+00AD, U+200B, U+FEFF.
    case 0xc2, 0xe2, 0xef: .special
    default: .text
    }
  }

  // MARK: Verbatim text

  /// Lines as they are, each behind what stands before lines here.
  mutating func verbatim(_ lines: [UInt8]) {
    for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      lineBreak()
      if line.isEmpty {
        // A line of its own without text.
        begin()
      } else {
        write(Array(line))
      }
      isInLine = true
    }
    breaks = max(breaks, 1)
  }

  /// Appends text of the page to `lines`, references resolved and white space kept.
  static func appendVerbatim(_ source: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to lines: inout [UInt8]) {
    var p = range.lowerBound
    var buffer: (UInt32, UInt32) = (0, 0)
    while p < range.upperBound {
      let byte = source[p]
      if byte == UInt8(ascii: "&"), let (scalar, next) = HTMLEntities.decode(source, at: p, end: range.upperBound) {
        if scalar == 0xa0 {
          lines.append(0x20)
        } else {
          withUnsafeMutableBytes(of: &buffer) { buffer in
            let bytes = buffer.assumingMemoryBound(to: UInt8.self)
            let length = UTF8Coding.write(scalar, to: bytes.baseAddress!)
            lines += bytes[..<length]
          }
        }
        p = next
      } else {
        var next = p + 1
        while next < range.upperBound, source[next] != UInt8(ascii: "&"), source[next] != 0x0d { next += 1 }
        lines += source[(byte == 0x0d ? p + 1 : p)..<next]
        p = next
      }
    }
  }
}
