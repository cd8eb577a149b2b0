/// Finds lines that an earlier result of the same request has already, and puts references in their place.
///
/// Whether lines may be referred to is for the caller to say: a reference is only true while its target stands before it, in full.
struct RepeatFinder {
  /// An earlier result.
  struct Target {
    /// Its number in the request, from 0.
    var number: Int
    var lines: TextLines
    /// What it is, in a few words.
    var about: [UInt8]
    /// Lines that are not in view; none when empty.
    var isHidden: [Bool] = []
    /// Whether it is in view in another form, so that only all of it can be referred to.
    var isEncoded = false
  }

  private var targets: [Target] = []
  /// Where the text of a line stands: the first places of each.
  private var places = LinePlaces()

  /// References must stand for so many lines, or for so many bytes; and never for fewer bytes than would pay.
  private static let leastLines = 8
  private static let leastBytes = 400
  private static let leastBytesOfLines = 240
  /// More references than this are hard to read.
  private static let mostReferences = 6
  /// Lines below this are everywhere.
  private static let shortestAnchor = 12

  /// Lines and what stands for them.
  private struct Run {
    var lines: Range<Int>
    var reference: RepeatReference
    var about: [UInt8]
  }

  /// A text with references in the place of lines.
  struct Result {
    var text: [UInt8]
    /// The line of the original, from 1, that each line comes from.
    var numbers: [Int]
    var isReplaced: [Bool]
    /// The numbers of the results that are referred to.
    var results: [Int]
  }

  /// Adds a result that later ones may refer to.
  mutating func add(_ target: Target) {
    let lines = target.lines
    for line in 0..<lines.count where target.isHidden.isEmpty || !target.isHidden[line] {
      let key = RepeatFinder.key(lines, line)
      guard key.count >= RepeatFinder.shortestAnchor || line == 0 else { continue }
      places.add(RepeatFinder.hash(lines.text, key), targets.count, line)
      if target.isEncoded { break }
    }
    targets.append(target)
  }

  /// The next result with references; nil when nothing is repeated.
  func references(in lines: TextLines) -> Result? {
    guard !places.isEmpty else { return nil }
    var runs: [Run] = []
    var line = 0
    while line < lines.count {
      if let run = longest(lines, at: line) {
        runs.append(run)
        line = run.lines.upperBound
      } else {
        line += 1
      }
    }
    guard !runs.isEmpty else { return nil }
    if runs.count > RepeatFinder.mostReferences {
      let order = runs.indices.sorted { (runs[$0].lines.count, -$0) > (runs[$1].lines.count, -$1) }
      runs = order.prefix(RepeatFinder.mostReferences).sorted().map { runs[$0] }
    }
    return replaced(lines, runs)
  }

  private func replaced(_ lines: TextLines, _ runs: [Run]) -> Result {
    var result = Result(
      text: [], numbers: [], isReplaced: Array(repeating: false, count: lines.count),
      results: runs.map(\.reference.block))
    var next = 0
    func copy(_ part: Range<Int>) {
      for line in part {
        result.text += lines.text[lines[line]] + [UInt8(ascii: "\n")]
        result.numbers.append(line + 1)
      }
    }
    for run in runs {
      copy(next..<run.lines.lowerBound)
      result.text += run.reference.text(about: run.about) + [UInt8(ascii: "\n")]
      result.numbers.append(run.lines.lowerBound + 1)
      for line in run.lines { result.isReplaced[line] = true }
      next = run.lines.upperBound
    }
    copy(next..<lines.count)
    if lines.text.last != UInt8(ascii: "\n") { result.text.removeLast() }
    return result
  }

  /// The longest run of lines from `line` on that an earlier result has.
  private func longest(_ lines: TextLines, at line: Int) -> Run? {
    let key = RepeatFinder.key(lines, line)
    guard key.count >= RepeatFinder.shortestAnchor || line == 0 else { return nil }
    var best: Run?
    for place in places.of(RepeatFinder.hash(lines.text, key)) {
      guard let reference = run(lines, line, place), reference.lines.count > best?.lines.count ?? 0 else { continue }
      let run = line..<line + reference.lines.count
      best = Run(lines: run, reference: reference, about: targets[place.block].about)
    }
    return best
  }

