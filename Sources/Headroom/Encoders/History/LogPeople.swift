/// Short names for the people of a log, who come again and again: as authors and in the trailers of messages.
///
///     DL = David Lord <davidism@gmail.com>
struct LogPeople {
  private var longNames: [[UInt8]] = []
  private var shortNames: [[UInt8]] = []
  /// All names of the log, and which of them have a short one.
  private var index = ByteIndex()
  private var places: [Int?] = []

  init() {}

  /// Everybody who is named more than once.
  init(of log: CommitLog, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    var counts: [Int] = []
    var index = ByteIndex()
    func add(_ name: Range<Int>) {
      let (number, isNew) = index.add(name, in: base)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    for commit in log.commits {
      add(commit.author)
      for line in commit.message { if let name = LogPeople.trailer(bytes, log.lines[line]) { add(name) } }
    }
    places = Array(repeating: nil, count: counts.count)
    self.index = index
    for (number, range) in index.ranges.enumerated() where counts[number] > 1 && longNames.count < 200 {
      let name = Array(bytes[range])
      guard let short = initials(name) else { continue }
      places[number] = longNames.count
      longNames.append(name)
      shortNames.append(short)
    }
  }

  /// The initials, with a number where others have the same; nil for what has no letters.
  private func initials(_ name: [UInt8]) -> [UInt8]? {
    let person = name.prefix { $0 != UInt8(ascii: "<") }
    var short: [UInt8] = []
    for word in person.split(whereSeparator: { " .-_[]".utf8.contains($0) }) {
      if let first = word.first, (first | 0x20) &- 0x61 < 26, short.count < 3 { short.append(first & 0xDF) }
    }
    guard !short.isEmpty else { return nil }
    if !shortNames.contains(short) { return short }
    return (2...99).lazy.map { short + Array("\($0)".utf8) }.first { !shortNames.contains($0) }
  }

  // MARK: The list above

  func write(to out: inout ByteWriter) {
    for (short, long) in zip(shortNames, longNames) {
      out.append(short)
      out.append(" = ")
      out.append(long)
      out.append(UInt8(ascii: "\n"))
    }
  }

  mutating func read(_ line: [UInt8]) -> Bool {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, words[1].elementsEqual([UInt8(ascii: "=")]) else { return false }
    shortNames.append(Array(words[0]))
    longNames.append(Array(words[2]))
    return true
  }

  // MARK: Names

  func short(_ name: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard let base = bytes.baseAddress,
      let number = index.number(of: UnsafeBufferPointer(rebasing: bytes[name]), in: base), let place = places[number]
    else { return Array(bytes[name]) }
    return shortNames[place]
  }

  func long(_ name: [UInt8]) -> [UInt8] { shortNames.firstIndex(of: name).map { longNames[$0] } ?? name }

  // MARK: Messages

  /// A line of a message: indented by one, and trailers with the short name.
  func write(message line: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, to out: inout ByteWriter) {
    if line.isEmpty {
      // One that has lost its indentation on the way.
      out.append(UInt8(ascii: " "))
    } else if line.count > 4 {
      out.append(UInt8(ascii: " "))
      let text = line.lowerBound + 4..<line.upperBound
      if let name = LogPeople.trailer(bytes, line) {
        out.append(UnsafeBufferPointer(rebasing: bytes[text.lowerBound..<name.lowerBound]))
        out.append(short(name, bytes))
      } else {
        out.append(UnsafeBufferPointer(rebasing: bytes[text]))
      }
    }
    out.append(UInt8(ascii: "\n"))
  }

  /// The line of the message again, with its newline.
  func message(_ line: [UInt8]) -> [UInt8] {
    if line == [UInt8(ascii: " ")] { return [UInt8(ascii: "\n")] }
    var out = Array("   ".utf8)
    if line.isEmpty { out.append(UInt8(ascii: " ")) }
    if let colon = LogPeople.trailerStart(line), let index = shortNames.firstIndex(of: Array(line[colon...])) {
      out += line[..<colon] + longNames[index]
    } else {
      out += line
    }
    return out + [UInt8(ascii: "\n")]
  }

  /// The person in `Signed-off-by: Name <mail>`.
  private static func trailer(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    guard line.count > 8, bytes[line.upperBound - 1] == UInt8(ascii: ">"), line.count < 200,
      let start = trailerStart(Array(bytes[line.lowerBound + 3..<line.upperBound]))
    else { return nil }
    return line.lowerBound + 3 + start..<line.upperBound
  }

  /// Where the person stands in ` Signed-off-by: Name`.
  private static func trailerStart(_ line: [UInt8]) -> Int? {
    guard line.first == UInt8(ascii: " "), let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 4, colon < 40,
      line[..<colon].suffix(3).elementsEqual("-by".utf8), colon + 2 < line.count,
      line[colon + 1] == UInt8(ascii: " "), !line[1..<colon].contains(UInt8(ascii: " "))
    else { return nil }
    return colon + 2
  }
}

/// The files of a commit. Where the signs say how many lines there are, they are counted.
///
///      src/bitops.c | 41 +++++++++++++++++++++++++++++++++++++----         src/bitops.c | +37 -4
///      1 file changed, 37 insertions(+), 4 deletions(-)
struct StatBlock {
  /// The lines, without newlines.
  private(set) var folded: [[UInt8]] = []

