import CHeadroom

/// Finds the pages in a text: from a doctype or `<html>` to `</html>`, with a few lines of other text around; or a fragment that is all of
/// the text.
struct HTMLFinder {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let base: UnsafePointer<UInt8>

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return nil }
    self.bytes = bytes
    self.base = base
  }

  /// The byte ranges of pages in `range`, in order.
  func pages(in range: Range<Int>) -> [Range<Int>] {
    var starts: [Int] = []
    var position = range.lowerBound
    while let start = pageStart(from: position, to: range.upperBound), starts.count < 64 {
      starts.append(start)
      position = start + 9
      // The `<html>` behind a doctype is the same page's.
      position = pageEnd(start..<range.upperBound) ?? range.upperBound
    }
    guard !starts.isEmpty else { return fragment(in: range).map { [$0] } ?? [] }
    var pages: [Range<Int>] = []
    for (number, start) in starts.enumerated() {
      let limit = number + 1 < starts.count ? lineStart(starts[number + 1], from: range.lowerBound) : range.upperBound
      let end = end(of: start..<limit)
      if isPage(start..<end) { pages.append(start..<end) }
    }
    // A page inside a script or a longer text is part of it.
    return pages.reduce(0, { $0 + $1.count }) * 10 >= range.count * 6 ? pages : []
  }

  private func lineStart(_ position: Int, from start: Int) -> Int {
    var p = position
    while p > start, base[p - 1] != UInt8(ascii: "\n") { p -= 1 }
    return p
  }

  /// The next doctype or `<html` that stands first in its line, or behind a label such as `Content: `.
  private func pageStart(from start: Int, to end: Int) -> Int? {
    var p = start
    while p < end {
      p += headroom_find_byte(base + p, end - p, UInt8(ascii: "<"))
      guard p < end else { return nil }
      if bytes.hasWord("<!doctype html", at: p) || bytes.hasWord("<html", at: p) && isTagEnd(p + 5, end),
        isFirst(p, from: start)
      {
        return p
      }
      p += 1
    }
    return nil
  }

  private func isTagEnd(_ p: Int, _ end: Int) -> Bool {
    p >= end || HTMLParser.isSpace(base[p]) || base[p] == UInt8(ascii: ">")
  }

  private func isFirst(_ tag: Int, from start: Int) -> Bool {
    var p = tag
    while p > start, base[p - 1] == 0x20 || base[p - 1] == 0x09 { p -= 1 }
    if p == start { return true }
    // With a space before it, it may be a line of a diff.
    if base[p - 1] == UInt8(ascii: "\n") { return p == tag }
    // A byte order mark, a comment or an XML declaration.
    if base[p - 1] == UInt8(ascii: ">") || base[p - 1] == 0xbf { return true }
    guard base[p - 1] == UInt8(ascii: ":"), p < tag else { return false }
    var length = 0
    while p - 1 > start, length < 40, base[p - 2] != UInt8(ascii: "\n") {
      let byte = base[p - 2]
      guard (byte | 0x20) &- 0x61 < 26 || byte == 0x20 || byte == UInt8(ascii: "_") else { return false }
      p -= 1
      length += 1
    }
    return length > 0 && length < 40
  }

  private func pageEnd(_ range: Range<Int>) -> Int? {
    var p = range.lowerBound
    while p < range.upperBound {
      p += headroom_find_byte(base + p, range.upperBound - p, UInt8(ascii: "<"))
      if p < range.upperBound, bytes.hasWord("</html>", at: p) { return p + 7 }
      p += 1
    }
    return nil
  }

  /// Where a page ends that starts at the start of `range`: behind its last line of tags.
  private func end(of range: Range<Int>) -> Int {
    guard var end = pageEnd(range) else { return range.upperBound }
    // A script may write of another.
    while let later = pageEnd(end..<range.upperBound) { end = later }
    // Comments and scripts behind the page are part of it.
    while true {
      var p = end
      while p < range.upperBound, HTMLParser.isSpace(base[p]) { p += 1 }
      guard p < range.upperBound, base[p] == UInt8(ascii: "<") else { break }
      let close = headroom_find_byte(base + p, range.upperBound - p, UInt8(ascii: ">"))
      end = min(range.upperBound, p + close + 1)
    }
    return end
  }

  // MARK: Is it a page?

  private struct Tags {
    var known = 0
    var unknown = 0
    var blocks = 0
    /// Marks of files that a server makes pages of.
    var source = 0
    /// Marks of code that makes a part of a page.
    var code = 0
  }

  private func isPage(_ range: Range<Int>) -> Bool {
    let tags = self.tags(range)
    return tags.known >= 8 && tags.known * 2 >= tags.unknown && tags.source < 2
  }

  /// The text without the white space around it, when it is tags of pages throughout.
  private func fragment(in range: Range<Int>) -> Range<Int>? {
    var first = range.lowerBound
    var last = range.upperBound
    while first < last, HTMLParser.isSpace(base[first]) { first += 1 }
    while last > first, HTMLParser.isSpace(base[last - 1]) { last -= 1 }
    guard last - first >= 400, base[first] == UInt8(ascii: "<"), base[last - 1] == UInt8(ascii: ">") else { return nil }
    let tags = self.tags(first..<last)
    guard tags.known >= 20, tags.unknown * 20 <= tags.known, tags.blocks >= 8, tags.source == 0, tags.code == 0,
      isMarkup(first..<last)
    else { return nil }
    return first..<last
  }

  /// Counts the first 500 tags, outside scripts.
  private func tags(_ range: Range<Int>) -> Tags {
    var tags = Tags()
    let end = range.upperBound
    var p = range.lowerBound
    while p < end, tags.known + tags.unknown < 500 {
      p += headroom_find_byte(base + p, end - p, UInt8(ascii: "<"))
      guard p + 2 < end else { break }
      let next = base[p + 1]
      if next == UInt8(ascii: "%") || bytes.hasWord("<?php", at: p) { tags.source += 2 }
      guard (next | 0x20) &- 0x61 < 26 else {
        p += 1
        continue
      }
      var nameEnd = p + 1
      while nameEnd < end,
        (base[nameEnd] | 0x20) &- 0x61 < 26 || base[nameEnd] &- 0x30 < 10 || base[nameEnd] == UInt8(ascii: "-")
      {
        nameEnd += 1
      }
      let tag = HTMLTag.named(HTMLTag.key(base + p + 1, nameEnd - p - 1))
      if tag == .unknown { tags.unknown += 1 } else { tags.known += 1 }
      if tag.traits.contains(.block) { tags.blocks += 1 }
      let close = nameEnd + headroom_find_byte(base + nameEnd, min(end - nameEnd, 4_096), UInt8(ascii: ">"))
      if hasCode(nameEnd..<close) { tags.code += 1 }
      countTemplates(close..<min(end, close + 4_096), &tags)
      p = nameEnd
      if tag == .script || tag == .style || tag == .svg { p = behind(tag, from: close, to: end) }
    }
    return tags
  }

  /// Whether attributes are those of code: `onClick={`, `v-if=`, `@click=`, `:class=`, `*ngIf=`.
  private func hasCode(_ attributes: Range<Int>) -> Bool {
    guard attributes.count >= 4 else { return false }
    for p in attributes.lowerBound..<attributes.upperBound - 2 {
      if base[p] == UInt8(ascii: "="), base[p + 1] == UInt8(ascii: "{") { return true }
      guard HTMLParser.isSpace(base[p]) else { continue }
      switch base[p + 1] {
      case UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "*"), UInt8(ascii: "{"): return true
      case UInt8(ascii: "v"): if base[p + 2] == UInt8(ascii: "-") { return true }
      default: break
      }
    }
    return false
  }

  /// Counts `{% if %}` and `{{ name }}` in the text up to the next tag.
  private func countTemplates(_ range: Range<Int>, _ tags: inout Tags) {
    let end = range.lowerBound + headroom_find_byte(base + range.lowerBound, range.count, UInt8(ascii: "<"))
    var p = range.lowerBound
    while p + 1 < end {
      p += headroom_find_byte(base + p, end - p - 1, UInt8(ascii: "{"))
      if base[p] == UInt8(ascii: "{"), base[p + 1] == UInt8(ascii: "%") { tags.source += 1 }
      if base[p] == UInt8(ascii: "{"), base[p + 1] == UInt8(ascii: "{") { tags.code += 1 }
      p += 1
    }
  }

  /// Whether most lines begin with a tag, and none like those of markdown.
  private func isMarkup(_ range: Range<Int>) -> Bool {
    var tags = 0
    var others = 0
    var p = range.lowerBound
    while p < range.upperBound {
      let end = p + headroom_find_byte(base + p, range.upperBound - p, UInt8(ascii: "\n"))
      while p < end, HTMLParser.isSpace(base[p]) { p += 1 }
      if p < end {
        if base[p] == UInt8(ascii: "<") { tags += 1 } else { others += 1 }
        if bytes.hasWord("# ", at: p) || bytes.hasWord("## ", at: p) || bytes.hasWord("```", at: p) { return false }
      }
      p = end + 1
    }
    return tags >= others
  }

  private func behind(_ tag: HTMLTag, from start: Int, to end: Int) -> Int {
    let name: StaticString = tag == .script ? "</script" : tag == .style ? "</style" : "</svg"
    var p = start
    while p < end {
      p += headroom_find_byte(base + p, end - p, UInt8(ascii: "<"))
      if bytes.hasWord(name, at: p) { return p + 2 }
      p += 1
    }
    return end
  }
}
