/// Chooses the lines of a log that stay in view: every distinct error, what stands out, the query's matches, the start and the end. The
/// others are counted where they stood.
struct LogCut {
  /// A line with what belongs to it, such as a trace.
  private struct Event {
    var lines: Range<Int>
    var group: Int
  }

  /// The events that say the same.
  private struct Group {
    var severity: LogSeverity
    var count = 0
    var first: Int
    var last: Int
  }

  private let source: LogLines
  private var events: [Event] = []
  private var groups: [Group] = []
  /// The first event of each kind of event before like kinds were joined, and its group.
  private var variants: [Int] = []
  /// Whether the lines look like a log: only then may lines be left out.
  private var isLog = false

  private static let firstLines = 5
  private static let lastLines = 15
  private static let rare = 3
  private static let context = 2
  /// Lines kept of what belongs to the first event of a kind, and to the last.
  private static let mostBelow = (first: 60, last: 3)
  /// Kinds of warnings, and matches of the query, that stay whatever the budget is.
  private static let mostWarnings = 40
  private static let surest = 10
  /// About what a gap line costs.
  private static let gapTokens = 16

  init(_ source: LogLines) {
    self.source = source
    source.lines.text.withUnsafeBufferPointer { text in
      if let base = text.baseAddress { read(base) }
    }
  }

  private mutating func read(_ base: UnsafePointer<UInt8>) {
    let lines = source.lines
    var index = HashIndex()
    let sample = min(lines.count, 256)
    guard (0..<sample).count(where: { LogFinder.isHead(base, lines[$0]) }) * 5 >= sample else { return }
    var heads = 0
    var blank = 0
    var line = 0
    while line < lines.count {
      let range = lines[line]
      if LogFinder.isHead(base, range) { heads += 1 }
      var end = line + 1
      var key = UInt64(bitPattern: Int64(source.groups[line]))
      var severity = LogSeverity.none
      while end < lines.count, !lines[end].isEmpty || end + 1 < lines.count, LogFinder.isBelow(base, lines[end]),
        !LogFinder.isHead(base, lines[end])
      {
        // What a trace says first and last tells it from others.
        if !lines[end].isEmpty, base[lines[end].lowerBound] != UInt8(ascii: " "),
          base[lines[end].lowerBound] != UInt8(ascii: "\t")
        {
          key = key &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(bitPattern: Int64(source.groups[end]))
          severity = max(
            severity, LogSeverity(of: UnsafeBufferPointer(start: base + lines[end].lowerBound, count: lines[end].count))
          )
        }
        end += 1
      }
      if range.isEmpty { blank += 1 }
      let (number, isNew) = index.add(key &* 0x9e37_79b9_7f4a_7c15 | 1)
      if isNew {
        let own = LogSeverity(of: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
        groups.append(Group(severity: max(severity, own), first: events.count, last: 0))
      }
      groups[number].count += 1
      groups[number].last = events.count
      events.append(Event(lines: line..<end, group: number))
      line = end
    }
    isLog = heads >= 10 && heads * 2 >= events.count - blank
    if isLog { join(base) }
  }

  /// Makes one group of those that differ in one word: the word is a name, as many have another in its place.
  private mutating func join(_ base: UnsafePointer<UInt8>) {
    variants = groups.map(\.first)
    let fewest = 4
    let mostWords = 24
    var index = HashIndex(capacity: groups.count * 8)
    var counts: [Int] = []
    var patterns: [[Int32]] = []
    for group in groups {
      let line = source.lines[events[group.first].lines.lowerBound]
      let words = LogCut.words(UnsafeBufferPointer(start: base + line.lowerBound, count: line.count), most: mostWords)
      let whole = words.enumerated().reduce(UInt64(words.count)) { $0 &+ LogCut.spread($1.element, $1.offset) }
      patterns.append(
        words.indices.map { place in
          let pattern = whole &- LogCut.spread(words[place], place)
          let (number, isNew) = index.add(LogCut.spread(pattern, place + 64 + group.severity.rawValue))
          if isNew { counts.append(0) }
          counts[number] += 1
          return Int32(truncatingIfNeeded: number)
        })
    }
    var numbers = [Int](repeating: -1, count: groups.count)
    var ofPattern: [Int32: Int] = [:]
    var joined: [Group] = []
    for (number, group) in groups.enumerated() {
      var best: (count: Int, pattern: Int32) = (fewest - 1, -1)
      for pattern in patterns[number] where counts[Int(pattern)] > best.count {
        best = (counts[Int(pattern)], pattern)
      }
      if best.pattern >= 0, let other = ofPattern[best.pattern] {
        numbers[number] = other
        joined[other].count += group.count
        joined[other].last = max(joined[other].last, group.last)
      } else {
        if best.pattern >= 0 { ofPattern[best.pattern] = joined.count }
        numbers[number] = joined.count
        joined.append(group)
      }
    }
    for i in events.indices { events[i].group = numbers[events[i].group] }
    groups = joined
  }

  private static func words(_ line: UnsafeBufferPointer<UInt8>, most: Int) -> [UInt64] {
    var words: [UInt64] = []
    var p = 0
    while p < line.count, words.count < most {
      guard TokenGuess.isLetter(line[p]) else {
        p += 1
        continue
      }
      let start = p
      while p < line.count, TokenGuess.isLetter(line[p]) { p += 1 }
      words.append(ByteHash.hash(UnsafeBufferPointer(rebasing: line[start..<p])))
    }
    return words
  }

  @inline(__always)
  private static func spread(_ hash: UInt64, _ place: Int) -> UInt64 {
    let product = (hash ^ 0x5899_65cc_7537_4cc3).multipliedFullWidth(by: UInt64(place) &* 2 &+ 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low
  }

  func candidate(_ request: CutRequest) -> Candidate? {
    guard isLog, source.lines.count > LogCut.firstLines + LogCut.lastLines + 10 else { return nil }
    return source.lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return nil }
      let kept = keep(request, text, base)
      return write(kept.lines, kept.folds).candidate(LogForms.name)
    }
  }

