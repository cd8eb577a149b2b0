/// One element of XML without mixed content, as a flat tree over the text: names, attributes and texts are byte ranges.
///
/// Comments, processing instructions and document types are not read: the text is then left alone. A CDATA section counts as text, as do
/// references such as `&lt;`: they stay as they are written.
struct XMLElements {
  struct Attribute {
    var name: Range<Int>
    var value: Range<Int>
  }

  struct Element {
    /// From the start of its first tag to the end of its last.
    var range: Range<Int>
    var name: Range<Int>
    var attributes: Range<Int>
    /// The text of an element that has no others in it; nil where it ends in `/>`.
    var text: Range<Int>?
    var children: [Int] = []
  }

  private(set) var elements: [Element] = []
  private(set) var attributes: [Attribute] = []
  private(set) var layout = XMLLayout()
  /// Where the element ends.
  private(set) var end = 0

  private static let deepest = 40
  private static let mostElements = 1 << 22

  /// Reads the element that starts at `start`. Nil when there is none, or something else in it.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    var place = start
    /// The elements that are open, and whether they have had an element in them.
    var open: [Int] = []
    var hasIndent = false
    while true {
      guard place < bytes.count, bytes[place] == UInt8(ascii: "<"), elements.count < XMLElements.mostElements else {
        return nil
      }
      // A start tag.
      guard let tag = readTag(bytes, &place) else { return nil }
      let index = elements.count - 1
      if let parent = open.last { elements[parent].children.append(index) }
      if !tag.isClosed {
        guard open.count < XMLElements.deepest else { return nil }
        open.append(index)
        let content = place
        guard let next = XMLElements.nextTag(bytes, from: place) else { return nil }
        place = next
        if bytes[place + 1] == UInt8(ascii: "/") {
          elements[index].text = content..<place
        } else {
          guard XMLElements.isBlank(bytes, content..<place) else { return nil }
          if !hasIndent {
            layout.sawIndent(bytes, content..<place, level: open.count)
            hasIndent = true
          }
          continue
        }
      }
      // End tags up to the next element.
      while let current = open.last {
        if elements[current].text == nil || bytes[place] != UInt8(ascii: "<") {
          let content = place
          guard let next = XMLElements.nextTag(bytes, from: place), XMLElements.isBlank(bytes, content..<next) else {
            return nil
          }
          place = next
        }
        guard bytes[place + 1] == UInt8(ascii: "/") else { break }
        let name = elements[current].name
        guard bytes.has(UnsafeBufferPointer(rebasing: bytes[name]), at: place + 2),
          place + 2 + name.count < bytes.count, bytes[place + 2 + name.count] == UInt8(ascii: ">")
        else { return nil }
        place += name.count + 3
        elements[current].range = elements[current].range.lowerBound..<place
        open.removeLast()
      }
      if open.isEmpty { break }
    }
    end = place
  }

  private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy {
      bytes[$0] == UInt8(ascii: " ") || bytes[$0] == UInt8(ascii: "\n") || bytes[$0] == UInt8(ascii: "\t")
    }
  }

  /// Where the next start or end tag is; nil when something else comes first.
  private static func nextTag(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var place = start
    while place + 1 < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else {
        place += 1
        continue
      }
      guard bytes[place + 1] == UInt8(ascii: "!") else { return bytes[place + 1] == UInt8(ascii: "?") ? nil : place }
      // Only CDATA, which counts as text.
      guard bytes[place...].starts(with: cdata) else { return nil }
      place += cdata.count
      while place + 2 < bytes.count,
        bytes[place] != UInt8(ascii: "]") || bytes[place + 1] != UInt8(ascii: "]")
          || bytes[place + 2] != UInt8(ascii: ">")
      {
        place += 1
      }
      place += 3
    }
    return nil
  }

  private static let cdata = Array("<![CDATA[".utf8)

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }

  /// Reads a start tag and appends its element.
  private mutating func readTag(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> (
    Range<Int>, isClosed: Bool
  )? {
    func name(_ place: inout Int) -> Range<Int>? {
      let start = place
      while place < bytes.count, XMLElements.isName(bytes[place]) { place += 1 }
      let isStart =
        start < place && (bytes[start] | 0x20) &- UInt8(ascii: "a") < 26 || bytes[start] == UInt8(ascii: "_")
      return isStart ? start..<place : nil
    }
    let start = place
    place += 1
    guard place < bytes.count, let own = name(&place) else { return nil }
    let first = attributes.count
    while place < bytes.count {
      let space = place
      while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\n") { place += 1 }
      guard place < bytes.count else { return nil }
      if bytes[place] == UInt8(ascii: ">") || bytes[place] == UInt8(ascii: "/") {
        let isClosed = bytes[place] == UInt8(ascii: "/")
        place += isClosed ? 2 : 1
        guard place <= bytes.count, bytes[place - 1] == UInt8(ascii: ">") else { return nil }
        if isClosed { layout.sawClosed(isSpaced: place - 2 > space) }
        elements.append(Element(range: start..<place, name: own, attributes: first..<attributes.count))
        return (own, isClosed)
      }
      guard place > space, let key = name(&place), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "=") else {
        return nil
      }
      // Two attributes of one name are no XML.
      for other in attributes[first...] where bytes[other.name].elementsEqual(bytes[key]) { return nil }
      let quote = bytes[place + 1]
      guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
      layout.saw(quote: quote)
      place += 2
      let value = place
      while place < bytes.count, bytes[place] != quote {
        guard bytes[place] != UInt8(ascii: "<") else { return nil }
        place += 1
      }
      guard place < bytes.count else { return nil }
      attributes.append(Attribute(name: key, value: value..<place))
      place += 1
      guard attributes.count - first <= 256 else { return nil }
    }
    return nil
  }
}

/// How XML is laid out.
struct XMLLayout {
  /// Blanks a level; nil when nothing stands between elements.
  var indent: Int?
  var usesTabs = false
  /// Whether attributes have single quotes.
  var usesSingle = false
  /// Whether a blank stands before `/>`.
  var isSpaced = false

  init() {}

  mutating func saw(quote: UInt8) { usesSingle = quote == UInt8(ascii: "'") }

  mutating func sawClosed(isSpaced: Bool) { self.isSpaced = isSpaced }

  mutating func sawIndent(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, level: Int) {
    guard let line = range.last(where: { bytes[$0] == UInt8(ascii: "\n") }) else { return }
    let width = range.upperBound - line - 1
    usesTabs = width > 0 && bytes[line + 1] == UInt8(ascii: "\t")
    indent = min(16, width / max(1, level))
  }
}
