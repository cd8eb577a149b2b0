/// Reads block YAML as tools print it into JSON: mappings, sequences, plain and quoted scalars, `|` blocks, `{}` and `[]`.
///
/// Comments, anchors, tags, other flow collections, tabs and folded text are not read: such text is left alone.
struct YAMLParser: ~Copyable {
  private let lines: TextLines
  private let base: UnsafePointer<UInt8>
  /// Where reading is: a line, and the column its next content stands at.
  private var line = 0 { didSet { findLine() } }
  private var column = 0
  /// The bytes of the line.
  private var start = 0
  private var end = 0
  private var text = ByteWriter()
  private var json: ByteWriter
  private var notes = YAMLNotes()

  private static let deepest = 48

  /// The JSON of the lines, and what was seen of their layout. Nil when they are something else.
  static func parse(_ lines: TextLines, _ base: UnsafePointer<UInt8>) -> (json: [UInt8], notes: YAMLNotes)? {
    var parser = YAMLParser(lines, base)
    guard parser.parseDocuments() else { return nil }
    return (parser.notes.hasDocuments ? parser.json.bytes : parser.json.bytes(from: 1), parser.notes)
  }

  private init(_ lines: TextLines, _ base: UnsafePointer<UInt8>) {
    self.lines = lines
    self.base = base
    json = ByteWriter(capacity: lines.range.count + 64)
    findLine()
  }

  // MARK: Lines

  private mutating func findLine() {
    let range = line < lines.count ? lines[line] : 0..<0
    start = range.lowerBound
    end = range.upperBound
  }

  @inline(__always)
  private func byte(_ place: Int) -> UInt8 { base[start + place] }

  private var length: Int { end - start }

  private var isBlank: Bool {
    var place = start
    while place < end, base[place] == UInt8(ascii: " ") { place += 1 }
    return place == end
  }

  private var isRule: Bool {
    length == 3 && byte(0) == UInt8(ascii: "-") && byte(1) == UInt8(ascii: "-") && byte(2) == UInt8(ascii: "-")
  }

  /// The indentation of the next line with content; nil at the end of the document.
  private mutating func nextIndent() -> Int? {
    while line < lines.count, isBlank {
      notes.isRegular = false
      line += 1
    }
    guard line < lines.count, !isRule else { return nil }
    var indent = 0
    while byte(indent) == UInt8(ascii: " ") { indent += 1 }
    return indent
  }

  /// Whether an item of a sequence begins at a column of the line.
  private func isDash(_ column: Int) -> Bool {
    column < length && byte(column) == UInt8(ascii: "-")
      && (column + 1 == length || byte(column + 1) == UInt8(ascii: " "))
  }

