/// Search results with matches out of view: each file keeps the lines that matter most, and of the others it says the numbers.
///
///     src/acl.c
///     12 int ACLCheck(user *u) {
///     [lines 41-60: 20 more at 140,152-160,171]
///     [lines 61-700: 640 more in src/ae.c (12), src/aof.c (628)]
struct SearchCut {
  private let run: SearchRun
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>
  private let request: CutRequest
  private let choice: SearchChoice
  private var out: CutText

  /// A line beyond this is shown around its match only.
  private static let longest = 400
  private static let window = 120
  /// Of files with so few matches that are out of view the numbers are said.
  private static let mostListed = 3

  init(_ run: SearchRun, _ lines: TextLines, in text: UnsafeBufferPointer<UInt8>, _ request: CutRequest) {
    self.run = run
    self.lines = lines
    self.text = text
    self.request = request
    choice = SearchChoice(run, in: text, request)
    out = CutText(lines)
  }

  mutating func candidate() -> Candidate? {
    var hidden: [Int] = []
    for (i, group) in run.groups.enumerated() {
      if group.records.contains(where: { choice.isKept[$0] }) {
        flush(&hidden)
        write(i)
      } else {
        hidden.append(i)
      }
    }
    flush(&hidden)
    return out.candidate(SearchForms.name)
  }

  // MARK: Files

  /// The lines of a file, with the path above it where there is one, and the blank line behind it.
  private func lineRange(_ group: Int) -> Range<Int> {
    let records = run.groups[group].records
    var first = run.records[records.lowerBound].line
    if run.layout.hasHeadings { first -= 1 }
    let next = group + 1 < run.groups.count ? run.records[run.groups[group + 1].records.lowerBound].line : lines.count
    return first..<(run.layout.hasHeadings && group + 1 < run.groups.count ? next - 1 : next)
  }

  private func matches(_ records: some Collection<Int>) -> Int {
    records.reduce(0) { run.records[$1].kind == .match ? $0 + 1 : $0 }
  }

  /// Files of which nothing is in view.
  private mutating func flush(_ hidden: inout [Int]) {
    guard let first = hidden.first, let last = hidden.last else { return }
    let count = matches(run.groups[first].records.lowerBound..<run.groups[last].records.upperBound)
    var note = "\(count) more"
    if run.layout.hasPath {
      // Files that follow each other in a folder are said without it.
      var folder = 0..<0
      note += " in"
      for (n, i) in hidden.enumerated() {
        let path = run.groups[i].path
        let own = SearchCut.folder(of: path, in: text)
        note += n == 0 ? " " : ", "
        note += !own.isEmpty && same(own, folder) ? string(own.upperBound..<path.upperBound) : string(path)
        folder = own
        let count = matches(run.groups[i].records)
        if count <= SearchCut.mostListed, run.layout.hasNumber {
          note += ":" + numbers(run.groups[i].records)
        } else {
          note += " (\(count))"
        }
      }
    }
    out.gap(lineRange(first).lowerBound..<lineRange(last).upperBound, note: note)
    hidden = []
  }

  private func same(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    UnsafeBufferPointer(rebasing: text[a]).isEqual(to: UnsafeBufferPointer(rebasing: text[b]))
  }

  static func folder(of path: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    guard let slash = text[path].lastIndex(of: UInt8(ascii: "/")) else { return path.lowerBound..<path.lowerBound }
    return path.lowerBound..<slash + 1
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

  private mutating func write(_ i: Int) {
    let group = run.groups[i]
    if run.layout.hasPath { out.append(text[group.path]) }
    var record = group.records.lowerBound
    let end = lineRange(i).upperBound
    while record < group.records.upperBound {
      if choice.isKept[record] {
        keep(record)
        record += 1
        continue
      }
      let first = record
      while record < group.records.upperBound, !choice.isKept[record] { record += 1 }
      let stop = record < group.records.upperBound ? run.records[record].line : end
      out.gap(run.records[first].line..<stop, note: note(first..<record))
    }
  }

  // MARK: Lines

  private mutating func keep(_ i: Int) {
    let record = run.records[i]
    var prefix: [UInt8] = []
    switch record.kind {
    case .separator, .other: break
    default:
      if run.layout.hasNumber {
        prefix += "\(record.number)".utf8
        if run.layout.hasColumn { prefix += ":\(record.column)".utf8 }
        prefix.append(record.kind == .match ? 0x20 : record.kind.separator)
      } else {
        prefix.append(0x20)
      }
    }
    guard record.text.count > SearchCut.longest, record.isLine else {
      out.append(prefix + text[record.text])
      return
    }
    let part = SearchWindow.around(record.text, in: text, request.query, size: SearchCut.window)
    out.gap(
      record.line..<record.line + 1,
      note: String(decoding: prefix, as: UTF8.self) + "…" + string(part) + "… of \(record.text.count) bytes")
  }

  /// How many matches are left out, and where: `20 more at 140,152-160,171`.
  private func note(_ records: Range<Int>) -> String {
    let count = matches(records)
    guard count > 0 else { return "" }
    return "\(count) more" + (run.layout.hasNumber ? " at " + numbers(records) : "")
  }

  /// The numbers of matches: `140,152-160,171`.
  private func numbers(_ records: Range<Int>) -> String {
    var text = ""
    var last: Int?
    var start = 0
    for i in records where run.records[i].kind == .match {
      let number = run.records[i].number
      if let end = last, number == end + 1 || number == end {
        last = number
        continue
      }
      if let last, last > start { text += "-\(last)" }
      if last != nil { text += "," }
      text += "\(number)"
      start = number
      last = number
    }
    if let last, last > start { text += "-\(last)" }
    return text
  }
}

/// The part of a very long line around what is looked for.
enum SearchWindow {
  static func around(_ line: Range<Int>, in text: UnsafeBufferPointer<UInt8>, _ query: Query, size: Int) -> Range<Int> {
    var center = line.lowerBound
    var longest = 0
    for term in query.terms where term.stem.count > max(2, longest) {
      if let place = find(term.stem, line, in: text) {
        center = place
        longest = term.stem.count
      }
    }
    var start = max(line.lowerBound, center - size)
    var end = min(line.upperBound, center + size + longest)
    // Not within a character.
    while start < end, text[start] & 0xc0 == 0x80 { start += 1 }
    while end > start, end < line.upperBound, text[end] & 0xc0 == 0x80 { end -= 1 }
    return start..<end
  }

  /// Where a word of small letters stands in a line, in letters of either case.
  private static func find(_ word: [UInt8], _ line: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let first = word.first, line.count >= word.count else { return nil }
    for i in line.lowerBound...line.upperBound - word.count where folded(text[i]) == first {
      var n = 1
      while n < word.count, folded(text[i + n]) == word[n] { n += 1 }
      if n == word.count { return i }
    }
    return nil
  }

  private static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
