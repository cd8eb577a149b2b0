/// A commit in `git log`: its header, its message, and the names of its files where `--stat` asked for them.
struct CommitBlock {
  /// The first line, `commit 2ac8…`, and what the header says.
  var lines: Range<Int>
  var hash: Range<Int>
  /// `4ca44ffe 68936208`; nil where there is one parent.
  var merge: Range<Int>?
  var author: Range<Int>
  /// What stands behind `Date:   `; nil in the short format.
  var date: Range<Int>?
  /// The lines of the message, indented by four; a blank one may have lost them.
  var message: Range<Int>
  /// The lines of the files, and the line that sums them up.
  var files: Range<Int>
  var summary: Int?
}

/// Reads `git log` as git prints it by default, with `--stat` or without.
struct CommitReader {
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.lines = lines
    self.bytes = bytes
  }

  private func cursor(_ line: Int) -> FieldCursor { FieldCursor(bytes, lines[line]) }

  /// Runs of commits that follow each other.
  func runs() -> [[CommitBlock]] {
    var runs: [[CommitBlock]] = []
    var line = 0
    while line < lines.count {
      guard let block = block(at: line) else {
        line += 1
        continue
      }
      if let last = runs.last?.last, last.lines.upperBound == line {
        runs[runs.count - 1].append(block)
      } else {
        runs.append([block])
      }
      line = block.lines.upperBound
    }
    return runs
  }

  /// The commit that begins at `line`, with the blank line behind it.
  func block(at line: Int) -> CommitBlock? {
    var first = cursor(line)
    guard first.next == UInt8(ascii: "c"), first.skip("commit ") else { return nil }
    let start = first.position
    let digits = first.hexadecimal()
    guard digits.count >= 7, first.isAtEnd || first.next == UInt8(ascii: " ") else { return nil }
    var next = line + 1
    var merge: Range<Int>?
    if next < lines.count {
      var cursor = cursor(next)
      if cursor.skip("Merge: ") {
        merge = cursor.rest
        next += 1
      }
    }
    guard next < lines.count else { return nil }
    var author = cursor(next)
    guard author.skip("Author: ") else { return nil }
    next += 1
    var date: Range<Int>?
    if next < lines.count {
      var cursor = cursor(next)
      if cursor.skip("Date:   ") {
        date = cursor.rest
        next += 1
      }
    }
    guard next < lines.count, lines[next].isEmpty else { return nil }
    let message = next + 1..<messageEnd(from: next + 1)
    var block = CommitBlock(
      lines: line..<message.upperBound, hash: start..<lines[line].upperBound, merge: merge, author: author.rest,
      date: date,
      message: message, files: message.upperBound..<message.upperBound, summary: nil)
    readFiles(&block)
    return block
  }

  /// The message goes on while lines are indented; a blank line is part of it when more of it follows.
  private func messageEnd(from first: Int) -> Int {
    var end = first
    var line = first
    while line < lines.count {
      if cursor(line).has("    ") {
        end = line + 1
      } else if !lines[line].isEmpty {
        break
      }
      line += 1
    }
    return end
  }

  /// The files, if there are any, and the blank line that ends the commit.
  private func readFiles(_ block: inout CommitBlock) {
    var next = block.message.upperBound
    if next + 1 < lines.count, lines[next].isEmpty, cursor(next + 1).next == UInt8(ascii: " ") {
      let first = next + 1
      var line = first
      while line < lines.count, StatLine(bytes, lines[line]) != nil { line += 1 }
      if line > first || isSummary(line) {
        block.files = first..<line
        if isSummary(line) {
          block.summary = line
          line += 1
        }
        next = line
      }
    }
    // The blank line belongs to the commit when another follows.
    if next + 1 < lines.count, lines[next].isEmpty, cursor(next + 1).has("commit ") { next += 1 }
    block.lines = block.lines.lowerBound..<next
  }

  private func isSummary(_ line: Int) -> Bool {
    guard line < lines.count else { return false }
    var cursor = cursor(line)
    guard cursor.skip(" "), cursor.number() != nil else { return false }
    return cursor.has(" file changed") || cursor.has(" files changed")
  }
}

/// A line of `--stat`: ` src/bitops.c | 41 ++++----`.
struct StatLine {
  /// The name, without the spaces behind it.
  var name: Range<Int>
  var count: Int
  var added: Int
  var removed: Int
  /// Whether the signs are all there, and not scaled to the width.
  var isExact: Bool { count == added + removed }
  /// What stands behind `| `.
  var tail: Range<Int>

  init?(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
    guard line.count > 6, bytes[line.lowerBound] == UInt8(ascii: " "), bytes[line.lowerBound + 1] != UInt8(ascii: " "),
      let bar = bytes[line].lastIndex(of: UInt8(ascii: "|")), bar > line.lowerBound + 2,
      bytes[bar - 1] == UInt8(ascii: " ")
    else { return nil }
    var end = bar
    while bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    name = line.lowerBound + 1..<end
    var cursor = FieldCursor(bytes, bar + 1..<line.upperBound)
    guard cursor.skip(" ") else { return nil }
    tail = cursor.rest
    cursor.skipSpaces()
    if cursor.has("Bin") {
      (count, added, removed) = (0, 0, -1)
      return
    }
    guard let number = cursor.number() else { return nil }
    count = number
    (added, removed) = (0, 0)
    if cursor.skip(" ") {
      while cursor.skip("+") { added += 1 }
      while cursor.skip("-") { removed += 1 }
    }
    guard cursor.isAtEnd else { return nil }
  }
}
