/// `git blame`: what it says of a commit stands once, and not before each of its lines.
///
///     44ffe6c6d src/a.py (David Lord     2023-04-20 08:30:45 -0700  1) import os         [git blame, 5 lines, 2 commits]
///     44ffe6c6d src/a.py (David Lord     2023-04-20 08:30:45 -0700  2) import re         1 44ffe6c6d src/a.py (David Lord 2023-04-20 08:30:45 -0700)
///     fe8597066 a.py     (Armin Ronacher 2012-08-11 03:38:46 +0100  3) import sys         import os
///                                                                                         import re
///                                                                                        3 fe8597066 a.py (Armin Ronacher 2012-08-11 03:38:46 +0100)
///                                                                                         import sys
///
/// Lines of the file have a space before them; the number is that of the first of them. A commit that comes again is its hash alone.
struct BlameForms: TextForms {
  static let name = "git blame"
  static let kind = Segment.Kind.history

  let lines: TextLines
  let rows: [BlameRow]

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    rows = lines.text.withUnsafeBufferPointer { bytes in (0..<lines.count).compactMap { BlameRow(bytes, lines[$0]) } }
    guard rows.count == lines.count, rows.count > 0 else { return nil }
  }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      var runs: [Range<Int>] = []
      var line = 0
      while line < lines.count {
        guard let first = BlameRow(bytes, lines[line]) else {
          line += 1
          continue
        }
        let start = line
        var number = first.number
        line += 1
        while line < lines.count, let row = BlameRow(bytes, lines[line]), row.number == number + 1 {
          number = row.number
          line += 1
        }
        if line - start >= 3 { runs.append(start..<line) }
      }
      return runs
    }
  }

  func complete() -> [Candidate] {
    lines.text.withUnsafeBufferPointer { bytes -> [Candidate] in
      guard let base = bytes.baseAddress else { return [] }
      var commits = ByteIndex()
      // The entry that each hash alone would be: the last one written in full.
      var hashes = ByteIndex()
      var latest: [Int] = []
      var out = ByteWriter(capacity: lines.range.count)
      var current = -1
      for row in rows {
        // The same commit under another name of the file is another entry.
        let number = commits.add(row.commit, in: base).number
        if number != current {
          out.append(decimal: row.number)
          out.append(UInt8(ascii: " "))
          out.append(UnsafeBufferPointer(rebasing: bytes[row.hash]))
          let (hash, isNew) = hashes.add(row.hash, in: base)
          if isNew { latest.append(-1) }
          if latest[hash] != number {
            row.writeDetails(bytes, to: &out)
            latest[hash] = number
          }
          out.append(UInt8(ascii: "\n"))
          current = number
        }
        out.append(UInt8(ascii: " "))
        out.append(UnsafeBufferPointer(rebasing: bytes[row.text]))
        out.append(UInt8(ascii: "\n"))
      }
      out.truncate(to: out.count - 1)
      let detail = Array("\(commits.count) commits".utf8)
      let frame = Frame.write(BlameForms.name, detail: detail, body: out.bytes)
      return [Candidate(name: "git blame", fidelity: .identical, bytes: frame)]
    }
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    let lines = frame.lines
    return lines.text.withUnsafeBufferPointer { bytes -> [UInt8]? in
      struct Row {
        var entry: BlameEntry
        var number: Int
        var text: Range<Int>
      }
      var rows: [Row] = []
      var entries: [BlameEntry] = []
      var known = ByteIndex()
      var latest: [Int] = []
      var current: BlameEntry?
      var number = 0
      guard let base = bytes.baseAddress else { return nil }
      for line in 0..<lines.count {
        var cursor = FieldCursor(bytes, lines[line])
        if cursor.skip(" ") {
          guard let current else { return nil }
          rows.append(Row(entry: current, number: number, text: cursor.rest))
          number += 1
          continue
        }
        guard let first = cursor.number(), cursor.skip(" ") else { return nil }
        number = first
        let hash = cursor.field()
        let (place, isNew) = known.add(hash, in: base)
        if cursor.isAtEnd {
          guard !isNew else { return nil }
          current = entries[latest[place]]
        } else {
          guard let entry = BlameEntry(bytes, hash: hash, cursor.rest) else { return nil }
          if isNew { latest.append(entries.count) } else { latest[place] = entries.count }
          entries.append(entry)
          current = entry
        }
      }
      let pathWidth = entries.map { $0.path.count }.max() ?? 0
      let authorWidth = entries.map { UTF8Coding.columns(bytes, $0.author) }.max() ?? 0
      let digits = "\(rows.map(\.number).max() ?? 0)".utf8.count
      var out = ByteWriter(capacity: bytes.count * 2)
      for row in rows {
        let entry = row.entry
        out.append(UnsafeBufferPointer(rebasing: bytes[entry.hash]))
        out.append(UInt8(ascii: " "))
        if !entry.path.isEmpty {
          out.append(UnsafeBufferPointer(rebasing: bytes[entry.path]))
          out.append(repeating: UInt8(ascii: " "), count: pathWidth - entry.path.count + 1)
        }
        out.append(UInt8(ascii: "("))
        out.append(UnsafeBufferPointer(rebasing: bytes[entry.author]))
        out.append(
          repeating: UInt8(ascii: " "), count: authorWidth - UTF8Coding.columns(bytes, entry.author) + 1)
        out.append(UnsafeBufferPointer(rebasing: bytes[entry.date]))
        out.append(repeating: UInt8(ascii: " "), count: digits - "\(row.number)".utf8.count + 1)
        out.append(decimal: row.number)
        out.append(")")
        out.append(UInt8(ascii: " "))
        out.append(UnsafeBufferPointer(rebasing: bytes[row.text]))
        out.append(UInt8(ascii: "\n"))
        guard out.count < 1 << 28 else { return nil }
      }
      guard out.count > 0 else { return nil }
      out.truncate(to: out.count - 1)
      return out.bytes
    }
  }
}

