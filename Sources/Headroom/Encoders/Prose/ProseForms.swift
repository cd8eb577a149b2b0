/// Text that people write for people: articles, pages of markdown, passages that a search has found.
///
///     The Normans adopted the feudal doctrines.  Then…       The Normans adopted the feudal doctrines.  Then…
///
///                                                            [as above: The Normans adopted]
///     The Normans adopted the feudal doctrines.  Then…
///
/// Nothing is said twice, tables lose their padding. Where the level allows it, whole sentences leave: see ``ProseCut``.
struct ProseForms: TextForms {
  static let name = "prose"
  static let kind = Segment.Kind.prose

  let lines: TextLines
  let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.counter = counter
  }

  // MARK: Which lines

  /// The least that is worth looking at.
  private static let smallest = 600

  /// Runs of paragraphs, with the headings, lists, tables and fences between them. Running text makes up most of each run.
  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    guard lines.range.count >= smallest else { return [] }
    return lines.text.withUnsafeBufferPointer { bytes in
      var runs: [Run] = []
      var current = Run()
      var code = 0
      var prose = 0
      var line = 0
      while line < lines.count {
        let kind = ProseLine.of(bytes, lines[line])
        if kind == .blank {
          line += 1
          continue
        }
        var end = line + 1
        if kind == .fence {
          while end < lines.count, ProseLine.of(bytes, lines[end]) != .fence { end += 1 }
          end = min(end + 1, lines.count)
        } else {
          while end < lines.count, isSameBlock(kind, ProseLine.of(bytes, lines[end])) { end += 1 }
        }
        var measure = ProseMeasure()
        if kind != .fence, kind != .table { measure.add(bytes, lines[line..<end].range) }
        let size = lines[line..<end].range.count
        let isCode = kind != .fence && CodeLine.areMany(bytes, lines, line..<end)
        let isProse = !isCode && measure.isProse
        let isStructure = !isCode && (kind != .text || size < 100)
        if isCode { code += size }
        if isProse {
          prose += size
          current.prose += size
          current.take(line..<end)
        } else if isStructure, current.unproven + size < 4_000 {
          current.other += kind == .fence ? 0 : size
          current.unproven += size
          current.wait(line..<end)
        } else {
          runs.append(current)
          current = Run()
        }
        line = end
      }
      runs.append(current)
      // Comments of code are prose too, but not to be taken apart.
      guard code < prose else { return [] }
      return runs.compactMap { run in
        guard let lines = run.lines, run.prose >= smallest, run.prose >= run.proven * 2 else { return nil }
        return lines
      }
    }
  }

  private static func isSameBlock(_ first: ProseLine, _ next: ProseLine) -> Bool {
    switch first {
    case .table: next == .table
    case .item, .text: next == .text || next == .item
    default: false
    }
  }

  /// Blocks of running text and what stands between them.
  private struct Run {
    var lines: Range<Int>?
    var prose = 0
    /// Bytes that are no running text: all, those up to the last running text, and those since.
    var other = 0
    var proven = 0
    var unproven = 0
    private var pending: Int?

    mutating func take(_ part: Range<Int>) {
      lines = (lines?.lowerBound ?? pending ?? part.lowerBound)..<part.upperBound
      proven = other
      unproven = 0
    }

    /// Structure belongs to the text that follows it.
    mutating func wait(_ part: Range<Int>) { if lines == nil, pending == nil { pending = part.lowerBound } }
  }

  // MARK: All of it

  func complete() -> [Candidate] {
    var forms: [Candidate] = []
    if let text = normalized() { forms.append(Candidate(name: "prose", fidelity: .normalized, bytes: text)) }
    let repeats = lines.text.withUnsafeBufferPointer { ProseRepeats.body(lines, $0) }
    if let repeats {
      let frame = Frame.write(ProseForms.name, body: repeats)
      forms.append(Candidate(name: "prose", fidelity: .identical, bytes: frame))
    }
    return forms
  }

  /// Without trailing spaces, more than two blank lines in a row, padding in tables, and parameters of URLs that track readers. Nil when
  /// there is nothing of that.
  private func normalized() -> [UInt8]? {
    lines.text.withUnsafeBufferPointer { bytes -> [UInt8]? in
      var out = ByteWriter(capacity: lines.range.count + 16)
      var blank = 0
      var isCode = false
      for line in 0..<lines.count {
        var range = lines[line]
        while let last = bytes[range].last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
          range = range.lowerBound..<range.upperBound - 1
        }
        if range.isEmpty {
          blank += 1
          continue
        }
        if blank > 0, out.count > 0 { out.append(repeating: UInt8(ascii: "\n"), count: blank > 2 ? 1 : blank) }
        blank = 0
        let kind = ProseLine.of(bytes, range)
        if kind == .fence { isCode.toggle() }
        if isCode {
          out.append(UnsafeBufferPointer(rebasing: bytes[range]))
        } else if kind == .table {
          ProseTable.write(bytes, range, to: &out)
        } else {
          ProseURL.write(bytes, range, to: &out)
        }
        out.append(UInt8(ascii: "\n"))
      }
      guard out.count > 0 else { return nil }
      out.truncate(to: out.count - 1)
      return out.count < lines.range.count ? out.bytes : nil
    }
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    frame.lines.text.withUnsafeBufferPointer { ProseRepeats.decode(frame.lines, $0) }
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { ProseCut(self, request, $0)?.candidate() }
  }
}

