/// Short names for the people of a log, who come again and again: as authors and in the trailers of messages.
///
///     DL = David Lord <davidism@gmail.com>
struct LogPeople {
  private var longNames: [[UInt8]] = []
  private var shortNames: [[UInt8]] = []
  /// All names of the log, and which of them have a short one.
  private var index = ByteIndex()
  private var places: [Int?] = []

  init() {}

  /// Everybody who is named more than once.
  init(of log: CommitLog, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    var counts: [Int] = []
    var index = ByteIndex()
    func add(_ name: Range<Int>) {
      let (number, isNew) = index.add(name, in: base)
      if isNew { counts.append(0) }
      // What is no name with an address only must not be taken for a short name.
      counts[number] += bytes[name].last == UInt8(ascii: ">") ? 1 : 0
    }
    for commit in log.commits {
      add(commit.author)
      for line in commit.message { if let name = LogPeople.trailer(bytes, log.lines[line]) { add(name) } }
    }
    places = Array(repeating: nil, count: counts.count)
    self.index = index
    for (number, range) in index.ranges.enumerated() where counts[number] > 1 && longNames.count < 200 {
      let name = Array(bytes[range])
      guard let short = initials(name), short.withUnsafeBufferPointer({ index.number(of: $0, in: base) }) == nil else {
        continue
      }
      places[number] = longNames.count
      longNames.append(name)
      shortNames.append(short)
    }
  }

  /// The initials, with a number where others have the same; nil for what has no letters.
  private func initials(_ name: [UInt8]) -> [UInt8]? {
    let person = name.prefix { $0 != UInt8(ascii: "<") }
    var short: [UInt8] = []
    for word in person.split(whereSeparator: { " .-_[]".utf8.contains($0) }) {
      if let first = word.first, (first | 0x20) &- 0x61 < 26, short.count < 3 { short.append(first & 0xDF) }
    }
    guard !short.isEmpty else { return nil }
    if !shortNames.contains(short) { return short }
    return (2...99).lazy.map { short + Array("\($0)".utf8) }.first { !shortNames.contains($0) }
  }

  // MARK: The list above

  func write(to out: inout ByteWriter) {
    for (short, long) in zip(shortNames, longNames) {
      out.append(short)
      out.append(" = ")
      out.append(long)
      out.append(UInt8(ascii: "\n"))
    }
  }

  mutating func read(_ line: [UInt8]) -> Bool {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, words[1].elementsEqual([UInt8(ascii: "=")]) else { return false }
    shortNames.append(Array(words[0]))
    longNames.append(Array(words[2]))
    return true
  }

  // MARK: Names

  func short(_ name: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard let base = bytes.baseAddress,
      let number = index.number(of: UnsafeBufferPointer(rebasing: bytes[name]), in: base), let place = places[number]
    else { return Array(bytes[name]) }
    return shortNames[place]
  }

  func long(_ name: [UInt8]) -> [UInt8] { shortNames.firstIndex(of: name).map { longNames[$0] } ?? name }

  // MARK: Messages

  /// A line of a message: indented by one, and trailers with the short name.
  func write(message line: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, to out: inout ByteWriter) {
    if line.isEmpty {
      // One that has lost its indentation on the way.
      out.append(UInt8(ascii: " "))
    } else if line.count > 4 {
      out.append(UInt8(ascii: " "))
      let text = line.lowerBound + 4..<line.upperBound
      if let name = LogPeople.trailer(bytes, line) {
        out.append(UnsafeBufferPointer(rebasing: bytes[text.lowerBound..<name.lowerBound]))
        out.append(short(name, bytes))
      } else {
        out.append(UnsafeBufferPointer(rebasing: bytes[text]))
      }
    }
    out.append(UInt8(ascii: "\n"))
  }

  /// The line of the message again, with its newline.
  func message(_ line: [UInt8]) -> [UInt8] {
    if line == [UInt8(ascii: " ")] { return [UInt8(ascii: "\n")] }
    var out = Array("   ".utf8)
    if line.isEmpty { out.append(UInt8(ascii: " ")) }
    if let colon = LogPeople.trailerStart(line), let index = shortNames.firstIndex(of: Array(line[colon...])) {
      out += line[..<colon] + longNames[index]
    } else {
      out += line
    }
    return out + [UInt8(ascii: "\n")]
  }

  /// The person in `Signed-off-by: Name <mail>`.
  private static func trailer(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    guard line.count > 8, line.count < 200, bytes[line.lowerBound + 4] &- 0x41 < 26,
      let start = trailerStart(Array(bytes[line.lowerBound + 3..<line.upperBound]))
    else { return nil }
    return line.lowerBound + 3 + start..<line.upperBound
  }

  /// Where the person stands in ` Signed-off-by: Name`.
  private static func trailerStart(_ line: [UInt8]) -> Int? {
    guard line.first == UInt8(ascii: " "), let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 4, colon < 40,
      line[..<colon].suffix(3).elementsEqual("-by".utf8), colon + 2 < line.count,
      line[colon + 1] == UInt8(ascii: " "), !line[1..<colon].contains(UInt8(ascii: " "))
    else { return nil }
    return colon + 2
  }
}
