/// Groups findings that differ in names and numbers only.
struct FindingGroups {
  /// Whether only the very same lines are a group.
  var isExact = false
  private var keys: [UInt8] = []
  private var index = ByteIndex()
  /// The first line of each group.
  private var examples: [Int] = []

  init(isExact: Bool = false) { self.isExact = isExact }

  /// The first line of the group that the finding at `line` belongs to; nil when it is that line.
  mutating func example(of line: Int, _ lines: TextLines, _ facts: [BuildFacts.Line]) -> Int? {
    let start = keys.count
    let range = lines[line]
    lines.text.withUnsafeBufferPointer { text in
      let own = UnsafeBufferPointer(rebasing: text[(range.lowerBound + Int(facts[line].start))..<range.upperBound])
      if isExact { keys += own } else { FindingGroups.writeKey(own, to: &keys) }
    }
    let key = start..<keys.count
    let (number, isNew) = keys.withUnsafeBufferPointer { index.add(key, in: $0.baseAddress!) }
    if isNew {
      examples.append(line)
      return nil
    }
    keys.removeLast(keys.count - start)
    return examples[number]
  }

  private static let mostKey = 512

  /// The message with names between quotes and numbers left out.
  private static func writeKey(_ line: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    var start = Diagnostic(line, isGo: true)?.message.lowerBound ?? 0
    if start == 0, line[0] &- 0x30 < 10 {
      // `12:5  warning  message  rule`
      while start < line.count, line[start] != 0x20 { start += 1 }
    }
    var i = start
    let end = min(line.count, start + mostKey)
    key.append(UInt8(ascii: ":"))
    while i < end {
      let byte = line[i]
      if byte == UInt8(ascii: "`") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        key.append(byte)
        var close = i + 1
        while close < end, line[close] != byte { close += 1 }
        // An apostrophe closes nothing.
        i = close < end && (i == start || !PieceSequence.isWord(line[i - 1])) ? close : i
        i += 1
      } else if byte == 0xe2, i + 2 < end, line[i + 1] == 0x80, line[i + 2] == 0x98 || line[i + 2] == 0x9c {
        // ‘ and “ up to ’ and ”
        key.append(UInt8(ascii: "'"))
        var close = i + 3
        while close + 2 < end, line[close] != 0xe2 || line[close + 1] != 0x80 || line[close + 2] & 0xfb != 0x99 {
          close += 1
        }
        i = close + 3
      } else if byte &- 0x30 < 10, i == start || !PieceSequence.isWord(line[i - 1]) {
        key.append(UInt8(ascii: "0"))
        while i < end, line[i] &- 0x30 < 10 { i += 1 }
      } else {
        key.append(byte)
        i += 1
      }
    }
  }
}

/// The places of findings as text: `src/a.c:12:5 40:1, src/b.c:3:7`.
enum FindingPlaces {
  /// - Parameter path: the file named last; it is not named again.
  static func text(
    _ found: [Int], _ lines: TextLines, _ facts: [BuildFacts.Line], below path: inout ArraySlice<UInt8>
  ) -> String {
    var out = ""
    // Lines that follow each other: `12-15`.
    var last: (first: Int, line: Int)?
    func close() {
      if let run = last, run.line > run.first { out += (run.line > run.first + 1 ? "-" : " ") + "\(run.line)" }
      last = nil
    }
    for line in found {
      guard let (file, place) = place(line, lines, facts) else {
        continue
      }
      let position = String(decoding: lines.text[place], as: UTF8.self)
      if file.map({ lines.text[$0].elementsEqual(path) }) ?? true, let run = last, position == "\(run.line + 1)" {
        last = (run.first, run.line + 1)
        continue
      }
      close()
      last = Int(position).map { ($0, $0) }
      if let file, !lines.text[file].elementsEqual(path) {
        path = lines.text[file]
        out += (out.isEmpty ? "" : ", ") + String(decoding: path, as: UTF8.self) + ":" + position
      } else {
        out += (out.isEmpty ? "" : " ") + position
      }
    }
    close()
    return out
  }

  /// Whether the place of a finding is known, so that it can be named.
  static func hasPlace(_ line: Int, _ lines: TextLines, _ facts: [BuildFacts.Line]) -> Bool {
    place(line, lines, facts) != nil
  }

  /// Whether the line itself begins with the place.
  static func hasOwnPlace(_ line: Int, _ lines: TextLines, _ facts: [BuildFacts.Line]) -> Bool {
    lines.text.withUnsafeBufferPointer { text in
      let start = lines[line].lowerBound + Int(facts[line].start)
      return Diagnostic(UnsafeBufferPointer(rebasing: text[start..<lines[line].upperBound]), isGo: true) != nil
    }
  }

  /// The file, where the finding names it, and the place in it.
  private static func place(_ line: Int, _ lines: TextLines, _ facts: [BuildFacts.Line]) -> (Range<Int>?, Range<Int>)? {
    lines.text.withUnsafeBufferPointer { text in
      let start = lines[line].lowerBound + Int(facts[line].start)
      let own = UnsafeBufferPointer(rebasing: text[start..<lines[line].upperBound])
      if let diagnostic = Diagnostic(own, isGo: true) {
        return (shift(diagnostic.path, start), shift(diagnostic.place, start))
      }
      if own[0] &- 0x30 < 10 {
        // `12:5  warning  message  rule`: the file stands above.
        let end = own.firstIndex(of: 0x20) ?? own.count
        return (nil, start..<start + end)
      }
      // `--> src/a.rs:12:5`, `Location: src/a.py:12:5`, `-->` below the message.
      for next in line + 1..<min(line + 5, lines.count) where facts[next].kind == .detail {
        let start = lines[next].lowerBound + Int(facts[next].start)
        let below = UnsafeBufferPointer(rebasing: text[start..<lines[next].upperBound])
        let skipped = below.starts("--> ") ? 4 : below.starts("Location: ") ? 10 : 0
        guard skipped > 0 else { continue }
        var colon = below.count
        var found = 0
        // The last two numbers.
        var i = below.count - 1
        while i > skipped, below[i] &- 0x30 < 10 || below[i] == UInt8(ascii: ":") {
          if below[i] == UInt8(ascii: ":") {
            colon = i
            found += 1
            if found == 2 { break }
          }
          i -= 1
        }
        guard found > 0 else { return nil }
        return (start + skipped..<start + colon, start + colon + 1..<start + below.count)
      }
      return nil
    }
  }

  private static func shift(_ range: Range<Int>, _ by: Int) -> Range<Int> {
    range.lowerBound + by..<range.upperBound + by
  }
}

/// Words by which a line tells of an error.
enum ErrorWords {
  private static let words: [StaticString] = [
    "error", "Error", "ERROR", "FAIL", "fail", "Fail", "fatal", "Fatal", "FATAL", "panic", "xception",
    "undefined reference",
    "cannot find", "No such file", "not found", "denied", "exit status", "exit code", "Killed", "abort", "Abort",
  ]
  private static let firstBytes: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for word in words { table[Int(word.utf8Start[0])] = true }
    return table
  }()

  static func isIn(_ lines: TextLines, _ line: Int) -> Bool {
    lines.text.withUnsafeBufferPointer { text in
      let line = UnsafeBufferPointer(rebasing: text[lines[line].prefix(2_048)])
      for i in line.indices where firstBytes[Int(line[i])] {
        let rest = UnsafeBufferPointer(rebasing: line[i...])
        if words.contains(where: { rest.starts($0) }) { return true }
      }
      return false
    }
  }
}