/// A line of a markdown table without its padding.
///
///     | name    | size |        | name | size |
///     |---------|-----:|        |---|--:|
enum ProseTable {
  static func write(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, to out: inout ByteWriter) {
    let isRule = bytes[line].allSatisfy { byte in
      byte == UInt8(ascii: "|") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: " ")
    }
    var position = line.lowerBound
    while position < line.upperBound {
      let byte = bytes[position]
      var end = position + 1
      while end < line.upperBound, bytes[end] == byte { end += 1 }
      let count = end - position
      switch byte {
      case UInt8(ascii: " "): if !isRule { out.append(byte) }
      case UInt8(ascii: "-") where isRule: out.append(repeating: byte, count: min(count, 3))
      default: out.append(repeating: byte, count: count)
      }
      position = end
    }
  }
}

/// URLs without the parameters that only say where a reader came from.
enum ProseURL {
  private static let parameters: [StaticString] = [
    "utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "igshid=", "msclkid=",
  ]

  static func write(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, to out: inout ByteWriter) {
    var copied = line.lowerBound
    var position = line.lowerBound
    while position < line.upperBound {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&"), isTracking(bytes, position + 1..<line.upperBound)
      else {
        position += 1
        continue
      }
      var end = position + 1
      while end < line.upperBound, isParameter(bytes[end]) { end += 1 }
      // What follows the first parameter takes its question mark.
      let hasMore = end < line.upperBound && bytes[end] == UInt8(ascii: "&")
      let keepsMark = byte == UInt8(ascii: "?") && hasMore
      out.append(UnsafeBufferPointer(rebasing: bytes[copied..<position + (keepsMark ? 1 : 0)]))
      copied = keepsMark ? end + 1 : end
      // The next parameter is looked at as one behind a question mark.
      if keepsMark, isTracking(bytes, copied..<line.upperBound) {
        while copied < line.upperBound, isTracking(bytes, copied..<line.upperBound) {
          while copied < line.upperBound, isParameter(bytes[copied]) { copied += 1 }
          if copied < line.upperBound, bytes[copied] == UInt8(ascii: "&") { copied += 1 }
        }
      }
      position = copied
    }
    out.append(UnsafeBufferPointer(rebasing: bytes[copied..<line.upperBound]))
  }

  private static func isTracking(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    parameters.contains { FieldCursor(bytes, range).has($0) }
  }

  private static func isParameter(_ byte: UInt8) -> Bool {
    byte > 0x20 && !"&#\"'()<>[]".utf8.contains(byte)
  }
}

/// Paragraphs that stand in a text more than once.
enum ProseRepeats {
  private static let mark: StaticString = "[as above: "
  /// A paragraph shorter than this is not worth pointing at.
  private static let shortest = 120

  private static func paragraphs(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start: Int?
    for line in 0...lines.count {
      let isText = line < lines.count && !lines[line].isEmpty
      if isText, start == nil { start = line }
      if !isText, let first = start {
        result.append(first..<line)
        start = nil
      }
    }
    return result
  }

  /// The lines with repeated paragraphs named by how they begin; nil when there are none.
  static func body(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let base = bytes.baseAddress else { return nil }
    var index = ByteIndex()
    var begins = ByteIndex()
    var out: [UInt8] = []
    var copied = 0
    for part in paragraphs(lines, bytes) {
      let range = lines[part].range
      if FieldCursor(bytes, range).has(mark) { return nil }
      guard range.count >= shortest else { continue }
      let (number, isNew) = index.add(range, in: base)
      let begin = beginning(of: range, bytes)
      if isNew {
        // The name of a paragraph is its beginning, and only the first of those with the same.
        _ = begins.add(begin, in: base)
        continue
      }
      let first = index.ranges[number].lowerBound
      guard let named = begins.number(of: UnsafeBufferPointer(rebasing: bytes[begin]), in: base),
        begins.ranges[named].lowerBound == first
      else { continue }
      out += bytes[lines[0].lowerBound + copied..<range.lowerBound]
      out += Array("[as above: ".utf8) + bytes[begin] + [UInt8(ascii: "]")]
      copied = range.upperBound - lines[0].lowerBound
    }
    guard copied > 0 else { return nil }
    return out + bytes[lines[0].lowerBound + copied..<lines.range.upperBound]
  }

  /// The first words of a paragraph.
  private static func beginning(of range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var end = range.lowerBound + 32
    while end < range.upperBound, end < range.lowerBound + 64, bytes[end] > 0x20 { end += 1 }
    if let line = bytes[range.lowerBound..<end].firstIndex(where: { $0 == 0x0a || $0 == UInt8(ascii: "]") }) {
      end = line
    }
    while end > range.lowerBound, bytes[end - 1] & 0xC0 == 0x80 || bytes[end - 1] >= 0xC0 || bytes[end - 1] == 0x20 {
      end -= 1
    }
    return range.lowerBound..<end
  }

  static func decode(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let base = bytes.baseAddress else { return nil }
    var begins = ByteIndex()
    var targets: [Range<Int>] = []
    var out: [UInt8] = []
    var copied = lines[0].lowerBound
    for part in paragraphs(lines, bytes) {
      let range = lines[part].range
      var cursor = FieldCursor(bytes, range)
      if cursor.skip(mark) {
        guard part.count == 1, bytes[range.upperBound - 1] == UInt8(ascii: "]") else { return nil }
        let begin = bytes[cursor.position..<range.upperBound - 1]
        guard let number = begins.number(of: UnsafeBufferPointer(rebasing: begin), in: base) else { return nil }
        out += bytes[copied..<range.lowerBound]
        out += bytes[targets[number]]
        copied = range.upperBound
        continue
      }
      guard range.count >= shortest else { continue }
      if begins.add(beginning(of: range, bytes), in: base).isNew { targets.append(range) }
    }
    return out + bytes[copied..<lines.range.upperBound]
  }
}
