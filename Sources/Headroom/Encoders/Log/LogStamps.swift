/// The stamps of all lines, and which part of them a heading above the lines may say.
struct LogStamps {
  /// The part that costs least when it stands in headings; nil when none pays.
  private(set) var part: LogStamp.Part?
  /// For each line, the bytes that the heading says; empty where it says none. Empty when there are no headings.
  private(set) var heads: [(start: UInt32, length: UInt32)] = []
  /// How many lines have a stamp.
  private(set) var count = 0

  @inline(__always)
  func head(of line: Int) -> Range<Int> {
    let head = heads[line]
    return Int(head.start)..<Int(head.start + head.length)
  }

  init(_ lines: TextLines, _ base: UnsafePointer<UInt8>) {
    var stamps: [LogStamp?] = []
    stamps.reserveCapacity(lines.count)
    let parts = LogStamp.Part.allCases
    var changes = [0, 0, 0, 0]
    var last: LogStamp?
    for line in 0..<lines.count {
      // Where the first lines have none, there are none.
      if line == 64, count == 0 { return }
      let stamp = LogStamp(base, lines[line])
      stamps.append(stamp)
      guard let stamp else { continue }
      count += 1
      defer { last = stamp }
      guard let last else {
        changes = [1, 1, 1, 1]
        continue
      }
      for part in parts where LogStamps.differ(base, stamp.start..<stamp.end(of: part), last.start..<last.end(of: part))
      {
        // What changes a part changes all behind it.
        for later in part.rawValue..<4 { changes[later] += 1 }
        break
      }
    }
    guard count >= 3, let last else { return }
    func tokens(_ part: Range<Int>) -> Int {
      TokenGuess.count(UnsafeBufferPointer(start: base + part.lowerBound, count: part.count))
    }
    var least = count * tokens(last.start..<last.secondEnd)
    for candidate in parts where last.end(of: candidate) > last.start {
      let end = last.end(of: candidate)
      let cost = changes[candidate.rawValue] * (tokens(last.start..<end) + 3) + count * tokens(end..<last.secondEnd)
      if cost < least {
        least = cost
        part = candidate
      }
    }
    guard let part else { return }
    heads = stamps.map { stamp in
      guard let stamp else { return (0, 0) }
      return (UInt32(stamp.start), UInt32(stamp.end(of: part) - stamp.start))
    }
  }

  @inline(__always)
  private static func differ(_ base: UnsafePointer<UInt8>, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    guard a.count == b.count else { return true }
    // The end of a stamp changes most.
    for i in stride(from: a.count - 1, through: 0, by: -1) where base[a.lowerBound + i] != base[b.lowerBound + i] {
      return true
    }
    return false
  }
}

/// About how many tokens a text has, for choices between forms; what is taken is counted exactly.
enum TokenGuess {
  static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var tokens = 0
    var i = 0
    while i < bytes.count {
      let start = i
      let byte = bytes[i]
      if LogStamp.isDigit(byte) {
        while i < bytes.count, LogStamp.isDigit(bytes[i]) { i += 1 }
        tokens += (i - start + 2) / 3
      } else if isLetter(byte) {
        i += 1
        // A capital letter behind a small one starts a word.
        while i < bytes.count, isLetter(bytes[i]), bytes[i] & 0x20 != 0 || bytes[i - 1] & 0x20 == 0 { i += 1 }
        tokens += 1 + (i - start - 1) / 7
      } else if byte == UInt8(ascii: " ") {
        while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
        // One space is part of a word behind it, but not of a number.
        if i - start > 1 || i < bytes.count && LogStamp.isDigit(bytes[i]) { tokens += 1 }
      } else if byte >= 0x80 {
        while i < bytes.count, bytes[i] >= 0x80 { i += 1 }
        tokens += (i - start + 2) / 3
      } else {
        while i < bytes.count, !isLetter(bytes[i]), !LogStamp.isDigit(bytes[i]), bytes[i] != UInt8(ascii: " "),
          bytes[i] < 0x80
        {
          i += 1
        }
        // One sign is part of a word behind it.
        if i - start > 1 || i == bytes.count || !isLetter(bytes[i]) { tokens += 1 }
      }
    }
    return tokens
  }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
