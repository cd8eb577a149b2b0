/// Reads the short notation of `ls -l` back.
struct LongListingReader: ~Copyable {
  private let lines: TextLines
  private var owners: [Owner] = []
  private var dates: [[UInt8]] = []
  private var out = ByteWriter(capacity: 4096)

  private struct Owner {
    var mode: [UInt8]
    var links: [UInt8]
    var owner: [UInt8]
    var group: [UInt8]

    init?(_ text: ArraySlice<UInt8>) {
      let parts = text.split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 4 else { return nil }
      (mode, links, owner, group) = (Array(parts[0]), Array(parts[1]), Array(parts[2]), Array(parts[3]))
    }
  }

  private struct Row {
    var owner: Int
    var date: Int
    var size: Range<Int>
    var name: Range<Int>
    var isQuoted: Bool
    /// Where `->` stands in the name of a link.
    var arrow: Int?
  }

  init(_ lines: TextLines) { self.lines = lines }

  mutating func text() -> [UInt8]? {
    var line = 0
    while line < lines.count, !lines[line].isEmpty {
      guard legend(lines[line]) else { return nil }
      line += 1
    }
    guard line > 0, line + 1 < lines.count else { return nil }
    line += 1
    var isFirst = true
    let bytes = lines.text
    let isRead = bytes.withUnsafeBufferPointer { text in
      while line < lines.count {
        guard block(lines[line], text, isFirst: isFirst) else { return false }
        isFirst = false
        line += 1
      }
      return true
    }
    guard isRead, out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// Reads `default: …`, `A: …` or `a: …`; false when it is damaged.
  private mutating func legend(_ range: Range<Int>) -> Bool {
    let text = lines.text
    let reader = LineReader(text, at: range.lowerBound, lines: 1)
    var p = range.lowerBound
    if owners.isEmpty {
      guard reader.skip("default: ", at: &p, end: range.upperBound),
        let comma = text[p..<range.upperBound].firstIndex(of: UInt8(ascii: ",")), comma + 2 < range.upperBound,
        let owner = Owner(text[p..<comma])
      else { return false }
      owners.append(owner)
      dates.append(Array(text[(comma + 2)..<range.upperBound]))
      return true
    }
    guard let upper = ListingCode.read(text, &p, end: range.upperBound, isUpper: true),
      let lower = ListingCode.read(text, &p, end: range.upperBound, isUpper: false),
      reader.skip(": ", at: &p, end: range.upperBound)
    else { return false }
    if upper == owners.count, lower == 0, let owner = Owner(text[p..<range.upperBound]) {
      owners.append(owner)
      return true
    }
    guard upper == 0, lower == dates.count else { return false }
    dates.append(Array(text[p..<range.upperBound]))
    return true
  }

  private mutating func block(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> Bool {
    let end = range.upperBound
    var p = range.lowerBound
    let reader = LineReader(lines.text, at: p, lines: 1)
    if let folder = folder(&p, end) {
      if !isFirst { out.append(UInt8(ascii: "\n")) }
      out.append(folder)
      out.append(":\n")
    } else if !isFirst {
      return false
    }
    var word = p
    _ = reader.skip(" ", at: &word, end: end)
    if reader.skip("total ", at: &word, end: end) {
      let start = word
      while word < end, text[word] != 0x20 { word += 1 }
      out.append("total ")
      out.append(UnsafeBufferPointer(rebasing: text[start..<word]))
      out.append(UInt8(ascii: "\n"))
      p = word
    }
    var columns: LongListing.Columns?
    word = p
    _ = reader.skip(" ", at: &word, end: end)
    if reader.skip("columns ", at: &word, end: end) {
      guard let links = reader.integer(at: &word, end: end, digits: 3), reader.skip(" ", at: &word, end: end),
        let group = reader.integer(at: &word, end: end, digits: 3), reader.skip(" ", at: &word, end: end),
        let size = reader.integer(at: &word, end: end, digits: 3)
      else { return false }
      columns = .init(linksEnd: links, groupStart: group, sizeEnd: size)
      p = word
    }
    var rows: [Row] = []
    while p < end {
      if p > range.lowerBound { guard reader.skip(" ", at: &p, end: end) else { return false } }
      guard let row = row(&p, end, text) else { return false }
      rows.append(row)
    }
    write(rows, text, columns)
    return true
  }

  /// The name of a folder, which ends in a colon that a space or nothing follows.
  private func folder(_ p: inout Int, _ end: Int) -> [UInt8]? {
    var q = p
    guard let (name, isQuoted) = ListingName.read(lines.text, &q, end: end) else { return nil }
    if isQuoted {
      guard q < end, lines.text[q] == UInt8(ascii: ":"), q + 1 == end || lines.text[q + 1] == 0x20 else { return nil }
      p = q + 1
      return name
    }
    guard name.last == UInt8(ascii: ":") else { return nil }
    p = q
    return name.dropLast()
  }

  private func row(_ p: inout Int, _ end: Int, _ text: UnsafeBufferPointer<UInt8>) -> Row? {
    guard p < end else { return nil }
    let name: Range<Int>
    let isQuoted = text[p] == UInt8(ascii: "\"")
    if isQuoted {
      guard let (word, _) = ListingName.range(text, &p, end: end) else { return nil }
      name = word
    } else {
      let start = p
      while p < end, text[p] != UInt8(ascii: ":"), text[p] != 0x20 { p += 1 }
      name = start..<p
    }
    guard p < end, text[p] == UInt8(ascii: ":") else { return nil }
    p += 1
    let start = p
    while p < end, text[p] != UInt8(ascii: ":"), text[p] != 0x20 { p += 1 }
    let size = start..<p
    var owner = 0
    var date = 0
    if p < end, text[p] == UInt8(ascii: ":") {
      p += 1
      guard let upper = ListingCode.read(lines.text, &p, end: end, isUpper: true),
        let lower = ListingCode.read(lines.text, &p, end: end, isUpper: false)
      else { return nil }
      (owner, date) = (upper, lower)
    }
    guard owner < owners.count, date < dates.count else { return nil }
    var arrow: Int?
    if !isQuoted, owners[owner].mode.first == UInt8(ascii: "l") {
      arrow = name.dropFirst().first { text[$0] == UInt8(ascii: ">") && text[$0 - 1] == UInt8(ascii: "-") }
    }
    return Row(owner: owner, date: date, size: size, name: name, isQuoted: isQuoted, arrow: arrow.map { $0 - 1 })
  }

  private mutating func write(
    _ rows: [Row], _ text: UnsafeBufferPointer<UInt8>, _ own: LongListing.Columns?
  ) {
    var widths = LongListing.ColumnWidths()
    for row in rows {
      let owner = owners[row.owner]
      widths.add(owner.mode.count, owner.links.count, owner.owner.count, owner.group.count, row.size.count)
    }
    let columns = own ?? widths.columns
    for row in rows {
      let owner = owners[row.owner]
      out.append(owner.mode)
      out.append(repeating: 0x20, count: max(1, columns.linksEnd - owner.mode.count - owner.links.count))
      out.append(owner.links)
      out.append(0x20)
      out.append(owner.owner)
      out.append(repeating: 0x20, count: max(1, columns.groupStart - owner.owner.count))
      out.append(owner.group)
      out.append(repeating: 0x20, count: max(1, columns.sizeEnd - owner.group.count - row.size.count))
      out.append(UnsafeBufferPointer(rebasing: text[row.size]))
      out.append(0x20)
      out.append(dates[row.date])
      out.append(0x20)
      if let arrow = row.arrow {
        out.append(UnsafeBufferPointer(rebasing: text[row.name.lowerBound..<arrow]))
        out.append(" -> ")
        out.append(UnsafeBufferPointer(rebasing: text[arrow + 2..<row.name.upperBound]))
      } else {
        ListingName.append(text, row.name, isQuoted: row.isQuoted, to: &out)
      }
      out.append(UInt8(ascii: "\n"))
    }
  }
}