/// What the frame says of one commit: ` src/a.py (David Lord 2023-04-20 08:30:45 -0700)` behind its hash.
private struct BlameEntry {
  var hash: Range<Int>
  var path: Range<Int>
  var author: Range<Int>
  var date: Range<Int>

  init?(_ bytes: UnsafeBufferPointer<UInt8>, hash: Range<Int>, _ details: Range<Int>) {
    self.hash = hash
    var cursor = FieldCursor(bytes, details)
    guard cursor.skip(" "), let open = bytes[cursor.rest].lastIndex(of: UInt8(ascii: "(")),
      details.upperBound - open >= BlameRow.dateLength + 3, bytes[details.upperBound - 1] == UInt8(ascii: ")")
    else { return nil }
    path = cursor.position < open ? cursor.position..<open - 1 : open..<open
    date = details.upperBound - 1 - BlameRow.dateLength..<details.upperBound - 1
    guard open + 1 < date.lowerBound - 1 else { return nil }
    author = open + 1..<date.lowerBound - 1
  }
}

/// A line of `git blame`: `44ffe6c6d src/a.py (David Lord  2023-04-20 08:30:45 -0700  10) import os`.
struct BlameRow {
  static let dateLength = 25

  var hash: Range<Int>
  /// Without the padding; empty when the file has had one name only.
  var path: Range<Int>
  var author: Range<Int>
  var date: Range<Int>
  var number: Int
  var text: Range<Int>

  /// From the hash to the date: what is the same for all lines of a commit.
  var commit: Range<Int> { hash.lowerBound..<date.upperBound }

  init?(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
    var cursor = FieldCursor(bytes, line)
    let start = cursor.position
    _ = cursor.skip("^")
    guard cursor.hexadecimal().count >= 7, cursor.next == UInt8(ascii: " ") else { return nil }
    hash = start..<cursor.position
    _ = cursor.skip(" ")
    // The date, the number and the parenthesis behind it end what git has written; the author may be anything.
    guard let open = bytes[cursor.rest].firstIndex(of: UInt8(ascii: "(")) else { return nil }
    var end = open
    while end > cursor.position, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    path = cursor.position..<end
    var place = open + 1
    let last = min(line.upperBound, open + 400)
    while place < last, !BlameRow.isDate(bytes, place, line.upperBound) { place += 1 }
    guard place < last else { return nil }
    date = place..<place + BlameRow.dateLength
    var authorEnd = place
    while authorEnd > open + 1, bytes[authorEnd - 1] == UInt8(ascii: " ") { authorEnd -= 1 }
    guard authorEnd > open + 1 else { return nil }
    author = open + 1..<authorEnd
    var behind = FieldCursor(bytes, date.upperBound..<line.upperBound)
    behind.skipSpaces()
    guard let number = behind.number(), behind.skip(") ") || behind.skip(")") else { return nil }
    self.number = number
    text = behind.rest
  }

  private static func isDate(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ end: Int) -> Bool {
    guard place + dateLength < end, bytes[place] &- 0x30 < 10, bytes[place + 4] == UInt8(ascii: "-"),
      bytes[place + 7] == UInt8(ascii: "-"), bytes[place + 10] == UInt8(ascii: " "),
      bytes[place + 13] == UInt8(ascii: ":"), bytes[place + 16] == UInt8(ascii: ":"),
      bytes[place + 19] == UInt8(ascii: " ")
    else { return false }
    return bytes[place + 20] == UInt8(ascii: "+") || bytes[place + 20] == UInt8(ascii: "-")
  }

  func writeDetails(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout ByteWriter) {
    out.append(UInt8(ascii: " "))
    if !path.isEmpty {
      out.append(UnsafeBufferPointer(rebasing: bytes[path]))
      out.append(UInt8(ascii: " "))
    }
    out.append(UInt8(ascii: "("))
    out.append(UnsafeBufferPointer(rebasing: bytes[author]))
    out.append(UInt8(ascii: " "))
    out.append(UnsafeBufferPointer(rebasing: bytes[date]))
    out.append(")")
  }
}

extension UTF8Coding {
  /// How many scalars, which are mostly columns of a terminal.
  fileprivate static func columns(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    range.count { bytes[$0] & 0xC0 != 0x80 }
  }
}
