/// Reads what ``OutlineWriter`` writes back into minified JSON. Anything that does not fit the grammar ends in false.
struct OutlineReader {
  /// The values of labels, as parts of the JSON written so far.
  private var labels: [Int: Range<Int>] = [:]
  /// Bytes written so far for references: a short text must not become an endless one.
  private var expanded = 0

  private static let deepest = 64
  private static let mostExpanded = 64 << 20

  /// Appends the members or elements at `depth`, to the last line that is there.
  mutating func read(_ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    guard depth < OutlineReader.deepest, let first = reader.peek(depth: depth), !first.isEmpty else { return false }
    if reader.bytes[first.lowerBound] == UInt8(ascii: "-") { return readList(&reader, depth: depth, into: &out) }
    return readObject(&reader, depth: depth, into: &out)
  }

  private mutating func readList(_ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    out.append(UInt8(ascii: "["))
    let start = out.count
    while let line = reader.peek(depth: depth), !line.isEmpty, reader.bytes[line.lowerBound] == UInt8(ascii: "-") {
      _ = reader.next(depth: depth)
      if out.count > start { out.append(UInt8(ascii: ",")) }
      guard readValue(&reader, line.lowerBound + 1..<line.upperBound, depth: depth, into: &out) else { return false }
    }
    out.append(UInt8(ascii: "]"))
    return true
  }

  private mutating func readObject(_ reader: inout LineReader, depth: Int, into out: inout ByteWriter) -> Bool {
    out.append(UInt8(ascii: "{"))
    let start = out.count
    while let line = reader.peek(depth: depth), !line.isEmpty, reader.bytes[line.lowerBound] != UInt8(ascii: " "),
      reader.bytes[line.lowerBound] != UInt8(ascii: "-")
    {
      _ = reader.next(depth: depth)
      var p = line.lowerBound
      if out.count > start { out.append(UInt8(ascii: ",")) }
      var depthOfChain = 0
      while true {
        guard Name.readKey(reader.bytes, at: &p, end: line.upperBound, into: &out) else { return false }
        out.append(UInt8(ascii: ":"))
        guard reader.skip(".", at: &p, end: line.upperBound) else { break }
        out.append(UInt8(ascii: "{"))
        depthOfChain += 1
      }
      guard reader.skip(":", at: &p, end: line.upperBound),
        readValue(&reader, p..<line.upperBound, depth: depth, into: &out)
      else { return false }
      out.append(repeating: UInt8(ascii: "}"), count: depthOfChain)
    }
    out.append(UInt8(ascii: "}"))
    return out.count > start + 1
  }

  /// Appends the value whose line goes on at `rest`, behind the colon or dash.
  private mutating func readValue(
    _ reader: inout LineReader, _ rest: Range<Int>, depth: Int, into out: inout ByteWriter
  ) -> Bool {
    var p = rest.lowerBound
    let end = rest.upperBound
    if reader.skip(" *", at: &p, end: end) {
      guard let label = reader.integer(at: &p, end: end), p == end, let value = labels[label] else { return false }
      expanded += value.count
      guard expanded <= OutlineReader.mostExpanded else { return false }
      out.append(again: value)
      return true
    }
    guard reader.skip(" &", at: &p, end: end) else { return readUnlabelled(&reader, p..<end, depth: depth, into: &out) }
    let start = out.count
    guard let label = reader.integer(at: &p, end: end), labels[label] == nil,
      readUnlabelled(&reader, p..<end, depth: depth, into: &out)
    else { return false }
    labels[label] = start..<out.count
    return true
  }

