/// Diffs: of git, plain unified, combined, and with commits between them (`git log -p`, `git show`, `git format-patch`).
///
///     diff --git a/src/acl.c b/src/acl.c                  [diff, 4 lines, 1 file]
///     index 6d698427f..699a3808a 100644                   === src/acl.c 6d698427f..699a3808a 100644
///     --- a/src/acl.c                                     @@ -1066 +1066 @@ int ACLSetSelector(
///     +++ b/src/acl.c                                     -if (op == '~') {
///     @@ -1066,1 +1066,1 @@ int ACLSetSelector(           +if (op == '~' && flags) {
///     -if (op == '~') {
///     +if (op == '~' && flags) {
///
/// A header takes one line, and the counts of a hunk are left out where counting its lines gives them. The lines themselves stay.
struct DiffForms: TextForms {
  static let name = "diff"
  static let kind = Segment.Kind.diff
  static let isQuoted = true

  let lines: TextLines
  let files: [DiffFile]
  let counter: TokenCounter

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    self.counter = counter
    files = lines.text.withUnsafeBufferPointer { DiffReader(lines, $0).files() }
    guard !files.isEmpty else { return nil }
  }

  // MARK: Which lines

  /// Runs of files; between them may stand what git writes of a commit.
  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] {
    lines.text.withUnsafeBufferPointer { bytes in
      var runs: [Range<Int>] = []
      for file in DiffReader(lines, bytes).files() {
        let commit = DiffCommit(lines, bytes)
        if let last = runs.last, commit.isExplained(last.upperBound..<file.lines.lowerBound) {
          runs[runs.count - 1] = last.lowerBound..<file.lines.upperBound
        } else {
          let start = commit.start(before: file.lines.lowerBound, from: runs.last?.upperBound ?? 0)
          runs.append(start..<file.lines.upperBound)
        }
      }
      return runs.filter { $0.count >= 3 || lines[$0].range.count >= 400 }
    }
  }

  // MARK: All of it

  func complete() -> [Candidate] {
    guard let body = lines.text.withUnsafeBufferPointer({ folded($0) }) else { return [] }
    let detail = Array("\(files.count) \(files.count == 1 ? "file" : "files")".utf8)
    return [
      Candidate(name: "diff", fidelity: .identical, bytes: Frame.write(DiffForms.name, detail: detail, body: body))
    ]
  }

  /// Nil when a line that is no header looks like one of ours.
  private func folded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out = ByteWriter(capacity: lines.range.count + 16)
    var copied = 0
    /// Lines as they are.
    func copy(to line: Int, _ out: inout ByteWriter) {
      guard copied < line else { return }
      out.append(UnsafeBufferPointer(rebasing: bytes[lines[copied..<line].range]))
      out.append(UInt8(ascii: "\n"))
      copied = line
    }
    for file in files {
      for other in copied..<file.header.lowerBound where DiffForms.isOurs(FieldCursor(bytes, lines[other])) {
        return nil
      }
      copy(to: file.header.lowerBound, &out)
      if let header = DiffHeader(lines[file.header], bytes) {
        out.append(header.line)
        out.append(UInt8(ascii: "\n"))
        copied = file.header.upperBound
      }
      for hunk in file.hunks {
        copy(to: hunk.header, &out)
        if canCount(hunk, bytes) {
          out.append("@@ -")
          out.append(decimal: hunk.old.start)
          out.append(" +")
          out.append(decimal: hunk.new.start)
          out.append(" @@")
          out.append(UnsafeBufferPointer(rebasing: bytes[hunk.section]))
          out.append(UInt8(ascii: "\n"))
          copied += 1
        } else if DiffForms.isOurs(FieldCursor(bytes, lines[hunk.header])) {
          return nil
        }
        copy(to: hunk.body.upperBound, &out)
      }
    }
    for other in copied..<lines.count where DiffForms.isOurs(FieldCursor(bytes, lines[other])) { return nil }
    copy(to: lines.count, &out)
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// Whether counting the lines below gives the counts of the header.
  private func canCount(_ hunk: DiffHunk, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard hunk.isExact, hunk.isUsual else { return false }
    let end = hunk.body.upperBound
    return end == lines.count || !DiffForms.isBody(FieldCursor(bytes, lines[end]).next)
  }

  private static func isBody(_ sign: UInt8) -> Bool {
    sign == UInt8(ascii: " ") || sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") || sign == UInt8(ascii: "\\")
  }

  /// Whether a line would be read as a header or a hunk without counts.
  private static func isOurs(_ line: FieldCursor) -> Bool { line.has(DiffHeader.mark) || starts(line) != nil }

  /// The starts in the header of a hunk without counts, and what stands behind it.
  private static func starts(_ line: FieldCursor) -> (old: Int, new: Int, section: Range<Int>)? {
    var line = line
    guard line.skip("@@ -"), let old = line.number(), line.skip(" +"), let new = line.number(), line.skip(" @@") else {
      return nil
    }
    return (old, new, line.rest)
  }

  // MARK: Back

  static func decode(_ frame: Frame) -> [UInt8]? {
    let lines = frame.lines
    return lines.text.withUnsafeBufferPointer { bytes in
      var out = ByteWriter(capacity: bytes.count * 2)
      for line in 0..<lines.count {
        let cursor = FieldCursor(bytes, lines[line])
        if cursor.has(DiffHeader.mark) {
          guard let header = DiffHeader(Array(bytes[lines[line]])) else { return nil }
          out.append(header.lines)
          continue
        }
        if let (old, new, section) = starts(cursor) {
          let counts = count(lines, below: line, bytes)
          write("@@ -", old, counts.old, to: &out)
          write(" +", new, counts.new, to: &out)
          out.append(" @@")
          out.append(UnsafeBufferPointer(rebasing: bytes[section]))
        } else {
          out.append(UnsafeBufferPointer(rebasing: bytes[lines[line]]))
        }
        out.append(UInt8(ascii: "\n"))
      }
      out.truncate(to: out.count - 1)
      return out.bytes
    }
  }

  /// How many lines below the header of a hunk the old file has, and the new one.
  private static func count(
    _ lines: TextLines, below header: Int, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (old: Int, new: Int) {
    var (old, new) = (0, 0)
    var line = header + 1
    while line < lines.count, !lines[line].isEmpty {
      switch bytes[lines[line].lowerBound] {
      case UInt8(ascii: " "):
        old += 1
        new += 1
      case UInt8(ascii: "-"): old += 1
      case UInt8(ascii: "+"): new += 1
      case UInt8(ascii: "\\"): break
      default: return (old, new)
      }
      line += 1
    }
    return (old, new)
  }

  /// A start and a count as git prints them: a count of one goes without saying.
  static func write(_ sign: StaticString, _ start: Int, _ count: Int, to out: inout ByteWriter) {
    out.append(sign)
    out.append(decimal: start)
    guard count != 1 else { return }
    out.append(UInt8(ascii: ","))
    out.append(decimal: count)
  }
}