  /// The run of equal lines from `line` and `place` on, if it is long enough.
  private func run(_ lines: TextLines, _ line: Int, _ place: LinePlaces.Place) -> RepeatReference? {
    let known = targets[place.block]
    let target = known.lines
    let shift = RepeatFinder.shift(lines, line, target, place.line)
    var count = 0
    var bytes = 0
    while line + count < lines.count, place.line + count < target.count {
      if !known.isHidden.isEmpty, known.isHidden[place.line + count] { break }
      let here = lines.text[lines[line + count]]
      let there = target[place.line + count]
      if shift == 0 {
        guard here.elementsEqual(target.text[there]) else { break }
      } else {
        // With moved numbers the columns must come out as they are here.
        var moved: [UInt8] = []
        guard let numbered = NumberedLine(target.text, there),
          numbered.append(numbered: numbered.number + shift, of: target.text, to: &moved), here.elementsEqual(moved)
        else { break }
      }
      bytes += here.count
      count += 1
    }
    guard bytes >= (count >= RepeatFinder.leastLines ? RepeatFinder.leastBytesOfLines : RepeatFinder.leastBytes) else {
      return nil
    }
    if known.isEncoded, place.line > 0 || count < target.count || shift != 0 { return nil }
    var reference = RepeatReference(block: known.number, lines: place.line..<place.line + count)
    if shift != 0 { reference.firstNumber = NumberedLine(lines.text, lines[line])?.number }
    return reference
  }

  /// How far the number before a line has moved; 0 where there are none.
  private static func shift(_ lines: TextLines, _ line: Int, _ target: TextLines, _ place: Int) -> Int {
    guard let a = NumberedLine(lines.text, lines[line]), let b = NumberedLine(target.text, target[place]) else {
      return 0
    }
    return a.number - b.number
  }

  /// The text of a line without its number.
  private static func key(_ lines: TextLines, _ line: Int) -> Range<Int> {
    let range = lines[line]
    guard let first = range.isEmpty ? nil : lines.text[range.lowerBound],
      first == UInt8(ascii: " ") || first &- 0x30 < 10
    else { return range }
    return NumberedLine(lines.text, range)?.text ?? range
  }

  private static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
    text.withUnsafeBufferPointer { ByteHash.hash(UnsafeBufferPointer(rebasing: $0[range])) }
  }
}

/// From the hash of a line's text to the first places that have it.
private struct LinePlaces {
  struct Place {
    var block: Int
    var line: Int
  }

  /// A line that is everywhere says nothing about where a run begins.
  private static let mostPlaces = 4

  private var entries: [(hash: UInt64, place: Place, next: Int32)] = []
  /// The first entry of each chain, by the low bits of the hash.
  private var slots = [Int32](repeating: -1, count: 64)

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ hash: UInt64, _ block: Int, _ line: Int) {
    guard of(hash).count < LinePlaces.mostPlaces else { return }
    if entries.count >= slots.count { grow() }
    link(hash, entries.count, Place(block: block, line: line))
  }

  private mutating func link(_ hash: UInt64, _ index: Int, _ place: Place) {
    let slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    entries.append((hash, place, slots[slot]))
    slots[slot] = Int32(truncatingIfNeeded: index)
  }

  private mutating func grow() {
    let old = entries
    slots = [Int32](repeating: -1, count: slots.count * 2)
    entries.removeAll(keepingCapacity: true)
    for (index, entry) in old.enumerated() { link(entry.hash, index, entry.place) }
  }

  /// The places of lines with this hash, the latest first.
  func of(_ hash: UInt64) -> [Place] {
    var found: [Place] = []
    var index = slots[Int(truncatingIfNeeded: hash) & (slots.count - 1)]
    while index >= 0 {
      let entry = entries[Int(index)]
      if entry.hash == hash { found.append(entry.place) }
      index = entry.next
    }
    return found
  }
}
