extension HTMLMarkdown {
  // MARK: Images

  mutating func image(_ i: Int) {
    guard let alt = tree.value(i, .alt) else { return out.space() }
    // Shorter ones are names of files; others repeat what stands beside the image.
    guard HTMLContent.words(source, alt) >= 3, !source[alt].contains(UInt8(ascii: "<")), !isBeside(alt, i) else {
      return out.space()
    }
    if !folded.isEmpty { writeFolds() }
    out.open("![")
    out.text(alt)
    if out.isOpenerDue { out.dropOpeners() } else { out.attach([UInt8(ascii: "]")]) }
    out.space()
  }

  /// Whether a short text near an image has its words.
  private func isBeside(_ alt: Range<Int>, _ i: Int) -> Bool {
    guard alt.count < 512 else { return false }
    let words = UnsafeBufferPointer(rebasing: source[alt])
    var around = i
    for _ in 0..<3 { around = Int(tree.nodes[around].parent) }
    return tree.content(around).prefix(64).contains { node in
      tree.nodes[node].tag == .text && tree.range(node).count < 4_096
        && UnsafeBufferPointer(rebasing: source[tree.range(node)]).contains(words)
    }
  }

  // MARK: Links

  mutating func link(_ i: Int) {
    let isShort = content.measures[i].words <= 1
    if let href = tree.value(i, .href), isShort, href.count > 0, source[href.lowerBound] == UInt8(ascii: "#"), isMark(i)
    {
      return
    }
    guard keepsLinks, let url = url(i), content.measures[i].words > 0,
      !tree.content(i).contains(where: { tree.nodes[$0].tag.traits.contains(.block) || tree.nodes[$0].tag == .img }),
      !out.isOpenerDue
    else { return children(i) }
    out.open("[")
    children(i)
    guard !out.isOpenerDue else { return out.dropOpeners() }
    out.attach(Array("](".utf8))
    out.attach(url)
    out.attach([UInt8(ascii: ")")])
  }

  /// Whether a link is the mark beside a heading that leads to it: `#`, `¶`.
  private func isMark(_ i: Int) -> Bool {
    var letters = 0
    for node in tree.content(i) where tree.nodes[node].tag == .text {
      for p in tree.range(node) where !HTMLParser.isSpace(source[p]) {
        if source[p] &- 0x30 < 10 || (source[p] | 0x20) &- 0x61 < 26 { return false }
        letters += 1
      }
    }
    return letters <= 4
  }

  /// The address of a link without what only tells who followed it. Nil when it leads nowhere, is long, or stands in the text already.
  private mutating func url(_ i: Int) -> [UInt8]? {
    guard var range = tree.value(i, .href) else { return nil }
    while let last = range.last, HTMLParser.isSpace(source[last]) { range = range.lowerBound..<last }
    while let first = range.first, HTMLParser.isSpace(source[first]) { range = first + 1..<range.upperBound }
    guard let first = range.first, source[first] != UInt8(ascii: "#"), range.count < 2_048 else { return nil }
    for scheme in ["javascript:", "data:", "mailto:", "tel:", "about:", "blob:"] as [StaticString]
    where source.hasWord(scheme, at: first) { return nil }
    guard urls.add(range, in: source.baseAddress!).isNew else { return nil }
    var url: [UInt8] = []
    HTMLTextWriter.appendVerbatim(source, range, to: &url)
    url = HTMLMarkdown.withoutTracking(url)
    guard url.count <= HTMLMarkdown.longestURL, url.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: ")") }) else {
      return nil
    }
    return url
  }

  /// The URL without the parameters that count visitors.
  static func withoutTracking(_ url: [UInt8]) -> [UInt8] {
    guard let query = url.firstIndex(of: UInt8(ascii: "?")) else { return url }
    let fragment = url[query...].firstIndex(of: UInt8(ascii: "#")) ?? url.count
    let parameters = url[query + 1..<fragment].split(separator: UInt8(ascii: "&"))
    let kept = parameters.filter { parameter in !tracking.contains { parameter.starts(with: $0.utf8) } }
    guard kept.count < parameters.count else { return url }
    let rest = kept.isEmpty ? [] : [UInt8(ascii: "?")] + Array(kept.joined(separator: [UInt8(ascii: "&")]))
    return url[..<query] + rest + url[fragment...]
  }

  private static let tracking = [
    "utm_", "fbclid=", "gclid=", "dclid=", "msclkid=", "mc_cid=", "mc_eid=", "igshid=", "ref_src=", "_ga=", "cmpid=",
    "yclid=", "spm=", "icid=", "ncid=", "mkt_tok=", "ftag=",
  ]

  // MARK: Text

  mutating func script(_ i: Int, _ tag: HTMLTag) {
    // A raised or lowered number is no part of the number before it; a note is a link.
    if content.measures[i].links == 0, content.measures[i].words == 1, !out.isOpenerDue {
      if tag == .sup, isPlain(i, allowsLetters: false) {
        out.open("^")
      } else if tag == .sub, isPlain(i, allowsLetters: true) {
        out.open("_")
      }
    }
    children(i)
    out.dropOpeners()
  }

  /// Whether the text of an element is one short word: digits and signs, or letters.
  private func isPlain(_ i: Int, allowsLetters: Bool) -> Bool {
    var length = 0
    for node in tree.content(i) where tree.nodes[node].tag == .text {
      for p in tree.range(node) {
        let byte = source[p]
        let isLetter = (byte | 0x20) &- 0x61 < 26
        guard isLetter == allowsLetters,
          isLetter || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        else { return false }
        length += 1
      }
    }
    return length > 0 && length <= 4
  }

  /// A formula as its author wrote it, where the page says how.
  mutating func math(_ i: Int) {
    let source = tree.value(i, .alttext) ?? annotation(i)
    guard let source else { return children(i) }
    out.open("$")
    out.text(source)
    if out.isOpenerDue { out.dropOpeners() } else { out.attach([UInt8(ascii: "$")]) }
  }

  private func annotation(_ i: Int) -> Range<Int>? {
    let node = tree.content(i).first {
      tree.nodes[$0].tag == .unknown && source.hasWord("<annotation", at: tree.range($0).lowerBound)
    }
    guard let node, tree.content(node).count == 1 else { return nil }
    return tree.range(node + 1)
  }

  // MARK: Forms

  /// A control by its label: `[button: Sign in]`. An article needs none.
  mutating func control(_ i: Int, _ tag: HTMLTag) {
    out.space()
    guard article == nil else { return }
    var kind = "\(tag == .textarea ? "input" : "\(tag)")"
    let type = tree.value(i, .type)
    if tag == .input, let type {
      if source.isWord("submit", in: type) || source.isWord("button", in: type) { kind = "button" }
      if source.isWord("checkbox", in: type) { kind = "checkbox" }
      if source.isWord("radio", in: type) { kind = "radio" }
    }
    let label =
      tree.value(i, kind == "button" ? .value : .placeholder) ?? tree.value(i, .ariaLabel) ?? tree.value(i, .name)
    guard content.measures[i].words > 0 && tag == .button || label != nil else { return }
    if !folded.isEmpty { writeFolds() }
    out.write(Array("[\(kind): ".utf8))
    out.inline += 1
    if tag == .button, content.measures[i].words > 0 { children(i) } else if let label { out.text(label) }
    out.inline -= 1
    out.attach([UInt8(ascii: "]")])
    out.space()
  }
}
