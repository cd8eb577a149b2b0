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
  /// Whether the lines look like a log: only then may lines be left out.
  private var isLog = false

  private static let firstLines = 5
  private static let lastLines = 15
  private static let rare = 3
  private static let context = 2
  /// Lines kept of what belongs to one event, at its start and at its end.
  private static let mostBelow = (first: 40, last: 10)
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
  }

  func candidate(_ request: CutRequest) -> Candidate? {
    guard isLog, source.lines.count > LogCut.firstLines + LogCut.lastLines + 10 else { return nil }
    return source.lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return nil }
      let isKept = keep(request, text, base)
      return write(isKept).candidate(LogForms.name)
    }
  }

  // MARK: What is kept

  private func keep(
    _ request: CutRequest, _ text: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>
  ) -> [Bool] {
    let lines = source.lines
    var isKept = [Bool](repeating: false, count: lines.count)
    var left = request.budget
    func cost(_ line: Int) -> Int {
      TokenGuess.count(UnsafeBufferPointer(start: base + lines[line].lowerBound, count: lines[line].count)) + 1
    }
    func keep(_ part: Range<Int>, must: Bool) {
      let own = part.clamped(to: 0..<lines.count).filter { !isKept[$0] }
      guard !own.isEmpty else { return }
      let tokens = own.reduce(LogCut.gapTokens) { $0 + cost($1) }
      guard must || tokens <= left else { return }
      left -= tokens
      for line in own { isKept[line] = true }
    }
    keep(0..<LogCut.firstLines, must: true)
    keep(lines.count - LogCut.lastLines..<lines.count, must: true)
    let errors = groups.indices.filter { groups[$0].severity == .error }
    for group in errors { keep(whole(groups[group].first), must: true) }
    for group in errors where groups[group].count > 1 { keep(brief(groups[group].last), must: true) }
    if !request.query.isEmpty {
      let ranges = (0..<lines.count).map { lines[$0] }
      let relevance = Relevance(of: Segments(ranges), in: text, to: request.query)
      let isRelevant = relevance.relevant
      let best = isRelevant.indices.filter { isRelevant[$0] }.sorted {
        (-relevance.scores[$0], $0) < (-relevance.scores[$1], $1)
      }
      for line in best { keep(line..<line + 1, must: false) }
    }
    for group in groups.indices where groups[group].severity == .warning {
      keep(whole(groups[group].first), must: false)
      keep(brief(groups[group].last), must: false)
    }
    for group in errors {
      let first = events[groups[group].first].lines
      keep(first.lowerBound - LogCut.context..<first.lowerBound, must: false)
      keep(first.upperBound..<first.upperBound + LogCut.context, must: false)
    }
    // The rarest first: what is said once tells more than what is said always.
    let byCount = groups.indices.sorted { (groups[$0].count, $0) < (groups[$1].count, $1) }
    for group in byCount where groups[group].count > LogCut.rare { keep(brief(groups[group].first), must: false) }
    for group in byCount where groups[group].count <= LogCut.rare { keep(brief(groups[group].first), must: false) }
    for group in byCount where groups[group].count > 1 { keep(brief(groups[group].last), must: false) }
    return isKept
  }

  /// An event with what belongs to it, as far as it is not very long.
  private func whole(_ event: Int) -> Range<Int> {
    let lines = events[event].lines
    return lines.lowerBound..<min(lines.upperBound, lines.lowerBound + LogCut.mostBelow.first)
  }

  private func brief(_ event: Int) -> Range<Int> {
    let lines = events[event].lines
    return lines.lowerBound..<min(lines.upperBound, lines.lowerBound + 4)
  }

  // MARK: What is written

  private func write(_ isKept: [Bool]) -> CutText {
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
        cut.gap(line..<end, note: note(line..<end, from: event, shown))
      }
      line = end
    }
    return cut
  }

  /// What a gap holds: `37 like line 11, 4 like line 30, 2 others`; errors first.
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
    let most = max(2, min(named, 6))
    var parts = counts.prefix(most).map {
      "\($0.count) like line \(source.lines.number(of: events[shown[$0.group]].lines.lowerBound))"
    }
    others += counts.dropFirst(most).reduce(0) { $0 + $1.count }
    if others > 0 { parts.append("\(others) others") }
    return parts.joined(separator: ", ")
  }
}
