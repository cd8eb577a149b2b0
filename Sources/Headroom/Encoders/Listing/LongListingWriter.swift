/// Writes what `ls -l` prints with each mode, owner and date said once; see ``LongListingForms``.
struct LongListingWriter: ~Copyable {
  private let text: UnsafeBufferPointer<UInt8>
  private let listing: LongListing
  private var out = ByteWriter(capacity: 4096)

  init(_ listing: LongListing, in text: UnsafeBufferPointer<UInt8>) {
    self.listing = listing
    self.text = text
  }

  /// The lines below the header; nil when there are too many different dates or owners.
  consuming func body() -> [UInt8]? {
    // A row's mode, links, owner and group stand next to each other but for padding, which is not part of what they say.
    var attributes = ByteWriter(capacity: listing.rows.count * 24)
    var ranges: [Range<Int>] = []
    for row in listing.rows {
      let start = attributes.count
      for part in [row.mode, row.links, row.owner, row.group] {
        if attributes.count > start { attributes.append(0x20) }
        attributes.append(UnsafeBufferPointer(rebasing: text[part]))
      }
      ranges.append(start..<attributes.count)
    }
    let owners = Legend(ranges, in: attributes.view)
    let dates = Legend(listing.rows.map(\.date), in: text)
    out.append("default: ")
    out.append(UnsafeBufferPointer(rebasing: attributes.view[owners.values[0]]))
    out.append(", ")
    out.append(UnsafeBufferPointer(rebasing: text[dates.values[0]]))
    for i in owners.values.indices.dropFirst() {
      legend(i, isUpper: true)
      out.append(UnsafeBufferPointer(rebasing: attributes.view[owners.values[i]]))
    }
    for i in dates.values.indices.dropFirst() {
      legend(i, isUpper: false)
      out.append(UnsafeBufferPointer(rebasing: text[dates.values[i]]))
    }
    // The blank line tells letters from folders.
    out.append(UInt8(ascii: "\n"))
    for block in listing.blocks {
      out.append(UInt8(ascii: "\n"))
      head(block)
      for i in block.rows {
        separate()
        name(listing.rows[i])
        out.append(UInt8(ascii: ":"))
        out.append(UnsafeBufferPointer(rebasing: text[listing.rows[i].size]))
        let (owner, date) = (owners.codes[i], dates.codes[i])
        guard owner > 0 || date > 0 else { continue }
        out.append(UInt8(ascii: ":"))
        if owner > 0 { ListingCode.write(owner, isUpper: true, to: &out) }
        if date > 0 { ListingCode.write(date, isUpper: false, to: &out) }
      }
    }
    return out.bytes
  }

  private mutating func legend(_ i: Int, isUpper: Bool) {
    out.append(UInt8(ascii: "\n"))
    ListingCode.write(i, isUpper: isUpper, to: &out)
    out.append(": ")
  }

  private mutating func head(_ block: LongListing.Block) {
    if let folder = block.folder {
      let bytes = UnsafeBufferPointer(rebasing: text[folder])
      if bytes.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\"") }) {
        ListingName.writeQuoted(bytes, to: &out)
      } else {
        out.append(bytes)
      }
      out.append(UInt8(ascii: ":"))
    }
    if let total = block.total {
      separate()
      out.append("total ")
      out.append(UnsafeBufferPointer(rebasing: text[total]))
    }
    if let columns = block.columns {
      separate()
      out.append("columns ")
      out.append(decimal: columns.linksEnd)
      out.append(0x20)
      out.append(decimal: columns.groupStart)
      out.append(0x20)
      out.append(decimal: columns.sizeEnd)
    }
  }

  private mutating func separate() {
    if out[out.count - 1] != UInt8(ascii: "\n") { out.append(0x20) }
  }

  /// A name; `name->target` for a link.
  private mutating func name(_ row: LongListing.Row) {
    let bytes = UnsafeBufferPointer(rebasing: text[row.name])
    if text[row.mode.lowerBound] == UInt8(ascii: "l"), let arrow = LinkArrow.place(in: bytes) {
      out.append(UnsafeBufferPointer(rebasing: bytes[..<arrow]))
      out.append("->")
      out.append(UnsafeBufferPointer(rebasing: bytes[(arrow + 4)...]))
    } else if bytes.contains(UInt8(ascii: ":")) || LinkArrow.isIn(bytes) {
      ListingName.writeQuoted(bytes, to: &out)
    } else {
      ListingName.write(bytes, to: &out)
    }
  }

  /// Different values, the most frequent first, and which one each row has.
  private struct Legend {
    var values: [Range<Int>] = []
    var codes: [Int]

    init(_ ranges: [Range<Int>], in text: UnsafeBufferPointer<UInt8>) {
      codes = []
      guard let base = text.baseAddress else { return }
      var index = ByteIndex(capacity: 64)
      var counts: [Int] = []
      codes.reserveCapacity(ranges.count)
      for range in ranges {
        let (number, isNew) = index.add(range, in: base)
        if isNew { counts.append(0) }
        counts[number] += 1
        codes.append(number)
      }
      let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
      var ranks = [Int](repeating: 0, count: order.count)
      for (rank, number) in order.enumerated() { ranks[number] = rank }
      values = order.map { index.ranges[$0] }
      codes = codes.map { ranks[$0] }
    }
  }
}

/// The arrow between a link and its target.
enum LinkArrow {
  /// Where ` -> ` stands, when the name can be written without spaces around it.
  static func place(in name: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let arrow = name.indices.first(where: { isArrow(name, $0) }) else { return nil }
    for i in name.indices where i < arrow || i >= arrow + 4 {
      if name[i] <= 0x20 || name[i] == UInt8(ascii: ":") || name[i] == UInt8(ascii: "\"") { return nil }
      if name[i] == UInt8(ascii: "-"), i + 1 < name.count, name[i + 1] == UInt8(ascii: ">") { return nil }
    }
    return arrow > 0 && arrow + 4 < name.count ? arrow : nil
  }

  static func isIn(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var i = 1
    while i < name.count {
      if name[i] == UInt8(ascii: ">"), name[i - 1] == UInt8(ascii: "-") { return true }
      i += 1
    }
    return false
  }

  private static func isArrow(_ name: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    i + 4 <= name.count && name[i] == 0x20 && name[i + 1] == UInt8(ascii: "-") && name[i + 2] == UInt8(ascii: ">")
      && name[i + 3] == 0x20
  }
}

/// Numbers as letters: `A` to `Z`, `AA` and so on.
enum ListingCode {
  static func write(_ number: Int, isUpper: Bool, to out: inout ByteWriter) {
    let first = isUpper ? UInt8(ascii: "A") : UInt8(ascii: "a")
    var letters: [UInt8] = []
    var rest = number
    while rest > 0 {
      rest -= 1
      letters.append(first + UInt8(rest % 26))
      rest /= 26
    }
    for letter in letters.reversed() { out.append(letter) }
  }

  /// Reads letters of one case; 0 when there are none. Nil when there are too many.
  static func read(_ text: [UInt8], _ p: inout Int, end: Int, isUpper: Bool) -> Int? {
    let first = isUpper ? UInt8(ascii: "A") : UInt8(ascii: "a")
    var number = 0
    while p < end, text[p] &- first < 26 {
      number = number * 26 + Int(text[p] - first) + 1
      guard number < 1 << 30 else { return nil }
      p += 1
    }
    return number
  }
}