  private func content(from column: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + start + column, count: length - column)
  }

  // MARK: Collections

  private mutating func parseDocuments() -> Bool {
    json.append(UInt8(ascii: "["))
    if line < lines.count, isRule {
      notes.startsWithRule = true
      line += 1
    }
    while true {
      guard let indent = nextIndent(), indent == 0 else { return false }
      column = 0
      guard parseBlock(depth: 0) else { return false }
      while line < lines.count, isBlank {
        notes.isRegular = false
        line += 1
      }
      guard line < lines.count else { break }
      guard isRule else { return false }
      notes.hasDocuments = true
      json.append(UInt8(ascii: ","))
      line += 1
    }
    if notes.hasDocuments { json.append(UInt8(ascii: "]")) }
    return true
  }

  /// Reads the collection whose first entry stands at the current place.
  private mutating func parseBlock(depth: Int) -> Bool {
    guard depth < YAMLParser.deepest else { return false }
    return isDash(column) ? parseSequence(depth: depth) : parseMapping(depth: depth)
  }

  private mutating func parseMapping(depth: Int) -> Bool {
    guard depth < YAMLParser.deepest else { return false }
    let own = column
    json.append(UInt8(ascii: "{"))
    while true {
      guard let colon = keyEnd(from: own), parseKey(own..<colon) else { return false }
      json.append(UInt8(ascii: ":"))
      if colon + 1 < length {
        column = colon + 2
        guard byte(colon + 1) == UInt8(ascii: " "), parseScalar(parent: own) else { return false }
      } else {
        line += 1
        let indent = nextIndent()
        if let indent, indent > own || (indent == own && isDash(indent)) {
          notes.sawIndent(indent - own, isList: isDash(indent))
          notes.depth = max(notes.depth, depth + 1)
          column = indent
          guard parseBlock(depth: depth + 1) else { return false }
        } else {
          notes.hiddenNulls += 1
          json.append("null")
        }
      }
      guard let indent = nextIndent(), indent >= own else { break }
      guard indent == own, !isDash(own) else { return false }
      json.append(UInt8(ascii: ","))
    }
    json.append(UInt8(ascii: "}"))
    return true
  }

  private mutating func parseSequence(depth: Int) -> Bool {
    guard depth < YAMLParser.deepest else { return false }
    let own = column
    json.append(UInt8(ascii: "["))
    while true {
      column = own + 2
      if own + 1 == length {
        line += 1
        notes.isRegular = false
        guard let indent = nextIndent(), indent > own else { return false }
        column = indent
        guard parseBlock(depth: depth + 1) else { return false }
      } else if isDash(column) {
        guard parseSequence(depth: depth + 1) else { return false }
      } else if keyEnd(from: column) != nil {
        notes.depth = max(notes.depth, depth + 1)
        guard parseMapping(depth: depth + 1) else { return false }
      } else {
        guard parseScalar(parent: own) else { return false }
      }
      guard let indent = nextIndent(), indent >= own else { break }
      guard indent == own else { return false }
      // A key at the same place as its list goes on with the object around both.
      guard isDash(own) else { break }
      json.append(UInt8(ascii: ","))
    }
    json.append(UInt8(ascii: "]"))
    return true
  }

  // MARK: Keys

  /// Where the colon stands behind the key that begins at `start`; nil when there is none.
  private func keyEnd(from start: Int) -> Int? {
    guard start < length else { return nil }
    var place = start
    let first = byte(start)
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard let end = quoteEnd(from: start), end < length else { return nil }
      place = end
      return isColon(place) ? place : nil
    }
    guard first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
    while place < length {
      if isColon(place) { return place > start ? place : nil }
      place += 1
    }
    return nil
  }

  private func isColon(_ place: Int) -> Bool {
    byte(place) == UInt8(ascii: ":") && (place + 1 == length || byte(place + 1) == UInt8(ascii: " "))
  }

  /// The place behind the quoted scalar at `start`.
  private func quoteEnd(from start: Int) -> Int? {
    let quote = byte(start)
    var place = start + 1
    while place < length {
      if byte(place) == quote {
        guard quote == UInt8(ascii: "'"), place + 1 < length, byte(place + 1) == quote else { return place + 1 }
        place += 1
      } else if byte(place) == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        place += 1
      }
      place += 1
    }
    return nil
  }

  private mutating func parseKey(_ range: Range<Int>) -> Bool {
    let content = UnsafeBufferPointer(rebasing: content(from: range.lowerBound)[..<range.count])
    if content[0] == UInt8(ascii: "\"") || content[0] == UInt8(ascii: "'") {
      guard unquote(content) else { return false }
      notes.saw(YAMLClass(text.view), content[0] == UInt8(ascii: "'") ? .single : .double, isKey: true)
      JSONString.quote(text.view, into: &json)
      return true
    }
    let kind = YAMLClass(content)
    guard kind != .special, kind != .multiline else { return false }
    notes.saw(kind, .plain, isKey: true)
    JSONString.quote(content, into: &json)
    return true
  }

  // MARK: Scalars

  /// Reads the scalar at the current place, whose key or dash stands at column `parent`, and moves to the next line.
  private mutating func parseScalar(parent: Int) -> Bool {
    guard column < length else { return false }
    let content = content(from: column)
    switch content[0] {
    case UInt8(ascii: "|"): return parseLiteral(content, parent: parent)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      guard quoteEnd(from: column) == length, unquote(content) else { return false }
      notes.saw(YAMLClass(text.view), content[0] == UInt8(ascii: "'") ? .single : .double, isKey: false)
      JSONString.quote(text.view, into: &json)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isObject = content[0] == UInt8(ascii: "{")
      guard content.count == 2, content[1] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
      json.append(content)
    default:
      if Cell.mayBeLiteral(content[0]), Cell.isLiteral(content), content.count > 1 || content[0] != UInt8(ascii: "-") {
        if content[0] == UInt8(ascii: "n") { notes.shownNulls += 1 }
        json.append(content)
      } else {
        let kind = YAMLClass(content)
        guard kind != .special, kind != .multiline else { return false }
        notes.saw(kind, .plain, isKey: false)
        JSONString.quote(content, into: &json)
      }
    }
    line += 1
    return true
  }

  private mutating func parseLiteral(_ header: UnsafeBufferPointer<UInt8>, parent: Int) -> Bool {
    let keepsAll = header.elementsEqual("|+".utf8)
    let keepsOne = header.elementsEqual("|".utf8)
    guard keepsAll || keepsOne || header.elementsEqual("|-".utf8) else { return false }
    line += 1
    let first = line
    text.truncate(to: 0)
    var indent: Int?
    /// The bytes and lines up to the last that is not empty.
    var filled = (count: 0, line: first)
    while line < lines.count {
      let count = length
      var spaces = 0
      while spaces < count, byte(spaces) == UInt8(ascii: " ") { spaces += 1 }
      if indent == nil, spaces < count {
        guard line == first, spaces > parent else { return false }
        indent = spaces
        notes.sawIndent(spaces - parent, isList: false)
      }
      guard let indent, spaces >= indent || spaces == count else { break }
      if spaces == count, spaces > 0, spaces <= indent { notes.isRegular = false }
      if count > indent { text.append(content(from: indent)) }
      text.append(UInt8(ascii: "\n"))
      line += 1
      if count > indent || keepsAll { filled = (text.count, line) }
    }
    guard indent != nil, filled.count > 0 else { return false }
    line = filled.line
    text.truncate(to: keepsAll || keepsOne ? filled.count : filled.count - 1)
    notes.saw(YAMLClass(text.view), .block, isKey: false)
    JSONString.quote(text.view, into: &json)
    return true
  }

  /// Puts what a quoted scalar says into ``text``.
  private mutating func unquote(_ quoted: UnsafeBufferPointer<UInt8>) -> Bool {
    text.truncate(to: 0)
    let isSingle = quoted[0] == UInt8(ascii: "'")
    var i = 1
    let end = quoted.count - 1
    guard end > 0 else { return false }
    while i < end {
      let byte = quoted[i]
      i += 1
      if isSingle {
        text.append(byte)
        if byte == UInt8(ascii: "'") { i += 1 }
        continue
      }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard i < end else { return false }
      switch quoted[i] {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"): text.append(quoted[i])
      default: return false
      }
      i += 1
    }
    return true
  }
}

