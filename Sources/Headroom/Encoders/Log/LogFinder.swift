/// Finds logs: runs of lines that begin with a stamp or a level, with what belongs to them between.
struct LogFinder {
  /// Lines between two heads that nothing explains.
  private static let mostUnexplained = 3
  /// Lines of a trace or payload below a head.
  private static let mostBelow = 400

  /// Where a stamp may stand: at the start, in a bracket, or behind a word or two.
  static func isHead(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    if line.count < 8 { return false }
    if let stamp = LogStamp(base, line) {
      guard !isCell(base, stamp.secondEnd, line.upperBound) else { return false }
      let before = line.lowerBound..<stamp.start
      if before.count <= 1 { return true }
      if base[stamp.start - 1] == UInt8(ascii: "[") {
        // An access log names the client before it.
        return before.count <= 64
      }
      let isPlain = before.allSatisfy {
        TokenGuess.isLetter(base[$0]) || base[$0] == UInt8(ascii: " ") || base[$0] == UInt8(ascii: "[")
          || base[$0] == UInt8(ascii: "=") || base[$0] == UInt8(ascii: "\"") || base[$0] == UInt8(ascii: "]")
      }
      return isPlain && before.count <= 24
    }
    return hasLevel(base, line)
  }

  /// Whether a stamp that ends at `p` is a cell of a table: a comma follows it, and no thousandths of a second.
  private static func isCell(_ base: UnsafePointer<UInt8>, _ p: Int, _ end: Int) -> Bool {
    guard p < end, base[p] == UInt8(ascii: ",") else { return false }
    var q = p + 1
    while q < end, LogStamp.isDigit(base[q]) { q += 1 }
    return q - p < 4 || q < end && base[q] == UInt8(ascii: ",")
  }

  /// Whether a line starts with a level: `[INFO] `, `WARN: `, `ERROR `.
  private static func hasLevel(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    var p = line.lowerBound
    if base[p] == UInt8(ascii: "[") { p += 1 }
    let start = p
    while p < line.upperBound, p - start < 9, base[p] &- 0x41 < 26 { p += 1 }
    guard p - start >= 4, p < line.upperBound, " :]|".utf8.contains(base[p]) else { return false }
    let word = UnsafeBufferPointer(start: base + start, count: p - start)
    return LogSeverity.level(of: word) != nil
  }

  /// Whether a line goes on with what is above: it is indented, or one of a trace.
  static func isBelow(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard !line.isEmpty else { return true }
    let first = base[line.lowerBound]
    if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") || first == UInt8(ascii: "}") { return true }
    let text = UnsafeBufferPointer(start: base + line.lowerBound, count: min(line.count, 200))
    return text.starts("Caused by: ") || text.starts("Traceback (most recent") || TraceLine.isException(text)
  }

  /// The runs of lines that are logs.
  static func runs(in lines: TextLines) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      var start = -1
      var end = 0
      var heads = 0
      var below = 0
      var unexplained = 0
      var pending = 0
      var gap = 0
      func close() {
        guard start >= 0 else { return }
        let bytes = lines[end - 1].upperBound - lines[start].lowerBound
        if heads >= 3 || heads == 2 && bytes >= 400, heads + below >= unexplained * 9 { runs.append(start..<end) }
        start = -1
      }
      for line in 0..<lines.count {
        let range = lines[line]
        if isHead(base, range) {
          if start < 0 { (start, heads, below, unexplained) = (line, 0, 0, 0) }
          heads += 1
          unexplained += pending
          (pending, gap) = (0, 0)
          end = line + 1
        } else if start >= 0 {
          gap += 1
          if isBelow(base, range) {
            if !range.isEmpty { below += 1 }
            if pending == 0, !range.isEmpty { end = line + 1 }
          } else {
            pending += 1
          }
          if pending > mostUnexplained || gap > mostBelow { close(); (pending, gap) = (0, 0) }
        }
      }
      close()
    }
    return runs
  }
}
