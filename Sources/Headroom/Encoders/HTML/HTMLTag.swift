/// The elements that reading a page tells apart, and what is known of each.
enum HTMLTag: UInt8, CaseIterable {
  case unknown, text
  case html, head, body, title, meta, link, base, script, style, template, noscript, svg, math, iframe, object, embed
  case canvas, audio, video, track, source, param, datalist, noframes, xmp
  case article, aside, main, nav, header, footer, section, div, address, center, details, summary, dialog, hgroup,
    search
  case h1, h2, h3, h4, h5, h6, p, pre, listing, blockquote, hr, br, wbr, ul, ol, menu, dir, li, dl, dt, dd, figure
  case figcaption, form, fieldset, legend
  case table, caption, colgroup, col, thead, tbody, tfoot, tr, td, th
  case a, img, picture, area, map, code, kbd, samp, tt, sup, sub, q, span, b, i, em, strong, u, s, small, big, font
  case label, input, button, select, option, optgroup, textarea, output, progress, meter
  case abbr, cite, time, mark, del, ins, strike, dfn, `var`, data, bdi, bdo, ruby, rt, rp, nobr

  struct Traits: OptionSet {
    let rawValue: UInt16
    /// Has no content and no end tag.
    static let void = Traits(rawValue: 1)
    /// Starts on a line of its own.
    static let block = Traits(rawValue: 2)
    /// Ends an open paragraph.
    static let closesParagraph = Traits(rawValue: 4)
    /// An end tag of an element around it does not reach through it, unless it is of such an element itself.
    static let special = Traits(rawValue: 8)
    /// Its content is text up to its end tag.
    static let raw = Traits(rawValue: 16)
    /// As raw, but with character references.
    static let escapableRaw = Traits(rawValue: 32)
    /// Shows nothing that can be read.
    static let dropped = Traits(rawValue: 64)
    /// No end tag outside a table reaches into it.
    static let scope = Traits(rawValue: 128)
  }

  @inline(__always) var traits: Traits { HTMLTag.traits[Int(rawValue)] }
  var isHeading: Bool { rawValue >= HTMLTag.h1.rawValue && rawValue <= HTMLTag.h6.rawValue }
  var isList: Bool { self == .ul || self == .ol || self == .menu || self == .dir }
  var isCell: Bool { self == .td || self == .th }

  static let traits: [Traits] = {
    var traits = [Traits](repeating: [], count: allCases.count)
    func add(_ trait: Traits, _ tags: [HTMLTag]) { for tag in tags { traits[Int(tag.rawValue)].insert(trait) } }
    add(
      .void,
      [.area, .base, .br, .col, .embed, .hr, .img, .input, .link, .meta, .param, .source, .track, .wbr])
    let blocks: [HTMLTag] = [
      .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl, .fieldset, .figcaption,
      .figure, .footer, .form, .header, .hgroup, .hr, .main, .menu, .nav, .ol, .p, .pre, .listing, .search, .section,
      .summary, .table, .ul, .h1, .h2, .h3, .h4, .h5, .h6,
    ]
    let parts: [HTMLTag] = [
      .html, .body, .li, .dt, .dd, .tr, .td, .th, .thead, .tbody, .tfoot, .caption, .legend, .option, .optgroup, .xmp,
    ]
    add([.block, .closesParagraph, .special], blocks)
    add([.block, .special], parts)
    add([.special], [.head, .button, .select, .template, .object])
    add([.raw], [.script, .style, .svg, .iframe, .noframes, .xmp])
    add([.escapableRaw], [.textarea, .title])
    add(
      [.dropped],
      [
        .head, .title, .meta, .link, .base, .script, .style, .template, .noscript, .svg, .iframe, .object, .embed,
        .canvas, .audio, .video, .track, .source, .param, .datalist, .noframes, .area, .map, .col, .colgroup, .rp,
      ])
    add([.scope], [.html, .table, .td, .th, .caption, .template, .object])
    return traits
  }()

  // MARK: Names

  /// A name of letters as a number: its first eight, in lower case, and its length.
  @inline(__always)
  static func key(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    var key: UInt64 = 0
    for i in 0..<min(count, 8) {
      let byte = bytes[i]
      key = key << 8 | UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)
    }
    return count > 8 ? key ^ UInt64(count) &* 0x9e37_79b9_7f4a_7c15 : key
  }

  @inline(__always)
  private static func slot(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 55) }

  /// A hash table of 512 places.
  private static let names: [(key: UInt64, tag: HTMLTag)] = {
    var names = [(key: UInt64, tag: HTMLTag)](repeating: (0, .unknown), count: 512)
    for tag in allCases where tag != .unknown && tag != .text {
      let key = Array("\(tag)".utf8).withUnsafeBufferPointer { HTMLTag.key($0.baseAddress!, $0.count) }
      var place = slot(key)
      while names[place].key != 0 { place = (place + 1) & 511 }
      names[place] = (key, tag)
    }
    return names
  }()

  /// The element with a name's key.
  @inline(__always)
  static func named(_ key: UInt64) -> HTMLTag {
    var place = slot(key)
    while names[place].key != 0 {
      if names[place].key == key { return names[place].tag }
      place = (place + 1) & 511
    }
    return .unknown
  }
}
