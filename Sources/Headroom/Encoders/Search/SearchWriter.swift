/// Writes a run of search results in the short notation; see ``SearchForms``.
struct SearchWriter: ~Copyable {
  private let text: UnsafeBufferPointer<UInt8>
  private let run: SearchRun
  private let factor: SearchFactor?
  private var out: ByteWriter

  init(_ run: SearchRun, in text: UnsafeBufferPointer<UInt8>, factor: SearchFactor?) {
    self.run = run
    self.text = text
    self.factor = factor
    out = ByteWriter(capacity: (run.records.last?.text.upperBound ?? 0) - (run.records.first?.text.lowerBound ?? 0))
  }

  /// The lines below the header.
  consuming func body() -> [UInt8] {
    let separated = run.isSeparatedBetweenFiles
    var folder = 0..<0
    for (i, group) in run.groups.enumerated() {
      if i > 0 { out.append(UInt8(ascii: "\n")) }
      var records = group.records
      if separated, i < run.groups.count - 1 { records = records.lowerBound..<records.upperBound - 1 }
      let indent = indentation(records)
      if run.layout.hasPath {
        let next = i + 1 < run.groups.count ? run.groups[i + 1].path : nil
        heading(group.path, &folder, next: next)
        note(indent)
        out.append(UInt8(ascii: "\n"))
      }
      write(records, indent: indent.count)
    }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  // MARK: Headings

  /// The folder of a path with its slash; empty when it has none.
  private func folder(of path: Range<Int>) -> Range<Int> {
    guard let slash = text[path].lastIndex(of: UInt8(ascii: "/")) else { return path.lowerBound..<path.lowerBound }
    return path.lowerBound..<slash + 1
  }

  private func equal(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    UnsafeBufferPointer(rebasing: text[a]).isEqual(to: UnsafeBufferPointer(rebasing: text[b]))
  }

  /// A folder that two or more files in a row are in stands above them, on a line of its own.
  private mutating func heading(_ path: Range<Int>, _ last: inout Range<Int>, next: Range<Int>?) {
    let own = folder(of: path)
    if !own.isEmpty, !equal(own, last), let next, equal(own, folder(of: next)) {
      append(own)
      out.append(UInt8(ascii: "\n"))
      last = own
    }
    if !own.isEmpty, equal(own, last) {
      out.append(UInt8(ascii: " "))
      append(own.upperBound..<path.upperBound)
    } else {
      append(path)
    }
  }

  /// The white space that all lines of a file begin with, where it is worth a note.
  private func indentation(_ records: Range<Int>) -> Range<Int> {
    guard records.count >= 6, run.layout.hasPath else { return 0..<0 }
    var shared: Range<Int>?
    for record in run.records[records] {
      switch record.kind {
      case .separator: continue
      case .other: return 0..<0
      default: break
      }
      let line = record.text
      guard !line.isEmpty else { continue }
      let known = shared ?? line
      guard let first = known.first, text[first] == 0x20 || text[first] == 0x09 else { return 0..<0 }
      var count = 0
      while count < known.count, count < line.count, text[line.lowerBound + count] == text[first],
        text[known.lowerBound + count] == text[first]
      {
        count += 1
      }
      if count < 2 { return 0..<0 }
      shared = known.lowerBound..<known.lowerBound + count
    }
    guard let shared, shared.count < 100 else { return 0..<0 }
    return shared
  }

  private mutating func note(_ indent: Range<Int>) {
    guard let first = indent.first else { return }
    out.append(" (indent ")
    out.append(decimal: indent.count)
    if text[first] == 0x09 { out.append(" tabs") }
    out.append(UInt8(ascii: ")"))
  }

  // MARK: Lines

  private mutating func write(_ records: Range<Int>, indent: Int) {
    guard run.layout.hasNumber else {
      for i in records { plain(run.records[i], indent) }
      return
    }
    if !run.layout.hasColumn, let (next, isFirst) = repeats(records) {
      for i in records where isFirst[i - records.lowerBound] {
        out.append(decimal: run.records[i].number)
        var other = next[i - records.lowerBound]
        while other >= 0 {
          out.append(UInt8(ascii: ","))
          out.append(decimal: run.records[other].number)
          other = next[other - records.lowerBound]
        }
        out.append(UInt8(ascii: " "))
        content(run.records[i], indent)
      }
      return
    }
    for i in records { numbered(i, in: records, indent) }
  }

  private mutating func plain(_ record: SearchRun.Record, _ indent: Int) {
    out.append(record.kind == .other ? UInt8(ascii: "!") : UInt8(ascii: " "))
    content(record, record.kind == .other ? 0 : indent)
  }

  private mutating func numbered(_ i: Int, in records: Range<Int>, _ indent: Int) {
    let record = run.records[i]
    switch record.kind {
    case .separator:
      out.append("--\n")
      return
    case .other:
      plain(record, indent)
      return
    case .context where isImplied(i, in: records):
      out.append(UInt8(ascii: " "))
    default:
      out.append(decimal: record.number)
      if run.layout.hasColumn {
        out.append(UInt8(ascii: ":"))
        out.append(decimal: record.column)
      }
      out.append(record.kind == .match ? UInt8(ascii: " ") : record.kind.separator)
    }
    content(record, indent)
  }

  /// Whether a line of context follows from those around it: it is the next one, or they lead without a gap to a line with a number.
  private func isImplied(_ i: Int, in records: Range<Int>) -> Bool {
    if i > records.lowerBound, run.records[i - 1].isLine {
      return run.records[i].number == run.records[i - 1].number + 1
    }
    var next = i + 1
    while next < records.upperBound, run.records[next].isLine,
      run.records[next].number == run.records[next - 1].number + 1
    {
      if run.records[next].kind != .context { return true }
      next += 1
    }
    return false
  }

  /// For each record the next one that says the same, or -1, and whether it is the first that does. Nil when nothing is said twice, or the
  /// order could not be told from the numbers.
  private func repeats(_ records: Range<Int>) -> (next: [Int], isFirst: [Bool])? {
    guard records.count > 1, let base = text.baseAddress else { return nil }
    var before = 0
    for record in run.records[records] {
      guard record.kind == .match, record.number > before else { return nil }
      before = record.number
    }
    var index = ByteIndex(capacity: records.count)
    var next = [Int](repeating: -1, count: records.count)
    var isFirst = [Bool](repeating: true, count: records.count)
    var last: [Int] = []
    last.reserveCapacity(records.count)
    for i in records {
      let (number, isNew) = index.add(run.records[i].text, in: base)
      if isNew {
        last.append(i)
      } else {
        next[last[number] - records.lowerBound] = i
        isFirst[i - records.lowerBound] = false
        last[number] = i
      }
    }
    return index.count < records.count ? (next, isFirst) : nil
  }

  private mutating func content(_ record: SearchRun.Record, _ indent: Int) {
    var range = record.text
    if indent > 0, range.count >= indent { range = range.lowerBound + indent..<range.upperBound }
    if record.kind != .other, let factor, let part = factor.place(in: text, range) {
      append(range.lowerBound..<part.lowerBound)
      out.append(SearchFactor.sign)
      range = part.upperBound..<range.upperBound
    }
    append(range)
    out.append(UInt8(ascii: "\n"))
  }

  private mutating func append(_ range: Range<Int>) {
    out.append(UnsafeBufferPointer(rebasing: text[range]))
  }
}

extension SearchRun.Record {
  /// Whether it is a line of a file.
  var isLine: Bool { kind == .match || kind == .context || kind == .function }
}
