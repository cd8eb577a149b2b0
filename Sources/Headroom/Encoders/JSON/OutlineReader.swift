/// Reads what ``OutlineWriter`` writes back into minified JSON. Anything that does not fit the grammar ends in nil.
struct OutlineReader {
  /// The values of labels, as minified JSON.
  private var labels: [Int: [UInt8]] = [:]
  /// Bytes written so far for labels and references: a short text must not become an endless one.
  private var expanded = 0

  private static let deepest = 64
  private static let mostExpanded = 64 << 20

  /// The members or elements at `depth`, to the last line that is there.
  mutating func read(_ reader: inout LineReader, depth: Int) -> [UInt8]? {
    guard depth < OutlineReader.deepest, let first = reader.peek(depth: depth), !first.isEmpty else { return nil }
    if reader.bytes[first.lowerBound] == UInt8(ascii: "-") { return readList(&reader, depth: depth) }
    return readObject(&reader, depth: depth)
  }

  private mutating func readList(_ reader: inout LineReader, depth: Int) -> [UInt8]? {
    var out: [UInt8] = [UInt8(ascii: "[")]
    while let line = reader.peek(depth: depth), !line.isEmpty, reader.bytes[line.lowerBound] == UInt8(ascii: "-") {
      _ = reader.next(depth: depth)
      guard let value = readValue(&reader, line.lowerBound + 1..<line.upperBound, depth: depth) else { return nil }
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out += value
    }
    out.append(UInt8(ascii: "]"))
    return out
  }

  private mutating func readObject(_ reader: inout LineReader, depth: Int) -> [UInt8]? {
    var out: [UInt8] = [UInt8(ascii: "{")]
    while let line = reader.peek(depth: depth), !line.isEmpty, reader.bytes[line.lowerBound] != UInt8(ascii: " "),
      reader.bytes[line.lowerBound] != UInt8(ascii: "-")
    {
      _ = reader.next(depth: depth)
      var p = line.lowerBound
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      var depthOfChain = 0
      while true {
        guard let key = Name.readKey(reader.bytes, at: &p, end: line.upperBound) else { return nil }
        out += key
        out.append(UInt8(ascii: ":"))
        guard reader.skip(".", at: &p, end: line.upperBound) else { break }
        out.append(UInt8(ascii: "{"))
        depthOfChain += 1
      }
      guard reader.skip(":", at: &p, end: line.upperBound),
        let value = readValue(&reader, p..<line.upperBound, depth: depth)
      else { return nil }
      out += value
      out.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: depthOfChain))
    }
    guard out.count > 1 else { return nil }
    out.append(UInt8(ascii: "}"))
    return out
  }

  /// The value whose line goes on at `rest`, behind the colon or dash.
  private mutating func readValue(_ reader: inout LineReader, _ rest: Range<Int>, depth: Int) -> [UInt8]? {
    var p = rest.lowerBound
    let end = rest.upperBound
    if reader.skip(" *", at: &p, end: end) {
      guard let label = reader.integer(at: &p, end: end), p == end, let value = labels[label] else { return nil }
      expanded += value.count
      return expanded <= OutlineReader.mostExpanded ? value : nil
    }
    var label: Int?
    if reader.skip(" &", at: &p, end: end) {
      guard let number = reader.integer(at: &p, end: end), labels[number] == nil else { return nil }
      label = number
    }
    guard let value = readUnlabelled(&reader, p..<end, depth: depth) else { return nil }
    if let label { labels[label] = value }
    return value
  }

  private mutating func readUnlabelled(_ reader: inout LineReader, _ rest: Range<Int>, depth: Int) -> [UInt8]? {
    var p = rest.lowerBound
    let end = rest.upperBound
    if p == end { return read(&reader, depth: depth + 1) }
    guard reader.skip(" ", at: &p, end: end) else { return nil }
    if reader.skip("[table]", at: &p, end: end) || reader.skip("[map]", at: &p, end: end) {
      guard p == end else { return nil }
      return TableReader.read(&reader, depth: depth)?.json()
    }
    if reader.skip("<list ", at: &p, end: end) { return OutlineReader.list(reader, p - 6..<end) }
    if reader.skip("<json ", at: &p, end: end) {
      guard let header = JSONNotation.Header(reader.bytes, p - 6..<end, isNested: true) else { return nil }
      return JSONNotation.decodeNested(header, &reader, depth: depth + 1).map { JSONString.quoted($0) }
    }
    switch reader.cell(at: &p, end: end, delimiter: UInt8(ascii: "\n")) {
    case .value(let lexeme): return lexeme
    case .literal(let lines):
      var text: [UInt8] = []
      for index in 0..<lines {
        guard let line = reader.next(depth: depth + 1) else { return nil }
        if index > 0 { text.append(UInt8(ascii: "\n")) }
        text += reader.bytes[line]
      }
      return JSONString.quoted(text)
    default: return nil
    }
  }

  /// `<list 1 to 100; 5 x40; 7>` as an array.
  static func list(_ reader: LineReader, _ range: Range<Int>) -> [UInt8]? {
    var p = range.lowerBound
    let end = range.upperBound
    guard reader.skip("<list ", at: &p, end: end) else { return nil }
    var out: [UInt8] = [UInt8(ascii: "[")]
    var items = 0
    func append(_ item: some Sequence<UInt8>) -> Bool {
      items += 1
      if items > 1 { out.append(UInt8(ascii: ",")) }
      out += item
      return out.count <= mostExpanded
    }
    repeat {
      let start = p
      if p < end, reader.bytes[p] == UInt8(ascii: "\"") {
        guard let stop = JSONString.end(reader.bytes, at: p, end: end) else { return nil }
        p = stop
      } else {
        while p < end, reader.bytes[p] != UInt8(ascii: ";"), reader.bytes[p] != UInt8(ascii: " "),
          reader.bytes[p] != UInt8(ascii: ">")
        {
          p += 1
        }
      }
      let lexeme = Array(reader.bytes[start..<p])
      guard !lexeme.isEmpty else { return nil }
      if reader.skip(" x", at: &p, end: end) {
        guard let count = reader.integer(at: &p, end: end) else { return nil }
        for _ in 0..<count { guard append(lexeme) else { return nil } }
      } else if reader.skip(" to ", at: &p, end: end) {
        var q = start
        guard let first = reader.integer(at: &q, end: end, isSigned: true, digits: 17),
          let last = reader.integer(at: &p, end: end, isSigned: true, digits: 17)
        else { return nil }
        var step = 1
        if reader.skip(" step ", at: &p, end: end) {
          guard let number = reader.integer(at: &p, end: end, isSigned: true, digits: 17), number != 0 else {
            return nil
          }
          step = number
        }
        for value in stride(from: first, through: last, by: step) { guard append("\(value)".utf8) else { return nil } }
      } else {
        guard append(lexeme) else { return nil }
      }
    } while reader.skip("; ", at: &p, end: end)
    guard reader.skip(">", at: &p, end: end), p == end else { return nil }
    out.append(UInt8(ascii: "]"))
    return out
  }
}