/// What was seen of the layout of YAML.
struct YAMLNotes {
  /// Whether nothing was seen that the printer would not print.
  var isRegular = true
  var startsWithRule = false
  var hasDocuments = false
  var hiddenNulls = 0
  var shownNulls = 0
  /// The deepest level of a collection within another.
  var depth = 0
  private var indent: Int?
  private var listIndent: Int?
  private var styles = [Int](repeating: 0, count: YAMLClass.allCases.count * YAMLStyle.allCases.count * 2)

  mutating func sawIndent(_ width: Int, isList: Bool) {
    let known = isList ? listIndent : indent
    if let known, known != width { isRegular = false }
    if isList { listIndent = listIndent ?? width } else { indent = indent ?? width }
  }

  mutating func saw(_ kind: YAMLClass, _ style: YAMLStyle, isKey: Bool) {
    styles[index(kind, style, isKey)] += 1
  }

  private func index(_ kind: YAMLClass, _ style: YAMLStyle, _ isKey: Bool) -> Int {
    ((isKey ? 1 : 0) * YAMLClass.allCases.count + kind.rawValue) * YAMLStyle.allCases.count + style.rawValue
  }

  /// The layout that fits most.
  var layout: YAMLLayout {
    var layout = YAMLLayout()
    layout.indent = min(indent ?? 2, 16)
    layout.listIndent = min(listIndent ?? 0, 16)
    layout.hasDocuments = hasDocuments
    layout.startsWithRule = startsWithRule
    layout.hidesNull = hiddenNulls > shownNulls
    for isKey in [false, true] {
      for kind in YAMLClass.allCases {
        var best = kind.usual
        for style in YAMLStyle.allCases where styles[index(kind, style, isKey)] > styles[index(kind, best, isKey)] {
          best = style
        }
        layout[kind, isKey: isKey] = best
      }
    }
    return layout
  }
}
