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
    for stat in stats {
      if stat.isExact {
        folded.append(Array(bytes[stat.name]) + Array(" | \(StatBlock.counts(stat.added, stat.removed))".utf8))
      } else {
        folded.append(Array(bytes[stat.name]) + Array(" | ".utf8) + bytes[stat.tail].drop { $0 == UInt8(ascii: " ") })
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
      guard cursor.skip(" "), let files = cursor.number(), cursor.skip(files == 1 ? " file changed" : " files changed")
      else {
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
    var rows: [Row?] = []
    var width = 0
    var digits = 0
    for line in lines {
      guard let row = Row(bytes, line) else {
        rows.append(nil)
        continue
      }
      width = max(width, row.name.count)
      digits = max(digits, row.count.utf8.count)
      rows.append(row)
    }
    guard width < 1_000 else { return false }
    out.append(UInt8(ascii: "\n"))
    for (line, row) in zip(lines, rows) {
      out.append(UInt8(ascii: " "))
      if let row {
        out += bytes[row.name]
        out += Array(repeating: UInt8(ascii: " "), count: width - row.name.count)
        out += " | \(String(repeating: " ", count: digits - row.count.utf8.count))\(row.count)".utf8
        out += row.rest
      } else {
        var cursor = FieldCursor(bytes, line)
        if let files = cursor.number(), cursor.skip(files == 1 ? " file " : " files "),
          let (added, removed) = counts(&cursor)
        {
          out.removeLast()
          out += long(files: files, added, removed)
        } else {
          out += bytes[line]
        }
      }
      out.append(UInt8(ascii: "\n"))
    }
    // The sum of one file goes without saying.
    if rows.count == 1, let (added, removed) = rows[0]?.changes {
      out += long(files: 1, added, removed)
      out.append(UInt8(ascii: "\n"))
    }
    return true
  }

  /// A line for one file: `src/bitops.c | +37 -4`, `src/module.c | 74 +++++---` where the signs are scaled, `x.png | Bin 0 -> 12 bytes`.
  private struct Row {
    var name: Range<Int>
    /// What stands in the column of numbers, and behind it.
    var count: String
    var rest: [UInt8]
    /// Nil where the signs are scaled.
    var changes: (added: Int, removed: Int)?

    init?(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
      guard let bar = bytes[line].lastIndex(of: UInt8(ascii: "|")), bar > line.lowerBound + 1 else { return nil }
      name = line.lowerBound..<bar - 1
      var cursor = FieldCursor(bytes, bar + 1..<line.upperBound)
      guard cursor.skip(" ") else { return nil }
      var signs = cursor
      if let (added, removed) = StatBlock.counts(&signs) {
        guard added + removed < 1_000 else { return nil }
        changes = (added, removed)
        count = "\(added + removed)"
        rest = added + removed > 0 ? [UInt8(ascii: " ")] : []
        rest += Array(repeating: UInt8(ascii: "+"), count: added) + Array(repeating: UInt8(ascii: "-"), count: removed)
      } else {
        let word = cursor.field()
        guard !word.isEmpty, word.count < 10 else { return nil }
        count = String(decoding: bytes[word], as: UTF8.self)
        rest = Array(bytes[cursor.rest])
      }
    }
  }
}
