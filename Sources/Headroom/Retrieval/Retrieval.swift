/// Taking a part of an original: pure functions of its bytes.
public enum Retrieval {
  /// The bytes that `selection` names.
  ///
  /// A path, rows or lines come back as the exact bytes of the original. Matches of a pattern and results of a query
  /// come back one after the other, each as `number:` and its exact bytes.
  /// - Throws: `SelectionError`.
  public static func part(of original: [UInt8], _ selection: Selection) throws(SelectionError) -> [UInt8] {
    try excerpt(of: original, selection).bytes
  }

  /// The bytes that `selection` names, and how much there was to choose from.
  /// - Throws: `SelectionError`.
  public static func excerpt(of original: [UInt8], _ selection: Selection) throws(SelectionError) -> Excerpt {
    if selection.rows != nil, selection.lines != nil {
      throw SelectionError(.conflict, "choose rows or lines, not both")
    }
    let narrows = selection.rows != nil || selection.lines != nil || selection.grep != nil || selection.query != nil
    let document = selection.path != nil || selection.lines == nil && narrows ? try? JSONDocument(original) : nil
    guard let path = selection.path else {
      return try excerpt(of: original, document, selection, narrows)
    }
    guard let document else { throw SelectionError(.notFound, "no path in this original: it is not JSON") }
    let value = try JSONPath(path).value(in: document)
    // A string is searched as the text it holds; asked for alone, it comes as it stands.
    if narrows, let text = value.text { return try excerpt(of: text, try? JSONDocument(text), selection, narrows) }
    let bytes = Array(value.lexeme)
    return try excerpt(of: bytes, narrows ? try? JSONDocument(bytes) : nil, selection, narrows)
  }

  private static func excerpt(
    of bytes: [UInt8], _ document: JSONDocument?, _ selection: Selection, _ narrows: Bool
  ) throws(SelectionError) -> Excerpt {
    guard narrows else { return Excerpt(whole: bytes, limit: selection.byteLimit) }
    let units = units(of: bytes, document, selection)
    let range = (selection.rows ?? selection.lines)?.clamped(to: units.ranges.count) ?? units.ranges.indices
    if range.isEmpty, selection.rows != nil || selection.lines != nil {
      throw SelectionError(.notFound, "the original has \(units.ranges.count) \(units.kind == .row ? "rows" : "lines")")
    }
    guard selection.grep != nil || selection.query != nil else {
      return Excerpt(exactly: range, of: units, in: bytes, limit: selection.byteLimit)
    }
    var chosen: [Range<Int>]?
    if let grep = selection.grep {
      chosen = matches(of: try Pattern(grep), among: range, of: units, in: bytes)
    }
    if let text = selection.query {
      let query = Query(Array(text.utf8))
      let search = SegmentSearch(units: units, bytes: bytes)
      chosen =
        chosen.map { search.best(of: $0, query, most: selection.segments) }
        ?? search.best(in: range, query, most: selection.segments)
    }
    let isRanked = selection.query != nil
    return Excerpt(numbered: chosen ?? [], ranked: isRanked, of: units, in: bytes, limit: selection.byteLimit)
  }

  /// A query looks among at least this many rows; among the lines where there are fewer.
  private static let fewRows = 4

  /// What numbers count: what the selection says, or else rows where the text is JSON on fewer lines than it has rows, or
  /// has several rows to choose from.
  private static func units(of bytes: [UInt8], _ document: JSONDocument?, _ selection: Selection) -> Units {
    let lines = Units.lines(of: bytes)
    if document == nil, selection.rows != nil, let rows = TextTables.rows(bytes) {
      return Units(kind: .row, ranges: rows)
    }
    guard selection.lines == nil, let rows = document.flatMap({ Units.rows(of: $0) }) else { return lines }
    if selection.rows != nil || lines.ranges.count < rows.ranges.count { return rows }
    return selection.grep == nil && rows.ranges.count >= fewRows ? rows : lines
  }

  /// The units that match, each as a range of one.
  private static func matches(
    of pattern: Pattern, among range: Range<Int>, of units: Units, in bytes: [UInt8]
  ) -> [Range<Int>] {
    var matcher = PatternMatcher(pattern)
    return bytes.withUnsafeBufferPointer { bytes in
      range.filter { matcher.matches(UnsafeBufferPointer(rebasing: bytes[units.ranges[$0]])) }.map { $0..<$0 + 1 }
    }
  }
}
