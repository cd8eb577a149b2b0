import CHeadroom

/// Finds and reads the lines of search tools.
///
/// `path:12:text` can be split in more than one way where paths hold digits, dashes and colons. So a path is what stands before the first
/// `:12:`, and a line with another separator belongs to a path only when a line with `:` says that there is such a path.
struct SearchParser {
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>
  private let isSearch: Bool

  private init(_ lines: TextLines, _ text: UnsafeBufferPointer<UInt8>, isSearch: Bool) {
    self.lines = lines
    self.text = text
    self.isSearch = isSearch
  }

  /// How many lines of context before a match are looked through for its path.
  private static let mostLeading = 48

  /// The runs in the lines, in order.
  static func runs(_ lines: TextLines, hint: Hint) -> [SearchRun] {
    lines.text.withUnsafeBufferPointer { text in
      let parser = SearchParser(lines, text, isSearch: hint.isSearch)
      var runs: [SearchRun] = []
      var line = 0
      while line < lines.count {
        var end = line + 1
        if let run = parser.run(at: line, &end) {
          runs.append(run)
          end = run.lines.upperBound
        }
        line = end
      }
      return runs
    }
  }

  /// The run that begins at a line. `end` is moved behind lines that were read in vain, so that no line is read many times.
  private func run(at line: Int, _ end: inout Int) -> SearchRun? {
    let range = lines[line]
    guard !range.isEmpty, SearchText.isPathStart(text[range.lowerBound]) else { return nil }
    if let run = single(at: line).flatMap({ taken($0, &end) }) { return run }
    if let run = inline(at: line).flatMap({ taken($0, &end) }) { return run }
    if let run = headings(at: line).flatMap({ taken($0, &end) }) { return run }
    return plain(at: line).flatMap { taken($0, &end) }
  }

  /// The run if it is accepted; else `end` is moved behind it.
  private func taken(_ run: SearchRun, _ end: inout Int) -> SearchRun? {
    if let run = accepted(run) { return run }
    end = max(end, run.lines.upperBound)
    return nil
  }

  // MARK: path:line:text

  private func inline(at first: Int) -> SearchRun? {
    guard path(at: first) != nil else { return nil }
    var run = SearchRun(layout: .inline, lines: first..<first)
    var line = first
    var path = 0..<0
    /// What of `run` is sure, when what follows turns out to be something else.
    var end = (line: first, records: 0)
    while line < lines.count {
      let range = lines[line]
      if SearchText.isSeparator(text, range), !run.groups.isEmpty {
        if run.records.last?.kind == .separator { break }
        append(.init(kind: .separator, text: range, line: line), to: &run)
        line += 1
        continue
      }
      if let record = record(line, of: path) {
        append(record, to: &run)
      } else if let next = self.path(at: line), let record = record(line, of: next) {
        path = next
        run.groups.append(.init(path: path, records: run.records.count..<run.records.count))
        append(record, to: &run)
      } else if SearchText.isMessage(text, range), !run.groups.isEmpty {
        append(.init(kind: .other, text: range, line: line), to: &run)
      } else {
        break
      }
      line += 1
      end = (line, run.records.count)
    }
    truncate(&run, to: end)
    return run
  }

  private func append(_ record: SearchRun.Record, to run: inout SearchRun) {
    run.records.append(record)
    let last = run.groups.count - 1
    run.groups[last].records = run.groups[last].records.lowerBound..<run.records.count
  }

  private func truncate(_ run: inout SearchRun, to end: (line: Int, records: Int)) {
    run.records.removeLast(run.records.count - end.records)
    while let last = run.groups.last, last.records.lowerBound >= end.records { run.groups.removeLast() }
    if let last = run.groups.indices.last {
      run.groups[last].records = run.groups[last].records.lowerBound..<end.records
    }
    run.lines = run.lines.lowerBound..<end.line
  }

  private func record(_ line: Int, of path: Range<Int>) -> SearchRun.Record? {
    let range = lines[line]
    guard !path.isEmpty, range.count > path.count,
      text.has(UnsafeBufferPointer(rebasing: text[path]), at: range.lowerBound),
      let (kind, number, start) = SearchText.numbered(text, at: range.lowerBound + path.count, end: range.upperBound)
    else { return nil }
    return .init(kind: kind, number: number, text: start..<range.upperBound, line: line)
  }

