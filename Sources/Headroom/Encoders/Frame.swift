/// A form that stands inside other text: a header line that names the encoder and says how many lines follow, and those lines.
///
///     [search, 3 lines, 2 files]
///     src/a.swift
///     12:let x = 1
///     40:let y = 2
///
/// Detail is what the decoder must know and the reader may want to; it has no `]` and no line end.
struct Frame {
  /// The name of the encoder.
  var name: String
  /// What the header says behind the number of lines.
  var detail: [UInt8]
  /// The lines below the header.
  var lines: TextLines
  /// Where the frame ends in the text it was read from; the newline behind its last line is not part of it.
  private(set) var end: Int

  /// The header and the lines. `body` has no newline at its end; it must not be empty.
  static func write(_ name: String, detail: [UInt8] = [], body: [UInt8]) -> [UInt8] {
    var out = Array("[\(name), \(body.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }) lines".utf8)
    out.reserveCapacity(out.count + detail.count + body.count + 4)
    if !detail.isEmpty { out += ", ".utf8 + detail }
    out += "]\n".utf8
    out += body
    return out
  }

  /// Reads the frame whose header starts at `position`, a line's start. Nil when there is none.
  init?(_ text: [UInt8], at position: Int) {
    var reader = LineReader(text, at: position, lines: .max)
    guard let line = reader.next(depth: 0), !line.isEmpty, line.count < 512,
      text[line.lowerBound] == UInt8(ascii: "["),
      text[line.upperBound - 1] == UInt8(ascii: "]"), reader.position > line.upperBound
    else { return nil }
    var p = line.lowerBound + 1
    let end = line.upperBound - 1
    guard let comma = text[p..<end].firstIndex(of: UInt8(ascii: ",")) else { return nil }
    name = String(decoding: text[p..<comma], as: UTF8.self)
    p = comma
    guard reader.skip(", ", at: &p, end: end), let count = reader.integer(at: &p, end: end), count > 0,
      reader.skip(" lines", at: &p, end: end)
    else { return nil }
    if reader.skip(", ", at: &p, end: end) {
      detail = Array(text[p..<end])
    } else {
      guard p == end else { return nil }
      detail = []
    }
    let start = reader.position
    for _ in 0..<count { guard start < text.count, reader.next(depth: 0) != nil else { return nil } }
    self.end = reader.lineEnd
    lines = TextLines(Array(text[start..<reader.lineEnd]))
    // An empty last line is a line of the frame, but not one of a text.
    if lines.count < count { lines = TextLines(lines.text + [UInt8(ascii: "\n")]) }
    guard lines.count == count else { return nil }
  }
}
