import CHeadroom

/// How a tool writes the number of a line before its text: what it is padded with, to which width, and what stands behind it.
///
///     "     7\tlet x"   cat -n, nl          "7:let x"        grep -n, editors' windows
///     "     7→let x"    file reading tools  "00007| let x"   the same, padded with zeros
struct LineNumbering: Equatable {
  enum Delimiter: CaseIterable {
    case tab, arrow, colon, bar

    var bytes: StaticString {
      switch self {
      case .tab: "\t"
      case .arrow: "→"
      case .colon: ":"
      case .bar: "|"
      }
    }

    /// The width that tools which use this delimiter pad to as a rule; headers do not mention it.
    var usualWidth: Int { self == .tab || self == .arrow ? 6 : 1 }
  }

  var delimiter: Delimiter
  /// The fewest bytes that a number takes.
  var width: Int
  var hasZeros: Bool

  /// A line apart: its number, and where its text begins.
  struct Line {
    var numbering: LineNumbering
    var number: Int
    var text: Int
  }

  private static let mostDigits = 9
  private static let widest = 16

  /// Reads the number at the start of a line. A number without padding may be one that fills the width; it counts as not padded.
  @inline(__always)
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Line? {
    var p = line.lowerBound
    let end = line.upperBound
    while p < end, bytes[p] == UInt8(ascii: " "), p - line.lowerBound < widest { p += 1 }
    let start = p
    var number = 0
    while p < end, bytes[p] &- 0x30 < 10, p - start < widest {
      number = number * 10 + Int(bytes[p] &- 0x30)
      p += 1
    }
    guard p > start, p < end, let delimiter = delimiter(bytes, p, end), number < 1_000_000_000 else { return nil }
    let hasZeros = bytes[start] == UInt8(ascii: "0") && p - start > 1
    guard !hasZeros || start == line.lowerBound else { return nil }
    let isPadded = hasZeros || start > line.lowerBound
    let numbering = LineNumbering(
      delimiter: delimiter, width: isPadded ? p - line.lowerBound : 1, hasZeros: hasZeros)
    return Line(numbering: numbering, number: number, text: p + delimiter.bytes.utf8CodeUnitCount)
  }

  @inline(__always)
  private static func delimiter(_ bytes: UnsafeBufferPointer<UInt8>, _ p: Int, _ end: Int) -> Delimiter? {
    switch bytes[p] {
    case UInt8(ascii: "\t"): .tab
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: "|"): .bar
    case 0xe2: p + 2 < end && bytes[p + 1] == 0x86 && bytes[p + 2] == 0x92 ? .arrow : nil
    default: nil
    }
  }

  /// Whether `line` is written in this way.
  @inline(__always)
  func matches(_ line: Line) -> Bool {
    if line.numbering == self { return true }
    // A number that fills the width has no padding.
    return line.numbering.delimiter == delimiter && line.numbering.width == 1
      && LineNumbering.digits(line.number) >= width
  }

  /// Writes a number as the tool does, and the delimiter.
  func write(_ number: Int, to out: inout ByteWriter) {
    out.append(repeating: UInt8(ascii: hasZeros ? "0" : " "), count: max(0, width - LineNumbering.digits(number)))
    out.append(decimal: number)
    out.append(delimiter.bytes)
  }

  @inline(__always)
  private static func digits(_ number: Int) -> Int {
    var count = 1
    var bound = 10
    while number >= bound, count < mostDigits + 1 {
      count += 1
      bound *= 10
    }
    return count
  }

  // MARK: In a header

  /// What a header says of the padding; empty when it is the usual one.
  var detail: String {
    if hasZeros { return ", padded to \(width) with zeros" }
    if width == delimiter.usualWidth { return "" }
    return width == 1 ? ", not padded" : ", padded to \(width)"
  }

  /// The numbering that a header's `detail` speaks of.
  init?(_ delimiter: Delimiter, detail: [UInt8]) {
    self.delimiter = delimiter
    width = delimiter.usualWidth
    hasZeros = false
    if detail.isEmpty { return }
    let reader = LineReader(detail, at: 0, lines: 1)
    var p = 0
    if reader.skip(", not padded", at: &p, end: detail.count) {
      width = 1
    } else {
      guard reader.skip(", padded to ", at: &p, end: detail.count),
        let width = reader.integer(at: &p, end: detail.count), 1...LineNumbering.widest ~= width
      else { return nil }
      self.width = width
      hasZeros = reader.skip(" with zeros", at: &p, end: detail.count)
    }
    guard p == detail.count, self.detail.utf8.elementsEqual(detail) else { return nil }
  }

  init(delimiter: Delimiter, width: Int, hasZeros: Bool) {
    self.delimiter = delimiter
    self.width = width
    self.hasZeros = hasZeros
  }
}
