import CHeadroom

/// Lines of one shape that stand in one, by what differs: `tests/test_a.py::test_* PASSED: one two three`.
///
/// The first part is a line as the runner prints it, with `*` for the end of the name; the list gives the ends. One that begins with `[`
/// has the name of the one before it: `test_x[1] [2]`. A number behind a name is its time, where that is not the one in the first part.
/// Names with spaces stand between bars: `✓ *: adds numbers | adds words`.
struct FoldedLine {
  /// The shape, of the runner's.
  var shape: Int
  var match: LinePattern.Match
  /// Where the list is.
  var items: Range<Int>

  static let bar: [UInt8] = Array(" | ".utf8)

  /// Reads a line of a frame; nil when it is something else.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, of runner: Int) {
    guard let base = bytes.baseAddress else { return nil }
    let star = line.lowerBound + headroom_find_byte(base + line.lowerBound, line.count, UInt8(ascii: "*"))
    guard star < line.upperBound else { return nil }
    var colon = star + 1
    while true {
      guard colon < line.upperBound else { return nil }
      colon += headroom_find_byte(base + colon, line.upperBound - colon, UInt8(ascii: ":"))
      guard colon + 2 < line.upperBound else { return nil }
      if bytes[colon + 1] == UInt8(ascii: " ") { break }
      colon += 1
    }
    let head = line.lowerBound..<colon
    var found: (shape: Int, match: LinePattern.Match)?
    TestRunner.foldLookups[runner].candidates(bytes, head) { entry in
      guard let m = entry.pointee.pattern.match(bytes, head), m.name.upperBound == star + 1 else { return false }
      found = (entry.pointee.key, m)
      return true
    }
    guard let found else { return nil }
    shape = found.shape
    match = found.match
    items = colon + 2..<line.upperBound
  }

  /// Whether the bytes are a time as a list gives it.
  static func isTime(_ word: some Collection<UInt8>) -> Bool {
    guard let first = word.first, first &- 0x30 < 10 else { return false }
    var hasPoint = false
    for byte in word {
      if byte == UInt8(ascii: ".") {
        if hasPoint { return false }
        hasPoint = true
      } else if byte &- 0x30 >= 10 {
        return false
      }
    }
    return true
  }

  /// Appends the lines, each with a newline behind it; false when the list is damaged.
  func expand(
    _ bytes: UnsafeBufferPointer<UInt8>, of runner: Int, _ progress: inout TestProgress, to out: inout [UInt8],
    limit: Int
  ) -> Bool {
    let shape = TestRunner.all[runner].shapes[shape]
    let hasTime = !match.time.isEmpty
    var writer = TestLineWriter(match: match, bytes: bytes)
    let prefix = Array(bytes[match.name.lowerBound..<match.name.upperBound - 1])
    var number: Int?
    if !match.number.isEmpty {
      guard let value = FoldedLine.integer(bytes, match.number) else { return false }
      number = value
    }
    var name: [UInt8] = []
    var time: ArraySlice<UInt8>?
    func flush() -> Bool {
      guard out.count < limit else { return false }
      writer.name = name
      writer.time = time
      writer.number = number
      if shape.line.has(.percent) { progress.report(name) }
      writer.write(shape.line, progress, to: &out)
      out.append(UInt8(ascii: "\n"))
      if let second = shape.second {
        writer.write(second, progress, to: &out)
        out.append(UInt8(ascii: "\n"))
      }
      if let n = number { number = n + 1 }
      name.removeAll(keepingCapacity: true)
      time = nil
      return true
    }
    let list = Array(bytes[items])
    if let parts = FoldedLine.phrases(list) {
      for part in parts {
        var end = part.upperBound
        if hasTime, let space = list[part].lastIndex(of: UInt8(ascii: " ")), FoldedLine.isTime(list[(space + 1)..<end])
        {
          time = list[(space + 1)..<end]
          end = space
        }
        guard part.lowerBound < end else { return false }
        name = prefix + list[part.lowerBound..<end]
        guard flush() else { return false }
      }
      return true
    }
    var base: [UInt8] = []
    for word in list.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
      guard !word.isEmpty else { return false }
      if hasTime, !name.isEmpty, time == nil, FoldedLine.isTime(word) {
        time = word
        continue
      }
      if !name.isEmpty { guard flush() else { return false } }
      if word.first == UInt8(ascii: "[") {
        name = base + word
      } else {
        name = prefix + word
        base = name.firstIndex(of: UInt8(ascii: "[")).map { Array(name[..<$0]) } ?? name
      }
    }
    return name.isEmpty || flush()
  }

  /// The parts between bars; nil when there are none.
  private static func phrases(_ list: [UInt8]) -> [Range<Int>]? {
    var parts: [Range<Int>] = []
    var start = 0
    var p = 0
    while p + 2 < list.count {
      if list[p + 1] == bar[1], list[p] == bar[0], list[p + 2] == bar[2] {
        parts.append(start..<p)
        start = p + 3
        p = start
      } else {
        p += 1
      }
    }
    guard !parts.isEmpty else { return nil }
    parts.append(start..<list.count)
    return parts
  }

  /// A number of at most nine digits, with spaces before it.
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var value = 0
    var digits = 0
    for i in range {
      if bytes[i] == UInt8(ascii: " "), digits == 0 { continue }
      guard bytes[i] &- 0x30 < 10, digits < 9 else { return nil }
      value = value * 10 + Int(bytes[i] - 0x30)
      digits += 1
    }
    return digits > 0 ? value : nil
  }
}