  private mutating func readUnlabelled(
    _ reader: inout LineReader, _ rest: Range<Int>, depth: Int, into out: inout ByteWriter
  ) -> Bool {
    var p = rest.lowerBound
    let end = rest.upperBound
    if p == end { return read(&reader, depth: depth + 1, into: &out) }
    guard reader.skip(" ", at: &p, end: end) else { return false }
    if reader.skip("[table]", at: &p, end: end) || reader.skip("[map]", at: &p, end: end) {
      return p == end && TableReader.read(&reader, depth: depth, into: &out)
    }
    if reader.skip("<list ", at: &p, end: end) { return OutlineReader.readSequence(reader, p - 6..<end, into: &out) }
    if reader.skip("<json ", at: &p, end: end) {
      var json = ByteWriter()
      guard let header = JSONNotation.Header(reader.bytes, p - 6..<end, isNested: true),
        JSONNotation.decodeNested(header, &reader, depth: depth + 1, into: &json)
      else { return false }
      JSONString.quote(json.view, into: &out)
      return true
    }
    guard let cell = reader.cell(at: &p, end: end, delimiter: UInt8(ascii: "\n")) else { return false }
    if cell.kind == .literal {
      guard let lines = reader.lines(cell.start, depth: depth + 1) else { return false }
      reader.append(lines: lines, depth: depth + 1, to: &out)
      return true
    }
    return reader.append(cell, to: &out)
  }

  /// Appends `<list 1 to 100; 5 x40; 7>` as an array.
  static func readSequence(_ reader: LineReader, _ range: Range<Int>, into out: inout ByteWriter) -> Bool {
    var p = range.lowerBound
    let end = range.upperBound
    guard reader.skip("<list ", at: &p, end: end) else { return false }
    out.append(UInt8(ascii: "["))
    let limit = out.count + mostExpanded
    repeat {
      let start = p
      if p < end, reader.bytes[p] == UInt8(ascii: "\"") {
        guard let stop = JSONString.end(reader.bytes, at: p, end: end) else { return false }
        p = stop
      } else {
        while p < end, reader.bytes[p] != UInt8(ascii: ";"), reader.bytes[p] != UInt8(ascii: " "),
          reader.bytes[p] != UInt8(ascii: ">")
        {
          p += 1
        }
      }
      let lexeme = start..<p
      guard !lexeme.isEmpty else { return false }
      var count = 1
      if reader.skip(" x", at: &p, end: end) {
        guard let number = reader.integer(at: &p, end: end) else { return false }
        count = number
      } else if reader.skip(" to ", at: &p, end: end) {
        guard readRun(reader, from: start, &p, end, limit: limit, into: &out) else { return false }
        count = 0
      }
      for _ in 0..<count {
        reader.bytes.withUnsafeBufferPointer { out.append(UnsafeBufferPointer(rebasing: $0[lexeme])) }
        out.append(UInt8(ascii: ","))
        guard out.count <= limit else { return false }
      }
    } while reader.skip("; ", at: &p, end: end)
    guard reader.skip(">", at: &p, end: end), p == end else { return false }
    if out[out.count - 1] == UInt8(ascii: ",") {
      out[out.count - 1] = UInt8(ascii: "]")
    } else {
      out.append(UInt8(ascii: "]"))
    }
    return true
  }

  /// Appends the numbers of a run whose first stands at `start` and whose last stands at `p`, each with a comma behind it.
  private static func readRun(
    _ reader: LineReader, from start: Int, _ p: inout Int, _ end: Int, limit: Int, into out: inout ByteWriter
  ) -> Bool {
    var q = start
    guard let first = reader.integer(at: &q, end: end, isSigned: true, digits: 17),
      let last = reader.integer(at: &p, end: end, isSigned: true, digits: 17)
    else { return false }
    var step = 1
    if reader.skip(" step ", at: &p, end: end) {
      guard let number = reader.integer(at: &p, end: end, isSigned: true, digits: 17), number != 0 else { return false }
      step = number
    }
    for value in stride(from: first, through: last, by: step) {
      out.append(decimal: value)
      out.append(UInt8(ascii: ","))
      guard out.count <= limit else { return false }
    }
    return true
  }
}
