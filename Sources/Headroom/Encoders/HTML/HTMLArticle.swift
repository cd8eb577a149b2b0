/// The article of a page, when it is plain that it has one.
struct HTMLArticle {
  /// The element with the article.
  let root: Int
  /// The heading of the page, when it stands outside.
  let heading: Int?
  /// Whether comments on it are folded.
  let foldsComments: Bool
}

extension HTMLContent {
  /// Words that an article has at least.
  private static let fewestWords = 100

  /// The lowest element that holds nearly all of the page's text. Nil when that is too little, or too small a part of the page.
  func article() -> HTMLArticle? {
    let shown = self.shown()
    let prose = shown[0].prose
    guard prose >= HTMLContent.fewestWords else { return nil }
    var root = 0
    while let next = tree.children(root).first(where: { shown[$0].prose * 100 >= prose * 85 }),
      tree.nodes[next].tag != .text, tree.nodes[next].tag != .p
    {
      root = next
    }
    // Where much else is to be read, the page is no article.
    guard root > 0, shown[root].plainWords * 100 >= shown[0].plainWords * 60 else { return nil }
    return HTMLArticle(root: root, heading: heading(outside: root), foldsComments: foldsComments(in: root))
  }

  /// The measures without what is folded.
  private func shown() -> [Measure] {
    var shown = measures
    var i = 1
    while i < tree.nodes.count {
      guard !folds[i].isEmpty else {
        i += 1
        continue
      }
      var up = i
      while measures[i].words > 0 {
        shown[up].words -= measures[i].words
        shown[up].linkWords -= measures[i].linkWords
        shown[up].prose -= measures[i].prose
        if up == 0 { break }
        up = Int(tree.nodes[up].parent)
      }
      i = Int(tree.nodes[i].end)
    }
    return shown
  }

  private func heading(outside root: Int) -> Int? {
    var found: Int?
    for i in tree.nodes.indices where tree.nodes[i].tag == .h1 && measures[i].words > 0 {
      guard !tree.content(root).contains(i) else { return nil }
      if found == nil, i < root { found = i }
    }
    return found
  }
}

extension HTMLContent {
  /// Whether an element in an article is no part of it: what its names say is beside the text, and lists of links.
  func isClutter(_ i: Int, in article: HTMLArticle) -> Bool {
    let node = tree.nodes[i]
    let measure = measures[i]
    guard node.tag.traits.contains(.block), measure.words > 0 || measure.links > 0, !node.tag.isHeading,
      // What holds a good part of the article is not beside it, whatever its name.
      measure.prose * 3 <= measures[article.root].prose
    else { return false }
    switch node.tag {
    case .p, .li, .pre, .td, .th, .tr, .tbody, .thead, .blockquote, .dt, .dd: return false
    case .form, .aside, .nav, .footer: return measure.prose < 60
    default: break
    }
    let hint = hints[i]
    if hint.contains(.comments) { return article.foldsComments }
    if !hint.isDisjoint(with: .chrome), !hint.contains(.content) { return measure.prose < 60 }
    return measure.isLinks(60) && measure.words >= 4
  }

  /// Whether what readers say about an article is little beside it. Where it is more, it is what the page is about.
  private func foldsComments(in root: Int) -> Bool {
    var comments: Int32 = 0
    var i = root + 1
    while i < Int(tree.nodes[root].end) {
      if hints[i].contains(.comments), measures[i].prose * 2 <= measures[root].prose {
        comments += measures[i].prose
        i = Int(tree.nodes[i].end)
      } else {
        i += 1
      }
    }
    return comments * 4 <= measures[root].prose
  }

  /// Short notes outside an article that say that something is wrong.
  func alerts(outside root: Int) -> [Int] {
    var found: [Int] = []
    var i = 1
    while i < tree.nodes.count, found.count < 8 {
      let isAlert = hints[i].contains(.alert) && (1...60).contains(measures[i].words) && !tree.nodes[i].isHidden
      if isAlert { found.append(i) }
      i = isAlert || !folds[i].isEmpty || tree.nodes[i].isHidden || i == root ? Int(tree.nodes[i].end) : i + 1
    }
    return found
  }
}
