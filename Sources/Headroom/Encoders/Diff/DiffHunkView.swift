/// A hunk as a reader with little room sees it.
struct DiffHunkView {
  let hunk: DiffHunk
  let lines: TextLines
  /// Lines that the change adds and removes.
  private(set) var added = 0
  private(set) var removed = 0
  /// The lines of the body that begin the definition of something and were added or removed.
  private(set) var definitions: [Int] = []
  /// Whether nothing but white space changes.
  private(set) var isWhitespace = false
  /// The parts of the body that stay when context is reduced. All of it where the counts cannot be told.
  private(set) var parts: [Range<Int>] = []

  init(_ hunk: DiffHunk, _ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.hunk = hunk
    self.lines = lines
    var balance: UInt64 = 0
    for line in hunk.body {
      let range = lines[line]
      guard let sign = bytes[range].first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { continue }
      let content = range.lowerBound + 1..<range.upperBound
      var sum: UInt64 = 0
      for i in content where bytes[i] > 0x20 { sum = sum &* 31 &+ UInt64(bytes[i]) }
      if sign == UInt8(ascii: "+") {
        added += 1
        balance &+= sum
      } else {
        removed += 1
        balance &-= sum
      }
      if DefinitionLine.matches(bytes, content) { definitions.append(line) }
    }
    isWhitespace = balance == 0 && added == removed
    parts = reduced(bytes)
  }

  /// `+14 -3`
  var counts: String {
    [added > 0 ? "+\(added)" : "", removed > 0 ? "-\(removed)" : ""].filter { !$0.isEmpty }.joined(separator: " ")
  }

  // MARK: With less context

  /// Context lines kept on each side of a change.
  private static let context = 1
  /// A gap in the context that is shorter than this stays: it would cost a header.
  private static let shortestGap = 3

  private func reduced(_ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    guard hunk.isExact, !hunk.isCombined else { return [hunk.body] }
    var parts: [Range<Int>] = []
    for line in hunk.body {
      guard bytes[lines[line].lowerBound] != UInt8(ascii: " ") else { continue }
      let near =
        max(
          hunk.body.lowerBound, line - DiffHunkView.context)..<min(
          hunk.body.upperBound, line + 1 + DiffHunkView.context)
      if let last = parts.last, near.lowerBound - last.upperBound < DiffHunkView.shortestGap {
        parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, near.upperBound)
      } else {
        parts.append(near)
      }
    }
    return parts.isEmpty ? [hunk.body] : parts
  }

  /// The header of a part of the hunk, with the counts of that part.
  func header(of part: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    if part == hunk.body { return Array(bytes[lines[hunk.header]]) }
    var old = hunk.old.start
    var new = hunk.new.start
    var counts = (old: 0, new: 0)
    for line in hunk.body.lowerBound..<part.upperBound {
      let sign = bytes[lines[line].lowerBound]
      let isOld = sign == UInt8(ascii: " ") || sign == UInt8(ascii: "-")
      let isNew = sign == UInt8(ascii: " ") || sign == UInt8(ascii: "+")
      if line < part.lowerBound {
        old += isOld ? 1 : 0
        new += isNew ? 1 : 0
      } else {
        counts.old += isOld ? 1 : 0
        counts.new += isNew ? 1 : 0
      }
    }
    // Of no lines, the line before is named.
    if counts.old == 0, hunk.old.count > 0 { old -= 1 }
    if counts.new == 0, hunk.new.count > 0 { new -= 1 }
    var out = ByteWriter()
    DiffForms.write("@@ -", old, counts.old, to: &out)
    DiffForms.write(" +", new, counts.new, to: &out)
    out.append(" @@")
    if part.lowerBound <= hunk.body.lowerBound + 3 { out.append(UnsafeBufferPointer(rebasing: bytes[hunk.section])) }
    return out.bytes
  }

  /// What a gap says of the hunk: `@@ +120 fn foo: +14 -3`.
  func note(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let section = bytes[hunk.section].filter { $0 >= 0x20 && $0 != UInt8(ascii: "]") }
    let name = String(decoding: section.prefix(64), as: UTF8.self).filter { $0 != "\u{fffd}" }
    return "@@ +\(hunk.new.start)\(name): \(counts)"
  }
}
