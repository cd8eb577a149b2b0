/// Takes the indentation and the blank lines between tags out of a page. No text and no tag changes.
///
/// What is not sure to be layout stays: the lines of `pre`, `textarea` and `code`, lines that begin with text, and scripts whose strings may
/// run over lines.
struct HTMLSpacing {
  private enum Part { case page, code, verbatim }

  /// The page in `range` without its indentation; nil when there is hardly any.
  static func normalized(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> [UInt8]? {
    guard let tree = HTMLParser.parse(bytes, in: range) else { return nil }
    let parts = self.parts(tree, bytes, end: range.upperBound)
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    var part = 0
    // How many lines are shorter. A run of spaces is about one token.
    var shortened = 0
    var line = range.lowerBound
    while line < range.upperBound {
      while part < parts.count, parts[part].range.upperBound <= line { part += 1 }
      let kind = part < parts.count && parts[part].range.lowerBound < line ? parts[part].kind : .page
      var end = line
      while end < range.upperBound, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      var first = line
      while first < end, HTMLParser.isSpace(bytes[first]) { first += 1 }
      let isLayout = kind == .code || kind == .page && (first == end || bytes[first] == UInt8(ascii: "<"))
      if !isLayout { first = line }
      if first > line { shortened += 1 }
      if first < end || !isLayout {
        if !out.isEmpty { out.append(UInt8(ascii: "\n")) }
        out += bytes[first..<end]
      }
      line = end + 1
    }
    return shortened * 200 >= range.count ? out : nil
  }

  /// The parts of a page whose lines are not layout alone, in order.
  private static func parts(
    _ tree: HTMLTree, _ bytes: UnsafeBufferPointer<UInt8>, end: Int
  ) -> [(range: Range<Int>, kind: Part)] {
    var parts: [(range: Range<Int>, kind: Part)] = []
    var i = 1
    while i < tree.nodes.count {
      let node = tree.nodes[i]
      let next = Int(node.end)
      let kind: Part
      switch node.tag {
      case .style: kind = .code
      case .script:
        let text = tree.content(i).count > 0 ? bytes[tree.range(i + 1)] : bytes[0..<0]
        kind = text.contains(UInt8(ascii: "`")) || text.contains(UInt8(ascii: "\\")) ? .verbatim : .code
      case .pre, .textarea, .code, .listing, .xmp, .samp, .kbd, .svg, .math, .iframe, .noframes, .template:
        kind = .verbatim
      default:
        i += 1
        continue
      }
      let stop = next < tree.nodes.count ? Int(tree.nodes[next].start) : end
      parts.append((Int(node.start)..<stop, kind))
      i = next
    }
    return parts
  }
}
