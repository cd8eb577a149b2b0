/// What `ls -l` prints, folder by folder: each mode with links, owner and group is said once and has a capital letter, each date a small
/// one. The most frequent of them are what holds where no letter stands.
///
///     src:                                              [ls, 3 lines, 3 entries, name:size:letters]
///     total 24                                          default: -rw-r--r-- 1 dev dev, Oct 18 01:11
///     -rw-r--r-- 1 dev dev 1728 Oct 18 01:11 Makefile → A: drwxr-xr-x 2 dev dev
///     -rw-r--r-- 1 dev dev   39 Oct 18 01:11 acl.c      src: total 24 Makefile:1728 acl.c:39 unit:4096:A
///     drwxr-xr-x 2 dev dev 4096 Oct 18 01:11 unit
struct LongListingForms: TextForms {
  static let name = "ls"
  static let kind = Segment.Kind.listing

  private let lines: TextLines
  private let listing: LongListing
  /// Whether the command sorts by time or size, so that these are what it is about.
  private let asksForMetadata: Bool

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { LongListingParser.runs(lines).map(\.lines) }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    guard let listing = LongListingParser.whole(lines) else { return nil }
    self.lines = lines
    self.listing = listing
    asksForMetadata = hint.sortsListing
  }

  private static func asksForMetadata(_ query: Query) -> Bool {
    let words = [
      "time", "date", "modif", "recent", "newest", "oldest", "latest", "owner", "permission", "mode", "chmod", "when",
    ]
    return query.terms.contains { term in words.contains { term.stem.starts(with: $0.utf8) } }
  }

  func complete() -> [Candidate] {
    guard let body = lines.text.withUnsafeBufferPointer({ LongListingWriter(listing, in: $0).body() }) else {
      return []
    }
    var detail = "\(listing.rows.count) entries"
    if listing.blocks.count > 1 { detail += " in \(listing.blocks.count) folders" }
    detail += ", name:size:letters"
    return [
      Candidate(
        name: LongListingForms.name, fidelity: .identical,
        bytes: Frame.write(LongListingForms.name, detail: Array(detail.utf8), body: body))
    ]
  }

  /// Of folders with many entries the first ones stay, and those that are asked for; the others go with their number.
  func cut(_ request: CutRequest) -> Candidate? {
    guard !asksForMetadata, !LongListingForms.asksForMetadata(request.query) else { return nil }
    return lines.text.withUnsafeBufferPointer { LongListingCut(listing, lines, in: $0, request).candidate() }
  }

  static func decode(_ frame: Frame) -> [UInt8]? {
    var reader = LongListingReader(frame.lines)
    return reader.text()
  }
}

extension Hint {
  /// Whether a flag such as `-lt` or `-S` of the command sorts what is listed.
  fileprivate var sortsListing: Bool {
    guard let command, command.count < 4096 else { return false }
    return command.split(separator: 0x20).contains { word in
      word.count > 1 && word.count < 8 && word.first == UInt8(ascii: "-") && word.dropFirst().first != UInt8(ascii: "-")
        && (word.contains(UInt8(ascii: "t")) || word.contains(UInt8(ascii: "S")))
    }
  }
}
