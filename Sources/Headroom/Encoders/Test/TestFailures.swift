/// The failures that a report tells of, and which of them are the same.
struct TestFailures {
  struct Block {
    /// From its title to what follows it.
    var lines: Range<Int>
    /// The test, as its title names it.
    var name: Range<Int>
    /// The number of the first block that fails in the same way; its own when there is none before.
    var first: Int
    /// How many blocks before it fail in the same way.
    var rank: Int
  }

  private(set) var blocks: [Block] = []

  init(_ report: TestReport, _ bytes: UnsafeBufferPointer<UInt8>) {
    let lines = report.lines
    var start: Int?
    var name = 0..<0
    for i in 0..<lines.count {
      switch report.role(of: i) {
      case .failure:
        if let start { close(start..<i, name) }
        start = i
        name = report.shape(of: i)?.line.match(bytes, lines[i])?.name ?? 0..<0
        if name.isEmpty { name = lines[i] }
      case .section, .verdict, .pass, .skip, .suite, .start, .progress:
        if let open = start { close(open..<i, name) }
        start = nil
      case .other, .capture, .fail: break
      }
    }
    if let start { close(start..<lines.count, name) }
    group(report, bytes)
  }

  /// How many blocks begin before a line.
  func blocks(before line: Int) -> Int {
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].lines.lowerBound < line { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func close(_ lines: Range<Int>, _ name: Range<Int>) {
    blocks.append(Block(lines: lines, name: name, first: blocks.count, rank: 0))
  }

  /// Two failures are the same when their messages are, but for numbers and what stands between quotes, and when they were raised at
  /// the same place.
  private mutating func group(_ report: TestReport, _ bytes: UnsafeBufferPointer<UInt8>) {
    var keys: [UInt8] = []
    var index = ByteIndex(capacity: blocks.count)
    var firsts: [Int] = []
    var counts: [Int] = []
    var ranges: [Range<Int>] = []
    for block in blocks {
      let start = keys.count
      appendKey(of: block, report, bytes, to: &keys)
      ranges.append(start..<keys.count)
    }
    keys.withUnsafeBufferPointer { keys in
      guard let base = keys.baseAddress else { return }
      for b in blocks.indices where !ranges[b].isEmpty {
        let (number, isNew) = index.add(ranges[b], in: base)
        if isNew {
          firsts.append(b)
          counts.append(0)
        }
        blocks[b].first = firsts[number]
        blocks[b].rank = counts[number]
        counts[number] += 1
      }
    }
  }

  private func appendKey(
    of block: Block, _ report: TestReport, _ bytes: UnsafeBufferPointer<UInt8>, to keys: inout [UInt8]
  ) {
    let lines = report.lines
    let isMarked = report.marksMessages && block.lines.contains { isMessage(bytes, lines[$0]) }
    let start = keys.count
    var place: Range<Int>?
    for i in block.lines.dropFirst() {
      if FailureLines.isPlace(bytes, lines[i]) || FailureLines.frame(bytes, lines[i]) == .project { place = lines[i] }
      // What was printed and logged is another matter.
      if isMarked, report.role(of: i) == .capture { break }
      guard isMarked ? isMessage(bytes, lines[i]) : report.isError(i, bytes) else { continue }
      var quote: UInt8 = 0
      for p in lines[i] {
        let byte = bytes[p]
        if quote != 0 {
          if byte == quote { quote = 0 }
          continue
        }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") { quote = byte }
        if byte &- 0x30 < 10 { continue }
        keys.append(byte)
      }
      keys.append(UInt8(ascii: "\n"))
    }
    // Without a message nothing is known of what failed.
    if keys.count > start, let place { keys += bytes[place] }
  }

  private func isMessage(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    line.count > 2 && bytes[line.lowerBound] == UInt8(ascii: "E") && bytes[line.lowerBound + 1] == UInt8(ascii: " ")
  }
}
