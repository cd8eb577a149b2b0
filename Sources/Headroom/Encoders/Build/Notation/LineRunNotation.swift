/// Writes and reads the lines of ``LineRun``.
enum LineRunNotation {
  /// Behind the number of lines.
  private static let times = Array("× ".utf8)
  private static let ellipsis = Array("…".utf8)
  /// Items longer than this on average stand on lines of their own.
  private static let mostInline = 40
  /// A run may stand inside one that has its items on lines of their own, and that in another.
  private static let deepest = 2

  /// Whether a line looks like the head of a run.
  static func isHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool { head(line) != nil }

  private static func head(_ line: UnsafeBufferPointer<UInt8>) -> (count: Int, end: Int)? {
    guard let number = LineRun.number(line, at: 0, end: line.count), line.count >= number.end + times.count else {
      return nil
    }
    for (i, byte) in times.enumerated() where line[number.end + i] != byte { return nil }
    return (number.value, number.end + times.count)
  }

  // MARK: Writing

  /// Writes a run, with a newline at the end; false when its lines cannot be said so.
  static func write(
    _ run: LineRun, _ bytes: UnsafeBufferPointer<UInt8>, _ lines: [Range<Int>], depth: Int, to out: inout ByteWriter
  ) -> Bool {
    guard run.gain > 0 else { return false }
    let head = lines[run.lines.lowerBound]
    var items: [Range<Int>] = []
    items.reserveCapacity(run.lines.count)
    for (i, number) in run.lines.enumerated() {
      let line = lines[number]
      var start = line.lowerBound + run.prefix
      if let counter = run.counter {
        guard let value = LineRun.number(bytes, at: start, end: line.upperBound), value.value == counter.first + i
        else { return false }
        start = value.end + counter.prefix
      }
      items.append(start..<line.upperBound - run.suffix)
    }
    let length = items.reduce(0) { $0 + $1.count }
    let prefix = head.lowerBound..<head.lowerBound + run.prefix
    let suffix = head.upperBound - run.suffix..<head.upperBound
    func has(_ range: Range<Int>, _ byte: UInt8) -> Bool { bytes[range].contains(byte) }
    func hasBrace(_ range: Range<Int>) -> Bool {
      has(range, UInt8(ascii: "{")) || has(range, UInt8(ascii: "}"))
    }
    if hasBrace(prefix) || hasBrace(suffix) || has(prefix, ellipsis[0]) || has(suffix, ellipsis[0]) { return false }
    let isInline = length <= mostInline * items.count && !items.contains { hasBrace($0) || !isBalanced(bytes[$0]) }
    guard isInline || run.counter == nil else { return false }
    let start = out.count
    out.append(decimal: run.lines.count)
    out.append(times)
    out.append(UnsafeBufferPointer(rebasing: bytes[prefix]))
    if let counter = run.counter {
      // What stands between the count and the item.
      let middle = items[0].lowerBound - counter.prefix..<items[0].lowerBound
      guard !hasBrace(middle), !has(middle, ellipsis[0]) else {
        out.truncate(to: start)
        return false
      }
      out.append("{")
      out.append(decimal: counter.first)
      out.append("..")
      out.append(decimal: counter.first + run.lines.count - 1)
      out.append("}")
      out.append(UnsafeBufferPointer(rebasing: bytes[middle]))
    }
    if length > 0 {
      if isInline {
        guard list(items, bytes, to: &out) else {
          out.truncate(to: start)
          return false
        }
      } else {
        out.append(ellipsis)
      }
    }
    out.append(UnsafeBufferPointer(rebasing: bytes[suffix]))
    out.append(UInt8(ascii: "\n"))
    if length > 0, !isInline {
      if items.contains(where: { isHead(UnsafeBufferPointer(rebasing: bytes[$0])) }) {
        out.truncate(to: start)
        return false
      }
      writeAll(items, bytes, depth: depth + 1, isApart: { _ in false }, to: &out)
    }
    return true
  }

  /// Writes lines, none of which looks like a head, with their runs said once. Returns the number of runs.
  @discardableResult
  static func writeAll(
    _ lines: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>, depth: Int, isApart: (Int) -> Bool,
    to out: inout ByteWriter
  ) -> Int {
    var runs = 0
    var line = 0
    while line < lines.count {
      if depth <= deepest, let run = LineRun.find(at: line, in: bytes, lines, isLiteral: isApart),
        write(run, bytes, lines, depth: depth, to: &out)
      {
        line = run.lines.upperBound
        runs += 1
      } else {
        out.append(UnsafeBufferPointer(rebasing: bytes[lines[line]]))
        out.append(UInt8(ascii: "\n"))
        line += 1
      }
    }
    return runs
  }