  // MARK: What is kept

  private func keep(
    _ request: CutRequest, _ text: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>
  ) -> (lines: [Bool], folds: [Int: String]) {
    let lines = source.lines
    var isKept = [Bool](repeating: false, count: lines.count)
    var folds: [Int: String] = [:]
    var left = request.budget
    func cost(_ line: Int) -> Int {
      TokenGuess.count(UnsafeBufferPointer(start: base + lines[line].lowerBound, count: lines[line].count)) + 1
    }
    func keep(_ part: Range<Int>, must: Bool) {
      guard must || left > LogCut.gapTokens else { return }
      let part = part.clamped(to: 0..<lines.count)
      var tokens = LogCut.gapTokens
      for line in part where !isKept[line] { tokens += cost(line) }
      guard tokens > LogCut.gapTokens, must || tokens <= left else { return }
      left -= tokens
      for line in part { isKept[line] = true }
    }
    var isWhole: [Int: Bool] = [:]
    func keepBrief(_ event: Int, must: Bool) {
      if isWhole[event] == nil { keep(brief(event), must: must) }
    }
    /// An event with its trace, but for frames of libraries.
    func keepWhole(_ event: Int, must: Bool) {
      let all = events[event].lines
      guard must || left > LogCut.gapTokens else { return }
      isWhole[event] = true
      var hidden: [(lines: Range<Int>, note: String)] = []
      if all.count > 4 {
        let below = lines[all]
        hidden = TraceFold(below, kinds: TraceLine.kinds(below)).folded
      }
      var start = all.lowerBound
      var room = LogCut.mostBelow.first
      for fold in hidden where room > 0 {
        let first = all.lowerBound + fold.lines.lowerBound
        keep(start..<min(first, start + room), must: must)
        room -= first - start
        start = all.lowerBound + fold.lines.upperBound
        if room > 0 { folds[first] = fold.note }
      }
      if room > 0 { keep(start..<min(all.upperBound, start + room), must: must) }
    }
    keep(0..<LogCut.firstLines, must: true)
    keep(lines.count - LogCut.lastLines..<lines.count, must: true)
    let errors = groups.indices.filter { groups[$0].severity == .error }
    for group in errors { keepWhole(groups[group].first, must: true) }
    for group in errors where groups[group].count > 1 { keepBrief(groups[group].last, must: true) }
    if !request.query.isEmpty {
      let ranges = (0..<lines.count).map { lines[$0] }
      let relevance = Relevance(of: Segments(ranges), in: text, to: request.query)
      let isRelevant = relevance.relevant
      let best = isRelevant.indices.filter { isRelevant[$0] }.sorted {
        (-relevance.scores[$0], $0) < (-relevance.scores[$1], $1)
      }
      for (rank, line) in best.enumerated() { keep(line..<line + 1, must: rank < LogCut.surest) }
    }
    for (rank, group) in groups.indices.filter({ groups[$0].severity == .warning }).enumerated() {
      keepWhole(groups[group].first, must: rank < LogCut.mostWarnings)
      keepBrief(groups[group].last, must: false)
    }
    for event in variants where groups[events[event].group].severity == .error { keepBrief(event, must: false) }
    for group in errors {
      let first = events[groups[group].first].lines
      keep(first.lowerBound - LogCut.context..<first.lowerBound, must: false)
      keep(first.upperBound..<first.upperBound + LogCut.context, must: false)
    }
    // What is said often first, so that gaps can refer to it; then the rarest.
    let byCount = groups.indices.sorted { (groups[$0].count, $0) < (groups[$1].count, $1) }
    for group in byCount where groups[group].count > LogCut.rare { keepBrief(groups[group].first, must: false) }
    for group in byCount where groups[group].count <= LogCut.rare { keepBrief(groups[group].first, must: false) }
    for group in byCount where groups[group].count > 1 { keepBrief(groups[group].last, must: false) }
    for event in variants { keepBrief(event, must: false) }
    // A line that is shorter than what would stand in its place.
    for line in 0..<lines.count where !isKept[line] && (line == 0 || isKept[line - 1]) {
      let isAlone = line + 1 == lines.count || isKept[line + 1]
      if isAlone, lines[line].count < LogCut.gapTokens * 4, cost(line) <= LogCut.gapTokens { isKept[line] = true }
    }
    return (isKept, folds)
  }