/// What git writes of a commit between diffs: its header, its message, a summary of its files.
struct DiffCommit {
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.lines = lines
    self.bytes = bytes
  }

  /// Whether all of these lines are of commits. A mail's message has no indentation, so a mail ends only where its diff starts.
  func isExplained(_ part: Range<Int>) -> Bool {
    var isMail = false
    for line in part {
      let cursor = FieldCursor(bytes, lines[line])
      if isMailStart(cursor) { isMail = true }
      guard isMail || isCommit(cursor) || cursor.has("-- ") || isVersion(cursor) else { return false }
    }
    return true
  }

  /// Where the commit that the diff at `line` belongs to begins; `line` itself when there is none.
  func start(before line: Int, from least: Int) -> Int {
    var start = line
    // A mail's message may be anything; it is not longer than this.
    for candidate in stride(from: line - 1, through: max(least, line - 400), by: -1)
    where isMailStart(FieldCursor(bytes, lines[candidate])) { return candidate }
    while start > least, isCommit(FieldCursor(bytes, lines[start - 1])) {
      start -= 1
      if FieldCursor(bytes, lines[start]).has("commit ") { return start }
    }
    return line
  }

  private func isCommit(_ line: FieldCursor) -> Bool {
    switch line.next {
    case 0: true
    // The message is indented by four, names of files by one.
    case UInt8(ascii: " "): true
    case UInt8(ascii: "c"): line.has("commit ")
    case UInt8(ascii: "A"): line.has("Author:") || line.has("AuthorDate:")
    case UInt8(ascii: "C"): line.has("Commit:") || line.has("CommitDate:")
    case UInt8(ascii: "D"): line.has("Date:")
    case UInt8(ascii: "M"): line.has("Merge:")
    case UInt8(ascii: "-"): line.has("---") && line.rest.count == 3
    default: false
    }
  }

  private func isMailStart(_ line: FieldCursor) -> Bool {
    var line = line
    return line.skip("From ") && line.hexadecimal().count == 40 && line.has(" Mon Sep 17 00:00:00 2001")
  }

  private func isVersion(_ line: FieldCursor) -> Bool { line.next &- 0x30 < 10 && line.rest.count < 32 }
}
