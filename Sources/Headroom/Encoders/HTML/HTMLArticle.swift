/// The article of a page, when it is plain that it has one.
struct HTMLArticle {
  /// The element with the article.
  let root: Int
  /// The heading of the page, when it stands outside.
  let heading: Int?
}

extension HTMLContent {
  /// Words that an article has at least.
  private static let fewestWords = 250

  /// The lowest element that holds nearly all of the page's text. Nil when that is too little, or too small a part of the page.
  func article() -> HTMLArticle? {
    let total = shownProse()
    guard total[0] >= HTMLContent.fewestWords else { return nil }
    var root = 0
    while let next = tree.children(root).first(where: { total[$0] * 100 >= total[0] * 85 }),
      tree.nodes[next].tag != .text, tree.nodes[next].tag != .p
    {
      root = next
    }
    guard root > 0 else { return nil }
    return HTMLArticle(root: root, heading: heading(outside: root))
  }

  /// Words of prose by node, without those that are folded or hidden.
  private func shownProse() -> [Int32] {
    var total = measures.map(\.prose)
    func subtract(_ node: Int) {
      let amount = measures[node].prose
      var up = node
      while true {
        total[up] -= amount
        if up == 0 { return }
        up = Int(tree.nodes[up].parent)
      }
    }
    var i = 1
    while i < tree.nodes.count {
      if tree.nodes[i].isHidden || !folds[i].isEmpty {
        if measures[i].prose > 0 { subtract(i) }
        i = Int(tree.nodes[i].end)
      } else {
        i += 1
      }
    }
    return total
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
  func isClutter(_ i: Int) -> Bool {
    let node = tree.nodes[i]
    let measure = measures[i]
    guard node.tag.traits.contains(.block), measure.words > 0 || measure.links > 0, !node.tag.isHeading else {
      return false
    }
    switch node.tag {
    case .p, .li, .pre, .td, .th, .tr, .tbody, .thead, .blockquote, .dt, .dd: return false
    case .form, .aside, .nav, .footer: return measure.prose < 60
    default: break
    }
    let hint = hints[i]
    if hint.contains(.comments) { return true }
    if !hint.isDisjoint(with: .chrome), !hint.contains(.content) { return measure.prose < 60 }
    return measure.isLinks(60) && measure.words >= 4
  }
}
