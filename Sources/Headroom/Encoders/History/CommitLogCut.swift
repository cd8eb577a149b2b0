/// `git log` with the messages of commits folded to their subjects: those of the newest stay, and those that the query asks for.
///
///     commit 258d68b6ff5e2244386540f48b48bab90d6ab827 | DL | Sun Apr 5 12:32:14 2026 -0700
///      remove werkzeug host tests
///     [lines 30-44: 2 files +13 -2]
///     [lines 45-300: 21 commits]
struct CommitLogCut {
  private let log: CommitLog
  private let request: CutRequest
  private let bytes: UnsafeBufferPointer<UInt8>

  private enum Share { case all, subject, none }

  init(_ log: CommitLog, _ request: CutRequest, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.log = log
    self.request = request
    self.bytes = bytes
  }

  func candidate() -> Candidate? {
    let shares = shares()
    let people = LogPeople(of: log, bytes)
    var dates = LogDates()
    var text = CutText(log.lines)
    var legend = ByteWriter()
    people.write(to: &legend)
    if legend.count > 0 { text.append(legend.view.dropLast()) }
    var index = 0
    while index < log.commits.count {
      let commit = log.commits[index]
      if shares[index] == .none {
        var end = index
        while end < log.commits.count, shares[end] == .none { end += 1 }
        let part = commit.lines.lowerBound..<log.commits[end - 1].lines.upperBound
        text.gap(part, note: "\(end - index) \(end - index == 1 ? "commit" : "commits")")
        index = end
        continue
      }
      var out = ByteWriter()
      log.write(commit, people, &dates, bytes, to: &out)
      let folds = shares[index] == .subject && commit.lines.upperBound - commit.message.lowerBound > 3
      for line in folds ? commit.message.prefix(1) : commit.message {
        people.write(message: log.lines[line], bytes, to: &out)
      }
      let files = StatBlock(commit, log.lines, bytes).folded
      if !folds { for line in files { out.append(line + [UInt8(ascii: "\n")]) } }
      text.append(out.view.dropLast())
      if folds {
        let rest = min(commit.message.lowerBound + 1, commit.message.upperBound)..<commit.lines.upperBound
        text.gap(rest, note: files.last.map { String(decoding: $0, as: UTF8.self) } ?? "")
      }
      index += 1
    }
    return text.candidate("git log cut")
  }

  /// What is to be seen of each commit.
  private func shares() -> [Share] {
    let commits = log.commits
    let ranges = commits.map { log.lines[$0.lines].range }
    let isRelevant = Relevance(of: Segments(ranges), in: bytes, to: request.query).relevant
    let costs = ranges.map { log.counter.count(UnsafeBufferPointer(rebasing: bytes[$0])) }
    let subjects = commits.map { commit -> Int in
      let end = min(commit.message.lowerBound + 1, commit.message.upperBound)
      let head = log.lines[commit.lines.lowerBound..<max(end, commit.lines.lowerBound + 1)].range
      return log.counter.count(UnsafeBufferPointer(rebasing: bytes[head])) + 8
    }
    var shares = [Share](repeating: .none, count: commits.count)
    var left = request.budget
    for i in commits.indices where isRelevant[i] {
      shares[i] = .all
      left -= costs[i]
    }
    // Subjects come first, as they say what there is; of a very long log, those of the newest.
    var subjectsLeft = max(left, request.budget / 2) * 2
    for i in commits.indices where shares[i] == .none {
      guard subjects[i] <= subjectsLeft else { break }
      shares[i] = .subject
      subjectsLeft -= subjects[i]
      left -= subjects[i]
    }
    for i in commits.indices where shares[i] == .subject {
      guard costs[i] - subjects[i] <= left else { break }
      shares[i] = .all
      left -= costs[i] - subjects[i]
    }
    return shares
  }
}
