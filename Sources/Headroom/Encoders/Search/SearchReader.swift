/// Reads the short notation of search results back to the lines of the tool.
struct SearchReader: ~Copyable {
  /// What the header says.
  struct Header {
    var layout: SearchRun.Layout
    var isSeparated = false
    var phrase: [UInt8]?

    init?(_ detail: [UInt8]) {
      var detail = detail[...]
      if let place = detail.place(of: SearchFactor.words) {
        phrase = Array(detail[(place + SearchFactor.words.utf8CodeUnitCount)...])
        detail = detail[..<place]
      }
      if detail.hasSuffix(SearchForms.separatedWords) {
        isSeparated = true
        detail = detail.dropLast(SearchForms.separatedWords.utf8CodeUnitCount)
      }
      guard let comma = detail.lastIndex(of: UInt8(ascii: ",")), detail.endIndex > comma + 2,
        let layout = SearchRun.Layout(rawValue: String(decoding: detail[(comma + 2)...], as: UTF8.self))
      else { return nil }
      self.layout = layout
    }
  }

  private let lines: TextLines
  private let header: Header
  private var layout: SearchRun.Layout { header.layout }
  private var out: ByteWriter

  // Of the current file:
  private var path: [UInt8] = []
  private var indent: [UInt8] = []
  private var folder: [UInt8] = []
  /// Records that may come from more than one place, until the file ends.
  private var entries: [Entry] = []
  private var isMerged = false
  /// The first of the entries that have no number yet.
  private var pending: Int?
  private var previous: Int?

  private struct Entry {
    var kind: SearchRun.Kind
    var number: Int
    var column = 0
    var text: Range<Int>
  }

  init(_ lines: TextLines, _ header: Header) {
    self.lines = lines
    self.header = header
    out = ByteWriter(capacity: lines.text.count * 2)
  }

