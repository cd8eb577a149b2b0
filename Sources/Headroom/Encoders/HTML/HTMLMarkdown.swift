/// Writes a page as markdown: what a reader sees of it, without layout. Folded parts are a line: `[nav: 64 links]`.
struct HTMLMarkdown: ~Copyable {
  /// URLs longer than this are left out.
  static let longestURL = 100

  let content: HTMLContent
  let keepsLinks: Bool
  /// The article, when nothing else is written.
  let article: HTMLArticle?
  var out: HTMLTextWriter
  /// URLs that stand in the text already.
  var urls = ByteIndex(capacity: 64)
  /// Parts that were folded since the last text.
  var folded: [(label: StaticString, measure: HTMLContent.Measure)] = []

  var tree: HTMLTree { content.tree }
  var source: UnsafeBufferPointer<UInt8> { content.bytes }

  init(_ content: HTMLContent, keepsLinks: Bool, article: HTMLArticle? = nil) {
    self.content = content
    self.keepsLinks = keepsLinks
    self.article = article
    out = HTMLTextWriter(content.bytes, capacity: max(1_024, content.bytes.count / 8))
  }

  // MARK: Walking

  mutating func children(_ node: Int) {
    var i = node + 1
    let end = Int(tree.nodes[node].end)
    while i < end {
      self.node(i)
      i = Int(tree.nodes[i].end)
    }
  }

  mutating func node(_ i: Int) {
    let node = tree.nodes[i]
    if node.tag == .text {
      let range = tree.range(i)
      if !folded.isEmpty, content.measures[i].words > 0 { writeFolds() }
      out.text(range, isRaw: node.isRaw)
      return
    }
    if content.hints[i].contains(.permalink), content.measures[i].words <= 3, !node.tag.isHeading { return }
    if node.isHidden {
      if node.tag == .svg || node.tag == .iframe { out.space() }
      return
    }
    let isClutter = article.map { content.isClutter(i, in: $0) } ?? false
    if !content.folds[i].isEmpty || isClutter {
      fold((content.folds[i].isEmpty ? content.hints[i] : content.folds[i]).label, i)
      return
    }
    element(i, node.tag)
  }

  private mutating func element(_ i: Int, _ tag: HTMLTag) {
    switch tag {
    case .br: out.lineBreak()
    case .hr:
      out.lineBreak(2)
    case .img: image(i)
    case .a: link(i)
    case .h1, .h2, .h3, .h4, .h5, .h6: heading(i, level: Int(tag.rawValue - HTMLTag.h1.rawValue) + 1)
    case .pre, .listing, .xmp: preformatted(i)
    case .ul, .ol, .menu, .dir: list(i)
    case .dl, .p, .figure, .table, .form, .fieldset, .article, .section, .details, .blockquote:
      out.lineBreak(2)
      if tag == .table { table(i) } else if tag == .blockquote { quote(i) } else { children(i) }
      out.lineBreak(2)
    case .dt:
      out.lineBreak()
      children(i)
      out.lineBreak()
    case .dd: item(i, marker: Array(": ".utf8))
    case .li: item(i, marker: Array("- ".utf8))
    case .code, .kbd, .samp, .tt: code(i)
    case .sup, .sub: script(i, tag)
    case .q:
      out.open("\"")
      children(i)
      close(UInt8(ascii: "\""))
    case .input, .textarea, .select, .button: control(i, tag)
    case .math: math(i)
    case .unknown:
      out.space()
      children(i)
      out.space()
    default:
      guard tag.traits.contains(.block) else { return children(i) }
      out.lineBreak()
      children(i)
      out.lineBreak()
    }
  }

  /// Closes what an opener has opened, if text has followed it.
  private mutating func close(_ byte: UInt8) {
    if out.isOpenerDue { out.dropOpeners() } else { out.attach([byte]) }
  }

  // MARK: Folding

  mutating func fold(_ label: StaticString, _ i: Int) {
    let measure = content.measures[i]
    guard measure.words > 0 || measure.links > 0 else { return }
    fold(label, measure)
  }

  mutating func fold(_ label: StaticString, _ measure: HTMLContent.Measure) {
    if let last = folded.indices.last, "\(folded[last].label)" == "\(label)" {
      folded[last].measure += measure
    } else {
      folded.append((label, measure))
    }
  }

  /// A line for the parts folded since the last text.
  mutating func writeFolds() {
    guard !folded.isEmpty, out.inline == 0, !out.isOpenerDue, !out.isMarkerDue else { return }
    let parts = folded.map { part in
      let measure = part.measure
      let words = measure.plainWords
      let links = measure.links == 1 ? "1 link" : "\(measure.links) links"
      if measure.links == 0 { return "\(part.label): \(words) words" }
      return words < 10 ? "\(part.label): \(links)" : "\(part.label): \(links), \(words) words"
    }
    folded = []
    out.lineBreak()
    out.write(Array("[\(parts.joined(separator: "; "))]".utf8))
    out.lineBreak(2)
  }

  // MARK: Blocks

