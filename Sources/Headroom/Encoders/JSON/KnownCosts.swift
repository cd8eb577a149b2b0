/// Parts of a text whose tokens are known from when they were written, so that counting the whole passes over them.
///
/// A part is a run of whole lines. Its count can be added to those of its neighbours where no token reaches across its ends; see
/// ``TokenCounter``. Where one might, the part is counted again.
struct KnownCosts {
  private var parts: [(lines: Range<Int>, tokens: Int)] = []

  /// Adds a part, which is behind those added before. It includes its last line end.
  mutating func add(_ lines: Range<Int>, tokens: Int) {
    if !lines.isEmpty { parts.append((lines, tokens)) }
  }

  /// The same parts in a text that has so many bytes more before them.
  func moved(by distance: Int) -> KnownCosts {
    var result = self
    for index in parts.indices {
      let lines = parts[index].lines
      result.parts[index].lines = lines.lowerBound + distance..<lines.upperBound + distance
    }
    return result
  }

  /// The tokens of `text`, whose last line end may have been dropped.
  func count(_ text: [UInt8], _ counter: TokenCounter) -> Int {
    text.withUnsafeBufferPointer { text in
      var total = 0
      var counted = 0
      for (lines, tokens) in parts where lines.lowerBound >= counted {
        guard isCut(text, lines.lowerBound) else { continue }
        if lines.upperBound <= text.count {
          guard isCut(text, lines.upperBound) else { continue }
          total += counter.count(UnsafeBufferPointer(rebasing: text[counted..<lines.lowerBound])) + tokens
          counted = lines.upperBound
        } else if let last = lastLine(text, in: lines) {
          // What the dropped line end saves, its line shows.
          let line = UnsafeBufferPointer(rebasing: text[last...])
          let saved = counter.count(Array(line) + [UInt8(ascii: "\n")]) - counter.count(line)
          total += counter.count(UnsafeBufferPointer(rebasing: text[counted..<lines.lowerBound])) + tokens - saved
          counted = text.count
        }
      }
      return total + counter.count(UnsafeBufferPointer(rebasing: text[counted...]))
    }
  }

  /// Whether counts add up where a line starts at `place`: when it is neither blank nor begins with white space or a slash.
  private func isCut(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    guard place < text.count else { return true }
    return text[place] > 0x20 && text[place] < 0x80 && text[place] != UInt8(ascii: "/")
  }

  /// Where the last line of a part starts that lost its line end; nil when counts do not add up there.
  private func lastLine(_ text: UnsafeBufferPointer<UInt8>, in lines: Range<Int>) -> Int? {
    let previous = text[lines.lowerBound..<text.count].lastIndex(of: UInt8(ascii: "\n"))
    let start = previous.map { $0 + 1 } ?? lines.lowerBound
    return start < text.count && isCut(text, start) ? start : nil
  }
}
