/// Which parts of a page are its content, and which are folded to a line: measured by words, links and the names of elements.
struct HTMLContent {
  struct Measure {
    /// Words that are shown, and those of them in links.
    var words: Int32 = 0
    var linkWords: Int32 = 0
    var links: Int32 = 0
    /// Words of blocks that read like text: long, and not mostly links.
    var prose: Int32 = 0

    var plainWords: Int32 { words - linkWords }
    /// Whether at least `percent` of the words are links.
    func isLinks(_ percent: Int32) -> Bool { linkWords * 100 >= words * percent && links > 0 }

    static func += (a: inout Measure, b: Measure) {
      a.words += b.words
      a.linkWords += b.linkWords
      a.links += b.links
      a.prose += b.prose
    }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  let tree: HTMLTree
  /// By node.
  private(set) var measures: [Measure]
  private(set) var hints: [HTMLHints]
  /// Why an element is folded; empty for all that is shown.
  private(set) var folds: [HTMLHints]

  init(_ tree: HTMLTree, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.tree = tree
    self.bytes = bytes
    let count = tree.nodes.count
    measures = Array(repeating: Measure(), count: count)
    hints = Array(repeating: [], count: count)
    folds = Array(repeating: [], count: count)
    measure()
    fold()
  }

  // MARK: Measuring

  private mutating func measure() {
    let nodes = tree.nodes
    // Whether the node stands in a link, and the innermost block around it.
    var isInLink = [Bool](repeating: false, count: nodes.count)
    var block = [Int32](repeating: 0, count: nodes.count)
    var own = [Measure](repeating: Measure(), count: nodes.count)
    var i = 1
    while i < nodes.count {
      let node = nodes[i]
      if node.isHidden {
        i = Int(node.end)
        continue
      }
      let parent = Int(node.parent)
      isInLink[i] = isInLink[parent]
      block[i] = block[parent]
      if node.tag == .text {
        let words = Int32(HTMLContent.words(bytes, tree.range(i)))
        measures[i].words = words
        if isInLink[i] { measures[i].linkWords = words }
        own[Int(block[i])] += measures[i]
      } else {
        if node.tag.traits.contains(.block) { block[i] = Int32(i) }
        if node.tag == .a, !isInLink[i], tree.value(i, .href) != nil {
          isInLink[i] = true
          measures[i].links = 1
        }
        if node.attributeCount > 0 { hints[i] = elementHints(i) }
      }
      i += 1
    }
    for i in stride(from: nodes.count - 1, to: 0, by: -1) where !nodes[i].isHidden {
      let text = own[i]
      if text.words >= 15, text.linkWords * 3 <= text.words || nodes[i].tag == .pre { measures[i].prose += text.words }
      measures[Int(nodes[i].parent)] += measures[i]
    }
  }

  private func elementHints(_ node: Int) -> HTMLHints {
    var result: HTMLHints = []
    let first = Int(tree.nodes[node].attributes)
    for attribute in tree.attributes[first..<first + Int(tree.nodes[node].attributeCount)] {
      switch attribute.name {
      case .class, .id, .role: result.formUnion(HTMLHints(bytes, in: Int(attribute.start)..<Int(attribute.stop)))
      case .itemprop:
        if bytes.isWord("articlebody", in: Int(attribute.start)..<Int(attribute.stop)) { result.insert(.content) }
      default: break
      }
    }
    return result
  }

  /// How many words there are: runs with a letter or a digit, and pairs of letters where a script has no spaces.
  static func words(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var words = 0
    var ideographs = 0
    var isInWord = false
    for p in range {
      let byte = bytes[p]
      if byte <= 0x20 {
        isInWord = false
      } else if !isInWord, byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 {
        isInWord = true
        words += 1
      }
      // The first byte of Han, kana and hangul.
      if byte &- 0xe3 < 11 { ideographs += 1 }
    }
    return words + ideographs / 2
  }

  // MARK: Folding

  private mutating func fold() {
    let nodes = tree.nodes
    let page = measures[0]
    var i = 1
    // In which parts of the page the node stands.
    var isInArticle = [Bool](repeating: false, count: nodes.count)
    while i < nodes.count {
      let node = nodes[i]
      if node.isHidden || node.tag == .text {
        i = Int(node.end)
        continue
      }
      isInArticle[i] = isInArticle[Int(node.parent)] || node.tag == .article || node.tag == .main
      if let reason = chrome(i, page, isInArticle: isInArticle[i]) {
        folds[i] = reason
        i = Int(node.end)
        continue
      }
      i += 1
    }
  }

  /// Why an element is folded; nil when it is not.
  private func chrome(_ i: Int, _ page: Measure, isInArticle: Bool) -> HTMLHints? {
    let node = tree.nodes[i]
    let measure = measures[i]
    guard node.tag.traits.contains(.block) || node.tag == .unknown, measure.words > 0 || measure.links > 0,
      node.tag != .html, node.tag != .body, node.tag != .main, node.tag != .article, node.tag != .td, node.tag != .pre,
      !node.tag.isHeading, node.tag != .p
    else { return nil }
    // What holds a quarter of the page's text is no chrome, whatever its name.
    guard measure.plainWords * 4 <= page.plainWords || measure.isLinks(80) && measure.words * 2 < page.words else {
      return nil
    }
    var hint = hints[i]
    if hint.contains(.alert) { return nil }
    switch node.tag {
    case .nav: hint.insert(.nav)
    case .footer: if !isInArticle { hint.insert(.footer) }
    case .aside: hint.insert(.sidebar)
    case .header: if !isInArticle { hint.insert(.header) }
    default: break
    }
    let isLinks = measure.isLinks(33)
    if hint.contains(.cookie), measure.words < 400 { return .cookie }
    if hint.contains(.nav), node.tag == .nav || isLinks, measure.plainWords < 100 { return .nav }
    if hint.contains(.content), !isLinks { return nil }
    if hint.contains(.header), !isInArticle, !hasHeading(i), isLinks || measure.words < 30 { return .header }
    if hint.contains(.footer), isLinks || measure.words < 80 || node.tag == .footer && measure.words < 200 {
      return .footer
    }
    if hint.contains(.share), isLinks || measure.words < 20 { return .share }
    if hint.contains(.ad), isLinks || measure.words < 30 { return .ad }
    if hint.contains(.newsletter), measure.words < 80 { return .newsletter }
    if hint.contains(.popup), measure.words < 60 { return .popup }
    if hint.contains(.related), isLinks { return .related }
    if hint.contains(.sidebar), isLinks || measure.prose == 0 { return .sidebar }
    // Lists of short links: menus without a name.
    if measure.links >= 6, measure.isLinks(75), measure.words <= measure.links * 4, node.tag.isList || node.tag == .div,
      measure.words * 3 < page.words
    {
      return .nav
    }
    return nil
  }

  private func hasHeading(_ node: Int) -> Bool {
    tree.content(node).contains { tree.nodes[$0].tag == .h1 || tree.nodes[$0].tag == .h2 }
  }
}
