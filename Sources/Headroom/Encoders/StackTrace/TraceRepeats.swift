import CHeadroom

/// Blocks of lines that stood above already, as `[lines 1-4 again]`: line numbers count from the first line of the frame's text.
struct TraceRepeats {
  private let lines: TextLines
  /// Blocks, and where each stood first.
  private(set) var repeats: [(lines: Range<Int>, source: Int)] = []

  /// A block must have so many lines and bytes.
  private static let fewestLines = 3
  private static let fewestBytes = 60
  /// The most bytes a frame may stand for.
  private static let mostBytes = 1 << 28

  init(_ lines: TextLines) {
    self.lines = lines
    lines.text.withUnsafeBufferPointer { text in
      if let base = text.baseAddress { find(base) }
    }
  }

  private mutating func find(_ base: UnsafePointer<UInt8>) {
    let count = lines.count
    guard count >= 2 * TraceRepeats.fewestLines else { return }
    let hashes = (0..<count).map { line in
      let range = lines[line]
      return ByteHash.hash(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
    /// The last place of each three lines.
    var index = HashIndex(capacity: count)
    var places: [Int] = []
    func key(_ line: Int) -> UInt64 {
      (hashes[line] &* 0x9e37_79b9_7f4a_7c15 &+ hashes[line + 1]) &* 0x9e37_79b9_7f4a_7c15 &+ hashes[line + 2]
    }
    func isSame(_ a: Int, _ b: Int) -> Bool {
      hashes[a] == hashes[b] && lines[a].count == lines[b].count
        && headroom_equal_bytes(base + lines[a].lowerBound, base + lines[b].lowerBound, lines[a].count)
    }
    var line = 0
    while line + 2 < count {
      let (number, isNew) = index.add(key(line))
      var length = 0
      if isNew {
        places.append(line)
      } else {
        let source = places[number]
        while line + length < count, source + length < line, isSame(source + length, line + length) { length += 1 }
        let bytes = length > 0 ? lines[line + length - 1].upperBound - lines[line].lowerBound : 0
        if length >= TraceRepeats.fewestLines, bytes >= TraceRepeats.fewestBytes {
          repeats.append((line..<line + length, source))
        } else {
          length = 0
        }
      }
      line += max(length, 1)
    }
  }

  /// The lines with repeats in short; nil when there are none.
  var body: [UInt8]? {
    guard !repeats.isEmpty else { return nil }
    var out = ByteWriter(capacity: lines.range.count)
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      var next = repeats.makeIterator()
      var following = next.next()
      var line = 0
      while line < lines.count {
        if let block = following, block.lines.lowerBound == line {
          out.append("[lines ")
          out.append(decimal: block.source + 1)
          out.append("-")
          out.append(decimal: block.source + block.lines.count)
          out.append(" again]\n")
          line = block.lines.upperBound
          following = next.next()
          continue
        }
        let range = lines[line]
        let bytes = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        if bytes.starts("\\") || TraceRepeats.reference(bytes) != nil { out.append(UInt8(ascii: "\\")) }
        out.append(bytes)
        out.append(UInt8(ascii: "\n"))
        line += 1
      }
    }
    out.truncate(to: out.count - 1)
    return out.bytes
  }

  /// The lines that `[lines 1-4 again]` names, from 0.
  private static func reference(_ line: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard line.count < 40, line.starts("[lines "), line.ends(" again]") else { return nil }
    var numbers = [0, 0]
    var which = 0
    for byte in line[7..<line.count - 7] {
      if byte == UInt8(ascii: "-"), which == 0 {
        which = 1
      } else if LogStamp.isDigit(byte), numbers[which] < 100_000_000 {
        numbers[which] = numbers[which] * 10 + Int(byte - 0x30)
      } else {
        return nil
      }
    }
    guard which == 1, numbers[0] > 0, numbers[1] >= numbers[0] else { return nil }
    return numbers[0] - 1..<numbers[1]
  }

  /// The lines that a body stands for; nil when it names lines that are not above.
  static func decode(_ body: TextLines) -> [UInt8]? {
    var out = ByteWriter(capacity: body.text.count * 2)
    /// Where each line written starts.
    var starts: [Int] = []
    let isRead = body.text.withUnsafeBufferPointer { text -> Bool in
      guard let base = text.baseAddress else { return false }
      for line in 0..<body.count {
        let range = body[line]
        var bytes = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        if let source = reference(bytes) {
          guard source.upperBound <= starts.count else { return false }
          let from = starts[source.lowerBound]
          let end = source.upperBound < starts.count ? starts[source.upperBound] : out.count
          guard out.count + end - from < mostBytes, starts.count < mostBytes / 16 else { return false }
          let shift = out.count - from
          for number in source { starts.append(starts[number] + shift) }
          out.append(again: from..<end)
          continue
        }
        if bytes.starts("\\") { bytes = UnsafeBufferPointer(rebasing: bytes[1...]) }
        starts.append(out.count)
        out.append(bytes)
        out.append(UInt8(ascii: "\n"))
      }
      return true
    }
    guard isRead, out.count > 0 else { return nil }
    out.truncate(to: out.count - 1)
    return out.bytes
  }
}
