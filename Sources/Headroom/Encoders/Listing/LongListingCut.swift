/// The output of `ls -l` with rows out of view, and of the others only the name, with a slash behind a folder, and the size.
///
///     [modes, owners and dates left out]
///     src: Makefile 17280, acl.c 127399, commands/
///     [lines 420-790: 371 more in src/commands]
struct LongListingCut {
  private let listing: LongListing
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>
  private let request: CutRequest

  init(_ listing: LongListing, _ lines: TextLines, in text: UnsafeBufferPointer<UInt8>, _ request: CutRequest) {
    self.listing = listing
    self.lines = lines
    self.text = text
    self.request = request
  }

  func candidate() -> Candidate? {
    let relevant = Relevance(of: Segments(listing.rows.map(\.name)), in: text, to: request.query).relevant
    var kept: [Bool] = []
    for most in [1 << 30, 256, 160, 100, 64, 40, 24, 14, 8, 4, 0] {
      kept = relevant
      for block in listing.blocks {
        for (n, i) in block.rows.enumerated() where n < most || block.rows.count <= most + 3 { kept[i] = true }
      }
      if cost(kept) <= request.budget { break }
    }
    // With all rows in view this is the complete form without its letters, which are worth more than they cost.
    guard kept.contains(false) else { return nil }
    return write(kept)
  }

  private func cost(_ kept: [Bool]) -> Int {
    var cost = 0
    for block in listing.blocks {
      cost += 4 + (block.folder?.count ?? 0) / 4
      for i in block.rows where kept[i] { cost += listing.rows[i].name.count / 4 + 4 }
      if block.rows.contains(where: { !kept[$0] }) { cost += 14 }
    }
    return cost
  }

  private func write(_ kept: [Bool]) -> Candidate? {
    var out = CutText(lines)
    out.append("[modes, owners and dates left out]".utf8)
    var line = 0
    for (n, block) in listing.blocks.enumerated() {
      // A blank line stands between folders.
      if n > 0 { line += 1 }
      var head: [UInt8] = []
      if let folder = block.folder {
        head += text[folder] + [UInt8(ascii: ":")]
        line += 1
      }
      if let total = block.total {
        head += (head.isEmpty ? "total " : " total ").utf8
        head += text[total]
        line += 1
      }
      var row = block.rows.lowerBound
      var shown = head
      while row < block.rows.upperBound {
        let first = row
        while row < block.rows.upperBound, kept[row] == kept[first] { row += 1 }
        if kept[first] {
          for i in first..<row { append(listing.rows[i], to: &shown) }
        } else {
          if !shown.isEmpty { out.append(shown) }
          shown = []
          let name = block.folder.map { " in " + String(decoding: text[$0], as: UTF8.self) } ?? ""
          out.gap(
            line + first - block.rows.lowerBound..<line + row - block.rows.lowerBound,
            note: "\(row - first) more\(name)")
        }
      }
      if !shown.isEmpty { out.append(shown) }
      line += block.rows.count
    }
    return out.candidate(LongListingForms.name)
  }

  /// The name, a slash behind a folder, and the size of anything else.
  private func append(_ row: LongListing.Row, to out: inout [UInt8]) {
    if !out.isEmpty { out += (out.last == UInt8(ascii: ":") ? " " : ", ").utf8 }
    out += text[row.name]
    if text[row.mode.lowerBound] == UInt8(ascii: "d") {
      out.append(UInt8(ascii: "/"))
    } else {
      out.append(0x20)
      out += text[row.size]
    }
  }
}
