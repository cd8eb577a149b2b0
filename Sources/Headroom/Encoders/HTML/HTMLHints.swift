/// What the names that authors give to parts of a page say about them: words in `class` and `id`, and roles.
struct HTMLHints: OptionSet {
  let rawValue: UInt16
  static let nav = HTMLHints(rawValue: 1)
  static let footer = HTMLHints(rawValue: 2)
  static let header = HTMLHints(rawValue: 4)
  static let share = HTMLHints(rawValue: 8)
  static let related = HTMLHints(rawValue: 16)
  static let ad = HTMLHints(rawValue: 32)
  static let cookie = HTMLHints(rawValue: 64)
  static let newsletter = HTMLHints(rawValue: 128)
  static let popup = HTMLHints(rawValue: 256)
  static let sidebar = HTMLHints(rawValue: 512)
  static let comments = HTMLHints(rawValue: 1024)
  static let meta = HTMLHints(rawValue: 2048)
  static let content = HTMLHints(rawValue: 4096)
  static let lineNumbers = HTMLHints(rawValue: 8192)
  static let permalink = HTMLHints(rawValue: 16384)
  static let alert = HTMLHints(rawValue: 32768)

  /// Parts of which a page has many, and a reader needs none.
  static let chrome: HTMLHints = [.nav, .footer, .share, .related, .ad, .cookie, .newsletter, .popup, .sidebar]

  /// What the part is called where it is folded.
  var label: StaticString {
    if isEmpty { return "links" }
    if contains(.cookie) { return "cookie notice" }
    if contains(.ad) { return "ad" }
    if contains(.share) { return "share" }
    if contains(.newsletter) { return "sign-up" }
    if contains(.popup) { return "popup" }
    if contains(.comments) { return "comments" }
    if contains(.nav) { return "nav" }
    if contains(.footer) { return "footer" }
    if contains(.related) { return "related" }
    if contains(.sidebar) { return "sidebar" }
    if contains(.header) { return "header" }
    return "links"
  }

  /// The hints of the words in a value of `class`, `id` or `role`; words end at other characters and where a capital begins.
  init(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
    var result: HTMLHints = []
    var key: UInt64 = 0
    var length = 0
    var isAfterSmall = false
    func take() {
      if length > 1, length <= 16 { result.formUnion(HTMLHints.named(key, length)) }
      key = 0
      length = 0
    }
    for p in range {
      let byte = bytes[p]
      let lower = byte | 0x20
      guard lower &- 0x61 < 26 else {
        take()
        isAfterSmall = false
        continue
      }
      let isCapital = byte != lower
      if isCapital, isAfterSmall { take() }
      isAfterSmall = !isCapital
      if length < 8 { key = key << 8 | UInt64(lower) }
      length += 1
    }
    take()
    self = result
  }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  // MARK: Words

  /// Words by their first eight letters and their length.
  private static func named(_ key: UInt64, _ length: Int) -> HTMLHints {
    var place = slot(key, length)
    while table[place].length != 0 {
      if table[place].key == key, table[place].length == length { return table[place].hints }
      place = (place + 1) & 511
    }
    return []
  }

  private static func slot(_ key: UInt64, _ length: Int) -> Int {
    Int(truncatingIfNeeded: ((key &+ UInt64(length)) &* 0x9e37_79b9_7f4a_7c15) >> 55)
  }

  private static let table: [(key: UInt64, length: Int, hints: HTMLHints)] = {
    var table = [(key: UInt64, length: Int, hints: HTMLHints)](repeating: (0, 0, []), count: 512)
    for (hints, words) in words {
      for word in words.split(separator: " ") {
        let key = word.utf8.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let length = word.utf8.count
        var place = slot(key, length)
        while table[place].length != 0 { place = (place + 1) & 511 }
        table[place] = (key, length, hints)
      }
    }
    return table
  }()

  private static let words: [(HTMLHints, String)] = [
    (
      .nav,
      "nav navbar navigation menu menus submenu breadcrumb breadcrumbs pagination pager paging paginator topbar toolbar skip "
        + "skiplink sitemap subnav navi menubar navbox catlinks"
    ),
    (.footer, "footer foot contentinfo copyright colophon legal"),
    (.header, "header masthead banner branding"),
    (.share, "share sharing shares social sharedaddy addthis sharethis sharebar follow shariff socials jp"),
    (
      .related,
      "related relatedposts recommended recommendation recommendations recirc recirculation trending popular outbrain taboola "
        + "mostread mostpopular promo promos promoted promotion teaser teasers sponsored suggested suggestions yarpp upnext "
        + "readmore seealso similar zergnet nrelate ob latest"
    ),
    (
      .ad,
      "ad ads advert adverts advertisement advertising adsense adslot adbox adunit sponsor sponsors dfp gpt googlead"
    ),
    (.cookie, "cookie cookies consent gdpr ccpa onetrust cmp cookiebar cookiebanner"),
    (.newsletter, "newsletter newsletters subscribe subscription signup optin mailchimp paywall donate"),
    (.popup, "popup modal overlay lightbox tooltip popover offcanvas toast"),
    (.sidebar, "sidebar sidebars aside rail widget widgets complementary sidecol leftcol rightcol"),
    (.comments, "comment comments disqus respond commentlist commentlists replies livefyre fbcomments"),
    (.meta, "byline author authors meta tags tag tagged categories dateline timestamp bio posted"),
    (.content, "article content main post entry body story text blog hentry articlebody maincontent markdown prose"),
    (.lineNumbers, "gutter linenos lineno linenumber linenumbers linenumbering lnum"),
    (.permalink, "permalink headerlink anchorjs editsection anchorlink"),
    (.alert, "alert alerts error errors danger exception failure failed traceback flash warning"),
  ]
}
