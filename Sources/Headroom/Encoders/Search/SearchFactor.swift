/// What many lines of a search result have in common, usually what was searched for: `serverLog(LL_WARNING,`. The header says it once, and
/// `~` stands for it in the lines.
struct SearchFactor {
  let phrase: [UInt8]

  static let sign = UInt8(ascii: "~")
  static let words: StaticString = ", ~ stands for "

  init(phrase: [UInt8]) { self.phrase = phrase }

  private static let mostSampled = 192
  private static let longest = 100
  private static let mostCuts = 14

  /// The phrase at the start or end of lines that saves most; nil when none stands in an eighth of them.
  init?(_ run: SearchRun, in text: UnsafeBufferPointer<UInt8>, counter: TokenCounter) {
    guard let base = text.baseAddress else { return nil }
    var contents: [Range<Int>] = []
    var size = 0
    contents.reserveCapacity(run.records.count)
    for record in run.records where record.isLine {
      if text[record.text].contains(SearchFactor.sign) { return nil }
      contents.append(record.text)
      size += record.text.count + 8
    }
    guard contents.count >= 12 else { return nil }
    let step = (contents.count + SearchFactor.mostSampled - 1) / SearchFactor.mostSampled
    var index = ByteIndex(capacity: 4096)
    var counts: [Int] = []
    var sampled = 0
    for i in stride(from: 0, to: contents.count, by: step) {
      sampled += 1
      for part in SearchFactor.ends(of: contents[i], in: text) {
        let (number, isNew) = index.add(part, in: base)
        if isNew { counts.append(0) }
        counts[number] += 1
      }
    }
    var best: (saving: Int, phrase: [UInt8])?
    for (number, count) in counts.enumerated() where count * 8 >= sampled && count >= 4 {
      let phrase = Array(text[index.ranges[number]])
      guard !phrase.contains(UInt8(ascii: "]")) else { continue }
      let saving = count * (counter.count(phrase) - 1)
      if saving > best?.saving ?? 0 { best = (saving, phrase) }
    }
    // A sign that must be looked up is worth it only where it saves some per cent; a token is about three bytes of code.
    guard let best, best.saving * step * 3 * 25 >= size else { return nil }
    phrase = best.phrase
  }

  /// The beginnings and ends of a line that are cut between words.
  private static func ends(of line: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var start = line.lowerBound
    while start < line.upperBound, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    var end = line.upperBound
    if end > start, text[end - 1] == 0x0d { end -= 1 }
    var parts: [Range<Int>] = []
    var i = start + 1
    while i < end, parts.count < mostCuts, i - start <= longest {
      if isCut(text, i), i - start >= 3, text[i - 1] != 0x20 { parts.append(start..<i) }
      i += 1
    }
    let prefixes = parts.count
    if i == end, end - start <= longest, end - start >= 3 { parts.append(start..<end) }
    i = end - 1
    while i > start, parts.count - prefixes <= mostCuts, end - i <= longest {
      if isCut(text, i), end - i >= 3 { parts.append(i..<end) }
      i -= 1
    }
    return parts
  }

  private static func isCut(_ text: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    text[i] < 0x80 && text[i - 1] < 0x80 && !(SearchText.isWordByte(text[i]) && SearchText.isWordByte(text[i - 1]))
  }

  /// Where the phrase stands: at the start of a line, behind its indentation, or at its end.
  func place(in text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    phrase.withUnsafeBufferPointer { phrase in
      guard line.count >= phrase.count else { return nil }
      var start = line.lowerBound
      while start < line.upperBound, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
      if line.upperBound - start < phrase.count { return nil }
      if text.has(phrase, at: start) { return start..<start + phrase.count }
      let end = line.upperBound - phrase.count
      return text.has(phrase, at: end) ? end..<line.upperBound : nil
    }
  }
}
