/// A page as its reader sees it, in markdown, under a line that says so:
///
///     [html page as text: Release notes]
///     [nav: 64 links]
///     # Release notes
///     The first paragraph.
struct HTMLPage {
  private let tree: HTMLTree
  private let bytes: UnsafeBufferPointer<UInt8>
  private let content: HTMLContent

  /// Pages of fewer words are made by their scripts.
  private static let fewestWords = 100

  init?(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
    guard let tree = HTMLParser.parse(bytes, in: range) else { return nil }
    self.tree = tree
    self.bytes = bytes
    content = HTMLContent(tree, bytes)
  }

  /// All of the page but for what is folded. Nil when the page has hardly any text.
  func markdown(keepsLinks: Bool = true) -> [UInt8]? {
    guard content.measures[0].words >= HTMLPage.fewestWords else { return nil }
    var markdown = HTMLMarkdown(content, keepsLinks: keepsLinks, isArticle: false)
    header("html page as text", &markdown)
    markdown.children(0)
    markdown.writeFolds()
    return markdown.out.bytes
  }

  /// The article of the page alone; nil when it is not plain which part that is.
  func article(keepsLinks: Bool = true) -> [UInt8]? {
    guard let article = content.article() else { return nil }
    var markdown = HTMLMarkdown(content, keepsLinks: keepsLinks, isArticle: true)
    header("article of html page as text", &markdown)
    var around = content.measures[0]
    let inside = content.measures[article.root]
    around.words -= inside.words
    around.linkWords -= inside.linkWords
    around.links -= inside.links
    if let heading = article.heading { markdown.node(heading) }
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
}
