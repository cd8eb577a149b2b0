/// Lines that follow each other and differ in one place, said once:
///
///     3×    Compiling {serde v1.0.210, syn v2.0.79, quote v1.0.37}
///     120× [{1..120}/340] CC {a, b, …}.o
///     2× cc -O2 -c -o {adlist, ae}.o {}.c
///     4× src/app.py:…        the four lines below begin with `src/app.py:`
///
/// As in a shell, `{a, b}` stands for either and `{1..120}` for a count; both go on by one with every line. `{}` repeats the item.
struct LineRun {
  /// The lines that it stands for.
  var lines: Range<Int>
  /// What all lines begin with, and how many bytes at their ends are the same.
  var prefix: Int
  var suffix: Int
  /// Where a number stands that counts up, in the first line; what follows has a prefix of its own.
  var counter: Counter?

  struct Counter {
    var start: Int
    var first: Int
    /// What all lines have in common behind the number.
    var prefix: Int
  }

  /// The bytes that need not be said again. Two lines are better read one by one, unless they are long.
  var gain: Int {
    (lines.count - 1) * (prefix + suffix + (counter.map { $0.prefix + 3 } ?? 0)) - (lines.count == 2 ? 24 : 8)
  }

  /// Numbers of more digits than this do not count.
  private static let mostDigits = 9

  /// The run that begins at line `first`: by a count or without one, whatever says more.
  static func find(
    at first: Int, in bytes: UnsafeBufferPointer<UInt8>, _ lines: [Range<Int>], isLiteral: (Int) -> Bool
  ) -> LineRun? {
    guard first + 1 < lines.count, !isLiteral(first), !isLiteral(first + 1) else { return nil }
    let plain = extend(first, nil, bytes, lines, isLiteral)
    var counted: LineRun?
    if let place = countStart(bytes, lines[first], lines[first + 1]) {
      counted = extend(first, place, bytes, lines, isLiteral)
    }
    guard let plain else { return counted }
    guard let counted else { return plain }
    return counted.gain > plain.gain ? counted : plain
  }

  private static func extend(
    _ first: Int, _ place: (start: Int, value: Int, end: Int)?, _ bytes: UnsafeBufferPointer<UInt8>,
    _ lines: [Range<Int>], _ isLiteral: (Int) -> Bool
  ) -> LineRun? {
    let head = lines[first]
    // Where the part starts that is compared from its beginning: behind the count, or with the line.
    let offset = place.map { $0.end } ?? 0
    let fixed = place.map { $0.start } ?? 0
    var (prefix, suffix) = (head.count - offset, head.count - offset)
    var (alignedPrefix, alignedSuffix) = (0, 0)
    var shortest = head.count - offset
    var end = first + 1
    while end < lines.count, !isLiteral(end) {
      let line = lines[end]
      var start = line.lowerBound
      if let place {
        guard line.count >= fixed, equal(bytes, head.lowerBound, line.lowerBound, fixed),
          let number = number(bytes, at: line.lowerBound + fixed, end: line.upperBound),
          number.value == place.value + end - first
        else { break }
        start = number.end
      }
      let most = min(shortest, line.upperBound - start)
      let p = common(bytes, head.lowerBound + offset, start, min(prefix, most))
      let s = commonBackward(bytes, head.upperBound, line.upperBound, min(suffix, most - p))
      let isSame = p == head.count - offset && line.upperBound - start == p
      let ap = isSame ? p : alignBack(bytes, head.lowerBound + offset, p)
      let asuf = isSame ? 0 : alignForward(bytes, head.upperBound, s)
      let lost = end == first + 1 ? 0 : max(0, alignedPrefix - ap) + max(0, alignedSuffix - asuf)
      guard fixed + ap + asuf >= 5, isTelling(bytes, head.lowerBound, fixed + offset + ap, head.upperBound, asuf),
        lost * (end - first) <= fixed + ap + asuf
      else { break }
      (prefix, suffix, shortest) = (p, s, most)
      (alignedPrefix, alignedSuffix) = (ap, asuf)
      end += 1
    }
    guard end > first + 1 else { return nil }
    guard let place else {
      return LineRun(lines: first..<end, prefix: alignedPrefix, suffix: alignedSuffix, counter: nil)
    }
    let counter = Counter(start: fixed, first: place.value, prefix: alignedPrefix)
    return LineRun(lines: first..<end, prefix: fixed, suffix: alignedSuffix, counter: counter)
  }

