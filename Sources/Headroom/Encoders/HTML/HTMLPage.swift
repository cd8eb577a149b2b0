/// A page as its reader sees it, in markdown, under a line that says so:
///
///     [html page as text: Release notes]
///     [nav: 64 links]
///     # Release notes
///     The first paragraph.
struct HTMLPage {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let content: HTMLContent
  private var tree: HTMLTree { content.tree }

  /// Pages of fewer words are made by their scripts.
  private static let fewestWords = 100
  /// As many bytes of scripts may stand in a page of few words that is complete.
  private static let mostScript = 4_096

  init?(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
    guard let tree = HTMLParser.parse(bytes, in: range) else { return nil }
    self.bytes = bytes
    let content = HTMLContent(tree, bytes)
    // A page behind an open dialog, or one that a script shows when it is ready, says that it is hidden.
    if content.measures[0].words < HTMLPage.fewestWords,
      let all = HTMLParser.parse(bytes, in: range, hidesElements: false)
    {
      let shown = HTMLContent(all, bytes)
      self.content = shown.measures[0].words >= HTMLPage.fewestWords ? shown : content
    } else {
      self.content = content
    }
  }

  /// All of the page but for what is folded. Nil when it has hardly any text, and no data that a script would make some of.
  func markdown(keepsLinks: Bool = true) -> [UInt8]? {
    var data: [Range<Int>] = []
    if content.measures[0].words < HTMLPage.fewestWords {
      data = self.data
      guard !data.isEmpty || scriptBytes <= HTMLPage.mostScript && content.measures[0].words > 0 else { return nil }
    }
    var markdown = HTMLMarkdown(content, keepsLinks: keepsLinks)
    header("html page as text", &markdown)
    markdown.children(0)
    markdown.writeFolds()
    var text = markdown.out.bytes
    for range in data { text += Array("\n\n```json\n".utf8) + bytes[range] + Array("\n```".utf8) }
    return text
  }

  /// The article of the page alone; nil when it is not plain which part that is.
  func article(keepsLinks: Bool = true) -> [UInt8]? {
    guard let article = content.article() else { return nil }
    var markdown = HTMLMarkdown(content, keepsLinks: keepsLinks, article: article)
    header("article of html page as text", &markdown)
    var around = content.measures[0]
    let inside = content.measures[article.root]
    around.words -= inside.words
    around.linkWords -= inside.linkWords
    around.links -= inside.links
    if let heading = article.heading { markdown.node(heading) }
    for alert in content.alerts(outside: article.root) {
      markdown.node(alert)
      markdown.out.lineBreak(2)
    }
    markdown.children(article.root)
    if around.words > 0 { markdown.fold("around the article", around) }
    markdown.writeFolds()
    return markdown.out.bytes
  }

  private func header(_ kind: StaticString, _ markdown: inout HTMLMarkdown) {
    markdown.out.write(Array("[\(kind)".utf8))
    markdown.out.inline += 1
    if let title = tree.nodes.indices.first(where: { tree.nodes[$0].tag == .title }), tree.content(title).count > 0 {
      markdown.out.attach(Array(":".utf8))
      markdown.out.space()
      markdown.out.text(tree.range(title + 1))
    }
    markdown.out.inline -= 1
    markdown.out.attach(Array("]".utf8))
    markdown.out.lineBreak()
  }

  // MARK: Scripts

  /// What stands in scripts of JSON, without the white space around.
  private var data: [Range<Int>] {
    tree.nodes.indices.compactMap { script in
      guard tree.nodes[script].tag == .script, let type = tree.value(script, .type),
        bytes.containsWord("json", in: type), tree.content(script).count == 1
      else { return nil }
      var range = tree.range(script + 1)
      while let last = range.last, HTMLParser.isSpace(bytes[last]) { range = range.lowerBound..<last }
      while let first = range.first, HTMLParser.isSpace(bytes[first]) { range = first + 1..<range.upperBound }
      return range.isEmpty ? nil : range
    }
  }

  private var scriptBytes: Int {
    tree.nodes.indices.reduce(0) { sum, node in
      tree.nodes[node].tag == .script && tree.content(node).count > 0 ? sum + tree.range(node + 1).count : sum
    }
  }
}
