import CHeadroom

/// Writes lines by their templates.
///
///     [log, 6 lines, 1 templates, * each value, @ the @= line above]
///     A: @:* INFO Received block blk_* of size *
///     @=2015-10-18 18:01
///     A 47,978 3587508140051953248 67108864
///     A 48,963 5402003568334525940 67108864
///     @:49,105 WARN disk is slow
///     java.io.IOException: Connection reset
struct LogWriter {
  /// The signs that templates use, none of which stands in their fixed text.
  struct Signs {
    var value: UInt8
    var head: UInt8
  }

  private let templates: LogTemplates
  private let source: LogLines

  init(_ templates: LogTemplates) {
    self.templates = templates
    source = templates.source
  }

  /// The frame; nil when there is no template.
  func frame() -> [UInt8]? {
    guard !templates.templates.isEmpty else { return nil }
    return source.lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress, let signs = signs(base) else { return nil }
      var out = ByteWriter(capacity: source.lines.range.count / 2 + 256)
      for (number, template) in templates.templates.enumerated() {
        LogName.write(number, to: &out)
        out.append(": ")
        write(template, signs, base, to: &out)
        out.append(UInt8(ascii: "\n"))
      }
      let used = writeLines(signs, base, to: &out)
      out.truncate(to: out.count - 1)
      let detail = LogDetail(templates: templates.templates.count, signs: signs, used: used)
      return Frame.write("log", detail: detail.text, body: out.bytes)
    }
  }

  // MARK: Templates

  /// Signs that no template has in its text.
  private func signs(_ base: UnsafePointer<UInt8>) -> Signs? {
    var isUsed = [Bool](repeating: false, count: 256)
    for template in templates.templates {
      forEachPiece(of: template, base) { piece, _ in for byte in piece { isUsed[Int(byte)] = true } }
    }
    guard let value = LogDetail.valueSigns.first(where: { !isUsed[Int($0)] }),
      let head = LogDetail.headSigns.first(where: { !isUsed[Int($0)] && $0 != value })
    else { return nil }
    return Signs(value: value, head: head)
  }

  /// The fixed parts of a template, each with what stands behind it.
  private func forEachPiece(
    of template: LogTemplate, _ base: UnsafePointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>, LogTemplate.Column) -> Void
  ) {
    let line = source.lines[template.model]
    let first = source.firstValue[template.model]
    var start = line.lowerBound
    for (i, column) in template.columns.enumerated() where column != .fixed {
      let value = source.values[first + i]
      var prefix = 0
      var suffix = 0
      if case .value(let before, let behind) = column { (prefix, suffix) = (before, behind) }
      let end = Int(value.start) + prefix
      body(UnsafeBufferPointer(start: base + start, count: end - start), column)
      start = Int(value.start + value.length) - suffix
    }
    let end = template.rest.map { line.lowerBound + $0 } ?? line.upperBound
    body(UnsafeBufferPointer(start: base + start, count: end - start), .fixed)
  }

  private func write(
    _ template: LogTemplate, _ signs: Signs, _ base: UnsafePointer<UInt8>, to out: inout ByteWriter
  ) {
    forEachPiece(of: template, base) { piece, column in
      out.append(piece)
      switch column {
      case .fixed: break
      case .head: out.append(signs.head)
      case .value: out.append(signs.value)
      }
    }
    if template.rest != nil {
      out.append(signs.value)
      out.append(signs.value)
    }
  }

  // MARK: Lines

  private func writeLines(
    _ signs: Signs, _ base: UnsafePointer<UInt8>, to out: inout ByteWriter
  ) -> LogDetail.Used {
    var used = LogDetail.Used()
    // What each place of a line had last, as a part of the text.
    var last = [Range<Int>](repeating: 0..<0, count: LogLines.mostValues)
    var head = 0..<0
    var line = 0
    let count = source.lines.count
    let plans = templates.templates.map { Plan($0) }
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    }
    while line < count {
      let range = source.lines[line]
      let number = Int(templates.templateOf[line])
      guard number >= 0 else {
        writeVerbatim(line, signs, &head, base, to: &out)
        line += 1
        continue
      }
      let plan = plans[number]
      let first = source.firstValue[line]
      if let column = plan.head {
        let value = source.values[first + column]
        writeHead(Int(value.start)..<Int(value.start + value.length), signs, &head, base, to: &out)
      }
      LogName.write(number, to: &out)
      for (place, part) in plan.values.enumerated() {
        let value = source.values[first + part.column]
        let own = Int(value.start) + part.prefix..<Int(value.start + value.length) - part.suffix
        out.append(UInt8(ascii: " "))
        if own.count > 3, own.count == last[place].count,
          bytes(own).isEqual(to: bytes(last[place]))
        {
          out.append(LogDetail.same)
          used.same = true
        } else if own.isEmpty || own.count == 1 && base[own.lowerBound] == LogDetail.same {
          out.append(UInt8(ascii: "\""))
          out.append(bytes(own))
          out.append(UInt8(ascii: "\""))
        } else {
          out.append(base + own.lowerBound, own.count)
        }
        last[place] = own
      }
      line += 1
      if plan.hasRest {
        out.append(UInt8(ascii: " "))
        out.append(bytes(Int(templates.restOf[line - 1])..<range.upperBound))
        used.rest = true
      } else {
        var times = 1
        while line < count, templates.templateOf[line] == templates.templateOf[line - 1],
          bytes(source.lines[line]).isEqual(to: bytes(range))
        {
          times += 1
          line += 1
        }
        if times > 1 {
          out.append(" x")
          out.append(decimal: times)
        }
      }
      out.append(UInt8(ascii: "\n"))
    }
    used.head = !head.isEmpty
    return used
  }

  /// Says the heading of a line where it is not the one above.
  @inline(__always)
  private func writeHead(
    _ own: Range<Int>, _ signs: Signs, _ head: inout Range<Int>, _ base: UnsafePointer<UInt8>, to out: inout ByteWriter
  ) {
    if own.count == head.count, headroom_equal_bytes(base + own.lowerBound, base + head.lowerBound, own.count) {
      return
    }
    out.append(signs.head)
    out.append(UInt8(ascii: "="))
    out.append(base + own.lowerBound, own.count)
    out.append(UInt8(ascii: "\n"))
    head = own
  }

  /// A line without a template: as it is, but for a stamp at its start that the heading says.
  private func writeVerbatim(
    _ line: Int, _ signs: Signs, _ head: inout Range<Int>, _ base: UnsafePointer<UInt8>, to out: inout ByteWriter
  ) {
    let range = source.lines[line]
    let first = source.firstValue[line]
    if first < source.firstValue[line + 1], source.values[first].hash == LogLines.head,
      Int(source.values[first].start) == range.lowerBound
    {
      let end = range.lowerBound + Int(source.values[first].length)
      if end < range.upperBound, base[end] != UInt8(ascii: "=") {
        writeHead(range.lowerBound..<end, signs, &head, base, to: &out)
        out.append(signs.head)
        out.append(base + end, range.upperBound - end)
        out.append(UInt8(ascii: "\n"))
        return
      }
    }
    let bytes = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    if LogName.mustEscape(bytes, signs, templates: templates.templates.count) { out.append(UInt8(ascii: "\\")) }
    out.append(bytes)
    out.append(UInt8(ascii: "\n"))
  }

  /// What of a line is written.
  private struct Plan {
    var head: Int?
    var values: [(column: Int, prefix: Int, suffix: Int)] = []
    var hasRest: Bool

    init(_ template: LogTemplate) {
      hasRest = template.rest != nil
      for (i, column) in template.columns.enumerated() {
        switch column {
        case .fixed: break
        case .head: head = i
        case .value(let prefix, let suffix): values.append((i, prefix, suffix))
        }
      }
    }
  }
}