  init(_ commit: CommitBlock, _ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard !commit.files.isEmpty || commit.summary != nil else { return }
    let stats = commit.files.compactMap { StatLine(bytes, lines[$0]) }
    for (line, stat) in zip(commit.files, stats) {
      if stat.isExact {
        folded.append(Array(bytes[stat.name]) + Array(" | \(StatBlock.counts(stat.added, stat.removed))".utf8))
      } else {
        folded.append(Array(bytes[lines[line].dropFirst()]))
      }
    }
    if let summary = commit.summary {
      let text = Array(bytes[lines[summary]])
      if let short = StatBlock.short(text) {
        let isOnly = stats.count == 1 && stats[0].isExact
        if !isOnly || StatBlock.long(files: 1, stats[0].added, stats[0].removed) != text { folded.append(short) }
      } else {
        folded.append(Array(text.dropFirst()))
      }
    }
    // What does not come back stays as it was, but for the space before it.
    let part = commit.files.lowerBound..<(commit.summary.map { $0 + 1 } ?? commit.files.upperBound)
    var again: [UInt8] = []
    let joined = Array(folded.joined(separator: [UInt8(ascii: "\n")]))
    let back = TextLines(joined)
    let isBack = joined.withUnsafeBufferPointer { bytes in
      StatBlock.unfold((0..<back.count).map { back[$0] }, bytes, to: &again)
    }
    let expected = [UInt8(ascii: "\n")] + bytes[lines[part].range] + [UInt8(ascii: "\n")]
    if !isBack || again != expected { folded = part.map { Array(bytes[lines[$0].dropFirst()]) } }
  }

  private static func counts(_ added: Int, _ removed: Int) -> String {
    let parts = [added > 0 ? "+\(added)" : "", removed > 0 ? "-\(removed)" : ""].filter { !$0.isEmpty }
    return parts.isEmpty ? "+0" : parts.joined(separator: " ")
  }

  /// ` 2 files changed, 13 insertions(+), 2 deletions(-)` as `2 files +13 -2`.
  private static func short(_ text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBufferPointer { bytes in
      var cursor = FieldCursor(bytes, bytes.indices)
      guard cursor.skip(" "), let files = cursor.number(), cursor.skip(files == 1 ? " file changed" : " files changed") else {
        return nil
      }
      var (added, removed) = (0, 0)
      while cursor.skip(", ") {
        guard let number = cursor.number() else { return nil }
        if cursor.skip(" insertions(+)") || cursor.skip(" insertion(+)") {
          added = number
        } else if cursor.skip(" deletions(-)") || cursor.skip(" deletion(-)") {
          removed = number
        } else {
          return nil
        }
      }
      guard long(files: files, added, removed) == text else { return nil }
      return Array("\(files) \(files == 1 ? "file" : "files") \(counts(added, removed))".utf8)
    }
  }

  private static func long(files: Int, _ added: Int, _ removed: Int) -> [UInt8] {
    var text = " \(files) file\(files == 1 ? "" : "s") changed"
    if added > 0 || removed == 0 { text += ", \(added) insertion\(added == 1 ? "" : "s")(+)" }
    if removed > 0 || added == 0 { text += ", \(removed) deletion\(removed == 1 ? "" : "s")(-)" }
    return Array(text.utf8)
  }

  /// `+37 -4`
  private static func counts(_ cursor: inout FieldCursor) -> (added: Int, removed: Int)? {
    var (added, removed) = (0, 0)
    if cursor.skip("+") {
      guard let number = cursor.number(), number < 100_000_000 else { return nil }
      added = number
      if !cursor.isAtEnd, !cursor.skip(" ") { return nil }
    }
    if cursor.skip("-") {
      guard let number = cursor.number(), number < 100_000_000 else { return nil }
      removed = number
    }
    return cursor.isAtEnd ? (added, removed) : nil
  }

  /// Appends the lines as git prints them, with the blank line before.
  static func unfold(_ lines: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
    guard !lines.isEmpty else { return true }
    struct Row {
      var name: Range<Int>
      var added: Int
      var removed: Int
    }
    var rows: [Row?] = []
    var width = 0
    var most = 0
    for line in lines {
      guard let bar = bytes[line].lastIndex(of: UInt8(ascii: "|")), bar > line.lowerBound + 1 else {
        rows.append(nil)
        continue
      }
      var cursor = FieldCursor(bytes, bar + 1..<line.upperBound)
      guard cursor.skip(" "), let (added, removed) = counts(&cursor) else {
        rows.append(nil)
        continue
      }
      guard added + removed < 1_000 else { return false }
      rows.append(Row(name: line.lowerBound..<bar - 1, added: added, removed: removed))
      width = max(width, bar - 1 - line.lowerBound)
      most = max(most, added + removed)
    }
    let digits = "\(most)".utf8.count
    guard width < 1_000 else { return false }
    out.append(UInt8(ascii: "\n"))
    for (line, row) in zip(lines, rows) {
      out.append(UInt8(ascii: " "))
      if let row {
        out += bytes[row.name]
        out += Array(repeating: UInt8(ascii: " "), count: width - row.name.count)
        let count = "\(row.added + row.removed)"
        out += " | \(String(repeating: " ", count: digits - count.utf8.count))\(count)".utf8
        if row.added + row.removed > 0 { out.append(UInt8(ascii: " ")) }
        out += Array(repeating: UInt8(ascii: "+"), count: row.added) + Array(repeating: UInt8(ascii: "-"), count: row.removed)
      } else {
        var cursor = FieldCursor(bytes, line)
        if let files = cursor.number(), cursor.skip(files == 1 ? " file " : " files "), let (added, removed) = counts(&cursor) {
          out.removeLast()
          out += long(files: files, added, removed)
        } else {
          out += bytes[line]
        }
      }
      out.append(UInt8(ascii: "\n"))
    }
    // The sum of one file goes without saying.
    if rows.count == 1, let row = rows[0] {
      out += long(files: 1, row.added, row.removed)
      out.append(UInt8(ascii: "\n"))
    }
    return true
  }
}
