import CHeadroom

/// Reads a page as browsers do, as far as its text needs: tags with their attributes, comments, text of scripts, implied end tags.
///
/// Time is linear in the input: at most `deepest` elements are open, and nothing is read twice. What stands deeper is kept, but flat.
struct HTMLParser {
  private static let deepest = 256
  private static let mostNodes = 1 << 20

  private struct Open {
    var node: Int32
    var tag: HTMLTag
    var key: UInt64
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var tree = HTMLTree()
  private var open: [Open] = []
  /// How many elements of each kind are open.
  private var counts = [Int](repeating: 0, count: HTMLTag.allCases.count)
  /// Elements that would be open but for the depth.
  private var flattened = 0
  /// Whether `<div/>` has no content.
  private var isXML = false

  /// Whether elements are hidden that their attributes say are.
  private let hidesElements: Bool

  /// The tree of the page in `range`; nil when there is none or it has too many parts.
  static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, hidesElements: Bool = true
  ) -> HTMLTree? {
    guard let base = bytes.baseAddress, bytes.count < Int32.max else { return nil }
    var parser = HTMLParser(bytes, base, end: range.upperBound, hidesElements: hidesElements)
    return parser.run(from: range.lowerBound) ? parser.tree : nil
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>, end: Int, hidesElements: Bool) {
    self.hidesElements = hidesElements
    self.bytes = bytes
    self.base = base
    self.end = end
    tree.nodes.reserveCapacity(1_024)
    tree.attributes.reserveCapacity(1_024)
    tree.nodes.append(HTMLNode(tag: .unknown, parent: 0, end: 1, start: 0, stop: 0))
    open.append(Open(node: 0, tag: .unknown, key: 0))
  }