  /// Writes the head of lines that begin alike and stand below it; false when it cannot be said so.
  static func writeHead(_ count: Int, _ prefix: UnsafeBufferPointer<UInt8>, to out: inout ByteWriter) -> Bool {
    guard !prefix.contains(where: { $0 == UInt8(ascii: "{") || $0 == ellipsis[0] }) else { return false }
    out.append(decimal: count)
    out.append(times)
    out.append(prefix)
    out.append(ellipsis)
    out.append(UInt8(ascii: "\n"))
    return true
  }

  /// Whether no bracket is open at the end, or closed that was not open: what is cut out of brackets reads badly in a list.
  private static func isBalanced(_ item: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var depth = 0
    for byte in item {
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") {
        depth -= 1
        if depth < 0 { return false }
      }
    }
    return depth == 0
  }

  /// `{a, b}`, or `{a, b}.o -c {}.c` when what varies repeats in each item.
  private static func list(_ items: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>, to out: inout ByteWriter) -> Bool
  {
    var names = items
    var frame: [UInt8] = []
    for (i, item) in items.enumerated() {
      guard let (name, rest) = repeated(UnsafeBufferPointer(rebasing: bytes[item])), i == 0 || rest == frame else {
        names = items
        frame = []
        break
      }
      frame = rest
      names[i] = item.lowerBound..<item.lowerBound + name
    }
    guard let separator = separator(names, bytes) else { return false }
    out.append("{")
    var i = 0
    while i < names.count {
      if i > 0 { out.append(separator) }
      // Numbers that count up by one.
      var n = 1
      if let first = wholeNumber(bytes, names[i]) {
        while i + n < names.count, wholeNumber(bytes, names[i + n]) == first + n { n += 1 }
        if n > 2 {
          out.append(decimal: first)
          out.append("..")
          out.append(decimal: first + n - 1)
          i += n
          continue
        }
      }
      out.append(UnsafeBufferPointer(rebasing: bytes[names[i]]))
      i += 1
    }
    out.append("}")
    out.append(frame)
    return true
  }

  /// The length of the word that an item begins with, and the rest with `{}` in place of that word, if it has it again.
  private static func repeated(_ item: UnsafeBufferPointer<UInt8>) -> (Int, [UInt8])? {
    var name = 0
    while name < item.count, PieceSequence.isWord(item[name]), item[name] != UInt8(ascii: ".") { name += 1 }
    guard name > 0, name < item.count else { return nil }
    let word = UnsafeBufferPointer(rebasing: item[..<name])
    var rest: [UInt8] = []
    var isRepeated = false
    var i = name
    while i < item.count {
      let isStart = !PieceSequence.isWord(item[i - 1])
      let end = i + name
      if isStart, item.has(word, at: i), end == item.count || !PieceSequence.isWord(item[end]) || item[end] == 0x2e {
        rest += [UInt8(ascii: "{"), UInt8(ascii: "}")]
        isRepeated = true
        i = end
      } else {
        rest.append(item[i])
        i += 1
      }
    }
    return isRepeated ? (name, rest) : nil
  }

  private static let comma = Array(", ".utf8)
  private static let bar = Array(" | ".utf8)

  /// What none of the items has in it. Nil when there is nothing, or an item would read as a count.
  private static func separator(_ items: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var hasComma = false
    for item in items {
      let text = UnsafeBufferPointer(rebasing: bytes[item])
      if bar.withUnsafeBufferPointer({ text.contains($0) }) || count(text) != nil { return nil }
      hasComma = hasComma || comma.withUnsafeBufferPointer { text.contains($0) }
      // The end of an item and a separator could make another separator.
      if text.first == 0x20 || text.last == 0x20 || text.last == UInt8(ascii: ",") || text.first == UInt8(ascii: "|")
        || text.last == UInt8(ascii: "|")
      {
        return nil
      }
    }
    return hasComma ? bar : comma
  }

  private static func wholeNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard let number = LineRun.number(bytes, at: range.lowerBound, end: range.upperBound),
      number.end == range.upperBound
    else { return nil }
    return number.value
  }

  /// Reads `1..12`.
  private static func count(_ text: UnsafeBufferPointer<UInt8>) -> ClosedRange<Int>? {
    guard let low = LineRun.number(text, at: 0, end: text.count), text.count > low.end + 2,
      text[low.end] == 0x2e, text[low.end + 1] == 0x2e,
      let high = LineRun.number(text, at: low.end + 2, end: text.count), high.end == text.count, high.value > low.value
    else { return nil }
    return low.value...high.value
  }

  // MARK: Reading

  /// Appends the lines, each with a newline, that the run at line `position` of `lines` stands for, and moves behind it. Nil when it is
  /// damaged or says more than `most` bytes.
  static func read(
    _ lines: TextLines, at position: inout Int, most: Int, depth: Int = 0, to out: inout [UInt8]
  ) -> Bool {
    lines.text.withUnsafeBufferPointer { text -> Bool in
      let line = UnsafeBufferPointer(rebasing: text[lines[position]])
      guard let (count, start) = head(line), count > 1 else { return false }
      position += 1
      let body = line[start...]
      guard let open = body.firstIndex(of: UInt8(ascii: "{")) else {
        return readBlock(Array(body), count, lines, &position, most, depth, &out)
      }
      var pieces: [Piece] = [.text(start..<open)]
      var i = open
      while i < line.count {
        guard line[i] == UInt8(ascii: "{") else {
          let end = line[i...].firstIndex(of: UInt8(ascii: "{")) ?? line.count
          pieces.append(.text(i..<end))
          i = end
          continue
        }
        guard let close = line[i...].firstIndex(of: UInt8(ascii: "}")) else { return false }
        let inside = UnsafeBufferPointer(rebasing: line[i + 1..<close])
        if inside.isEmpty {
          pieces.append(.again)
        } else if let range = self.count(inside), range.count == count {
          pieces.append(.count(range.lowerBound))
        } else {
          guard let items = items(inside, count) else { return false }
          pieces.append(.items(items))
        }
        i = close + 1
      }
      // Also without its items the run must not be longer than is allowed.
      let fixed = pieces.reduce(1) { if case .text(let range) = $1 { $0 + range.count } else { $0 } }
      guard count <= most / fixed else { return false }
      var last: [UInt8] = []
      for n in 0..<count {
        for piece in pieces {
          switch piece {
          case .text(let range): out += line[range]
          case .count(let first): out += "\(first + n)".utf8
          case .items(let items):
            last = items[n]
            out += last
          case .again: out += last
          }
        }
        out.append(UInt8(ascii: "\n"))
        if out.count > most { return false }
      }
      return true
    }
  }

  private enum Piece {
    case text(Range<Int>)
    case count(Int)
    case items([[UInt8]])
    case again
  }

  private static func items(_ inside: UnsafeBufferPointer<UInt8>, _ count: Int) -> [[UInt8]]? {
    let separator = bar.withUnsafeBufferPointer { inside.contains($0) } ? bar : comma
    var items: [[UInt8]] = []
    var start = 0
    var i = 0
    func take(_ end: Int) -> Bool {
      let item = UnsafeBufferPointer(rebasing: inside[start..<end])
      if let range = self.count(item) {
        guard items.count + range.count <= count else { return false }
        for number in range { items.append(Array("\(number)".utf8)) }
      } else {
        items.append(Array(item))
      }
      return items.count <= count
    }
    while i < inside.count {
      if separator.withUnsafeBufferPointer({ inside.has($0, at: i) }) {
        guard take(i) else { return nil }
        i += separator.count
        start = i
      } else {
        i += 1
      }
    }
    guard take(inside.count), items.count == count else { return nil }
    return items
  }

  private static func readBlock(
    _ body: [UInt8], _ count: Int, _ lines: TextLines, _ position: inout Int, _ most: Int, _ depth: Int,
    _ out: inout [UInt8]
  ) -> Bool {
    guard
      let place = body.indices.first(where: { body[$0] == ellipsis[0] && body[$0...].starts(with: ellipsis) })
    else {
      guard count <= most / (body.count + 1) else { return false }
      for _ in 0..<count {
        out += body
        out.append(UInt8(ascii: "\n"))
      }
      return out.count <= most
    }
    var missing = count
    while missing > 0 {
      guard position < lines.count else { return false }
      var items: [UInt8] = []
      let isRun = lines.text.withUnsafeBufferPointer { isHead(UnsafeBufferPointer(rebasing: $0[lines[position]])) }
      if isRun, depth < deepest {
        guard read(lines, at: &position, most: most, depth: depth + 1, to: &items) else { return false }
      } else {
        items = Array(lines.text[lines[position]])
        items.append(UInt8(ascii: "\n"))
        position += 1
      }
      let parts = TextLines(items)
      guard parts.count <= missing else { return false }
      missing -= parts.count
      for i in 0..<parts.count {
        out += body[..<place]
        out += items[parts[i]]
        out += body[(place + ellipsis.count)...]
        out.append(UInt8(ascii: "\n"))
      }
      if out.count > most { return false }
    }
    return true
  }
}
