/// `git log`, with `--stat` or without: who wrote a commit and when stands behind its hash.
///
///     commit 258d68b6ff5e2244386540f48b48bab90d6ab827         [git log, 3 lines, 1 commit]
///     Merge: e4e4bf65 a31e6b73                                DL = David Lord <davidism@gmail.com>
///     Author: David Lord <davidism@gmail.com>                 commit 258d68b6ff5e2244386540f48b48bab90d6ab827 | DL | Sun Apr 5 12:32:14 2026 -0700 | merge e4e4bf65 a31e6b73
///     Date:   Sun Apr 5 12:32:14 2026 -0700                    Merge branch 'stable'
///
///         Merge branch 'stable'
///
/// Names that come again have a short one, said once above. A date leaves out the year and the zone of the commit before it.
struct CommitLog: TextForms {
  static let name = "git log"
  static let kind = Segment.Kind.history

  let lines: TextLines
  let commits: [CommitBlock]
  let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.counter = counter
    let runs = lines.text.withUnsafeBufferPointer { CommitReader(lines, $0).runs() }
    guard let commits = runs.first, runs.count == 1, commits[0].lines.lowerBound == 0,
      commits[commits.count - 1].lines.upperBound == lines.count
    else { return nil }
    self.commits = commits
  }

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      CommitReader(lines, bytes).runs().compactMap { run in
        guard let first = run.first, let last = run.last, run.count > 1 || first.lines.count >= 8 else { return nil }
        return first.lines.lowerBound..<last.lines.upperBound
      }
    }
  }

  // MARK: All of it

  func complete() -> [Candidate] {
    lines.text.withUnsafeBufferPointer { bytes -> [Candidate] in
      let people = LogPeople(of: self, bytes)
      var out = ByteWriter(capacity: lines.range.count)
      people.write(to: &out)
      var dates = LogDates()
      for commit in commits {
        write(commit, people, &dates, bytes, to: &out)
        for line in commit.message { people.write(message: lines[line], bytes, to: &out) }
        for line in StatBlock(commit, lines, bytes).folded {
          out.append(line)
          out.append(UInt8(ascii: "\n"))
        }
      }
      out.truncate(to: out.count - 1)
      let detail = Array("\(commits.count) \(commits.count == 1 ? "commit" : "commits")".utf8)
      let frame = Frame.write(CommitLog.name, detail: detail, body: out.bytes)
      return [Candidate(name: "git log", fidelity: .identical, bytes: frame)]
    }
  }

  /// The header in one line.
  func write(
    _ commit: CommitBlock, _ people: LogPeople, _ dates: inout LogDates, _ bytes: UnsafeBufferPointer<UInt8>,
    to out: inout ByteWriter
  ) {
    out.append("commit ")
    out.append(UnsafeBufferPointer(rebasing: bytes[commit.hash]))
    out.append(" | ")
    out.append(people.short(commit.author, bytes))
    if let date = commit.date {
      out.append(" | ")
      out.append(dates.shorten(Array(bytes[date])))
    }
    if let merge = commit.merge {
      out.append(" | merge ")
      out.append(UnsafeBufferPointer(rebasing: bytes[merge]))
    }
    out.append(UInt8(ascii: "\n"))
  }

  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { CommitLogCut(self, request, $0).candidate() }
  }

  // MARK: Back

  static func decode(_ frame: Frame) -> [UInt8]? {
    let lines = frame.lines
    return lines.text.withUnsafeBufferPointer { bytes -> [UInt8]? in
      var out: [UInt8] = []
      var people = LogPeople()
      var dates = LogDates()
      var stat: [Range<Int>] = []
      var isFirst = true
      for line in 0..<lines.count {
        let cursor = FieldCursor(bytes, lines[line])
        if cursor.has("commit ") {
          guard StatBlock.unfold(stat, bytes, to: &out) else { return nil }
          stat = []
          if !isFirst { out.append(UInt8(ascii: "\n")) }
          isFirst = false
          guard let header = header(Array(bytes[lines[line]]), people, &dates) else { return nil }
          out += header
        } else if isFirst {
          guard people.read(Array(bytes[lines[line]])) else { return nil }
        } else if cursor.isAtEnd || cursor.next == UInt8(ascii: " ") {
          out += people.message(Array(bytes[lines[line]]))
        } else {
          stat.append(lines[line])
        }
      }
      guard StatBlock.unfold(stat, bytes, to: &out), out.last == UInt8(ascii: "\n") else { return nil }
      out.removeLast()
      return out
    }
  }

  /// The lines of a header and the blank one behind them.
  private static func header(_ line: [UInt8], _ people: LogPeople, _ dates: inout LogDates) -> [UInt8]? {
    var fields: [[UInt8]] = []
    var start = 0
    for i in line.indices where i >= start && line[i...].starts(with: " | ".utf8) {
      fields.append(Array(line[start..<i]))
      start = i + 3
    }
    fields.append(Array(line[start...]))
    guard fields.count >= 2, fields.count <= 4 else { return nil }
    var out = fields[0] + [UInt8(ascii: "\n")]
    let merge = Array("merge ".utf8)
    if let last = fields.last, fields.count > 2, last.starts(with: merge) {
      out += Array("Merge: ".utf8) + last[merge.count...] + [UInt8(ascii: "\n")]
      fields.removeLast()
    }
    guard fields.count <= 3 else { return nil }
    out += Array("Author: ".utf8) + people.long(fields[1]) + [UInt8(ascii: "\n")]
    if fields.count == 3 { out += Array("Date:   ".utf8) + dates.lengthen(fields[2]) + [UInt8(ascii: "\n")] }
    return out + [UInt8(ascii: "\n")]
  }
}

/// Dates that leave out what the one before says too: `Apr 5 12:32:14` behind `Wed Apr 8 21:04:03 2026 -0700`.
struct LogDates {
  /// The year and the zone of git's own format; the zone alone of others.
  private var last: [UInt8] = []

  /// How many words at the end are the year and the zone.
  private static func split(_ date: [UInt8]) -> (front: [UInt8], back: [UInt8])? {
    let words = date.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    if words.count == 6, words[0].count == 3, words[3].count == 8, words[4].count == 4, words[5].count == 5 {
      return (Array(date[..<words[3].endIndex]), Array(date[words[4].startIndex...]))
    }
    if words.count == 3, words[0].count == 10, words[1].count == 8, words[2].count == 5 {
      return (Array(date[..<words[1].endIndex]), Array(date[words[2].startIndex...]))
    }
    return nil
  }

  mutating func shorten(_ date: [UInt8]) -> [UInt8] {
    guard let (front, back) = LogDates.split(date) else {
      last = []
      return date
    }
    defer { last = back }
    return back == last ? front : date
  }

  mutating func lengthen(_ date: [UInt8]) -> [UInt8] {
    if let (_, back) = LogDates.split(date) {
      last = back
      return date
    }
    if !last.isEmpty, let (_, back) = LogDates.split(date + [UInt8(ascii: " ")] + last), back == last {
      return date + [UInt8(ascii: " ")] + last
    }
    last = []
    return date
  }
}