  /// An event with the first lines of what belongs to it.
  private func brief(_ event: Int) -> Range<Int> {
    let lines = events[event].lines
    return lines.lowerBound..<min(lines.upperBound, lines.lowerBound + 1 + LogCut.mostBelow.last)
  }

  // MARK: What is written

  private func write(_ isKept: [Bool], _ folds: [Int: String]) -> CutText {
    var cut = CutText(source.lines)
    // Where each group's first kept line is.
    var shown = [Int](repeating: -1, count: groups.count)
    for (number, event) in events.enumerated() where shown[event.group] < 0 && isKept[event.lines.lowerBound] {
      shown[event.group] = number
    }
    var event = 0
    var line = 0
    while line < source.lines.count {
      var end = line + 1
      while end < source.lines.count, isKept[end] == isKept[line] { end += 1 }
      if isKept[line] {
        cut.keep(line..<end)
      } else {
        while event < events.count, events[event].lines.upperBound <= line { event += 1 }
        cut.gap(line..<end, note: folds[line] ?? note(line..<end, from: event, shown))
      }
      line = end
    }
    return cut
  }

  /// What a gap holds: `37 like line 11, 4 like line 30, 2 more`; errors first.
  private func note(_ gap: Range<Int>, from firstEvent: Int, _ shown: [Int]) -> String {
    var counts: [(group: Int, count: Int)] = []
    var places: [Int: Int] = [:]
    var others = 0
    var number = firstEvent
    while number < events.count, events[number].lines.lowerBound < gap.upperBound {
      let event = events[number]
      number += 1
      guard event.lines.lowerBound >= gap.lowerBound else { continue }
      if source.lines[event.lines.lowerBound].isEmpty { continue }
      guard shown[event.group] >= 0 else {
        others += 1
        continue
      }
      if let place = places[event.group] {
        counts[place].count += 1
      } else {
        places[event.group] = counts.count
        counts.append((event.group, 1))
      }
    }
    guard !counts.isEmpty else { return "" }
    counts.sort {
      let a = groups[$0.group].severity == .error ? 0 : 1
      let b = groups[$1.group].severity == .error ? 0 : 1
      return (a, -$0.count, $0.group) < (b, -$1.count, $1.group)
    }
    let named = counts.prefix { groups[$0.group].severity == .error }.count
    let most = max(2, min(named, 4))
    var parts = counts.prefix(most).map {
      "\($0.count) like line \(source.lines.number(of: events[shown[$0.group]].lines.lowerBound))"
    }
    others += counts.dropFirst(most).reduce(0) { $0 + $1.count }
    if others > 0 { parts.append("\(others) more") }
    return parts.joined(separator: ", ")
  }
}