  private mutating func run(from start: Int) -> Bool {
    var p = start
    var textStart = start
    while p < end {
      let tag = p + headroom_find_byte(base + p, end - p, UInt8(ascii: "<"))
      guard tag + 1 < end else { break }
      let next = base[tag + 1]
      if HTMLParser.isLetter(next) {
        text(textStart..<tag)
        p = startTag(at: tag)
      } else if next == UInt8(ascii: "/") {
        guard tag + 2 < end, HTMLParser.isLetter(base[tag + 2]) || base[tag + 2] == UInt8(ascii: ">") else {
          p = tag + 2
          continue
        }
        text(textStart..<tag)
        p = endTag(at: tag)
      } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
        text(textStart..<tag)
        p = declaration(at: tag)
      } else {
        p = tag + 1
        continue
      }
      textStart = p
      if tree.nodes.count > HTMLParser.mostNodes { return false }
    }
    text(textStart..<end)
    while open.count > 1 { pop() }
    tree.nodes[0].end = Int32(tree.nodes.count)
    return true
  }

  // MARK: Text

  private mutating func text(_ range: Range<Int>, isRaw: Bool = false) {
    guard !range.isEmpty else { return }
    let number = Int32(tree.nodes.count)
    tree.nodes.append(
      HTMLNode(
        tag: .text, isRaw: isRaw, parent: open[open.count - 1].node, end: number + 1, start: Int32(range.lowerBound),
        stop: Int32(range.upperBound)))
  }

  /// A comment, a doctype, an instruction or CDATA; the position behind it.
  private mutating func declaration(at tag: Int) -> Int {
    if bytes.hasWord("<!--", at: tag) {
      // `<!-->` and `<!--->` are whole comments.
      var p = tag + 2
      while p < end {
        p += headroom_find_byte(base + p, end - p, UInt8(ascii: ">"))
        if p < end, base[p - 1] == UInt8(ascii: "-"), base[p - 2] == UInt8(ascii: "-") { return p + 1 }
        p += 1
      }
      return end
    }
    if bytes.hasWord("<![cdata[", at: tag) {
      var p = tag + 9
      while p < end {
        p += headroom_find_byte(base + p, end - p, UInt8(ascii: ">"))
        if p < end, p >= tag + 11, base[p - 1] == UInt8(ascii: "]"), base[p - 2] == UInt8(ascii: "]") {
          text(tag + 9..<p - 2)
          return p + 1
        }
        p += 1
      }
      return end
    }
    return min(end, tag + headroom_find_byte(base + tag, end - tag, UInt8(ascii: ">")) + 1)
  }

  // MARK: Tags

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d || byte == 0x0c
  }

  private func nameEnd(from start: Int) -> Int {
    var p = start
    while p < end, !HTMLParser.isSpace(base[p]), base[p] != UInt8(ascii: ">"), base[p] != UInt8(ascii: "/") { p += 1 }
    return p
  }

  private mutating func startTag(at start: Int) -> Int {
    let nameEnd = nameEnd(from: start + 1)
    let key = HTMLTag.key(base + start + 1, nameEnd - start - 1)
    let tag = HTMLTag.named(key)
    let traits = tag.traits
    let firstAttribute = tree.attributes.count
    var (p, isClosed) = attributes(at: nameEnd)
    if !isClosed || !isXML && tag != .unknown && tag != .svg && tag != .math { isClosed = traits.contains(.void) }
    if tag == .html || tag == .body {
      if tag == .html, !isXML { isXML = tree.attributes[firstAttribute...].contains { $0.name == .xmlns } }
      if counts[Int(tag.rawValue)] > 0 { return p }
    }
    closeImplied(by: tag, traits)
    let number = tree.nodes.count
    var node = HTMLNode(
      tag: tag, parent: open[open.count - 1].node, end: Int32(number + 1), start: Int32(start), stop: Int32(p))
    node.attributes = Int32(firstAttribute)
    node.attributeCount = UInt8(truncatingIfNeeded: min(tree.attributes.count - firstAttribute, 255))
    node.isHidden = traits.contains(.dropped)
    tree.nodes.append(node)
    if hidesElements, !node.isHidden, node.attributeCount > 0, tag != .html, tag != .body {
      tree.nodes[number].isHidden = hides(number)
    }
    if isClosed { return p }
    if !traits.isDisjoint(with: [.raw, .escapableRaw]) {
      let content = p
      p = rawEnd(from: p, name: start + 1..<nameEnd)
      open.append(Open(node: Int32(number), tag: tag, key: key))
      counts[Int(tag.rawValue)] += 1
      text(content..<p, isRaw: traits.contains(.raw))
      pop()
      return min(end, p + headroom_find_byte(base + p, end - p, UInt8(ascii: ">")) + 1)
    }
    guard open.count < HTMLParser.deepest else {
      flattened += 1
      return p
    }
    open.append(Open(node: Int32(number), tag: tag, key: key))
    counts[Int(tag.rawValue)] += 1
    return p
  }

  /// Where the end tag of a raw element starts, or the end.
  private func rawEnd(from start: Int, name: Range<Int>) -> Int {
    var p = start
    while p < end {
      p += headroom_find_byte(base + p, end - p, UInt8(ascii: "<"))
      guard p + 2 + name.count <= end else { return end }
      if base[p + 1] == UInt8(ascii: "/"),
        (0..<name.count).allSatisfy({ base[p + 2 + $0] | 0x20 == base[name.lowerBound + $0] | 0x20 }),
        p + 2 + name.count == end || !HTMLParser.isLetter(base[p + 2 + name.count])
      {
        return p
      }
      p += 1
    }
    return end
  }

  private mutating func endTag(at start: Int) -> Int {
    let nameEnd = nameEnd(from: start + 2)
    let key = HTMLTag.key(base + start + 2, nameEnd - start - 2)
    let tag = HTMLTag.named(key)
    let p = min(end, nameEnd + headroom_find_byte(base + nameEnd, end - nameEnd, UInt8(ascii: ">")) + 1)
    if tag.traits.contains(.void) && tag != .br || tag == .body || tag == .html { return p }
    if tag == .br || tag == .p && counts[Int(tag.rawValue)] == 0 {
      // `</br>` is a break; a lone `</p>` is an empty paragraph.
      if tag == .br { appendEmpty(.br, start..<p) }
      return p
    }
    if flattened > 0 {
      flattened -= 1
      return p
    }
    guard counts[Int(tag.rawValue)] > 0 || tag.isHeading else { return p }
    var i = open.count - 1
    let isSpecial = tag.traits.contains(.special)
    while i > 0 {
      let element = open[i]
      if element.tag == tag && element.key == key || tag.isHeading && element.tag.isHeading { break }
      let traits = element.tag.traits
      if traits.contains(.scope) ? !isPartOfTable(tag) || element.tag == .html : !isSpecial && traits.contains(.special)
      {
        return p
      }
      i -= 1
    }
    guard i > 0 else { return p }
    while open.count > i { pop() }
    return p
  }

  private func isPartOfTable(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .table, .caption, .thead, .tbody, .tfoot, .tr, .td, .th: true
    default: false
    }
  }

  private mutating func appendEmpty(_ tag: HTMLTag, _ range: Range<Int>) {
    let number = Int32(tree.nodes.count)
    tree.nodes.append(
      HTMLNode(
        tag: tag, parent: open[open.count - 1].node, end: number + 1, start: Int32(range.lowerBound),
        stop: Int32(range.upperBound)))
  }

  private mutating func pop() {
    let element = open.removeLast()
    counts[Int(element.tag.rawValue)] -= 1
    tree.nodes[Int(element.node)].end = Int32(tree.nodes.count)
  }

  // MARK: Implied end tags

  private mutating func closeImplied(by tag: HTMLTag, _ traits: HTMLTag.Traits) {
    if tag.isHeading, open[open.count - 1].tag.isHeading { pop() }
    if traits.contains(.closesParagraph), counts[Int(HTMLTag.p.rawValue)] > 0 { close([.p], within: { $0 == .button }) }
    switch tag {
    case .body: if counts[Int(HTMLTag.head.rawValue)] > 0 { close([.head], within: { _ in false }) }
    case .li: close([.li], within: { $0.isList })
    case .dt, .dd: close([.dt, .dd], within: { $0 == .dl })
    case .option: close([.option], within: { $0 == .select || $0 == .datalist })
    case .optgroup: close([.optgroup, .option], within: { $0 == .select })
    case .tr: close([.tr], within: { $0 == .table })
    case .td, .th: close([.td, .th], within: { $0 == .tr || $0 == .table })
    case .thead, .tbody, .tfoot: close([.thead, .tbody, .tfoot, .caption, .colgroup], within: { $0 == .table })
    case .a: if counts[Int(HTMLTag.a.rawValue)] > 0 { close([.a], within: { $0.traits.contains(.special) }) }
    default: break
    }
  }

  /// Closes the innermost open element of `tags` and all in it, but not one around an element that `isBarrier`.
  private mutating func close(_ tags: [HTMLTag], within isBarrier: (HTMLTag) -> Bool) {
    guard tags.contains(where: { counts[Int($0.rawValue)] > 0 }) else { return }
    var i = open.count - 1
    while i > 0 {
      let tag = open[i].tag
      if tags.contains(tag) {
        while open.count > i { pop() }
        return
      }
      if isBarrier(tag) || tag.traits.contains(.scope) && !tag.isCell { return }
      if tag.isCell, !tags.contains(where: isPartOfTable) { return }
      i -= 1
    }
  }

  // MARK: Attributes

  /// Reads attributes up to the end of the tag; the position behind it, and whether it ends in a slash.
  private mutating func attributes(at start: Int) -> (end: Int, isClosed: Bool) {
    var p = start
    while p < end {
      let byte = base[p]
      if byte == UInt8(ascii: ">") { return (p + 1, base[p - 1] == UInt8(ascii: "/")) }
      if HTMLParser.isSpace(byte) || byte == UInt8(ascii: "/") {
        p += 1
        continue
      }
      let nameStart = p
      p += 1
      while p < end {
        let byte = base[p]
        if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
          || HTMLParser.isSpace(byte)
        {
          break
        }
        p += 1
      }
      let nameEnd = p
      while p < end, HTMLParser.isSpace(base[p]) { p += 1 }
      var value = nameEnd..<nameEnd
      if p < end, base[p] == UInt8(ascii: "=") {
        p += 1
        while p < end, HTMLParser.isSpace(base[p]) { p += 1 }
        guard p < end else { return (end, false) }
        let quote = base[p]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
          let close = p + 1 + headroom_find_byte(base + p + 1, end - p - 1, quote)
          value = p + 1..<close
          p = min(end, close + 1)
        } else {
          let valueStart = p
          while p < end, base[p] != UInt8(ascii: ">"), !HTMLParser.isSpace(base[p]) { p += 1 }
          value = valueStart..<p
        }
      } else {
        p = nameEnd
      }
      if let name = HTMLParser.attribute(bytes, nameStart..<nameEnd) {
        tree.attributes.append(
          HTMLTree.Attribute(name: name, start: Int32(value.lowerBound), stop: Int32(value.upperBound)))
      }
    }
    return (end, false)
  }

  private static func attribute(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> HTMLAttribute? {
    func isName(_ word: StaticString, _ attribute: HTMLAttribute) -> HTMLAttribute? {
      bytes.isWord(word, in: name) ? attribute : nil
    }
    switch (name.count, bytes[name.lowerBound] | 0x20) {
    case (2, _): return isName("id", .id)
    case (3, UInt8(ascii: "a")): return isName("alt", .alt)
    case (3, UInt8(ascii: "s")): return isName("src", .src)
    case (3, UInt8(ascii: "r")): return isName("rel", .rel)
    case (4, UInt8(ascii: "h")): return isName("href", .href)
    case (4, UInt8(ascii: "r")): return isName("role", .role)
    case (4, UInt8(ascii: "n")): return isName("name", .name)
    case (4, UInt8(ascii: "t")): return isName("type", .type)
    case (5, UInt8(ascii: "c")): return isName("class", .class)
    case (5, UInt8(ascii: "s")): return isName("style", .style) ?? isName("start", .start)
    case (5, UInt8(ascii: "v")): return isName("value", .value)
    case (5, UInt8(ascii: "t")): return isName("title", .title)
    case (5, UInt8(ascii: "x")): return isName("xmlns", .xmlns)
    case (6, UInt8(ascii: "h")): return isName("hidden", .hidden)
    case (7, UInt8(ascii: "c")): return isName("colspan", .colspan) ?? isName("content", .content)
    case (7, UInt8(ascii: "r")): return isName("rowspan", .rowspan)
    case (7, UInt8(ascii: "a")): return isName("alttext", .alttext)
    case (8, UInt8(ascii: "p")): return isName("property", .property)
    case (8, UInt8(ascii: "i")): return isName("itemprop", .itemprop)
    case (10, UInt8(ascii: "a")): return isName("aria-label", .ariaLabel)
    case (11, UInt8(ascii: "a")): return isName("aria-hidden", .ariaHidden)
    case (11, UInt8(ascii: "p")): return isName("placeholder", .placeholder)
    default: return nil
    }
  }

  /// Whether the attributes of an element say that it is not shown.
  private func hides(_ node: Int) -> Bool {
    let first = Int(tree.nodes[node].attributes)
    for attribute in tree.attributes[first..<first + Int(tree.nodes[node].attributeCount)] {
      let value = Int(attribute.start)..<Int(attribute.stop)
      switch attribute.name {
      case .hidden:
        // `until-found` is text that folds open.
        if !bytes.isWord("until-found", in: value), !bytes.isWord("false", in: value) { return true }
      case .ariaHidden: if bytes.isWord("true", in: value) { return true }
      case .type: if tree.nodes[node].tag == .input, bytes.isWord("hidden", in: value) { return true }
      case .style:
        if says("display", "none", in: value) || says("visibility", "hidden", in: value) { return true }
      default: break
      }
    }
    return false
  }

  /// Whether a style gives `property` the value `word`.
  private func says(_ property: StaticString, _ word: StaticString, in style: Range<Int>) -> Bool {
    let length = property.utf8CodeUnitCount
    guard style.count > length + word.utf8CodeUnitCount else { return false }
    for place in style.lowerBound..<style.upperBound - length where bytes.hasWord(property, at: place) {
      var p = place + length
      while p < style.upperBound, HTMLParser.isSpace(base[p]) || base[p] == UInt8(ascii: ":") { p += 1 }
      if p + word.utf8CodeUnitCount <= style.upperBound, bytes.hasWord(word, at: p) { return true }
    }
    return false
  }
}
