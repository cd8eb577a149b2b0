/// Reads the lines that ``LogWriter`` wrote.
struct LogReader {
  private enum Piece {
    case text(Range<Int>)
    case head
    case value
    case rest
  }

  private let frame: Frame
  private let detail: LogDetail
  private var templates: [[Piece]] = []
  /// The most bytes that a frame may stand for: a repeat of one line must not fill the memory.
  private static let mostBytes = 1 << 28

  init?(_ frame: Frame) {
    guard let detail = LogDetail(frame.detail), detail.templates < frame.lines.count else { return nil }
    self.frame = frame
    self.detail = detail
    let isRead = frame.lines.text.withUnsafeBufferPointer { text -> Bool in
      for number in 0..<detail.templates {
        guard let template = template(text, frame.lines[number], number) else { return false }
        templates.append(template)
      }
      return true
    }
    guard isRead else { return nil }
  }

  private func template(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ number: Int) -> [Piece]? {
    let bytes = UnsafeBufferPointer(rebasing: text[line])
    guard let (name, length) = LogName.read(bytes), name == number, bytes.count >= length + 2,
      bytes[length] == UInt8(ascii: ":"), bytes[length + 1] == UInt8(ascii: " ")
    else { return nil }
    var pieces: [Piece] = []
    var start = line.lowerBound + length + 2
    var p = start
    while p < line.upperBound {
      let byte = text[p]
      if byte == detail.signs.value || detail.used.head && byte == detail.signs.head {
        if start < p { pieces.append(.text(start..<p)) }
        if byte != detail.signs.value {
          pieces.append(.head)
        } else if p + 2 == line.upperBound, text[p + 1] == byte {
          pieces.append(.rest)
          p += 1
        } else {
          pieces.append(.value)
        }
        start = p + 1
      }
      p += 1
    }
    if start < line.upperBound { pieces.append(.text(start..<line.upperBound)) }
    return pieces
  }

  /// The lines; nil when the frame is damaged.
  func lines() -> [UInt8]? {
    var out = ByteWriter(capacity: frame.lines.text.count * 2 + 64)
    let isRead = frame.lines.text.withUnsafeBufferPointer { text -> Bool in
      guard let base = text.baseAddress else { return false }
      var head: Range<Int>?
      var last: [Range<Int>] = []
      for line in detail.templates..<frame.lines.count {
        var range = frame.lines[line]
        if detail.used.head, !range.isEmpty, base[range.lowerBound] == detail.signs.head {
          if range.count > 1, base[range.lowerBound + 1] == UInt8(ascii: "=") {
            head = range.lowerBound + 2..<range.upperBound
            continue
          }
          guard let head else { return false }
          out.append(base + head.lowerBound, head.count)
          out.append(base + range.lowerBound + 1, range.count - 1)
        } else if let (number, length) = LogName.read(
          UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)),
          number < templates.count, length == range.count || base[range.lowerBound + length] == UInt8(ascii: " ")
        {
          guard read(range.lowerBound + length, range.upperBound, templates[number], head, &last, base, &out) else {
            return false
          }
        } else {
          if !range.isEmpty, base[range.lowerBound] == UInt8(ascii: "\\") {
            range = range.lowerBound + 1..<range.upperBound
          }
          out.append(base + range.lowerBound, range.count)
        }
        out.append(UInt8(ascii: "\n"))
      }
      return true
    }
    guard isRead, out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// Reads the values of a line and writes the line, as often as it says.
  @inline(__always)
  private func read(
    _ start: Int, _ end: Int, _ template: [Piece], _ head: Range<Int>?, _ last: inout [Range<Int>],
    _ base: UnsafePointer<UInt8>, _ out: inout ByteWriter
  ) -> Bool {
    let written = out.count
    var p = start
    var place = 0
    for piece in template {
      switch piece {
      case .text(let range): out.append(base + range.lowerBound, range.count)
      case .head:
        guard let head else { return false }
        out.append(base + head.lowerBound, head.count)
      case .value:
        guard p < end, base[p] == UInt8(ascii: " ") else { return false }
        p += 1
        var own = p
        while own < end, base[own] != UInt8(ascii: " ") { own += 1 }
        var value = p..<own
        p = own
        if place == last.count { last.append(0..<0) }
        if value.isEmpty { return false }
        if base[value.lowerBound] == LogDetail.same, value.count == 1 {
          value = last[place]
        } else if base[value.lowerBound] == UInt8(ascii: "\"") {
          guard value.count >= 2, base[value.upperBound - 1] == UInt8(ascii: "\"") else { return false }
          value = value.lowerBound + 1..<value.upperBound - 1
        }
        last[place] = value
        place += 1
        out.append(base + value.lowerBound, value.count)
      case .rest:
        guard p < end, base[p] == UInt8(ascii: " ") else { return false }
        out.append(base + p + 1, end - p - 1)
        p = end
      }
    }
    guard p < end else { return true }
    // ` x7`: the line so many times.
    guard p + 2 < end, base[p] == UInt8(ascii: " "), base[p + 1] == UInt8(ascii: "x"), end - p < 12 else {
      return false
    }
    var times = 0
    for i in p + 2..<end {
      guard LogStamp.isDigit(base[i]) else { return false }
      times = times * 10 + Int(base[i] - 0x30)
    }
    let length = out.count - written
    guard times > 1, (length + 1) * times < LogReader.mostBytes - out.count else { return false }
    for _ in 1..<times {
      out.append(UInt8(ascii: "\n"))
      out.append(again: written..<written + length)
    }
    return true
  }
}