/// The names of templates: `A` to `Z`, then `Aa` to `Zz`.
enum LogName {
  @inline(__always)
  static func write(_ number: Int, to out: inout ByteWriter) {
    if number < 26 {
      out.append(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: number))
    } else {
      out.append(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: (number - 26) / 26))
      out.append(UInt8(ascii: "a") + UInt8(truncatingIfNeeded: (number - 26) % 26))
    }
  }

  /// The number that a line or definition starts with, and the length of its name.
  @inline(__always)
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> (number: Int, length: Int)? {
    guard let first = bytes.first, first &- 0x41 < 26 else { return nil }
    let capital = Int(first - 0x41)
    guard bytes.count > 1, bytes[1] &- 0x61 < 26 else { return (capital, 1) }
    return (26 + capital * 26 + Int(bytes[1] - 0x61), 2)
  }

  /// Whether a line could be taken for one that a template writes, or for a heading.
  static func mustEscape(_ line: UnsafeBufferPointer<UInt8>, _ signs: LogWriter.Signs, templates: Int) -> Bool {
    guard let first = line.first else { return false }
    if first == UInt8(ascii: "\\") || first == signs.head { return true }
    guard let (number, length) = read(line), number < templates else { return false }
    return length == line.count || line[length] == UInt8(ascii: " ")
  }
}
