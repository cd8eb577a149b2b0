/// A byte range of a text with one kind of content. The segments of a text are in order, do not overlap and cover it.
struct Segment: Sendable {
  enum Kind: String, Sendable {
    case json
    /// One JSON object a line.
    case jsonLines = "json lines"
    case search, listing, diff, history, test, build, log
    case stackTrace = "stack trace"
    case table, yaml, xml, config, html, prose, code
    /// A file with a number before each line.
    case numberedFile = "numbered file"
    /// Anything else.
    case text
  }

  var kind: Kind
  var range: Range<Int>
  /// What the segment was found to be: the document, or the lines joined to one array.
  var document: JSONDocument?
}

/// Finds the JSON in a text: the whole of it, JSON lines, or documents that start and end with a line of other text.
///
/// A format is what its strict grammar says it is, so a segment is only called JSON when it parses.
enum Segmenter {
  /// JSON below this is not worth a segment of its own inside other text.
  private static let smallestInside = 200
  /// After so many starts that led nowhere the rest is text: `[[[[` must not cost its square.
  private static let mostFailures = 64
  /// So many documents of one line each, apart from one another, are the lines of a log: together they have more in common than each has
  /// by itself.
  private static let fewestLogLines = 8

  static func segments(_ text: [UInt8]) -> [Segment] {
    let trimmed = trim(text)
    guard !trimmed.isEmpty else { return [Segment(kind: .text, range: text.indices)] }
    if isOpening(text[trimmed.lowerBound]), let document = try? JSONDocument(text, in: trimmed) {
      return cover([Segment(kind: .json, range: trimmed, document: document)], text.count)
    }
    if let lines = jsonLines(text, trimmed) { return cover([lines], text.count) }
    return cover(documents(text), text.count)
  }

  private static func isOpening(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

  private static func trim(_ text: [UInt8]) -> Range<Int> {
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else { return 0..<0 }
    return first..<last + 1
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

  /// The whole text, when each of its lines is an object and there are at least three.
  private static func jsonLines(_ text: [UInt8], _ range: Range<Int>) -> Segment? {
    guard text[range.lowerBound] == UInt8(ascii: "{") else { return nil }
    var joined: [UInt8] = [UInt8(ascii: "[")]
    joined.reserveCapacity(range.count + 2)
    var starts: [Int] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let end = text[start..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
      guard end > start, text[start] == UInt8(ascii: "{"), text[end - 1] == UInt8(ascii: "}") else { return nil }
      if !starts.isEmpty { joined.append(UInt8(ascii: ",")) }
      starts.append(joined.count)
      joined += text[start..<end]
      start = end + 1
    }
    joined.append(UInt8(ascii: "]"))
    // Lines that are no documents by themselves may still join to an array: each element must be a line.
    guard starts.count >= 3, let document = try? JSONDocument(joined), document.elementStarts == starts else {
      return nil
    }
    return Segment(kind: .jsonLines, range: range, document: document)
  }

  /// Documents that begin at the start of a line and end at the end of one.
  private static func documents(_ text: [UInt8]) -> [Segment] {
    var found: [Segment] = []
    var single = 0
    var failures = 0
    var start = 0
    while start < text.count, failures < mostFailures {
      let lineEnd = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      if start < lineEnd, isOpening(text[start]) {
        if let (document, end) = try? JSONDocument.prefix(of: text, at: start),
          end == text.count || text[end] == UInt8(ascii: "\n")
        {
          if end - start >= smallestInside {
            if end == lineEnd { single += 1 }
            found.append(Segment(kind: .json, range: start..<end, document: document))
          }
          start = end + 1
          continue
        }
        failures += 1
      }
      start = lineEnd + 1
    }
    if single >= fewestLogLines {
      found.removeAll { segment in !text[segment.range].contains(UInt8(ascii: "\n")) }
    }
    return found
  }

  /// `found` with text segments between.
  private static func cover(_ found: [Segment], _ count: Int) -> [Segment] {
    var result: [Segment] = []
    var end = 0
    for segment in found {
      if end < segment.range.lowerBound { result.append(Segment(kind: .text, range: end..<segment.range.lowerBound)) }
      result.append(segment)
      end = segment.range.upperBound
    }
    if end < count || result.isEmpty { result.append(Segment(kind: .text, range: end..<count)) }
    return result
  }
}