  private mutating func heading(_ i: Int, level: Int) {
    guard content.measures[i].words > 0 || holdsImage(i) else { return }
    if !folded.isEmpty { writeFolds() }
    out.lineBreak(2)
    out.push(marker: [UInt8](repeating: UInt8(ascii: "#"), count: level) + [0x20], rest: [])
    out.inline += 1
    children(i)
    out.inline -= 1
    out.pop()
    out.lineBreak(2)
  }

  private func holdsImage(_ i: Int) -> Bool { tree.content(i).contains { tree.nodes[$0].tag == .img } }

  private mutating func quote(_ i: Int) {
    out.push(marker: Array("> ".utf8), rest: Array("> ".utf8))
    children(i)
    out.pop()
  }

  private mutating func list(_ i: Int) {
    let isNested = isInItem(i)
    out.lineBreak(isNested ? 1 : 2)
    let isOrdered = tree.nodes[i].tag == .ol
    var number = tree.value(i, .start).map { HTMLMarkdown.integer(source, $0) } ?? 1
    var child = i + 1
    while child < Int(tree.nodes[i].end) {
      let node = tree.nodes[child]
      if node.tag == .li, !node.isHidden, content.folds[child].isEmpty {
        item(child, marker: Array((isOrdered ? "\(number). " : "- ").utf8))
        number += 1
      } else {
        self.node(child)
      }
      child = Int(node.end)
    }
    out.lineBreak(isNested ? 1 : 2)
  }

  private func isInItem(_ i: Int) -> Bool {
    let parent = tree.nodes[Int(tree.nodes[i].parent)].tag
    return parent == .li || parent.isList
  }

  private mutating func item(_ i: Int, marker: [UInt8]) {
    guard content.measures[i].words > 0 || holdsImage(i) || content.measures[i].links > 0 else { return }
    if out.inline > 0 {
      out.space()
      children(i)
      out.space()
      return
    }
    if !folded.isEmpty { writeFolds() }
    out.lineBreak()
    out.push(marker: marker, rest: [UInt8](repeating: 0x20, count: marker.count))
    children(i)
    out.pop()
    out.lineBreak()
    out.tighten()
  }

  static func integer(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var value = 0
    for p in range {
      guard bytes[p] &- 0x30 < 10, value < 1_000_000 else { break }
      value = value * 10 + Int(bytes[p] - 0x30)
    }
    return value
  }

  // MARK: Code

  private mutating func preformatted(_ i: Int) {
    var lines: [UInt8] = []
    for node in tree.content(i) {
      switch tree.nodes[node].tag {
      case .text: HTMLTextWriter.appendVerbatim(source, tree.range(node), to: &lines)
      case .br: lines.append(UInt8(ascii: "\n"))
      default: break
      }
    }
    if lines.first == UInt8(ascii: "\n") { lines.removeFirst() }
    while let last = lines.last, HTMLParser.isSpace(last) { lines.removeLast() }
    guard !lines.isEmpty, !isLineNumbers(i, lines) else { return }
    if !folded.isEmpty { writeFolds() }
    if out.inline > 0 {
      out.space()
      out.write(lines.map { $0 == UInt8(ascii: "\n") ? 0x20 : $0 })
      out.space()
      return
    }
    var fence = Array("```".utf8)
    while contains(lines, fence) { fence.append(UInt8(ascii: "`")) }
    out.lineBreak(2)
    out.verbatim(fence + language(i))
    out.verbatim(lines)
    out.verbatim(fence)
    out.lineBreak(2)
  }

  private func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { text in word.withUnsafeBufferPointer { text.contains($0) } }
  }

  /// Whether these are the numbers of lines of code that stands beside them.
  private func isLineNumbers(_ i: Int, _ lines: [UInt8]) -> Bool {
    guard lines.allSatisfy({ $0 &- 0x30 < 10 || HTMLParser.isSpace($0) }) else { return false }
    var node = i
    for _ in 0..<3 {
      if content.hints[node].contains(.lineNumbers) { return true }
      node = Int(tree.nodes[node].parent)
    }
    return false
  }

  /// The language that a class of the element, of the code in it or of one of the two elements around it names.
  private func language(_ i: Int) -> [UInt8] {
    let parent = Int(tree.nodes[i].parent)
    for node in [i, i + 1, parent, Int(tree.nodes[parent].parent)] where node < tree.nodes.count {
      guard let classes = tree.value(node, .class) else { continue }
      for word in source[classes].split(whereSeparator: HTMLParser.isSpace) {
        for prefix in ["language-", "lang-", "highlight-source-", "highlight-"] where word.starts(with: prefix.utf8) {
          let name = word.dropFirst(prefix.utf8.count)
          if name.count < 16, name.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) { return Array(name) }
        }
      }
    }
    return []
  }

  private mutating func code(_ i: Int) {
    // Code that is a whole block, or has ticks in it, reads as text.
    guard !tree.content(i).contains(where: { tree.nodes[$0].tag.traits.contains(.block) || tree.nodes[$0].tag == .br }),
      !out.isOpenerDue
    else { return children(i) }
    out.open("`")
    children(i)
    close(UInt8(ascii: "`"))
  }
}