  /// The path that a line begins with: its own when it is a match, else that of the match it leads to.
  private func path(at line: Int) -> Range<Int>? {
    let range = lines[line]
    let own = SearchText.split(text, range).flatMap { SearchText.pathRank(text, $0.path) > 0 ? $0.path : nil }
    guard let dash = dashedNumber(own ?? range.prefix(400)) else { return own }
    // Lines of context before a match are of the same file, so that they all begin alike.
    let start = UnsafeBufferPointer(rebasing: text[range.lowerBound..<dash])
    for next in line + 1..<max(line + 1, min(lines.count, line + SearchParser.mostLeading)) {
      guard text.has(start, at: lines[next].lowerBound) else { break }
      guard let found = SearchText.split(text, lines[next]), SearchText.pathRank(text, found.path) > 0 else { continue }
      if record(line, of: found.path) != nil { return found.path }
    }
    return own
  }

  /// Where `-12-` or `=12=` stands first behind what may be a path, so that this may be the beginning of a line of context.
  private func dashedNumber(_ part: Range<Int>) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var tries = 0
    var i = part.lowerBound
    while tries < 6 {
      i += headroom_find_either(base + i, part.upperBound - i, UInt8(ascii: "-"), UInt8(ascii: "="))
      guard i < part.upperBound else { return nil }
      if SearchText.numbered(text, at: i, end: part.upperBound) != nil {
        if SearchText.pathRank(text, part.lowerBound..<i) > 0 { return i }
        tries += 1
      }
      i += 1
    }
    return nil
  }

  // MARK: Headings

  private func headings(at first: Int) -> SearchRun? {
    guard first + 1 < lines.count, numberedLine(first + 1) != nil else { return nil }
    var run = SearchRun(layout: .heading, lines: first..<first)
    var line = first
    var end = (line: first, records: 0)
    while line + 1 < lines.count {
      let path = lines[line]
      guard let record = numberedLine(line + 1), SearchText.pathRank(text, path) > 0 else { break }
      run.groups.append(.init(path: path, records: run.records.count..<run.records.count))
      append(record, to: &run)
      line += 2
      end = (line, run.records.count)
      body(&run, &line, &end)
      guard line < lines.count, lines[line].isEmpty else { break }
      line += 1
    }
    truncate(&run, to: end)
    return run
  }

  /// Reads `12:text` and `--` as long as numbers rise.
  private func body(_ run: inout SearchRun, _ line: inout Int, _ end: inout (line: Int, records: Int)) {
    while line < lines.count {
      if SearchText.isSeparator(text, lines[line]), run.records.last?.kind != .separator {
        append(.init(kind: .separator, text: lines[line], line: line), to: &run)
        line += 1
        continue
      }
      guard let record = numberedLine(line) else { return }
      let before = run.records[end.records - 1].number
      guard record.number > before else { return }
      append(record, to: &run)
      line += 1
      end = (line, run.records.count)
    }
  }

  private func numberedLine(_ line: Int) -> SearchRun.Record? {
    let range = lines[line]
    guard let (value, stop) = SearchText.number(text, at: range.lowerBound, end: range.upperBound),
      stop < range.upperBound,
      let kind = SearchRun.Kind(text[stop])
    else { return nil }
    return .init(kind: kind, number: value, text: stop + 1..<range.upperBound, line: line)
  }

  // MARK: line:text

  private func single(at first: Int) -> SearchRun? {
    guard let record = numberedLine(first) else { return nil }
    var run = SearchRun(layout: .single, lines: first..<first)
    run.groups.append(.init(path: 0..<0, records: 0..<0))
    append(record, to: &run)
    var line = first + 1
    var end = (line: line, records: 1)
    body(&run, &line, &end)
    truncate(&run, to: end)
    return run
  }

  // MARK: path:text

  private func plain(at first: Int) -> SearchRun? {
    guard plainPath(lines[first]) != nil else { return nil }
    var run = SearchRun(layout: .plain, lines: first..<first)
    var line = first
    var path = 0..<0
    while line < lines.count {
      let range = lines[line]
      if !path.isEmpty, range.count > path.count,
        text.has(UnsafeBufferPointer(rebasing: text[path]), at: range.lowerBound),
        text[range.lowerBound + path.count] == UInt8(ascii: ":")
      {
        append(.init(kind: .match, text: range.lowerBound + path.count + 1..<range.upperBound, line: line), to: &run)
      } else if let next = plainPath(range) {
        path = next
        run.groups.append(.init(path: path, records: run.records.count..<run.records.count))
        append(.init(kind: .match, text: path.upperBound + 1..<range.upperBound, line: line), to: &run)
      } else if SearchText.isMessage(text, range), !run.groups.isEmpty {
        append(.init(kind: .other, text: range, line: line), to: &run)
      } else {
        break
      }
      line += 1
    }
    run.lines = first..<line
    return run
  }

  private func plainPath(_ line: Range<Int>) -> Range<Int>? {
    let most = line.prefix(300)
    var start = most.lowerBound
    // A drive: `C:\`.
    if most.count > 3, text[start + 1] == UInt8(ascii: ":"), text[start + 2] == UInt8(ascii: "\\") { start += 2 }
    while start < most.upperBound, text[start] > 0x20, text[start] != UInt8(ascii: ":") { start += 1 }
    guard start < most.upperBound, text[start] == UInt8(ascii: ":") else { return nil }
    let colon = start
    let path = line.lowerBound..<colon
    guard SearchText.pathRank(text, path) == 2,
      let dot = text[path].lastIndex(of: UInt8(ascii: ".")), dot > path.lowerBound,
      SearchText.isExtension(text, dot + 1..<colon)
    else { return nil }
    return path
  }

  // MARK: Is it one?

  private func accepted(_ run: SearchRun) -> SearchRun? {
    var run = run
    guard run.lines.count >= 3 || run.lines.count > 0 && lines[run.lines].range.count >= 400 else { return nil }
    var steps = 0
    var rising = 0
    var sure = 0
    var spaced = 0
    var columns = 0
    for group in run.groups {
      let rank = run.layout.hasPath ? SearchText.pathRank(text, group.path) : 2
      var before = 0
      for record in run.records[group.records] where record.kind != .separator && record.kind != .other {
        if before > 0 {
          steps += 1
          if record.number >= before { rising += 1 }
        }
        before = record.number
        if rank == 2 { sure += 1 }
        if record.kind == .match, hasColumn(record) { columns += 1 }
        if isSpaced(record) { spaced += 1 }
      }
    }
    let count = run.records.count { $0.kind != .separator && $0.kind != .other }
    let matches = run.matches
    // A single space behind the colon is how compilers and linters write, and YAML.
    guard spaced * 2 <= count, rising * 10 >= steps * 9, sure * 2 >= count || isSearch, matches > 0 else { return nil }
    switch run.layout {
    case .single, .singleColumn: guard count >= 5, isSearch || rising == steps else { return nil }
    case .plain:
      // Numbers behind the colon are places, of which something else is said than what stands there.
      let places = run.records.count { text[$0.text].first.map { $0 &- 0x30 < 10 } ?? false }
      guard count >= run.groups.count * 3 / 2 || isSearch, places * 2 <= count else { return nil }
    default: break
    }
    if columns == matches, matches == count, run.layout.hasNumber {
      run.layout = run.layout.withColumn
      for i in run.records.indices where run.records[i].kind == .match {
        guard let (value, end) = column(run.records[i]) else { return nil }
        run.records[i].column = value
        run.records[i].text = end..<run.records[i].text.upperBound
      }
      let spaced = run.records.count { isSpaced($0) }
      guard spaced * 2 <= count else { return nil }
    }
    return run
  }

  private func hasColumn(_ record: SearchRun.Record) -> Bool { column(record) != nil }

  private func column(_ record: SearchRun.Record) -> (Int, Int)? {
    guard let (value, end) = SearchText.number(text, at: record.text.lowerBound, end: record.text.upperBound),
      end < record.text.upperBound, text[end] == UInt8(ascii: ":")
    else { return nil }
    return (value, end + 1)
  }

  private func isSpaced(_ record: SearchRun.Record) -> Bool {
    let range = record.text
    return range.count > 1 && text[range.lowerBound] == UInt8(ascii: " ")
      && text[range.lowerBound + 1] != UInt8(ascii: " ")
  }
}

extension Hint {
  /// Whether the command or the tool searches.
  var isSearch: Bool {
    if let command {
      return Hint.starts(in: command, ["grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "git grep"])
    }
    guard let toolName else { return false }
    let name = String(decoding: toolName, as: UTF8.self).lowercased()
    return ["grep", "ripgrep", "search", "rg"].contains { name.hasSuffix($0) || name.hasPrefix($0) }
  }

  /// Whether one of the programs stands at the start of a part of the command line.
  static func starts(in command: [UInt8], _ programs: [String]) -> Bool {
    guard command.count < 4096 else { return false }
    var isStart = true
    for (i, byte) in command.enumerated() {
      if isStart, byte != 0x20, byte != UInt8(ascii: "(") {
        let rest = command[i...]
        if programs.contains(where: {
          rest.starts(with: $0.utf8) && (rest.dropFirst($0.utf8.count).first ?? 0x20) <= 0x20
        }) {
          return true
        }
        isStart = false
      }
      if byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|") || byte == 0x0a {
        isStart = true
      }
    }
    return false
  }
}