  /// The lines of the tool; nil when the notation is damaged.
  mutating func text() -> [UInt8]? {
    var line = 0
    var isFirst = true
    while line < lines.count {
      if layout.hasPath {
        guard heading(&line) else { return nil }
      }
      while line < lines.count, !lines[line].isEmpty {
        guard record(lines[line]) else { return nil }
        line += 1
      }
      guard flush(isFirst: isFirst) else { return nil }
      isFirst = false
      guard line < lines.count else { break }
      line += 1
      guard layout.hasPath, line < lines.count else { return nil }
    }
    guard out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  private mutating func heading(_ line: inout Int) -> Bool {
    var range = lines[line]
    if range.count > 1, lines.text[range.upperBound - 1] == UInt8(ascii: "/"), lines.text[range.lowerBound] != 0x20 {
      folder = Array(lines.text[range])
      line += 1
      guard line < lines.count else { return false }
      range = lines[line]
    }
    line += 1
    indent = []
    var text = lines.text[range]
    if text.last == UInt8(ascii: ")"), let place = text.lastPlace(of: SearchForms.indentWords) {
      var reader = place + SearchForms.indentWords.utf8CodeUnitCount
      let source = LineReader(lines.text, at: reader, lines: 1)
      guard let count = source.integer(at: &reader, end: range.upperBound, digits: 3) else { return false }
      let tabs = source.skip(" tabs", at: &reader, end: range.upperBound)
      guard reader == range.upperBound - 1 else { return false }
      indent = Array(repeating: tabs ? 0x09 : 0x20, count: count)
      text = text[..<place]
    }
    guard let first = text.first else { return false }
    path = first == 0x20 ? folder + text.dropFirst() : Array(text)
    return true
  }

  private mutating func record(_ range: Range<Int>) -> Bool {
    let text = lines.text
    switch text[range.lowerBound] {
    case UInt8(ascii: "!"):
      guard pending == nil else { return false }
      previous = nil
      entries.append(Entry(kind: .other, number: previous ?? 0, text: range.lowerBound + 1..<range.upperBound))
    case UInt8(ascii: "-"):
      guard range.count == 2, text[range.lowerBound + 1] == UInt8(ascii: "-"), pending == nil else { return false }
      previous = nil
      entries.append(Entry(kind: .separator, number: 0, text: range))
    case 0x20:
      let content = range.lowerBound + 1..<range.upperBound
      if !layout.hasNumber {
        entries.append(Entry(kind: .match, number: 0, text: content))
      } else {
        if previous == nil, pending == nil { pending = entries.count }
        let number = previous.map { $0 + 1 } ?? 0
        if previous != nil { previous = number }
        entries.append(Entry(kind: .context, number: number, text: content))
      }
    default: return numbered(range)
    }
    return true
  }

  private mutating func numbered(_ range: Range<Int>) -> Bool {
    guard layout.hasNumber else { return false }
    let reader = LineReader(lines.text, at: range.lowerBound, lines: 1)
    var p = range.lowerBound
    var numbers: [Int] = []
    var column = 0
    repeat {
      guard let number = reader.integer(at: &p, end: range.upperBound), p < range.upperBound else { return false }
      numbers.append(number)
    } while reader.skip(",", at: &p, end: range.upperBound)
    if layout.hasColumn {
      guard numbers.count == 1, reader.skip(":", at: &p, end: range.upperBound),
        let value = reader.integer(at: &p, end: range.upperBound), p < range.upperBound
      else { return false }
      column = value
    }
    let kind: SearchRun.Kind
    switch lines.text[p] {
    case 0x20: kind = .match
    case UInt8(ascii: "-"): kind = .context
    case UInt8(ascii: "="): kind = .function
    default: return false
    }
    if let first = pending {
      for i in first..<entries.count { entries[i].number = numbers[0] - (entries.count - i) }
      pending = nil
    }
    if numbers.count > 1 { isMerged = true }
    for number in numbers {
      entries.append(Entry(kind: kind, number: number, column: column, text: p + 1..<range.upperBound))
    }
    previous = numbers.last
    return true
  }

  // MARK: The tool's lines

  private mutating func flush(isFirst: Bool) -> Bool {
    guard !entries.isEmpty, pending == nil else { return false }
    if isMerged {
      guard entries.allSatisfy({ $0.kind == .match }) else { return false }
      // No two are equal, or the verification finds it.
      entries.sort { ($0.number, $0.text.lowerBound) < ($1.number, $1.text.lowerBound) }
    }
    if !isFirst, header.isSeparated { out.append("--\n") }
    if layout.hasHeadings {
      if !isFirst { out.append(UInt8(ascii: "\n")) }
      out.append(path)
      out.append(UInt8(ascii: "\n"))
    }
    for entry in entries { write(entry) }
    entries.removeAll(keepingCapacity: true)
    isMerged = false
    previous = nil
    return true
  }

  private mutating func write(_ entry: Entry) {
    let isLine = entry.kind != .separator && entry.kind != .other
    if isLine {
      let separator = entry.kind.separator
      if layout.hasPath, !layout.hasHeadings {
        out.append(path)
        out.append(separator)
      }
      if layout.hasNumber {
        out.append(decimal: entry.number)
        out.append(separator)
      }
      if layout.hasColumn {
        out.append(decimal: entry.column)
        out.append(separator)
      }
      if !entry.text.isEmpty { out.append(indent) }
    }
    lines.text.withUnsafeBufferPointer { text in
      let content = UnsafeBufferPointer(rebasing: text[entry.text])
      if isLine, let phrase = header.phrase, let sign = content.firstIndex(of: SearchFactor.sign) {
        out.append(UnsafeBufferPointer(rebasing: content[..<sign]))
        out.append(phrase)
        out.append(UnsafeBufferPointer(rebasing: content[(sign + 1)...]))
      } else {
        out.append(content)
      }
    }
    out.append(UInt8(ascii: "\n"))
  }
}

extension ArraySlice<UInt8> {
  /// Where `words` stand first.
  func place(of words: StaticString) -> Int? {
    indices.first { has(words, at: $0) }
  }

  /// Where `words` stand last.
  func lastPlace(of words: StaticString) -> Int? {
    indices.last { has(words, at: $0) }
  }

  func hasSuffix(_ words: StaticString) -> Bool { has(words, at: endIndex - words.utf8CodeUnitCount) }

  private func has(_ words: StaticString, at place: Int) -> Bool {
    guard place >= startIndex, endIndex - place >= words.utf8CodeUnitCount else { return false }
    for i in 0..<words.utf8CodeUnitCount where self[place + i] != words.utf8Start[i] { return false }
    return true
  }
}