  /// Whether there is a word in what the lines share: blanks and brackets alone tell nothing.
  private static func isTelling(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ prefix: Int, _ end: Int, _ suffix: Int
  ) -> Bool {
    var letters = 0
    func add(_ range: Range<Int>) {
      for i in range where letters < 3 {
        // The name of a phrase, such as `$1`, tells enough.
        letters +=
          bytes[i] | 0x20 >= 0x61 ? 1 : i + 1 < range.upperBound && isSign(bytes[i]) && isDigit(bytes[i + 1]) ? 3 : 0
      }
    }
    add(start..<start + prefix)
    add(end - suffix..<end)
    return letters > 2
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    byte == 0x24 || byte == 0x25 || byte == 0x40 || byte == 0x26 || byte == 0x7e
  }

  /// Where the first number stands that is greater by one in the second line, if nothing before it differs.
  private static func countStart(
    _ bytes: UnsafeBufferPointer<UInt8>, _ a: Range<Int>, _ b: Range<Int>
  ) -> (start: Int, value: Int, end: Int)? {
    var i = common(bytes, a.lowerBound, b.lowerBound, min(a.count, b.count))
    while i > 0, isDigit(bytes[a.lowerBound + i - 1]) { i -= 1 }
    // A count stands by itself; what follows a sign such as `$` is a name.
    guard i == 0 || !PieceSequence.isWord(bytes[a.lowerBound + i - 1]),
      let x = number(bytes, at: a.lowerBound + i, end: a.upperBound),
      let y = number(bytes, at: b.lowerBound + i, end: b.upperBound), y.value == x.value + 1
    else { return nil }
    return (i, x.value, x.end - a.lowerBound)
  }

  /// A decimal number as it would be written.
  static func number(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> (value: Int, end: Int)? {
    var i = start
    var value = 0
    while i < end, isDigit(bytes[i]) {
      guard i - start < mostDigits else { return nil }
      value = value * 10 + Int(bytes[i] - 0x30)
      i += 1
    }
    guard i > start, i == start + 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    return (value, i)
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  @inline(__always)
  private static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ a: Int, _ b: Int, _ count: Int) -> Bool {
    common(bytes, a, b, count) == count
  }

  @inline(__always)
  private static func common(_ bytes: UnsafeBufferPointer<UInt8>, _ a: Int, _ b: Int, _ most: Int) -> Int {
    var n = 0
    while n < most, bytes[a + n] == bytes[b + n] { n += 1 }
    return n
  }

  @inline(__always)
  private static func commonBackward(_ bytes: UnsafeBufferPointer<UInt8>, _ a: Int, _ b: Int, _ most: Int) -> Int {
    var n = 0
    while n < most, bytes[a - 1 - n] == bytes[b - 1 - n] { n += 1 }
    return n
  }

  /// Shortens a prefix so that it does not end inside a word.
  private static func alignBack(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int) -> Int {
    var n = length
    while n > 0, PieceSequence.isWord(bytes[start + n - 1]) { n -= 1 }
    return n
  }

  /// Shortens a suffix so that it does not begin inside a word; a dot begins a new one.
  private static func alignForward(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int, _ length: Int) -> Int {
    var n = length
    while n > 0, PieceSequence.isWord(bytes[end - n]), bytes[end - n] != UInt8(ascii: ".") { n -= 1 }
    return n
  }
}
