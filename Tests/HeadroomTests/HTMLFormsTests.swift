import TestSupport
import Testing

@testable import Headroom

/// Which lines are a page, and what becomes of them.
@Suite struct HTMLFormsTests {
  private func runs(_ text: String, command: String? = nil) -> [Range<Int>] {
    HTMLForms.find(in: TextLines(Array(text.utf8)), hint: Hint(command: command.map { Array($0.utf8) }))
  }

  private func page(paragraphs: Int = 30, links: Int = 40) -> String {
    let menu = (0..<links).map { "<li><a href=\"/section/\($0)\" class=\"menu-item\">Section \($0)</a></li>" }.joined()
    let text = (0..<paragraphs).map {
      "    <p>Paragraph \($0) tells of the <b>certificate</b> outage, see <a href=\"/log/\($0)?utm_source=x\">log \($0)</a>.</p>\n"
    }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
        <head>
          <title>Post-mortem</title>
          <script type="application/ld+json">
      {"@context": "https://schema.org", "@type": "Article", "headline": "\(String(repeating: "long ", count: 60))"}
          </script>
          <style>body { color: red }</style>
        </head>
        <body>
          <nav><ul>\(menu)</ul></nav>
          <main><h1>Post-mortem</h1>
      \(text)
          </main>
          <footer><p>All rights reserved. <a href="/legal">Legal</a></p></footer>
        </body>
      </html>
      """
  }

  private func shorten(_ text: String, level: Level = .balanced, tool: String = "fetch") -> Pipeline.Outcome {
    let pipeline = Pipeline(
      tokenizer: Tokenizer(vocabulary: .o200k), policy: Policy(level: level, retrieval: .none), store: MemoryStore(),
      query: nil)
    return pipeline.shorten(Array(text.utf8), hint: Hint(toolName: Array(tool.utf8)), isError: false)
  }

  // MARK: Finding

  @Test func aPageIsFoundWithLinesOfOtherTextAround() {
    let lines = page().split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(runs(page()) == [0..<lines])
    #expect(runs("Title: Post-mortem\nStatus: 200\n\n" + page() + "\n\nDone.\n") == [3..<3 + lines])
    #expect(runs("Status: 200\nContent: " + page()) == [1..<1 + lines])
    #expect(runs(page() + "\n" + page()) == [0..<lines, lines..<2 * lines])
  }

  @Test func aFragmentIsFoundWhenItIsAllOfTheText() {
    let rows = (0..<20).map { "<tr><td>\($0)</td><td><a href=\"/\($0)\">Row \($0)</a></td></tr>" }.joined(
      separator: "\n")
    #expect(runs("<div class=\"list\"><table>\n\(rows)\n</table></div>\n") == [0..<22])
  }

  @Test func lookAlikesAreLeftToOthers() {
    let repeated = { (line: String) in Array(repeating: line, count: 40).joined(separator: "\n") }
    // XML data, code that makes markup, templates, prose with some tags.
    #expect(
      runs("<?xml version=\"1.0\"?>\n<rss><channel>\n" + repeated("<item><guid>1</guid></item>") + "\n</channel></rss>")
        == [])
    #expect(runs("<div>\n" + repeated("<p className={style.row} onClick={go}>{item.name}</p>") + "\n</div>") == [])
    #expect(runs("<!DOCTYPE html>\n<html><body>\n" + repeated("<p><?php echo $row ?></p>") + "\n</body></html>") == [])
    #expect(runs("# Notes\n\n" + repeated("It is <b>bold</b> and <br> broken.")) == [])
    // Lines of a page with something before each.
    let lines = page().split(separator: "\n")
    #expect(runs(lines.enumerated().map { "\($0 + 1)\t\($1)" }.joined(separator: "\n")) == [])
    #expect(runs(lines.map { "+\($0)" }.joined(separator: "\n")) == [])
    #expect(runs("@@ -1,40 +1,41 @@\n" + lines.map { " \($0)" }.joined(separator: "\n")) == [])
    #expect(runs(lines.map { "site/index.html:3:\($0)" }.joined(separator: "\n")) == [])
    // A page in a longer script is part of the script.
    #expect(
      runs(repeated("echo \"some other line of the script, which is longer\"") + "\n" + page(paragraphs: 3, links: 3))
        == [])
  }

  @Test func aFileOfTheProjectKeepsItsMarkup() {
    #expect(runs(page(), command: "cat public/index.html") == [])
    #expect(runs(page(), command: "sed -n 1,200p index.html") == [])
    #expect(runs(page(), command: "curl -s https://example.org/ | head -500").count == 1)
    #expect(shorten(page(), tool: "fetch").fidelity == .lossy)
  }

  // MARK: Shortening

  @Test func theWholePageStandsUnderTheMarker() throws {
    let text = page()
    let outcome = shorten("Status: 200\n" + text + "\nDone.")
    let form = try #require(outcome.bytes.map { String(decoding: $0, as: UTF8.self) })
    #expect(outcome.kind == "html")
    let lines = form.split(separator: "\n", omittingEmptySubsequences: false)
    let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(lines[0].hasPrefix("[\(count) of \(count + 2) lines stored #"))
    #expect(lines[1] == "Status: 200")
    #expect(lines[2] == "[html page as text: Post-mortem]")
    #expect(lines[3] == "[nav: 40 links]")
    #expect(lines.last == "Done.")
    #expect(
      form.contains(
        "\n\n# Post-mortem\n\nParagraph 0 tells of the certificate outage, see [log 0](/log/0).\n\nParagraph 1"))
    #expect(outcome.tokensAfter * 2 < outcome.tokensBefore)
  }

  @Test func theCompleteFormKeepsAllButIndentation() {
    let text = """
      <html><head><style>
        p { color: red }
      </style><script>
        let a = `
          b`
      </script></head><body>

          <div class="row">
              <b>one</b>
              two
          </div>
      <pre>
        three
      </pre>
      </body></html>
      """
    let lines = TextLines(Array(text.utf8))
    let forms = Tokenizer(vocabulary: .o200k).withCounter {
      HTMLForms(lines, hint: Hint(), counter: $0)?.complete() ?? []
    }
    #expect(forms.map(\.fidelity) == [.normalized])
    #expect(
      forms.map { String(decoding: $0.bytes, as: UTF8.self) } == [
        """
        <html><head><style>
        p { color: red }
        </style><script>
          let a = `
            b`
        </script></head><body>
        <div class="row">
        <b>one</b>
                two
        </div>
        <pre>
          three
        </pre>
        </body></html>
        """
      ])
  }

  @Test func smallPagesStayAsTheyAre() {
    let text = page(paragraphs: 2, links: 2)
    #expect(text.utf8.count < Policy.smallestCut)
    #expect(shorten(text).fidelity != .lossy)
  }

  @Test func pagesMadeByScriptsShowTheirData() throws {
    let rows = (0..<60).map { "{\"id\":\($0),\"name\":\"row \($0)\"}" }.joined(separator: ",")
    let app = { (data: String) in
      "<!DOCTYPE html><html><head><title>App</title></head><body><div id=root></div><p>Loading<p>Please<p>wait"
        + "<script>\(String(repeating: "run(1);", count: 1_000))</script>\(data)</body></html>"
    }
    let outcome = shorten(app("<script id=\"__NEXT_DATA__\" type=\"application/json\">[\(rows)]</script>"))
    let form = try #require(outcome.bytes.map { String(decoding: $0, as: UTF8.self) })
    #expect(form.contains("[html page as text: App]\n\nLoading\n\nPlease\n\nwait\n\n```json\n[\(rows)]\n```"))
    // Without data the script is all there is.
    #expect(shorten(app("")).fidelity != .lossy)
  }

  // MARK: Hostile input

  @Test func nothingCrashesAndTheSameInputGivesTheSameBytes() {
    var generator = SeededGenerator(seed: 5)
    let pieces =
      [
        "<p>", "</p>", "<div class=nav>", "</div>", "<table>", "<tr>", "<td colspan=99>", "<th rowspan=3>", "</table>",
        "<ul>",
        "<li>", "</ul>", "<pre>", "</pre>", "<a href=/x>", "</a>", "<!--", "-->", "<script>", "</script>", "<h1>",
        "</h2>", "&amp;",
        "&#x0;", "&#99999999999;", "&bogus", "<", ">", "\"", "'", "=", "<b", "/>", "\n", "  ", "text", "<![CDATA[",
        "]]>", "<svg>",
        "<title>", "<textarea>", "<select>", "<option>", "</select>", "<dl><dt>", "<dd>", "<blockquote>", "<code>",
        "</code>", "<q>",
        "<sup>", "2", "<img alt='a b c d'>", "\u{a0}", "\u{ad}", "é", "<math alttext=x>", "<input placeholder=p>",
        "<br>",
      ].map { Array($0.utf8) } + [[0], [0xff], [0xc2], [0xe2, 0x80]]
    for _ in 0..<1_500 {
      var text = Array("<html>".utf8)
      for _ in 0..<Int.random(in: 0...60, using: &generator) { text += pieces.randomElement(using: &generator)! }
      let forms = text.withUnsafeBufferPointer { bytes in
        (0..<2).map { _ in
          let page = HTMLPage(bytes, in: 0..<bytes.count)
          return [page?.markdown(), page?.article(), HTMLSpacing.normalized(bytes, in: 0..<bytes.count)]
        }
      }
      #expect(forms[0] == forms[1])
    }
  }

  /// Each of these takes time that grows with its square where a parser is careless.
  @Test(arguments: [
    "<div>", "<b><p>", "<", "<a ", "<a href=\"", "<!--", "<!-- >", "</div>", "<table><tr><td>", "<ul><li>", "&", "&#",
    "<script>",
    "<x-a></x-b>", "<a href=/x>", "<h1></h2>", "<![CDATA[", "<p style=\"display:\">", "<img alt=\"a b c\">", "<html>",
    "<div class=comments>", "<pre>`", "<option>", "<dd><dt>",
  ])
  func repeatedTagsAreReadInTime(_ piece: String) {
    let text = Array(("<html><body>" + String(repeating: piece, count: 15_000 / piece.utf8.count)).utf8)
    text.withUnsafeBufferPointer { bytes in
      let page = HTMLPage(bytes, in: 0..<bytes.count)
      _ = page?.markdown()
      _ = page?.article()
      _ = HTMLFinder(bytes)?.pages(in: 0..<bytes.count)
    }
  }
}
