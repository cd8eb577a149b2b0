import TestSupport
import Testing

@testable import Headroom

/// How elements read as markdown.
@Suite struct HTMLMarkdownTests {
  /// The text of a body, without the line that says what it is.
  private func text(_ body: String, keepsLinks: Bool = true) -> String {
    let bytes = Array("<html><body>\(body)</body></html>".utf8)
    let text = bytes.withUnsafeBufferPointer { HTMLPage($0, in: 0..<$0.count)?.markdown(keepsLinks: keepsLinks) }
    let lines = String(decoding: text ?? [], as: UTF8.self)
    return lines.hasPrefix("[html page as text]\n") ? String(lines.dropFirst(20).drop { $0 == "\n" }) : lines
  }

  @Test func whiteSpaceCollapsesAsInABrowser() {
    #expect(text("<p>one\n   two<b> three </b>four</p>five<div>six</div>") == "one two three four\n\nfive\nsix")
    #expect(text("a&nbsp;&nbsp;b<br>c<span> </span>d<br/>e") == "a b\nc d\ne")
    #expect(text("in<wbr>visible soft\u{ad}ly &shy;x") == "invisible softly x")
  }

  @Test func referencesAreResolved() {
    #expect(
      text("a &lt;b&gt; &amp;amp; &eacute;&#8217;&#x2014;&#146; AT&T &copy 2 &nosuch; &copyx")
        == "a <b> &amp; é’—’ AT&T © 2 &nosuch; &copyx")
    #expect(text("&alpha;&Omega;&rarr;&hellip;&euro;&trade;&infin;&le;&hearts;&frac34;") == "αΩ→…€™∞≤♥¾")
  }

  @Test func elementsEndWhereTheyMust() {
    #expect(text("<p>a<p>b<ul><li>c<li>d</ul>e") == "a\n\nb\n\n- c\n- d\n\ne")
    #expect(text("<dl><dt>a<dd>b<dt>c<dd>d</dl>") == "a\n: b\nc\n: d")
    #expect(text("<h1>a</h2><p>b</div>c</p>") == "# a\n\nbc")
    #expect(
      text("a<!-- <p>no</p> -->b<script>if (a<b) '</p>'</script><style>p{}</style><template>x</template>c") == "abc")
  }

  @Test func listsNest() {
    #expect(
      text("<ul><li>a<ol start=3><li>b</li><li><p>c</p><p>d</p></li></ol></li><li>e</li></ul>")
        == "- a\n  3. b\n  4. c\n\n     d\n- e")
  }

  @Test func codeIsVerbatim() {
    #expect(
      text(
        "<pre class=\"lang-swift\"><code>\nlet a = <b>1</b>\n\n  if a &lt; 2 { }\n</code></pre>Use <code>a  b</code>.")
        == "```swift\nlet a = 1\n\n  if a < 2 { }\n```\n\nUse `a b`.")
    #expect(text("<pre>```\nx\n```</pre>") == "````\n```\nx\n```\n````")
    #expect(text("<ul><li>a<pre>b\n c</pre></li></ul>") == "- a\n\n  ```\n  b\n   c\n  ```")
  }

  @Test func tablesOfDataAreTables() {
    #expect(
      text(
        "<table><caption>T</caption><tr><th>a<th colspan=2>b</tr><tr><td rowspan=2>1<td><p>2</p><td>3<br>4<tr><td>5<td>6</table>"
      )
        == "T\n| a | b | |\n|---|---|---|\n| 1 | 2 | 3 4 |\n| | 5 | 6 |")
    // One that lays out a page is its cells.
    #expect(text("<table><tr><td>a<td><div>b</div><table><tr><td>c</table></table>") == "a\nb\n\nc")
  }

  @Test func linksKeepTheirAddressWhereItIsShort() {
    #expect(
      text("<p>See <a href=\"/a?utm_source=x&amp;id=3&fbclid=7#top\"><i>the</i> log</a>, <a href=\"#x\">here</a>.")
        == "See [the log](/a?id=3#top), here.")
    #expect(text("<a href=/a>one</a> <a href=/a>two</a> <a href='javascript:x()'>three</a>") == "[one](/a) two three")
    #expect(text("<h2>Title <a href=\"#title\">¶</a></h2>") == "## Title")
    #expect(text("<a href=/a>one</a>", keepsLinks: false) == "one")
    #expect(text("<a href=\"/\(String(repeating: "x", count: 200))\">one</a>") == "one")
  }

  @Test func whatIsNotShownIsLeftOut() {
    #expect(
      text("<p>a</p><p hidden>b</p><p style=\"color:red; DISPLAY : none\">c</p><p aria-hidden=true>d</p><p>e")
        == "a\n\ne")
    #expect(
      text("<img src=x alt=logo><img alt=\"Load by hour of day\"><svg><text>x</text></svg>y")
        == "![Load by hour of day] y")
  }

  @Test func numbersThatAreRaisedStayApart() {
    #expect(
      text("10<sup>-5</sup> x<sub>i</sub> H<sub>2</sub>O word<sup><a href=#n>1</a></sup>") == "10^-5 x_i H2O word1")
  }

  @Test func menusFoldToALine() {
    let menu = (0..<8).map { "<li><a href=/\($0)>Item \($0)</a>" }.joined()
    let prose = "<p>\(String(repeating: "Words of the page. ", count: 20))</p>"
    let words = String(String(repeating: "Words of the page. ", count: 20).dropLast())
    #expect(
      text(
        "<nav><ul>\(menu)</ul></nav><div class=\"cookieBanner\">We use cookies.</div>\(prose)<footer>(c) <a href=/l>Legal</a></footer>"
      )
        == "[nav: 8 links; cookie notice: 3 words]\n\n\(words)\n\n[footer: 1 link]")
    // A list of links without a name is a menu too, but not when it is what the page is about.
    #expect(text("<ul>\(menu)</ul>\(prose)") == "[nav: 8 links]\n\n\(words)")
    #expect(text("<ul>\(menu)</ul>").hasPrefix("- [Item 0](/0)\n- [Item 1](/1)"))
  }

  @Test func formsShowTheirControls() {
    #expect(
      text(
        "<form><label>Name</label> <input name=user placeholder=\"Your name\"><input type=hidden name=t><button>Sign in</button></form>"
      )
        == "Name [input: Your name] [button: Sign in]")
  }
}
